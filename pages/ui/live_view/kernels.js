/* The kernels of conv1 as a mosaic: sign and size as colour, exact zeros hatched, silent filters marked. */

import { count, significant } from "./format.js";
import { mix } from "../shared/look.js";

const COLUMNS = 8;
const COLUMNS_OF_COLOURS = 4;
const SIDE = 3;
const EXPECTED = { textbook_cnn: 32, small_cnn: 8 };
const GAP = 0.5;

/** Draw the kernels of one frame on the canvas; without a frame, the empty places of that model. */
export function drawKernels(canvas, frame, look, model) {
  const kernels = frame?.kernels ?? Array.from({ length: EXPECTED[model] }, () => null);
  const planes = Math.max(1, Math.round((kernels[0]?.length ?? 0) / SIDE ** 2));
  const columns = planes > 1 ? COLUMNS_OF_COLOURS : COLUMNS;
  const rows = Math.ceil(kernels.length / columns);
  const box = canvas.parentElement.getBoundingClientRect();
  const wide = SIDE * planes + GAP;
  const size = Math.min(box.width / columns / wide, box.height / rows / (SIDE + GAP));
  const [across, down] = [size * wide, size * (SIDE + GAP)];
  if (!(down > 4)) return;
  const pen = sized(canvas, across * columns, down * rows);
  const cell = Math.max(1, Math.floor(size));
  const limit = frame?.layers.conv1.limit ?? 1;
  kernels.forEach((kernel, i) => {
    const left = Math.round((i % columns) * across + (across - cell * SIDE * planes) / 2);
    const top = Math.round(Math.floor(i / columns) * down + (down - cell * SIDE) / 2);
    drawKernel(pen, kernel, { left, top, cell, planes, limit, look });
  });
  canvas.setAttribute("aria-label", label(frame, kernels));
}

/* The colours of one kernel stand side by side. */
function drawKernel(pen, kernel, { left, top, cell, planes, limit, look }) {
  const [width, height] = [cell * SIDE * planes, cell * SIDE];
  const silent = kernel?.every((weight) => weight === 0);
  pen.fillStyle = look.surface;
  pen.fillRect(left, top, width, height);
  kernel?.forEach((weight, i) => {
    const x = left + (Math.floor(i / SIDE ** 2) * SIDE + (i % SIDE)) * cell;
    const y = top + (Math.floor(i / SIDE) % SIDE) * cell;
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

function hatch(pen, x, y, cell, look) {
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

function sized(canvas, width, height) {
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

function label(frame, kernels) {
  if (!frame) return "The kernels of conv1: empty until a run starts.";
  const { zeros, weights, dead, units, limit } = frame.layers.conv1;
  return `${count(kernels.length)} kernels of conv1 at step ${count(frame.step)}: ${count(zeros)} of `
    + `${count(weights)} weights exactly zero, ${dead} of ${units} filters silent; `
    + `colours from ${significant(-limit)} to ${significant(limit)}.`;
}
