/* Many weights on one small canvas: a cell each, sign and size as colour, exact zeros hatched. */

import { sized } from "../shared/mosaic.js";

const LARGEST_CELL = 6;

/**
 * Draw `columns` × `rows` cells as wide as the canvas's parent; `valueAt(column, row)` is a number, or
 * undefined for an empty place. Zeros stay uncovered, and what lies below is the hatch.
 */
export function drawSheet(canvas, { columns, rows, valueAt, limit, look }) {
  const scale = globalThis.devicePixelRatio || 1;
  const room = canvas.parentElement.clientWidth;
  if (!room) return;
  const whole = Math.floor((room * scale) / columns) / scale;
  const cell = Math.min(LARGEST_CELL, whole * scale >= 1 ? whole : room / columns);
  const pen = sized(canvas, columns * cell, rows * cell);
  pen.fillStyle = hatching(pen, look);
  pen.fillRect(0, 0, columns * cell, rows * cell);
  pen.imageSmoothingEnabled = cell * scale < 1;
  pen.drawImage(painted({ columns, rows, valueAt, limit, look }), 0, 0, columns * cell, rows * cell);
}

function painted({ columns, rows, valueAt, limit, look }) {
  const image = new ImageData(columns, rows);
  const colours = [look.background, look.neutral, look.negative, look.positive].map(channels);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      paint(image.data, 4 * (row * columns + column), valueAt(column, row), limit, colours);
    }
  }
  const sheet = new OffscreenCanvas(columns, rows);
  sheet.getContext("2d").putImageData(image, 0, 0);
  return sheet;
}

function paint(data, at, value, limit, [background, neutral, negative, positive]) {
  if (value === 0) return;
  const end = value < 0 ? negative : positive;
  const share = value === undefined ? 0 : Math.min(1, Math.abs(value) / limit) ** 0.55;
  const from = value === undefined ? background : neutral;
  for (let i = 0; i < 3; i += 1) data[at + i] = from[i] + (end[i] - from[i]) * share;
  data[at + 3] = 255;
}

function hatching(pen, look) {
  const tile = new OffscreenCanvas(4, 4);
  const brush = tile.getContext("2d");
  brush.fillStyle = look.background;
  brush.fillRect(0, 0, 4, 4);
  brush.strokeStyle = look.hatch;
  brush.lineWidth = 0.7;
  for (const offset of [-4, 0, 4]) {
    brush.moveTo(offset - 1, 5);
    brush.lineTo(offset + 5, -1);
  }
  brush.stroke();
  return pen.createPattern(tile, "repeat");
}

function channels(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}
