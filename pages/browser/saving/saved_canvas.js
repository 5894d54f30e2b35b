/* A canvas as a file: drawn again in the colours of paper, its sentence under it. */

/** @import { Look } from "../shared/types.d.ts" */
/** @import { Paper, Savable } from "./saving.js" */

import { EVERYWHERE } from "../shared/chart.js";
import { el } from "../shared/dom.js";
import { penOf } from "../shared/mosaic.js";
import { broken } from "./saving.js";

const ROOM = { width: 860, height: 480 };
const EDGE = 20;
const LINE = 18;
export const SHARPNESS = 2; // Pixels of a PNG for one of the drawing.

/** @implements {Savable} */
export class SavedCanvas {
  /**
   * @param {object} parts
   * @param {() => boolean} parts.empty
   * @param {(canvas: HTMLCanvasElement, look: Look) => void} parts.draw as its parent has room
   */
  constructor({ empty, draw }) {
    this.empty = empty;
    this.drawOn = draw;
  }

  /** @param {string} format @param {Paper} paper */
  async file(format, paper) {
    const { text, width, height } = this.#page(paper);
    const url = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    return format === "svg" ? url : await rendered(url, SHARPNESS * width, SHARPNESS * height);
  }

  /**
   * The file as SVG: weights are pixels, so they stay a picture in it.
   * @param {Paper} paper
   */
  #page({ look, sentence }) {
    const { image, width: wide, height: high } = this.#drawing(look);
    const lines = broken(sentence, 110);
    const [width, height] = [ROOM.width + 2 * EDGE, high + 3 * EDGE + LINE * lines.length];
    const rows = lines.map((line, i) =>
      `<text x="${EDGE}" y="${high + 2 * EDGE + LINE * (i + 1)}">${line}</text>`
    );
    const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" `
      + `viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="${look.background}"/>`
      + `<image href="${image}" x="${EDGE}" y="${EDGE}" width="${wide}" height="${high}"/>`
      + `<g font-family="${EVERYWHERE}" font-size="13" fill="${look.ink}">${rows.join("")}</g></svg>`;
    return { text, width, height };
  }

  /** @param {Look} look */
  #drawing(look) {
    const canvas = el("canvas");
    const { width, height } = ROOM;
    const room = el(
      "div",
      { style: `position:fixed;left:-9999px;width:${width}px;height:${height}px` },
      canvas,
    );
    document.body.append(room);
    this.drawOn(canvas, look);
    room.remove();
    return {
      image: canvas.toDataURL(),
      width: parseFloat(canvas.style.width),
      height: parseFloat(canvas.style.height),
    };
  }
}

/**
 * An SVG as a PNG, so many pixels large.
 * @param {string} url
 * @param {number} width
 * @param {number} height
 */
export async function rendered(url, width, height) {
  const image = el("img", { src: url });
  await image.decode();
  const canvas = el("canvas", { width, height });
  penOf(canvas).drawImage(image, 0, 0, width, height);
  return canvas.toDataURL();
}
