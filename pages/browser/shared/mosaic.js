/* The weights of a layer's units as a mosaic: sign and size as colour, exact zeros hatched, silent units marked. */

/** @import { Look } from "./types.d.ts" */

import { mix } from "./look.js";

/** What made a zero, as core/inspect/packing.py numbers it. */
export const IDLE = 1;
export const CUT_OFF = 2;

/** The weights of one unit, row after row, one colour after the other; null for an empty place.
 * @typedef {readonly number[] | null} Kernel */
/**
 * Where a unit is drawn and how, in px.
 * @typedef {object} Place
 * @property {number} left
 * @property {number} top
 * @property {number} cell
 * @property {number} planes
 * @property {number} side
 * @property {number} limit of the colours
 * @property {Look} look
 * @property {(weight: number) => number} kindOf what made a zero of this unit
 */

const COLUMNS = 8;
const COLUMNS_OF_COLOURS = 4;
const COLUMNS_OF_IMAGES = 5;
const GAP = 0.5;
const LEGIBLE = 8; // px of a cell from which on a sign is seen in it
const PALE = 0.25; // of the limit, up to which a cell's colour is nearer to that of zero

/**
 * A row of weights is one square, or three side by side, one per colour.
 * @param {Kernel | undefined} kernel
 * @param {boolean} convolution
 */
export function shapeOf(kernel, convolution) {
  const n = kernel?.length ?? (convolution ? 9 : 64);
  const planes = Number.isInteger(Math.sqrt(n)) ? 1 : 3;
  const columns = convolution ? (planes > 1 ? COLUMNS_OF_COLOURS : COLUMNS) : COLUMNS_OF_IMAGES;
  return { planes, side: Math.sqrt(n / planes), columns };
}

/**
 * Draw units as the canvas's parent has room; a unit without weights is an empty place.
 * @param {HTMLCanvasElement} canvas
 * @param {readonly Kernel[]} kernels
 * @param {{ limit: number, look: Look, convolution: boolean, kinds?: ArrayLike<number> }} how `kinds`: of all
 *   weights, unit after unit; without them every zero is hatched
 */
export function drawMosaic(canvas, kernels, { limit, look, convolution, kinds = [] }) {
  const { planes, side, columns } = shapeOf(kernels[0], convolution);
  const across = Math.min(columns, kernels.length);
  const rows = Math.ceil(kernels.length / columns);
  const box = canvas.parentElement?.getBoundingClientRect();
  if (!box) return;
  const gap = GAP * side / 3;
  const size = Math.min(box.width / across / (side * planes + gap), box.height / rows / (side + gap));
  const [wide, down] = [size * (side * planes + gap), size * (side + gap)];
  if (!(down > 4)) return;
  const pen = sized(canvas, wide * across, down * rows);
  const cell = Math.max(1, Math.floor(size));
  const n = kernels[0]?.length ?? 0;
  kernels.forEach((kernel, i) => {
    const left = Math.round((i % columns) * wide + (wide - cell * side * planes) / 2);
    const top = Math.round(Math.floor(i / columns) * down + (down - cell * side) / 2);
    /** @param {number} weight */
    const kindOf = (weight) => kinds[i * n + weight] ?? 0;
    drawKernel(pen, kernel, { left, top, cell, planes, side, limit, look, kindOf });
  });
}

/**
 * One unit in its place; the colours of one kernel stand side by side.
 * @param {CanvasRenderingContext2D} pen
 * @param {Kernel} kernel
 * @param {Place} place
 */
