/* The kernels of conv1 as a mosaic: sign and size as colour, exact zeros hatched, silent filters marked. */

import { count, significant } from "../shared/format.js";
import { drawMosaic } from "../shared/mosaic.js";

const EXPECTED = { textbook_cnn: 32, small_cnn: 8 };

/** Draw the kernels of one frame on the canvas; without a frame, the empty places of that model. */
export function drawKernels(canvas, frame, look, model) {
  const kernels = frame?.kernels ?? Array.from({ length: EXPECTED[model] }, () => null);
  drawMosaic(canvas, kernels, { limit: frame?.layers.conv1.limit ?? 1, look, convolution: true });
  canvas.setAttribute("aria-label", label(frame, kernels));
}

function label(frame, kernels) {
  if (!frame) return "The kernels of conv1: empty until a run starts.";
  const { zeros, weights, dead, units, limit } = frame.layers.conv1;
  return `${count(kernels.length)} kernels of conv1 at step ${count(frame.step)}: ${count(zeros)} of `
    + `${count(weights)} weights exactly zero, ${dead} of ${units} filters silent; `
    + `colours from ${significant(-limit)} to ${significant(limit)}.`;
}
