/* One clock for everything: a slider over the run's moments, and one click back to live. */

import { el, setAttribute, setText } from "../shared/dom.js";
import { moment } from "../shared/format.js";

export class Scrubber {
  /** `onMove(step)` gets the chosen step, or null for live. */
  constructor({ onMove }) {
    this.points = [];
    this.input = el("input", {
      type: "range", min: 0, max: 0, value: 0, step: 1, class: "lv-range", disabled: true,
      "data-testid": "scrubber", "aria-label": "Moment of the run",
      oninput: () => this.#moved(onMove),
    });
    this.where = el("output", { class: "lv-moment" });
    this.live = el(
      "button",
      { type: "button", class: "lv-live", "data-testid": "live", "aria-pressed": "true", onclick: () => onMove(null) },
      el("span", { class: "lv-live-dot", "aria-hidden": "true" }),
      "Live",
    );
    this.node = el("div", { class: "lv-clock" }, this.live, this.input, this.where);
  }

  #moved(onMove) {
    const index = Number(this.input.value);
    onMove(index >= this.points.length - 1 ? null : this.points[index].step);
  }

  draw({ history, now, at }) {
    this.points = history.points[history.yours];
    const last = Math.max(0, this.points.length - 1);
    setAttribute(this.input, "max", last);
    setAttribute(this.input, "disabled", last < 1);
    const index = at === null ? last : this.points.indexOf(now.own);
    if (Number(this.input.value) !== index) this.input.value = index;
    setAttribute(this.input, "aria-valuetext", moment(now.own));
    setAttribute(this.live, "aria-pressed", at === null ? "true" : "false");
    setText(this.where, moment(now.own));
    this.input.style.setProperty("--lv-done", last ? `${(100 * index) / last}%` : "0%");
  }
}
