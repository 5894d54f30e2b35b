/* A λ path: drag along it and the weights at that λ show at once, from frames that were fetched together. */

/** @import { Drawing, PlotElement, PointEvent } from "../shared/plotly.d.ts" */
/** @import { CommonData, Component, Tell } from "../shared/types.d.ts" */
/** @import { Frame } from "../live/types.d.ts" */
/** @import { Across, Model, PathData, Stop, Ui } from "./types.d.ts" */

import { Chart } from "../shared/chart.js";
import { el } from "../shared/dom.js";
import { Drawn } from "../shared/drawn.js";
import { wear } from "../shared/look.js";
import { histogramChart } from "../weights/histogram.js";
import { coloured } from "../figure/roles.js";
import { build } from "./layout.js";
import { nearest, placeOf } from "./places.js";

const REACH = 30; // Pixels.

/** What the page said last, and the way back. @typedef {{ data: PathData & CommonData, tell: Tell }} Told */

export class PathView extends Drawn {
  /** @type {Ui} */
  ui = { across: "zeros", down: "all", histogramScale: "log", layer: "" };
  /** The place of the λ that is shown. */
  chosen = 0;
  /** The weights at each λ. @type {(Frame | undefined)[]} */
  frames = [];
  /** Where they were asked for last, and why they are not there. */
  asked = "";
  trouble = "";
  /** @type {Told | null} */
  told = null;
  /** Whether nothing is new but the λ. */
  moved = false;
  touched = false;
  listening = false;

  /** @param {HTMLElement} parent @param {string} key */
  constructor(parent, key) {
    super(el("div", { class: "sl path", "data-testid": "lambda-path" }));
    const redraw = () => this.schedule();
    this.parts = build({
      key,
      ui: this.ui,
      redraw,
      onMove: (i) => this.#choose(i),
      onOpen: () => this.told?.tell("open", this.chosen),
      onLook: (page) => this.told?.tell("look", { page, lane: this.chosen }),
      chartOf: (name) => this.charts[name],
    });
    this.root.append(this.parts.node);
    parent.append(this.root);
    const { accuracy, histogram } = this.parts.charts;
    /** @type {Record<"accuracy" | "histogram", Chart<Model>>} */
    this.charts = {
      accuracy: new Chart({ ...accuracy, build: accuracyChart, redraw }),
      histogram: new Chart({ ...histogram, build: weightsChart, redraw }),
    };
  }

  /**
   * Take what Python says now; where the reader stands stays while it is the same λs.
   * @param {Component<PathData>} component
   */
  update({ data, setTriggerValue }) {
    const before = this.told?.data;
    this.told = { data, tell: setTriggerValue };
    const newlyChosen = data.choice >= 0 && before?.choice !== data.choice;
    if (!before || newlyChosen || labels(before.stops) !== labels(data.stops)) this.chosen = data.start;
    if (!data.layers.includes(this.ui.layer)) this.ui.layer = data.layers.at(-2) ?? data.layers[0];
    if (before?.frames !== data.frames || before.version !== data.version) this.#fetch(data.frames);
    this.load(data.plotly);
    this.schedule();
  }

  /** @override */
  close() {
    for (const chart of this.all()) chart.close();
    super.close();
  }

  /** @override @returns {Chart<Model>[]} */
  all() {
    return Object.values(this.charts);
  }

  /** @override */
  schedule() {
    this.moved = false;
    super.schedule();
  }

