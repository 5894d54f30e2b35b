/* Zeros by element, by kernel, by filter; and where each weight of a layer stands on its canvas. */

/** Weights of a layer in row-major order. @typedef {{ values: Float32Array, shape: number[] }} Layer */

/** @typedef {"element" | "kernel" | "unit"} Level */
/** How many of how many are zero. @typedef {{ zero: number, all: number }} Count */
/**
 * The weight at a place of the canvas, x and y in [0, 1); null between two.
 * @typedef {(x: number, y: number) => number | null} IndexAt
 */
/** Squares of one input. @typedef {{ kind: "mosaic", indexAt: IndexAt }} Mosaic */
/**
 * A table of weights; `index` is that of a column and a row.
 * @typedef {object} Sheet
 * @property {"sheet"} kind
 * @property {number} columns
 * @property {number} rows
 * @property {(column: number, row: number) => number | null} index
 * @property {IndexAt} indexAt
 */

/** The levels and what they are called. @type {Record<Level, string>} */
export const LEVELS = { element: "element", kernel: "kernel", unit: "filter or unit" };

const NEARLY = 1e-30;
const MOSAIC_COLUMNS = 8;
const IMAGE_COLUMNS = 5;
const MOSAIC_GAP = 0.5;

/**
 * The weights with only those zeros left that are part of a whole that is zero.
 * @param {Layer} layer
 * @param {Level} level
 * @returns {Float32Array}
 */
export function marked({ values, shape }, level) {
  const size = { element: 1, kernel: kernelSize(shape), unit: values.length / shape[0] }[level];
  if (size === 1) return values;
  const shown = values.slice();
  for (let start = 0; start < values.length; start += size) {
    if (isZero(values, start, size)) continue;
    for (let i = start; i < start + size; i += 1) shown[i] ||= NEARLY;
  }
  return shown;
}

/**
 * How many weights, kernels (of a convolution with several inputs) and units are zero.
 * @param {Layer} layer
 * @returns {{ weights: Count, kernels: Count | null, units: Count }}
 */
export function zerosAt({ values, shape }) {
  const kernel = kernelSize(shape);
  const several = shape.length === 4 && shape[1] > 1;
  return {
    weights: zeros(values, 1),
    kernels: several ? zeros(values, kernel) : null,
    units: zeros(values, values.length / shape[0]),
  };
}

/**
 * Where the weights of a layer stand; `alone`: it is the network's only one.
 * @param {{ shape: number[], alone: boolean }} layer
 * @returns {Mosaic | Sheet}
 */
export function gridOf({ shape, alone }) {
  if (shape.length === 4) {
    return shape[1] === 1 ? mosaic(shape[0], shape[2], MOSAIC_COLUMNS) : kernelSheet(shape);
  }
  // The only layer reads pixels: each of its units is an image.
  const side = Math.sqrt(shape[1]);
  if (alone && Number.isInteger(side)) return mosaic(shape[0], side, IMAGE_COLUMNS);
  return plainSheet(shape);
}

/** @param {number} units @param {number} side @param {number} columns @returns {Mosaic} */
function mosaic(units, side, columns) {
  const across = Math.min(columns, units);
  const rows = Math.ceil(units / columns);
  const tile = side + (MOSAIC_GAP * side) / 3;
  /** @type {(share: number, n: number) => [at: number, cell: number]} */
  const within = (share, n) => {
    const at = share * n;
    const cell = Math.floor((at % 1) * tile - (tile - side) / 2);
    return [Math.floor(at), cell];
  };
  /** @type {IndexAt} */
  const indexAt = (x, y) => {
    const [[column, left], [row, top]] = [within(x, across), within(y, rows)];
    const unit = row * columns + column;
    const inside = left >= 0 && left < side && top >= 0 && top < side && unit < units;
    return inside ? unit * side * side + top * side + left : null;
  };
  return { kind: "mosaic", indexAt };
}

/**
 * A column for each filter, a row for each input, a line between two kernels.
 * @param {number[]} shape
 */
function kernelSheet([filters, inputs, height, width]) {
  /** @type {Sheet["index"]} */
  const index = (column, row) => {
    const [filter, left] = [Math.floor(column / (width + 1)), column % (width + 1)];
    const [input, top] = [Math.floor(row / (height + 1)), row % (height + 1)];
    if (left === width || top === height) return null;
    return ((filter * inputs + input) * height + top) * width + left;
  };
  return sheet(filters * (width + 1) - 1, inputs * (height + 1) - 1, index);
}

/**
 * A row for each unit, a column for each input.
 * @param {number[]} shape
 */
function plainSheet([units, inputs = 1]) {
  return sheet(inputs, units, (column, row) => row * inputs + column);
}

/** @param {number} columns @param {number} rows @param {Sheet["index"]} index @returns {Sheet} */
function sheet(columns, rows, index) {
  /** @type {IndexAt} */
  const indexAt = (x, y) => {
    const [column, row] = [Math.floor(x * columns), Math.floor(y * rows)];
    return column < 0 || row < 0 || column >= columns || row >= rows ? null : index(column, row);
  };
  return { kind: "sheet", columns, rows, index, indexAt };
}

/** @param {number[]} shape */
function kernelSize(shape) {
  return shape.length === 4 ? shape[2] * shape[3] : 1;
}

/** @param {Float32Array} values @param {number} start @param {number} size */
function isZero(values, start, size) {
  for (let i = start; i < start + size; i += 1) if (values[i] !== 0) return false;
  return true;
}

/** @param {Float32Array} values @param {number} size @returns {Count} */
function zeros(values, size) {
  let zero = 0;
  for (let start = 0; start < values.length; start += size) zero += Number(isZero(values, start, size));
  return { zero, all: values.length / size };
}
