/* One figure: drawn in place, coloured by the theme, moved by its own slider without asking the server. */

/** @import { Drawing } from "../shared/plotly.d.ts" */
/** @import { CommonData, Component, Look, Tell } from "../shared/types.d.ts" */
/** @import { FigureData, Frame } from "./types.d.ts" */

import { Chart } from "../shared/chart.js";
import { el, setAttribute, setText } from "../shared/dom.js";
import { unbroken } from "../shared/format.js";
import { Drawn } from "../shared/drawn.js";
import { Legend } from "../shared/legend.js";
import { wear } from "../shared/look.js";
import { Frames } from "./frames.js";
import { Numbers } from "./numbers.js";
import { SavedChart } from "../saving/saved_chart.js";
import { Saving } from "../saving/saving.js";
import { coloured } from "./roles.js";

export class Figure extends Drawn {
  /** @type {{ data: FigureData & CommonData, tell: Tell } | null} */
  shown = null;
  listening = false;

  /** @param {HTMLElement} parent @param {string} key */
  constructor(parent, key) {
    super(el("div", { class: "sl fig", "data-testid": "figure" }));
    const redraw = () => this.schedule();
    this.node = el("div", { class: "sl-plot", role: "img" });
    this.legend = new Legend({ onChange: redraw });
    this.frames = new Frames({ key, redraw });
    this.numbers = new Numbers({ onOpen: redraw });
    /** @type {Chart<Model>} */
    this.chart = new Chart({ node: this.node, legend: this.legend, build: drawingOf, redraw });
    this.saving = new Saving(new SavedChart(() => this.chart));
    this.words = el("span");
    this.room = el("span", { class: "fig-room", "aria-hidden": "true" });
    this.root.append(
      this.legend.node,
      this.node,
      this.frames.node,
      el("p", { class: "fig-sentence" }, this.room, this.words),
      el("div", { class: "fig-foot" }, this.numbers.node, this.saving.node),
    );
    parent.append(this.root);
  }

  /**
   * Take what Python says now; the reader's zoom, slider and legend stay.
   * @param {Component<FigureData>} component
   */
  update({ data, setTriggerValue }) {
    this.shown = { data, tell: setTriggerValue };
    this.node.style.height = `${data.height}px`;
    setAttribute(this.root, "data-clickable", data.clickable);
    this.frames.update(data);
    setText(this.room, unbroken(longest([data.summary, ...this.frames.sentences()])));
    this.load(data.plotly);
    this.schedule();
  }

  /** @override */
  close() {
    this.chart.close();
    this.frames.close();
    super.close();
  }

  /** @override */
  all() {
    return [this.chart];
  }

  /** @override */
  draw() {
    if (!this.shown) return;
    const { data } = this.shown;
    const { palettes, name } = data;
    const look = this.look(palettes);
    wear(this.root, look);
    const frame = this.frames.now();
    const summary = frame?.summary ?? data.summary;
    this.frames.draw();
    this.numbers.draw(frame?.table ?? data.table);
    setText(this.words, unbroken(this.broken || summary));
    // A drawing out of sight waits for its turn; its words do not.
    setAttribute(this.node, "aria-label", summary);
    this.root.dataset.frame = frame?.at.label ?? "";
    // For those who ask what is shown here: the guide and the glossary.
    for (const what of /** @type {const} */ (["term", "value", "said"])) {
      setAttribute(this.root, `data-${what}`, frame?.at[what]);
    }
    if (!this.library) return;
    this.chart.draw(this.library, { look, data, frame, summary });
    this.saving.draw({ name, palettes, sentence: summary });
    setAttribute(this.legend.node, "hidden", this.legend.lines.childElementCount === 0);
    if (!this.listening) this.#listen();
  }

  #listen() {
    const { plot } = this.chart;
    if (!plot) return;
    this.listening = true;
    plot.on("plotly_click", ({ points: [point] }) => {
      if (!this.shown?.data.clickable || !point) return;
      const { curveNumber, pointIndex, customdata = null } = point;
      this.shown.tell("click", { curve: curveNumber, point: pointIndex, customdata });
    });
  }
}

/** @typedef {{ look: Look, data: FigureData, frame: Frame | null, summary: string }} Model */

/**
 * The figure with a frame's traces above its own.
 * @param {Model} model
 * @returns {Drawing}
 */
function drawingOf({ look, data: { figure: { data, layout } }, frame, summary }) {
  return {
    traces: coloured([...data, ...(frame?.traces ?? [])], look),
    layout: coloured({ ...layout, ...frame?.layout }, look),
    label: summary,
  };
}

/** @param {string[]} sentences */
function longest(sentences) {
  return sentences.reduce((most, sentence) => (sentence.length > most.length ? sentence : most), "");
}
