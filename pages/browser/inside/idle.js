/* What no training image ever pulled on: units that no image reached in this run so far, pixels and places that are always 0. */

/** @import { Look } from "../shared/types.d.ts" */
/** @import { ZeroKinds } from "./types.d.ts" */

import { hatch, IDLE, sized } from "../shared/mosaic.js";
import { count } from "../shared/format.js";

/**
 * A layer as far as this is concerned; `channels` of the image or maps that it reads, 0 where it reads neither.
 * @typedef {{ shape: number[], kinds: ZeroKinds | null, alone: boolean, channels: number }} Layer
 */

const MOST_LISTED = 40;
const PICTURE = 64;

/**
 * "Reached by no image so far: 29 of 128 units silent: 3, 17, …; 4 of 64 pixels always without ink, dotted at the left."
 * @param {Layer} layer
 * @param {string} name
 */
export function idleText({ shape, kinds, alone, channels }, name) {
  if (!kinds) return "";
  const word = name.startsWith("fc") ? "units" : "filters";
  const { units, inputs } = kinds;
  const listed = units.slice(0, MOST_LISTED).join(", ") + (units.length > MOST_LISTED ? ", …" : "");
  const silent = units.length ? `${units.length} of ${shape[0]} ${word} silent: ${listed}` : "";
  const read = alone ? "pixels always without ink" : "inputs always 0";
  const dark = inputs.length ? `${count(inputs.length)} of ${count(shape[1])} ${read}` : "";
  const both = [silent, dark].filter(Boolean).join("; ");
  return both
    && `Reached by no image so far: ${both}${
      placesOf(shape, channels, inputs) ? ", dotted at the left" : ""
    }.`;
}

/**
 * Draw where the inputs that are always 0 stand, should these be places of an image: dotted.
 * @param {HTMLCanvasElement} canvas
 * @param {Layer} layer
 * @param {Look} look
 * @returns {boolean} whether there was something to draw
 */
export function drawInputs(canvas, { shape, kinds, channels }, look) {
  const dark = kinds && placesOf(shape, channels, kinds.inputs);
  if (!dark) return false;
  const side = Math.sqrt(dark.length);
  const cell = Math.max(2, Math.floor(PICTURE / side));
  const pen = sized(canvas, side * cell, side * cell);
  dark.forEach((is, i) => {
    const [x, y] = [(i % side) * cell, Math.floor(i / side) * cell];
    pen.fillStyle = look.border;
    if (is) hatch(pen, x, y, cell, look, IDLE);
    else pen.fillRect(x, y, cell, cell);
  });
  canvas.setAttribute("aria-label", `${count(dark.filter(Boolean).length)} places that are always 0`);
  return true;
}

/**
 * Which places are 0 in all channels; a fully connected layer reads channel after channel, each a square.
 * @param {number[]} shape
 * @param {number} channels
 * @param {number[]} inputs
 * @returns {boolean[] | null} null where it reads no places, or none of them is
 */
export function placesOf(shape, channels, inputs) {
  if (!channels) return null;
  const size = shape[1] / channels;
  const zero = Array.from({ length: size }, () => 0);
  for (const input of inputs) zero[input % size] += 1;
  const dark = zero.map((n) => n === channels);
  return dark.some(Boolean) ? dark : null;
}