  /** @param {number} i */
  #choose(i) {
    if (i === this.chosen) return;
    this.chosen = i;
    // Nothing else is new: the path itself stays as it is drawn, which halves the time of a frame.
    if (this.frame === null) this.moved = true;
    super.schedule();
    this.root.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /**
   * Everything at once: from then on the slider never asks the server.
   * @param {string} url
   */
  async #fetch(url) {
    this.asked = url;
    try {
      const answer = await fetch(url);
      if (!answer.ok || url !== this.asked) return;
      /** @type {Frame[]} */
      const frames = (await answer.json()).frames;
      this.frames = [];
      for (const frame of frames) this.frames[frame.lane] = frame;
      this.trouble = "";
    } catch {
      this.trouble = "The weights could not be fetched; the next update asks again.";
    }
    this.schedule();
  }

  /** @override */
  draw() {
    if (!this.told) return;
    const model = this.#model(this.told.data);
    wear(this.root, model.look);
    this.parts.draw(model, this.told.data.palettes);
    this.root.dataset.chosen = String(this.chosen);
    // For the guide, which asks where the reader has come to.
    this.root.dataset.value = String(this.told.data.stops[this.chosen]?.zeros ?? "");
    if (!this.library) return;
    for (const name of /** @type {const} */ (["accuracy", "histogram"])) {
      if (this.moved && name === "accuracy") continue;
      const chart = this.charts[name];
      chart.draw(this.library, model);
      this.parts.charts[name].saving.draw({
        name: `lambda_path_${name}`,
        palettes: this.told.data.palettes,
        sentence: chart.node.getAttribute("aria-label") ?? "",
      });
    }
    const { plot } = this.charts.accuracy;
    if (plot && !this.listening) this.#listen(plot);
    this.#ring();
  }

  /** @param {PathData & CommonData} data @returns {Model} */
  #model(data) {
    const { ui, chosen, frames } = this;
    return {
      look: this.look(data.palettes),
      ui,
      data,
      chosen,
      layers: data.layers,
      trouble: this.broken || this.trouble,
      frames: { own: frames[chosen], other: chosen > 0 ? frames[0] : undefined },
    };
  }

  /**
   * Where the dots of the λs are now.
   * @returns {ReturnType<typeof placeOf>[]}
   */
  #places() {
    const { plot } = this.charts.accuracy;
    if (!plot || !this.told) return [];
    const across = /** @type {Across} */ (this.ui.across);
    return this.told.data.stops.map((stop) => placeOf(plot.layout, [stop[across], stop.score]));
  }

  /* A ring around the dot of the λ that is shown, where the axes have it now. */
  #ring() {
    const { ring } = this.parts.charts.accuracy;
    const found = this.#places()[this.chosen];
    ring.hidden = !found?.inside;
    if (found) ring.style.transform = `translate(${found.place[0]}px, ${found.place[1]}px)`;
  }

  /**
   * Look at the λ whose dot is in a finger's reach.
   * @param {PointerEvent} event
   */
  #tap({ clientX, clientY }) {
    const { left, top } = this.charts.accuracy.node.getBoundingClientRect();
    const places = this.#places().map((found) => found && found.place);
    this.#choose(nearest(places, [clientX - left, clientY - top], REACH) ?? this.chosen);
  }

  /** @param {PlotElement} plot */
  #listen(plot) {
    this.listening = true;
    plot.on("plotly_afterplot", () => this.#ring());
    plot.on("plotly_hover", (event) => {
      const lane = laneOf(event);
      if (lane !== null) this.#choose(lane);
    });
    // A finger cannot hover: its tap looks at a λ, and the button opens it.
    plot.addEventListener("pointerdown", (event) => {
      this.touched = event.pointerType === "touch";
      if (this.touched) this.#tap(event);
    }, true);
    plot.on("plotly_click", (event) => {
      const lane = laneOf(event);
      if (lane !== null && !this.touched) this.told?.tell("open", lane);
    });
  }
}

/** @param {Stop[]} stops */
function labels(stops) {
  return stops.map(({ label }) => label).join();
}

/** @param {PointEvent} event */
function laneOf({ points: [point] }) {
  const lane = point?.customdata;
  return typeof lane === "number" && Number.isInteger(lane) ? lane : null;
}

/** @param {Model} model @returns {Drawing} */
function accuracyChart({ look, ui, data }) {
  const figure = data.figures[/** @type {Across} */ (ui.across)];
  const layout = coloured(figure.layout, look);
  if (ui.down === "near") layout.yaxis = { ...layout.yaxis, range: data.near };
  return { traces: coloured(figure.data, look), layout, label: data.summary };
}

/** @param {Model} model @returns {Drawing} */
function weightsChart({ look, ui: { layer, histogramScale }, data, frames: { own, other } }) {
  const log = histogramScale === "log";
  return histogramChart({
    layer,
    own: own?.layers[layer],
    other: other?.layers[layer],
    log,
    hatch: data.hatch,
    look,
  });
}
