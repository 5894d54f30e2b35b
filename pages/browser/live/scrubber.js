/* One clock for everything: a slider over the run's moments, and one click back to live. */

/** @import { Model, Point } from "./types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { moment } from "../shared/format.js";

export class Scrubber {
  /** @type {Point[]} */
  points = [];
  /** The moment that is looked at, unless it is the latest. @type {number | null} */
  step = null;

  /**
   * @param {{ onMove: (step: number | null) => void, onBranch: (step: number) => void }} parts both get the
   *   chosen step, onMove null for live
   */
  constructor({ onMove, onBranch }) {
    this.input = el("input", {
      type: "range",
      min: 0,
      max: 0,
      value: 0,
      step: 1,
      class: "sl-range",
      disabled: true,
      "data-testid": "scrubber",
      "aria-label": "Moment of the run",
      oninput: () => this.#moved(onMove),
    });
    this.where = el("output", { class: "lv-moment" });
    this.live = el(
      "button",
      {
        type: "button",
        class: "lv-live",
        "data-testid": "live",
        "aria-pressed": "true",
        onclick: () => onMove(null),
      },
      el("span", { class: "lv-live-dot", "aria-hidden": "true" }),
      "Live",
    );
    this.branch = el(
      "button",
      {
        type: "button",
        class: "lv-branch",
        "data-testid": "branch",
        title: "A new run with the same past, held here: then choose another λ or other layers.",
        "data-idle": "true",
        onclick: () => this.step !== null && onBranch(this.step),
      },
      "Branch from here",
    );
    this.node = el("div", { class: "lv-clock" }, this.live, this.input, this.where, this.branch);
  }

  /** @param {(step: number | null) => void} onMove */
  #moved(onMove) {
    const index = Number(this.input.value);
    onMove(index >= this.points.length - 1 ? null : this.points[index].step);
  }

  /** @param {Model} model */
  draw({ history, now, at }) {
    this.points = history.points[history.yours];
    const last = Math.max(0, this.points.length - 1);
    setAttribute(this.input, "max", last);
    setAttribute(this.input, "disabled", last < 1);
    const index = at === null || !now.own ? last : this.points.indexOf(now.own);
    if (Number(this.input.value) !== index) this.input.value = String(index);
    setAttribute(this.input, "aria-valuetext", moment(now.own));
    setAttribute(this.live, "aria-pressed", at === null ? "true" : "false");
    setText(this.where, moment(now.own));
    this.step = at;
    setAttribute(this.branch, "data-idle", at === null ? "true" : "false");
    this.input.style.setProperty("--sl-done", last ? `${(100 * index) / last}%` : "0%");
  }
}
