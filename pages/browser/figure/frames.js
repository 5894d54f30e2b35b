/* The slider under a figure, and the choice between several series of frames: both stay in the browser. */

/** @import { FigureData, Series } from "./types.d.ts" */

import { el, segmented, setAttribute, setText } from "../shared/dom.js";

/* What a slider says that moves as one with others. */
const MOVED = "sl-moved";

export class Frames {
  /** @type {Series[]} */
  series = [];
  chosen = 0;
  together = "";

  /** @param {{ key: string, redraw: () => void }} parts */
  constructor({ key, redraw }) {
    this.key = key;
    this.redraw = redraw;
    this.choice = el("div", { class: "fig-choice" });
    this.name = el("span", { class: "fig-name", "aria-hidden": "true" });
    this.input = el("input", {
      type: "range",
      min: 0,
      step: 1,
      class: "sl-range",
      oninput: () => this.#moved(),
    });
    this.value = el("output", { class: "fig-value", "aria-hidden": "true" });
    this.slider = el("div", { class: "fig-slider" }, this.name, this.input, this.value);
    this.node = el("div", { class: "fig-frames" }, this.choice, this.slider);
    /** @param {Event} event */
    this.heard = (event) => {
      if (event instanceof CustomEvent) this.#follow(event.detail);
    };
    document.addEventListener(MOVED, this.heard);
  }

  close() {
    document.removeEventListener(MOVED, this.heard);
  }

  /**
   * Take new frames; slider and choice stay where the reader left them.
   * @param {Pick<FigureData, "series" | "slider" | "start" | "together">} data
   */
  update({ series, slider, start, together }) {
    this.together = together;
    const first = this.series.length === 0;
    const before = this.series.map(({ name }) => name).join("|");
    this.series = series;
    this.chosen = Math.min(this.chosen, Math.max(0, series.length - 1));
    setAttribute(this.node, "hidden", series.length === 0);
    setAttribute(this.choice, "hidden", series.length < 2);
    if (series.length === 0) return;
    if (before !== series.map(({ name }) => name).join("|")) this.#offer();
    setAttribute(this.input, "max", this.#frames().length - 1);
    if (first) this.input.value = String(start);
    setText(this.name, slider);
    setAttribute(this.input, "aria-label", slider);
    const longest = Math.max(...series.flatMap(({ frames }) => frames.map(({ at }) => at.label.length)));
    this.value.style.minWidth = `${longest}ch`;
  }

  /** The frame to draw now; null where the figure has none. */
  now() {
    return this.#frames()[Number(this.input.value)] ?? null;
  }

  /** Every sentence the reader may come to: room is kept for the longest. */
  sentences() {
    return this.series.flatMap(({ frames }) => frames.map(({ summary }) => summary));
  }

  draw() {
    const frame = this.now();
    if (!frame) return;
    setAttribute(this.input, "aria-valuetext", frame.at.label);
    setText(this.value, frame.at.label);
    this.input.style.setProperty(
      "--sl-done",
      `${(100 * Number(this.input.value)) / Math.max(1, Number(this.input.max))}%`,
    );
  }

  #moved() {
    this.redraw();
    const { together, input: { value } } = this;
    if (together) document.dispatchEvent(new CustomEvent(MOVED, { detail: { together, value } }));
  }

  /** @param {{ together: string, value: string }} moved what another slider says, or this one */
  #follow({ together, value }) {
    if (together !== this.together || value === this.input.value) return;
    this.input.value = value;
    this.redraw();
  }

  #frames() {
    return this.series[this.chosen]?.frames ?? [];
  }

  #offer() {
    const choice = segmented({
      group: `${this.key}-series`,
      label: "What is drawn",
      value: String(this.chosen),
      options: this.series.map(({ name }, i) => [String(i), name]),
      onChange: (i) => {
        this.chosen = Number(i);
        setAttribute(this.input, "max", this.#frames().length - 1);
        this.redraw();
      },
    });
    this.choice.replaceChildren(choice);
  }
}
