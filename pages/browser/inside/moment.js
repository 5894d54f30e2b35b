/* The moment that is looked at: now, or one of those whose weights were kept. */

/** @import { InsideData } from "./types.d.ts" */

import { count } from "../shared/format.js";
import { el, setAttribute, setText } from "../shared/dom.js";

/** Parts about the run as it is now. */
const LATEST_ONLY = ["weight", "update"];

export class Moment {
  /** A kept step; null for the latest. @type {number | null} */
  step = null;
  /** @type {number[]} */
  steps = [];
  /** The steps on the slider, from left to right. @type {(number | null)[]} */
  places = [];
  run = "";
  going = false;

  /**
   * @param {Record<"onMove" | "onRest", (step: number | null) => void>} parts each gets the step: while and after it is moved
   */
  constructor({ onMove, onRest }) {
    this.input = el("input", {
      type: "range",
      min: 0,
      step: 1,
      class: "sl-range",
      "aria-label": "Moment of the run",
      oninput: () => {
        onMove(this.#moved());
      },
      onchange: () => onRest(this.step),
    });
    this.value = el("output", { class: "ins-step" });
    this.node = el("label", { class: "ins-moment" }, el("span", {}, "Moment"), this.input, this.value);
  }

  /**
   * Take the kept steps; the last place is the latest state, whatever step that is.
   * @param {InsideData} data
   */
  update({ run, steps, state, part }) {
    if (run !== this.run) this.step = null;
    this.run = run;
    this.steps = steps;
    this.going = state === "running";
    setAttribute(this.node, "hidden", steps.length < 2 || LATEST_ONLY.includes(part));
    const ended = !["running", "paused"].includes(state);
    this.places = ended ? [...steps.slice(0, -1), null] : [...steps, null];
    setAttribute(this.input, "max", Math.max(0, this.places.length - 1));
    this.input.value = String(Math.max(0, this.places.indexOf(this.step)));
  }

  /**
   * Say which step the answers are about.
   * @param {number} step
   */
  show(step) {
    const text = `step ${count(step)}${this.step === null ? (this.going ? ", live" : ", latest") : ""}`;
    setText(this.value, text);
    setAttribute(this.input, "aria-valuetext", text);
    this.input.style.setProperty(
      "--sl-done",
      `${(100 * Number(this.input.value)) / Math.max(1, Number(this.input.max))}%`,
    );
  }

  #moved() {
    this.step = this.places[Number(this.input.value)] ?? null;
    this.show(this.step ?? this.steps.at(-1) ?? 0);
    return this.step;
  }
}
