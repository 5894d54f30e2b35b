/* The weights of a layer's units as a mosaic: sign and size as colour, exact zeros hatched, silent units marked. */

import { mix } from "./look.js";

const COLUMNS = 8;
const COLUMNS_OF_COLOURS = 4;
const COLUMNS_OF_IMAGES = 5;
const GAP = 0.5;

/* A row of weights is one square, or three side by side, one per colour. */
function shapeOf(kernel, convolution) {
  const n = kernel?.length ?? (convolution ? 9 : 64);
  const planes = Number.isInteger(Math.sqrt(n)) ? 1 : 3;
  const columns = convolution ? (planes > 1 ? COLUMNS_OF_COLOURS : COLUMNS) : COLUMNS_OF_IMAGES;
  return { planes, side: Math.sqrt(n / planes), columns };
}

/** Draw units as the canvas's parent has room; a unit without weights is an empty place. */
export function drawMosaic(canvas, kernels, { limit, look, convolution }) {
  const { planes, side, columns } = shapeOf(kernels[0], convolution);
  const across = Math.min(columns, kernels.length);
  const rows = Math.ceil(kernels.length / columns);
  const box = canvas.parentElement.getBoundingClientRect();
  const gap = GAP * side / 3;
  const size = Math.min(box.width / across / (side * planes + gap), box.height / rows / (side + gap));
  const [wide, down] = [size * (side * planes + gap), size * (side + gap)];
  if (!(down > 4)) return;
  const pen = sized(canvas, wide * across, down * rows);
  const cell = Math.max(1, Math.floor(size));
  kernels.forEach((kernel, i) => {
    const left = Math.round((i % columns) * wide + (wide - cell * side * planes) / 2);
    const top = Math.round(Math.floor(i / columns) * down + (down - cell * side) / 2);
    drawKernel(pen, kernel, { left, top, cell, planes, side, limit, look });
  });
}

/** One unit in its place; the colours of one kernel stand side by side. */
function drawKernel(pen, kernel, { left, top, cell, planes, side, limit, look }) {
  const [width, height] = [cell * side * planes, cell * side];
  const silent = kernel?.every((weight) => weight === 0);
  pen.fillStyle = look.surface;
  pen.fillRect(left, top, width, height);
  kernel?.forEach((weight, i) => {
    const x = left + (Math.floor(i / side ** 2) * side + (i % side)) * cell;
    const y = top + (Math.floor(i / side) % side) * cell;
    if (weight === 0) return hatch(pen, x, y, cell, look);
    const end = weight < 0 ? look.negative : look.positive;
    pen.fillStyle = mix(look.neutral, end, Math.min(1, Math.abs(weight) / limit) ** 0.55);
    pen.fillRect(x, y, cell, cell);
  });
  pen.setLineDash(silent ? [3, 3] : []);
  pen.strokeStyle = silent ? look.ink : look.border;
  pen.lineWidth = silent ? 1.4 : 1;
  pen.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);
  pen.setLineDash([]);
  if (silent) cross(pen, { left, top, width, height, look });
}

/** An exact zero. */
export function hatch(pen, x, y, cell, look) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, cell, cell);
  pen.clip();
  pen.fillStyle = look.background;
  pen.fillRect(x, y, cell, cell);
  pen.strokeStyle = look.hatch;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let offset = -cell; offset < cell; offset += 4) {
    pen.moveTo(x + offset, y + cell);
    pen.lineTo(x + offset + cell, y);
  }
  pen.stroke();
  pen.restore();
}

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

/** A canvas of so many px, sharp on every screen, cleared; returns its pen. */
export function sized(canvas, width, height) {
  const scale = globalThis.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== w || canvas.height !== h) {
    Object.assign(canvas, { width: w, height: h });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}
