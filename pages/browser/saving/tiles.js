/* Pictures of the view as one canvas, for a file: each with its words above it, in rows. */

/** @import { Look } from "../shared/types.d.ts" */

import { EVERYWHERE } from "../shared/chart.js";
import { sized } from "../shared/mosaic.js";

const GAP = 20;
const HEAD = 20;
const ROOM = 860;

/**
 * @typedef {object} Tile
 * @property {HTMLCanvasElement} canvas
 * @property {string} words
 */

/**
 * Draw the tiles from left to right, a new row where there is no more room.
 * @param {HTMLCanvasElement} canvas
 * @param {Tile[]} tiles
 * @param {Look} look
 */
export function drawTiles(canvas, tiles, look) {
  const { places, width, height } = placed(tiles.map((tile) => sizeOf(tile.canvas)));
  const pen = sized(canvas, width, height);
  pen.fillStyle = look.ink;
  pen.font = `13px ${EVERYWHERE}`;
  tiles.forEach((tile, i) => {
    const [left, top] = places[i];
    const size = sizeOf(tile.canvas);
    pen.fillText(tile.words, left, top + HEAD - 6);
    pen.drawImage(tile.canvas, left, top + HEAD, size.width, size.height);
  });
}

/** @typedef {{ width: number, height: number }} Size */

/**
 * Where tiles of these sizes stand, and the room they take.
 * @param {Size[]} sizes
 * @returns {Size & { places: [left: number, top: number][] }}
 */
export function placed(sizes) {
  /** @type {[number, number][]} */
  const places = [];
  let [left, top, low] = [0, 0, 0];
  for (const { width, height } of sizes) {
    if (left > 0 && left + width > ROOM) [left, top] = [0, low + GAP];
    places.push([left, top]);
    left += width + GAP;
    low = Math.max(low, top + HEAD + height);
  }
  return { places, width: ROOM, height: Math.max(1, low) };
}

/** @param {HTMLCanvasElement} canvas @returns {Size} */
function sizeOf({ style }) {
  return { width: parseFloat(style.width), height: parseFloat(style.height) };
}
