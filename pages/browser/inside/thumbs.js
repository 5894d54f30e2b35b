/* Images as small pictures, and a shelf of validation images to pick one from by mouse or keyboard. */

/** @import { Look } from "../shared/types.d.ts" */
/** @import { Ask } from "./types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { sized } from "../shared/mosaic.js";
import { mix } from "../shared/look.js";
import { parts, unpacked } from "./unpack.js";

const ON_THE_SHELF = 12;
const THUMB = 44;

/** An image in [0, 1], row after row, one channel or three of them. @typedef {ArrayLike<number>} Pixels */
/** A validation image. @typedef {{ index: number, label: number, pixels: Pixels }} Picture */

/**
 * Draw a square image of `px` × `px`.
 * @param {HTMLCanvasElement} canvas
 * @param {Pixels} pixels
 * @param {number} px
 * @param {Look} look
 */
export function drawImage(canvas, pixels, px, look) {
  const side = sideOf(pixels.length);
  const cell = px / side;
  const pen = sized(canvas, px, px);
  const plane = side * side;
  for (let i = 0; i < plane; i += 1) {
    pen.fillStyle = pixels.length > plane
      ? rgb([0, 1, 2].map((c) => pixels[i + c * plane]))
      : mix(look.background, look.ink, pixels[i]);
    pen.fillRect((i % side) * cell, Math.floor(i / side) * cell, cell + 0.5, cell + 0.5);
  }
}

/**
 * The side of a square image of so many numbers: a square has one channel, anything else three.
 * @param {number} n
 * @returns {number}
 */
export function sideOf(n) {
  const side = Math.sqrt(n);
  return Number.isInteger(side) ? side : Math.sqrt(n / 3);
}

/**
 * Validation images by their numbers, and how many there are in all.
 * @param {Ask} ask
 * @param {number[]} indices
 * @returns {Promise<{ total: number, images: Picture[] }>}
 */
export async function validImages(ask, indices) {
  const { images, labels, total } = await ask("valid_images", { indices });
  const [n, channels, side] = images.shape;
  const pixels = parts(unpacked(images), channels * side * side);
  return {
    total,
    images: Array.from({ length: n }, (_, i) => ({ index: indices[i], label: labels[i], pixels: pixels[i] })),
  };
}

export class Shelf {
  first = 0;
  total = Infinity;
  /** The number of the first image that was loaded. */
  loaded = -1;
  /** @type {Thumb[]} */
  thumbs = [];

  /**
   * @param {object} parts
   * @param {(image: Picture) => void} parts.onPick
   * @param {() => void} parts.refresh asks for the page that was turned to
   */
  constructor({ onPick, refresh }) {
    this.onPick = onPick;
    this.row = el("div", { class: "ins-shelf", role: "group", "aria-label": "Validation images" });
    /** @param {number} pages @param {string} text @param {string} label */
    const turn = (pages, text, label) =>
      el("button", {
        type: "button",
        class: "ins-button",
        "aria-label": label,
        onclick: () => this.#turn(pages, refresh),
      }, text);
    this.where = el("span", { class: "ins-label" });
    this.node = el(
      "div",
      { class: "ins-shelf-box" },
      el(
        "div",
        { class: "ins-bar" },
        this.where,
        turn(-1, "‹", "Earlier validation images"),
        turn(1, "›", "Later validation images"),
      ),
      this.row,
    );
  }

  /**
   * Ask for the images on the shelf, once.
   * @param {{ ask: Ask }} context
   */
  async load({ ask }) {
    if (this.loaded === this.first) return;
    const first = this.first;
    // The first page tells how many there are.
    const last = Math.min(first + ON_THE_SHELF, this.total);
    const { images, total } = await validImages(
      ask,
      Array.from({ length: last - first }, (_, i) => first + i),
    );
    this.total = total;
    this.loaded = first;
    setText(this.where, `Validation images ${first + 1} to ${last} of ${this.total}`);
    this.thumbs = images.map((image) => new Thumb(image, this.onPick));
    this.row.replaceChildren(...this.thumbs.map(({ node }) => node));
  }

  /** @param {Look} look @param {number | undefined} chosen */
  draw(look, chosen) {
    for (const thumb of this.thumbs) thumb.draw(look, thumb.image.index === chosen);
  }

  /**
   * An image, if it is on the shelf.
   * @param {number | undefined} index
   * @returns {Picture | undefined}
   */
  at(index) {
    return this.thumbs.find(({ image }) => image.index === index)?.image;
  }

  /** @param {number} pages @param {() => void} refresh */
  #turn(pages, refresh) {
    const first = this.first + pages * ON_THE_SHELF;
    if (first < 0 || first >= this.total) return;
    this.first = first;
    refresh();
  }
}

/* A validation image to press. */
class Thumb {
  /** @param {Picture} image @param {(image: Picture) => void} onPick */
  constructor(image, onPick) {
    this.image = image;
    this.canvas = el("canvas", { "aria-hidden": "true" });
    const label = Number.isInteger(image.label) ? `, a ${image.label}` : "";
    const attributes = {
      "aria-label": `Validation image ${image.index + 1}${label}`,
      onclick: () => onPick(image),
    };
    this.node = el("button", { type: "button", class: "ins-thumb", ...attributes }, this.canvas);
  }

  /** @param {Look} look @param {boolean} chosen */
  draw(look, chosen) {
    drawImage(this.canvas, this.image.pixels, THUMB, look);
    setAttribute(this.node, "aria-pressed", String(chosen));
  }
}

/** @param {number[]} values in [0, 1] */
function rgb(values) {
  return `rgb(${values.map((value) => Math.round(255 * value)).join(",")})`;
}
