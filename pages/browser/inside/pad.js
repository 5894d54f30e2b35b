/* The pad to draw on, by mouse, pen or finger. */

/** @import { Line } from "./strokes.js" */
/** @import { Look } from "../shared/types.d.ts" */

import { el } from "../shared/dom.js";
import { sized } from "../shared/mosaic.js";
import { trace } from "./strokes.js";

const SIDE = 240;
const PEN = 16;

export class Pad {
  /** @type {Line[]} */
  lines = [];
  drawing = false;
  /** @type {Look | null} */
  look = null;

  /** @param {{ onChange: (lines: Line[]) => void }} parts it is called with every stroke that grows */
  constructor({ onChange }) {
    this.onChange = onChange;
    this.canvas = el("canvas", {
      class: "ins-pad",
      role: "img",
      "aria-label": "Draw a digit here, or pick a validation image below.",
      onpointerdown: (event) => this.#down(event),
      onpointermove: (event) => this.#move(event),
      onpointerup: () => this.#up(),
      onpointercancel: () => this.#up(),
    });
    const clear = el("button", { type: "button", class: "ins-button", onclick: () => this.clear() }, "Clear");
    this.node = el("div", { class: "ins-pad-box" }, this.canvas, clear);
  }

  clear() {
    this.lines = [];
    this.onChange(this.lines);
  }

  /** @param {Look} look */
  draw(look) {
    this.look = look;
    const pen = sized(this.canvas, SIDE, SIDE);
    if (!this.lines.length) {
      Object.assign(pen, {
        fillStyle: look.muted,
        textAlign: "center",
        font: `15px ${getComputedStyle(this.canvas).fontFamily}`,
      });
      pen.fillText("Draw a digit here", SIDE / 2, SIDE / 2 - 10);
      pen.fillText("or pick an image below", SIDE / 2, SIDE / 2 + 12);
    }
    pen.strokeStyle = look.ink;
    trace(pen, this.lines, (point) => point, PEN);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.drawing = true;
    this.lines.push([]);
    this.#add(event);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.drawing) this.#add(event);
  }

  #up() {
    this.drawing = false;
  }

  /** @param {PointerEvent} event */
  #add(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = SIDE / box.width;
    this.lines.at(-1)?.push([(event.clientX - box.left) * scale, (event.clientY - box.top) * scale]);
    if (this.look) this.draw(this.look);
    this.onChange(this.lines);
  }
}
