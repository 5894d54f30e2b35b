/* Many weights on one small canvas: a cell each, sign and size as colour; exact zeros as mosaic.js draws them. */

/** @import { Look } from "../shared/types.d.ts" */

import { channels } from "../shared/look.js";
import { CUT_OFF, penOf, sized, strokes } from "../shared/mosaic.js";

const LARGEST_CELL = 6;

/**
 * @typedef {object} Cells
 * @property {number} columns
 * @property {number} rows
 * @property {(column: number, row: number) => number | undefined} valueAt undefined: an empty place
 * @property {number[]} kinds those that some of the zeros are of, beside selected
 * @property {(column: number, row: number) => number} kindAt what made the zero there
 * @property {number} limit of the colours
 * @property {Look} look
 */

/**
 * Draw cells as wide as the canvas's parent. Zeros stay uncovered, and what lies below is the hatch.
 * @param {HTMLCanvasElement} canvas
 * @param {Cells} cells
 */
export function drawSheet(canvas, cells) {
  const { columns, rows, look } = cells;
  const scale = globalThis.devicePixelRatio || 1;
  const room = canvas.parentElement?.clientWidth;
  if (!room) return;
  const whole = Math.floor((room * scale) / columns) / scale;
  const cell = Math.min(LARGEST_CELL, whole * scale >= 1 ? whole : room / columns);
  const pen = sized(canvas, columns * cell, rows * cell);
  pen.fillStyle = hatching(pen, look, 0);
  pen.fillRect(0, 0, columns * cell, rows * cell);
  pen.imageSmoothingEnabled = cell * scale < 1;
  for (const kind of cells.kinds) {
    const covered = new OffscreenCanvas(columns * cell, rows * cell);
    const brush = penOf(covered);
    brush.imageSmoothingEnabled = pen.imageSmoothingEnabled;
    brush.drawImage(maskOf(cells, kind), 0, 0, columns * cell, rows * cell);
    brush.globalCompositeOperation = "source-in";
    brush.fillStyle = hatching(brush, look, kind);
    brush.fillRect(0, 0, columns * cell, rows * cell);
    pen.drawImage(covered, 0, 0);
  }
  pen.drawImage(painted(cells), 0, 0, columns * cell, rows * cell);
}

/**
 * Opaque where a zero is of this kind.
 * @param {Cells} cells
 * @param {number} kind
 */
function maskOf({ columns, rows, valueAt, kindAt }, kind) {
  const image = new ImageData(columns, rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const is = valueAt(column, row) === 0 && kindAt(column, row) === kind;
      image.data[4 * (row * columns + column) + 3] = is ? 255 : 0;
    }
  }
  return sheetOf(image);
}

/** @param {ImageData} image */
function sheetOf(image) {
  const sheet = new OffscreenCanvas(image.width, image.height);
  penOf(sheet).putImageData(image, 0, 0);
  return sheet;
}

/** @param {Cells} cells */
function painted({ columns, rows, valueAt, limit, look }) {
  const image = new ImageData(columns, rows);
  const colours = [look.background, look.neutral, look.negative, look.positive].map(channels);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      paint(image.data, 4 * (row * columns + column), valueAt(column, row), limit, colours);
    }
  }
  return sheetOf(image);
}

/**
 * @param {Uint8ClampedArray} data
 * @param {number} at
 * @param {number | undefined} value
 * @param {number} limit
 * @param {number[][]} colours
 */
function paint(data, at, value, limit, [background, neutral, negative, positive]) {
  if (value === 0) return;
  const [from, size] = value === undefined ? [background, 0] : [neutral, value];
  const end = size < 0 ? negative : positive;
  const share = Math.min(1, Math.abs(size) / limit) ** 0.55;
  for (let i = 0; i < 3; i += 1) data[at + i] = from[i] + (end[i] - from[i]) * share;
  data[at + 3] = 255;
}

/**
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} pen
 * @param {Look} look
 * @param {number} kind
 * @returns {CanvasPattern | string}
 */
function hatching(pen, look, kind) {
  const side = kind === CUT_OFF ? 3 : 4;
  const tile = new OffscreenCanvas(side, side);
  const brush = penOf(tile);
  brush.fillStyle = look.background;
  brush.fillRect(0, 0, side, side);
  brush.strokeStyle = brush.fillStyle = look.hatch;
  brush.lineWidth = 0.7;
  // Around its corners too, so that strokes join from tile to tile.
  if (kind) strokes(brush, 0, 0, side, kind);
  else for (const offset of [-4, 0, 4]) strokes(brush, offset - 1, -1, 6, 0);
  return pen.createPattern(tile, "repeat") ?? look.background;
}
