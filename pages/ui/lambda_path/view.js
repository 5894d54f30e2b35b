/* A λ path: drag along it and the weights at that λ show at once, from frames that were fetched together. */

import { Chart, loadPlotly } from "../shared/chart.js";
import { lookOf, wear } from "../shared/look.js";
import { histogramChart } from "../live/histogram.js";
import { coloured } from "../figure/roles.js";
import { build } from "./layout.js";

const REACH = 30; // Pixels.

const labelOf = ({ label }) => label;

export class PathView {
  constructor(parent, key) {
    this.ui = { across: "zeros", down: "all", histogramScale: "log", layer: null, kernels: "own", chosen: null };
    this.frames = [];
    this.parts = build({
      key, ui: this.ui, redraw: () => this.schedule(), onMove: (i) => this.#choose(i),
      onOpen: () => this.tell("open", this.ui.chosen), onLook: (page) => this.tell("look", { page, lane: this.ui.chosen }),
      picture: (name) => this.charts[name].picture,
    });
    parent.append(this.parts.root);
    const { accuracy, histogram } = this.parts.charts;
    const redraw = () => this.schedule();
    this.charts = {
      accuracy: new Chart({ ...accuracy, build: (model) => this.#accuracy(model), redraw }),
      histogram: new Chart({ ...histogram, build: histogramChart, redraw }),
    };
    this.returned = () => !document.hidden && this.schedule();
    document.addEventListener("visibilitychange", this.returned);
  }

  /** Take what Python says now; where the reader stands stays while it is the same λs. */
  update({ data, setTriggerValue }) {
    const before = this.data;
    Object.assign(this, { data, tell: setTriggerValue });
    if (String(before?.stops.map(labelOf)) !== String(data.stops.map(labelOf))) this.ui.chosen = data.start;
    if (!data.layers.includes(this.ui.layer)) this.ui.layer = data.layers.at(-2) ?? data.layers[0];
    if (before?.frames !== data.frames || before?.version !== data.version) this.#fetch(data.frames);
    if (!this.Plotly) this.#load(data.plotly);
    this.schedule();
  }

  close() {
    this.closed = true;
    document.removeEventListener("visibilitychange", this.returned);
    cancelAnimationFrame(this.frame);
    for (const chart of Object.values(this.charts)) chart.close();
    this.parts.root.remove();
  }

  /** Draw once, at the next animation frame; not while nobody can see it. */
  schedule() {
    this.moved = false;
    this.#soon();
  }

  #soon() {
    if (this.frame || this.closed || document.hidden) return;
    this.frame = requestAnimationFrame(() => this.#draw());
  }

  #choose(i) {
    if (i === this.ui.chosen) return;
    this.ui.chosen = i;
    // Nothing else is new: the path itself stays as it is drawn, which halves the time of a frame.
    if (!this.frame) this.moved = true;
    this.#soon();
  }

  async #load(url) {
    try {
      this.Plotly = await loadPlotly(url);
      this.broken = "";
    } catch (error) {
      this.broken = error.message;
    }
    this.schedule();
  }

  /* Everything at once: from then on the slider never asks the server. */
  async #fetch(url) {
    const asked = (this.asked = url);
    try {
      const answer = await fetch(url);
      if (!answer.ok || asked !== this.asked) return;
      const byLane = [];
      for (const frame of (await answer.json()).frames) byLane[frame.lane] = frame;
      this.frames = byLane;
      this.fetched = "";
    } catch {
      this.fetched = "The weights could not be fetched; the next update asks again.";
    }
    this.schedule();
  }

  #draw() {
    this.frame = null;
    const look = lookOf(this.parts.root, this.data.palettes);
    wear(this.parts.root, look);
    const model = this.#model(look);
    this.parts.draw(model);
    this.parts.root.dataset.chosen = String(this.ui.chosen);
    if (!this.Plotly) return;
    for (const [name, chart] of Object.entries(this.charts)) {
      if (this.moved && name === "accuracy") continue;
      chart.draw(this.Plotly, model);
      this.parts.charts[name].saving.draw(this.Plotly, look, chart.node.getAttribute("aria-label"));
    }
    if (!this.listening && this.parts.charts.accuracy.node.on) this.#listen();
    this.#ring();
  }

  #model(look) {
    const { ui, data } = this;
    return {
      look, ui, data, hatch: data.hatch, layers: data.layers, history: { run: true, spec: data.spec },
      trouble: this.broken || this.fetched || "",
      frames: { own: this.frames[ui.chosen], other: ui.chosen > 0 ? this.frames[0] : undefined },
    };
  }

  #accuracy({ look, ui, data }) {
    const figure = data.figures[ui.across];
    const layout = coloured(figure.layout, look);
    if (ui.down === "near") layout.yaxis = { ...layout.yaxis, range: data.near };
    return { traces: coloured(figure.data, look), layout, label: data.summary };
  }

  /* A ring around the dot of the λ that is shown, where the axes have it now. */
  #ring() {
    const { node, ring } = this.parts.charts.accuracy;
    const { xaxis, yaxis } = node._fullLayout ?? {};
    const [x, y] = xaxis ? this.#placeOf(this.data.stops[this.ui.chosen]) : [-1, -1];
    const inside = x >= 0 && y >= 0 && x <= xaxis._length && y <= yaxis._length;
    ring.hidden = !inside;
    if (inside) ring.style.transform = `translate(${xaxis._offset + x}px, ${yaxis._offset + y}px)`;
  }

  /* Pixels from the corner of the axes. */
  #placeOf(stop) {
    const { xaxis, yaxis } = this.parts.charts.accuracy.node._fullLayout;
    return [xaxis.d2p(stop[this.ui.across]), yaxis.d2p(stop.score)];
  }

  /* The λ whose dot is in a finger's reach, or the one that is shown. */
  #nearest({ clientX, clientY }) {
    const { node } = this.parts.charts.accuracy;
    const { xaxis, yaxis } = node._fullLayout;
    const box = node.getBoundingClientRect();
    const [x, y] = [clientX - box.left - xaxis._offset, clientY - box.top - yaxis._offset];
    const far = this.data.stops.map((stop) => Math.hypot(this.#placeOf(stop)[0] - x, this.#placeOf(stop)[1] - y));
    const least = Math.min(...far);
    return least < REACH ? far.indexOf(least) : this.ui.chosen;
  }

  #listen() {
    this.listening = true;
    const { node } = this.parts.charts.accuracy;
    const laneOf = ({ points: [point] }) => (Number.isInteger(point?.customdata) ? point.customdata : null);
    node.on("plotly_afterplot", () => this.#ring());
    node.on("plotly_hover", (event) => {
      const lane = laneOf(event);
      if (lane !== null) this.#choose(lane);
    });
    // A finger cannot hover: its tap looks at a λ, and the button opens it.
    node.addEventListener("pointerdown", (event) => {
      this.touched = event.pointerType === "touch";
      if (this.touched) this.#choose(this.#nearest(event));
    }, true);
    node.on("plotly_click", (event) => {
      const lane = laneOf(event);
      if (lane !== null && !this.touched) this.tell("open", lane);
    });
  }
}