function drawKernel(pen, kernel, { left, top, cell, planes, side, limit, look, kindOf }) {
  const [width, height] = [cell * side * planes, cell * side];
  const silent = kernel?.every((weight) => weight === 0);
  pen.fillStyle = look.surface;
  pen.fillRect(left, top, width, height);
  kernel?.forEach((weight, i) => {
    const x = left + (Math.floor(i / side ** 2) * side + (i % side)) * cell;
    const y = top + (Math.floor(i / side) % side) * cell;
    if (weight === 0) {
      hatch(pen, x, y, cell, look, kindOf(i));
      return;
    }
    const end = weight < 0 ? look.negative : look.positive;
    pen.fillStyle = mix(look.neutral, end, Math.min(1, Math.abs(weight) / limit) ** 0.55);
    pen.fillRect(x, y, cell, cell);
    if (weight < 0) {
      minus(pen, { x, y, cell, colour: -weight < limit * PALE ? look.negative : look.background });
    }
  });
  pen.setLineDash(silent ? [3, 3] : []);
  pen.strokeStyle = silent ? look.ink : look.border;
  pen.lineWidth = silent ? 1.4 : 1;
  pen.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);
  pen.setLineDash([]);
  if (silent) cross(pen, { left, top, width, height, look });
}

/**
 * What tells a negative weight from a positive one where colours do not: on a grey print.
 * @param {CanvasRenderingContext2D} pen
 * @param {{ x: number, y: number, cell: number, colour: string }} place
 */
function minus(pen, { x, y, cell, colour }) {
  if (cell < LEGIBLE) return;
  const [long, thick] = [Math.round(cell * 0.5), Math.max(1, Math.round(cell * 0.12))];
  pen.fillStyle = colour;
  pen.fillRect(x + Math.round((cell - long) / 2), y + Math.round((cell - thick) / 2), long, thick);
}

/**
 * An exact zero: hatched; dotted where it is idle, striped where it was cut off.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} cell
 * @param {Look} look
 * @param {number} [kind]
 */
export function hatch(pen, x, y, cell, look, kind = 0) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, cell, cell);
  pen.clip();
  pen.fillStyle = look.background;
  pen.fillRect(x, y, cell, cell);
  pen.strokeStyle = pen.fillStyle = look.hatch;
  pen.lineWidth = 1;
  strokes(pen, x, y, cell, kind);
  pen.restore();
}

/**
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} cell
 * @param {number} kind
 */
export function strokes(pen, x, y, cell, kind) {
  if (kind === IDLE) {
    for (let down = 2; down < cell; down += 4) {
      for (let right = 2; right < cell; right += 4) pen.fillRect(x + right - 0.7, y + down - 0.7, 1.5, 1.5);
    }
    return;
  }
  pen.beginPath();
  for (let offset = kind === CUT_OFF ? 1 : -cell; offset < cell; offset += kind === CUT_OFF ? 3 : 4) {
    pen.moveTo(x + offset, y + cell);
    pen.lineTo(x + offset + (kind === CUT_OFF ? 0 : cell), y);
  }
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{ left: number, top: number, width: number, height: number, look: Look }} place
 */
function cross(pen, { left, top, width, height, look }) {
  const [middleX, middleY, arm] = [left + width / 2, top + height / 2, height * 0.16];
  pen.fillStyle = look.background;
  pen.beginPath();
  pen.arc(middleX, middleY, arm * 1.9, 0, 2 * Math.PI);
  pen.fill();
  pen.strokeStyle = look.ink;
  pen.lineWidth = 1.8;
  pen.beginPath();
  pen.moveTo(middleX - arm, middleY - arm);
  pen.lineTo(middleX + arm, middleY + arm);
  pen.moveTo(middleX + arm, middleY - arm);
  pen.lineTo(middleX - arm, middleY + arm);
  pen.stroke();
}

/**
 * A canvas of so many px, sharp on every screen, cleared.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @returns {CanvasRenderingContext2D} its pen
 */
export function sized(canvas, width, height) {
  const scale = globalThis.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== w || canvas.height !== h) {
    Object.assign(canvas, { width: w, height: h });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  const pen = penOf(canvas);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/**
 * What draws on a canvas of this kind.
 * @template Canvas
 * @typedef {Canvas extends HTMLCanvasElement ? CanvasRenderingContext2D : OffscreenCanvasRenderingContext2D} Pen
 */

/**
 * What draws on a canvas.
 * @template {HTMLCanvasElement | OffscreenCanvas} Canvas
 * @param {Canvas} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function penOf(canvas, settings) {
  const pen = canvas.getContext("2d", settings);
  if (!pen) throw new Error("This browser cannot draw on a canvas.");
  return /** @type {Pen<Canvas>} */ (pen);
}
