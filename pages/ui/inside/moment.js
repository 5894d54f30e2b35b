/* The moment that is looked at: now, or one of those whose weights were kept. */

import { count } from "../shared/format.js";
import { el, setAttribute, setText } from "../shared/dom.js";

/** Parts about the run as it is now. */
const LATEST_ONLY = ["weight", "update"];

export class Moment {
  /** `onMove(step)` gets a kept step, or null for the latest. */
  constructor({ onMove, onRest }) {
    Object.assign(this, { steps: [], step: null });
    this.input = el("input", {
      type: "range", min: 0, step: 1, class: "lv-range", "aria-label": "Moment of the run",
      oninput: () => this.#moved(onMove), onchange: () => onRest(this.step),
    });
    this.value = el("output", { class: "ins-step" });
    this.node = el("label", { class: "ins-moment" }, el("span", {}, "Moment"), this.input, this.value);
  }

  /** Take the kept steps; the last place is the latest state, whatever step that is. */
  update({ run, steps, state, part }) {
    if (run !== this.run) this.step = null;
    Object.assign(this, { run, steps, going: state === "running" });
    setAttribute(this.node, "hidden", steps.length < 2 || LATEST_ONLY.includes(part));
    const ended = !["running", "paused"].includes(state);
    this.places = ended ? [...steps.slice(0, -1), null] : [...steps, null];
    setAttribute(this.input, "max", Math.max(0, this.places.length - 1));
    this.input.value = Math.max(0, this.places.indexOf(this.step));
    if (this.step === null) this.input.value = this.places.length - 1;
  }

  /** Say which step the answers are about. */
  show(step) {
    const text = `step ${count(step)}${this.step === null ? (this.going ? ", live" : ", latest") : ""}`;
    setText(this.value, text);
    setAttribute(this.input, "aria-valuetext", text);
    this.input.style.setProperty("--lv-done", `${(100 * this.input.value) / Math.max(1, this.input.max)}%`);
  }

  #moved(onMove) {
    this.step = this.places[Number(this.input.value)] ?? null;
    this.show(this.step ?? this.steps.at(-1));
    onMove(this.step);
  }
}
