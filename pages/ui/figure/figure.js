/* One figure: drawn in place, coloured by the theme, moved by its own slider without asking the server. */

import { Chart } from "../shared/chart.js";
import { el, setAttribute, setText } from "../shared/dom.js";
import { Drawn } from "../shared/drawn.js";
import { Legend } from "../shared/legend.js";
import { lookOf, wear } from "../shared/look.js";
import { Frames } from "./frames.js";
import { Numbers } from "./numbers.js";
import { Saving } from "./saving.js";
import { coloured } from "./roles.js";

const PRINTING = ["beforeprint", "afterprint"];

export class Figure extends Drawn {
  constructor(parent, key) {
    super();
    const redraw = () => this.schedule();
    this.node = el("div", { class: "lv-plot", role: "img" });
    this.legend = new Legend({ onChange: redraw });
    this.frames = new Frames({ key, redraw });
    this.numbers = new Numbers({ onOpen: redraw });
    this.saving = new Saving({ key, picture: () => this.chart.picture });
    this.words = el("span");
    this.room = el("span", { class: "fig-room", "aria-hidden": "true" });
    this.root = el(
      "div", { class: "lv fig", "data-testid": "figure" },
      this.legend.node, this.node, this.frames.node,
      el("p", { class: "fig-sentence" }, this.room, this.words),
      el("div", { class: "fig-foot" }, this.numbers.node, this.saving.node),
    );
    parent.append(this.root);
    this.chart = new Chart({ node: this.node, legend: this.legend, build: (model) => model.drawing, redraw });
    this.charts = [this.chart];
    this.printed = ({ type }) => this.#print(type === "beforeprint");
    for (const moment of PRINTING) window.addEventListener(moment, this.printed);
  }

  /** Take what Python says now; the reader's zoom, slider and legend stay. */
  update({ data, setTriggerValue }) {
    Object.assign(this, { data, tell: setTriggerValue });
    this.node.style.height = `${data.height}px`;
    setAttribute(this.root, "data-clickable", data.clickable);
    this.frames.update(data);
    setText(this.room, longest([data.summary, ...this.frames.sentences()]));
    if (!this.Plotly) this.load(data.plotly);
    this.schedule();
  }

  close() {
    for (const moment of PRINTING) window.removeEventListener(moment, this.printed);
    super.close();
  }

  /** Paper is white and shows everything: in the light theme, at once, in sight or not. */
  #print(onPaper) {
    this.onPaper = onPaper;
    this.chart.visible ||= onPaper;
    cancelAnimationFrame(this.frame);
    this.frame = null;
    this.draw();
  }

  draw() {
    const { palettes } = this.data;
    const look = this.onPaper ? { name: "light", ...palettes.light } : lookOf(this.root, palettes);
    wear(this.root, look);
    const frame = this.frames.now();
    const summary = frame?.summary ?? this.data.summary;
    this.frames.draw();
    this.numbers.draw(frame?.table ?? this.data.table);
    setText(this.words, this.broken || summary);
    // A drawing out of sight waits for its turn; its words do not.
    setAttribute(this.node, "aria-label", summary);
    this.root.dataset.frame = frame?.label ?? "";
    if (!this.Plotly) return;
    this.chart.draw(this.Plotly, { look, drawing: { ...this.#drawing(frame, look), label: summary } });
    this.saving.draw(this.Plotly, look, summary);
    const named = this.legend.lines.childElementCount > 0;
    setAttribute(this.legend.node, "hidden", !named);
    if (!this.listening && this.node.on) this.#listen();
  }

  #drawing(frame, look) {
    const { data, layout } = this.data.figure;
    return {
      traces: coloured([...data, ...(frame?.traces ?? [])], look),
      layout: coloured({ ...layout, ...frame?.layout }, look),
    };
  }

  #listen() {
    this.listening = true;
    this.node.on("plotly_click", ({ points: [point] }) => {
      if (!this.data.clickable || !point) return;
      const { curveNumber, pointIndex, customdata = null } = point;
      this.tell("click", { curve: curveNumber, point: pointIndex, customdata });
    });
  }
}

function longest(sentences) {
  return sentences.reduce((most, sentence) => (sentence.length > most.length ? sentence : most), "");
}
