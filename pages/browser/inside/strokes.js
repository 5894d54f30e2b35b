/* From a drawing to an image like those the network learnt from: centred and scaled, then averaged. */

/** @import { Rows } from "./types.d.ts" */

import { penOf } from "../shared/mosaic.js";

/** @typedef {[x: number, y: number]} Spot */
/** @typedef {Spot[]} Line */

/** How each dataset's images were made: the box the digit fills, and how thick a pen looks, in pixels.
 * @type {Record<string, { size: number, box: number, pen: number }>} */
const STYLES = {
  digits: { size: 8, box: 8, pen: 1.15 },
  rotated_digits: { size: 8, box: 8, pen: 1.15 },
  mnist: { size: 28, box: 20, pen: 2.4 },
};

const FINE = 8;

/**
 * Whether a drawing can stand for an image of this dataset.
 * @param {string} dataset
 * @returns {boolean}
 */
export function drawable(dataset) {
  return dataset in STYLES;
}

/**
 * What is done to a drawing, in a sentence.
 * @param {string} dataset
 * @returns {string}
 */
export function treatment(dataset) {
  const { size, box } = STYLES[dataset];
  const scaled = box === size ? "scaled to fill the image" : `scaled to ${box} × ${box} pixels in the middle`;
  return `Your lines are centred, ${scaled} and averaged to ${size} × ${size}, like the images the network learnt from.`;
}

/**
 * Lines in any unit as rows of numbers from 0 to 1; null where there is nothing.
 * @param {Line[]} lines
 * @param {string} dataset
 * @returns {Rows | null}
 */
export function imageOf(lines, dataset) {
  const points = lines.flat();
  if (!points.length) return null;
  const { size, box, pen } = STYLES[dataset];
  const [left, right] = range(points.map(([x]) => x));
  const [top, bottom] = range(points.map(([, y]) => y));
  const scale = (box - pen) / Math.max(right - left, bottom - top, 1e-9);
  const sheet = new OffscreenCanvas(size * FINE, size * FINE);
  const brush = penOf(sheet, { willReadFrequently: true });
  brush.scale(FINE, FINE);
  brush.translate(size / 2, size / 2);
  trace(brush, lines, ([x, y]) => [(x - (left + right) / 2) * scale, (y - (top + bottom) / 2) * scale], pen);
  return averaged(brush.getImageData(0, 0, size * FINE, size * FINE).data, size);
}

/**
 * Draw lines with a round pen.
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} brush
 * @param {Line[]} lines
 * @param {(spot: Spot) => Spot} place
 * @param {number} width
 */
export function trace(brush, lines, place, width) {
  Object.assign(brush, { lineWidth: width, lineCap: "round", lineJoin: "round" });
  for (const line of lines) {
    brush.beginPath();
    line.forEach((point, i) => {
      const [x, y] = place(point);
      if (i === 0) brush.moveTo(x, y);
      brush.lineTo(x, y);
    });
    brush.stroke();
  }
}

/** @param {Uint8ClampedArray} rgba @param {number} size @returns {Rows} */
function averaged(rgba, size) {
  /** @type {Rows} */
  const rows = Array.from({ length: size }, () => new Array(size).fill(0));
  for (let y = 0; y < size * FINE; y += 1) {
    for (let x = 0; x < size * FINE; x += 1) {
      rows[Math.floor(y / FINE)][Math.floor(x / FINE)] += rgba[4 * (y * size * FINE + x) + 3] / 255
        / FINE ** 2;
    }
  }
  return rows.map((row) => row.map((value) => Math.min(1, Number(value.toFixed(3)))));
}

/** @param {number[]} values */
function range(values) {
  return [Math.min(...values), Math.max(...values)];
}
