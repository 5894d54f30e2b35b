/* Where everything stands on the screen. */

import { Cards } from "./cards.js";
import { el, panel, retitle, segmented } from "../shared/dom.js";
import { Formula } from "./formula.js";
import { LAYER_WORDS } from "./format.js";
import { histogramChart } from "./histogram.js";
import { Legend } from "../shared/legend.js";
import { NearlyZero } from "./nearly.js";
import { lossOf } from "./score.js";
import { Scrubber } from "./scrubber.js";
import { Status } from "./status.js";
import { NumbersTable } from "./table.js";
import { lossChart, scoreChart, zerosChart } from "./timecharts.js";

const SCALES = [["linear", "linear"], ["log", "log"]];


/** All parts, empty: {root, charts, canvas, draw(model)}. */
export function build({ key, ui, redraw, onMove, onToggle }) {
  const choose = (field, label, options) =>
    segmented({
      group: `${key}-${field}`, label, options, value: ui[field],
      onChange: (value) => {
        ui[field] = value;
        redraw();
      },
    }).node;
  const parts = {
    formula: new Formula(), status: new Status(), scrubber: new Scrubber({ onMove }),
    cards: new Cards({ onToggle }), table: new NumbersTable({ onOpen: redraw }),
    nearly: new NearlyZero({
      chosen: ui.epsilon,
      onChange: (value) => {
        ui.epsilon = value;
        redraw();
      },
    }),
  };
  const charts = chartParts(redraw);
  const canvas = el("canvas", { role: "img", "data-chart": "kernels", "aria-label": "The kernels of conv1" });
  const root = el(
    "div", { class: "lv", "data-testid": "live-view", "data-state": "none" },
    top(parts),
    el("div", { class: "lv-grid" }, ...panels({ parts, charts, canvas, choose })),
    parts.table.node,
  );
  const draw = (model) => {
    for (const part of [parts.formula, parts.scrubber, parts.cards, parts.nearly, parts.table]) part.draw(model);
    retitle(charts.accuracy.node.parentElement, lossOf(model.history.spec).score.title);
    return parts.status.draw(model);
  };
  return { root, charts, canvas, draw };
}

function chartParts(redraw) {
  const builders = { loss: lossChart, accuracy: scoreChart, zeros: zerosChart, histogram: histogramChart };
  return Object.fromEntries(
    Object.entries(builders).map(([name, make]) => {
      const node = el("div", { class: "lv-plot", role: "img", "data-chart": name, "aria-label": name });
      return [name, { node, build: make, legend: new Legend({ onChange: redraw }) }];
    }),
  );
}

function top({ formula, status, scrubber }) {
  return el(
    "div", { class: "lv-top" },
    el("div", { class: "lv-top-row" }, formula.node, status.node),
    status.sentence, status.note, scrubber.node,
  );
}

function panels({ parts, charts, canvas, choose }) {
  const layers = Object.keys(LAYER_WORDS).map((name) => [name, name]);
  return [
    panel("Loss", {
      name: "loss", unit: "data loss + penalty", body: [charts.loss.legend.node, charts.loss.node],
      controls: [choose("lossScale", "Loss axis", SCALES)],
    }),
    panel("Accuracy", {
      name: "accuracy", unit: "test and train", body: [charts.accuracy.legend.node, charts.accuracy.node],
    }),
    panel("Exact zeros", { name: "zeros", unit: "per layer", body: [charts.zeros.legend.node, charts.zeros.node] }),
    panel("Weights", {
      name: "histogram", body: [charts.histogram.legend.node, charts.histogram.node, parts.nearly.node],
      controls: [choose("layer", "Layer", layers), choose("histogramScale", "Count axis", SCALES)],
    }),
    panel("Kernels", {
      name: "kernels", unit: "of conv1", body: [el("div", { class: "lv-mosaic" }, canvas), legend()],
      controls: [choose("kernels", "Lane", [["own", "yours"], ["other", "λ = 0"]])],
    }),
    panel("Layers", { name: "layers", body: [parts.cards.node] }),
  ];
}

function legend() {
  const item = (kind, text) => el("span", { class: "lv-key" }, el("i", { class: `lv-swatch lv-swatch-${kind}` }), text);
  return el(
    "div", { class: "lv-keys" },
    el("span", { class: "lv-key" }, "−", el("i", { class: "lv-scale" }), "+"),
    item("zero", "exactly 0"), item("silent", "silent filter"),
  );
}
