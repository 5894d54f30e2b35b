/* The slider under a figure, and the choice between several series of frames: both stay in the browser. */

import { el, segmented, setAttribute, setText } from "../shared/dom.js";

export class Frames {
  constructor({ key, redraw }) {
    Object.assign(this, { key, redraw, series: [], chosen: 0 });
    this.choice = el("div", { class: "fig-choice" });
    this.name = el("span", { class: "fig-name", "aria-hidden": "true" });
    this.input = el("input", { type: "range", min: 0, step: 1, class: "lv-range", oninput: () => redraw() });
    this.value = el("output", { class: "fig-value", "aria-hidden": "true" });
    this.slider = el("div", { class: "fig-slider" }, this.name, this.input, this.value);
    this.node = el("div", { class: "fig-frames" }, this.choice, this.slider);
  }

  /** Take new frames; slider and choice stay where the reader left them. */
  update({ series, slider, start }) {
    const first = this.series.length === 0;
    const before = this.series.map(({ name }) => name).join("|");
    this.series = series;
    this.chosen = Math.min(this.chosen, Math.max(0, series.length - 1));
    setAttribute(this.node, "hidden", series.length === 0);
    setAttribute(this.choice, "hidden", series.length < 2);
    if (series.length === 0) return;
    if (before !== series.map(({ name }) => name).join("|")) this.#offer();
    setAttribute(this.input, "max", this.#frames().length - 1);
    if (first) this.input.value = start;
    setText(this.name, slider);
    setAttribute(this.input, "aria-label", slider);
    const longest = Math.max(...series.flatMap(({ frames }) => frames.map(({ label }) => label.length)));
    this.value.style.minWidth = `${longest}ch`;
  }

  /** The frame to draw now; null where the figure has none. */
  now() {
    return this.#frames()?.[Number(this.input.value)] ?? null;
  }

  /** Every sentence the reader may come to: room is kept for the longest. */
  sentences() {
    return this.series.flatMap(({ frames }) => frames.map(({ summary }) => summary));
  }

  draw() {
    const frame = this.now();
    if (!frame) return;
    setAttribute(this.input, "aria-valuetext", frame.label);
    setText(this.value, frame.label);
    this.input.style.setProperty("--lv-done", `${(100 * this.input.value) / Math.max(1, this.input.max)}%`);
  }

  #frames() {
    return this.series[this.chosen]?.frames;
  }

  #offer() {
    const choice = segmented({
      group: `${this.key}-series`, label: "What is drawn", value: this.chosen,
      options: this.series.map(({ name }, i) => [String(i), name]),
      onChange: (i) => {
        this.chosen = Number(i);
        setAttribute(this.input, "max", this.#frames().length - 1);
        this.redraw();
      },
    });
    this.choice.replaceChildren(choice.node);
  }
}
