/* Images as small pictures, and a shelf of test images to pick one from by mouse or keyboard. */

import { el, setAttribute, setText } from "../shared/dom.js";
import { sized } from "../shared/mosaic.js";
import { mix } from "../shared/look.js";
import { parts, unpacked } from "./unpack.js";

const ON_THE_SHELF = 12;

/** Draw an image: `pixels` in [0, 1], channel after channel, one of them or three. */
export function drawImage(canvas, pixels, side, px, look) {
  const cell = px / side;
  const pen = sized(canvas, px, px);
  const plane = side * side;
  for (let i = 0; i < plane; i += 1) {
    pen.fillStyle = pixels.length > plane ? rgb([0, 1, 2].map((c) => pixels[i + c * plane])) : mix(look.background, look.ink, pixels[i]);
    pen.fillRect((i % side) * cell, Math.floor(i / side) * cell, cell + 0.5, cell + 0.5);
  }
}

/** Test images by their numbers: {side, total, images: [{index, label, pixels}]}. */
export async function testImages(ask, indices) {
  const { images, labels, total } = await ask("test_images", { indices });
  const [n, channels, side] = images.shape;
  const pixels = parts(unpacked(images), channels * side * side);
  return { side, total, images: Array.from({ length: n }, (_, i) => ({ index: indices[i], label: labels[i], pixels: pixels[i] })) };
}

export class Shelf {
  /** `onPick(image)` gets {index, label, pixels}; `refresh` asks for the page that was turned to. */
  constructor({ onPick, refresh }) {
    Object.assign(this, { onPick, first: 0, total: Infinity });
    this.row = el("div", { class: "ins-shelf", role: "group", "aria-label": "Test images" });
    const turn = (pages, text, label) =>
      el("button", { type: "button", class: "ins-button", "aria-label": label, onclick: () => this.#turn(pages, refresh) }, text);
    this.where = el("span", { class: "ins-label" });
    this.node = el(
      "div", { class: "ins-shelf-box" },
      el("div", { class: "ins-bar" }, this.where, turn(-1, "‹", "Earlier test images"), turn(1, "›", "Later test images")), this.row,
    );
  }

  /** Ask for the images on the shelf, once. */
  async load({ ask }) {
    if (this.loaded === this.first) return;
    const first = this.first;
    // The first page tells how many there are.
    const last = Math.min(first + ON_THE_SHELF, this.total);
    Object.assign(this, await testImages(ask, Array.from({ length: last - first }, (_, i) => first + i)), { loaded: first });
    setText(this.where, `Test images ${first + 1} to ${last} of ${this.total}`);
    this.buttons = this.images.map((image) => this.#button(image));
    this.row.replaceChildren(...this.buttons);
  }

  draw(look, chosen) {
    this.buttons?.forEach((button, i) => {
      drawImage(button.firstChild, this.images[i].pixels, this.side, 44, look);
      setAttribute(button, "aria-pressed", String(this.images[i].index === chosen));
    });
  }

  /** The pixels of an image, if it is on the shelf. */
  at(index) {
    return this.images?.find((image) => image.index === index) ?? null;
  }

  #button(image) {
    const label = Number.isInteger(image.label) ? `, a ${image.label}` : "";
    return el(
      "button", { type: "button", class: "ins-thumb", "aria-label": `Test image ${image.index + 1}${label}`, onclick: () => this.onPick(image) },
      el("canvas", { "aria-hidden": "true" }),
    );
  }

  #turn(pages, refresh) {
    const first = this.first + pages * ON_THE_SHELF;
    if (first < 0 || first >= this.total) return;
    this.first = first;
    refresh();
  }
}

function rgb(values) {
  return `rgb(${values.map((value) => Math.round(255 * value)).join(",")})`;
}
