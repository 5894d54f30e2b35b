/* "Nearly zero": the share of weights below a bound ε the reader chooses, beside the exact zeros. */

/** @import { Frame, Model } from "./types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { percent, strength } from "../shared/format.js";

export class NearlyZero {
  /**
   * @param {{ chosen: number, onChange: (chosen: number) => void }} parts the place of ε in the row of bounds
   */
  constructor({ chosen, onChange }) {
    this.input = el("input", {
      type: "range",
      min: 0,
      max: 4,
      step: 1,
      value: chosen,
      class: "sl-range lv-epsilon",
      "aria-label": "Bound ε for nearly zero",
      oninput: () => {
        onChange(Number(this.input.value));
      },
    });
    this.words = el("output", { class: "lv-nearly-words" });
    this.node = el("div", { class: "lv-nearly" }, this.input, this.words);
  }

  /** @param {Model} model */
  draw({ ui, frames, epsilons }) {
    const epsilon = strength(epsilons[ui.epsilon]);
    setAttribute(this.input, "max", epsilons.length - 1);
    /** @param {Frame | undefined} frame */
    const below = (frame) => percent(frame?.layers[ui.layer].below[ui.epsilon]);
    this.input.setAttribute("aria-valuetext", `ε = ${epsilon}`);
    const other = frames.other ? ` (λ = 0: ${below(frames.other)})` : "";
    setText(this.words, `nearly zero, |w| < ${epsilon}: ${below(frames.own)}${other}`);
  }
}
