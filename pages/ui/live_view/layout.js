/* Where everything stands on the screen. */

import { Cards } from "./cards.js";
import { chooser, el, panel, retitle } from "../shared/dom.js";
import { Formula } from "./formula.js";
import { histogramChart } from "./histogram.js";
import { Kernels } from "./kernels.js";
import { LayerChoice } from "./layerchoice.js";
import { Legend } from "../shared/legend.js";
import { NearlyZero } from "./nearly.js";
import { OptimalityLine } from "./optimality.js";
import { lossOf } from "./score.js";
import { Scrubber } from "./scrubber.js";
import { Status } from "./status.js";
import { NumbersTable } from "./table.js";
import { lossChart, scoreChart, zerosChart } from "./timecharts.js";

const SCALES = [["linear", "linear"], ["log", "log"]];

/** All parts, empty: {root, charts, canvas, draw(model)}. */
export function build({ key, ui, redraw, onMove, onToggle }) {
  const choose = chooser({ key, ui, redraw });
  const parts = {
    formula: new Formula(), optimality: new OptimalityLine(), status: new Status(), scrubber: new Scrubber({ onMove }),
    kernels: new Kernels({ ui }), layer: new LayerChoice({ group: `${key}-layer`, ui, redraw }),
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
  const root = el(
    "div", { class: "lv", "data-testid": "live-view", "data-state": "none" },
    top(parts),
    el("div", { class: "lv-grid" }, ...panels({ parts, charts, choose })),
    parts.table.node,
  );
  const draw = (model) => {
    const { status, ...others } = parts;
    for (const part of Object.values(others)) part.draw(model);
    retitle(charts.accuracy.node.parentElement, lossOf(model.history.spec).score.title);
    return status.draw(model);
  };
  return { root, charts, draw };
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

function top({ formula, optimality, status, scrubber }) {
  return el(
    "div", { class: "lv-top" },
    el("div", { class: "lv-top-row" }, formula.node, status.node),
    optimality.node, status.sentence, status.note, scrubber.node,
  );
}

function panels({ parts, charts, choose }) {
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
      controls: [parts.layer.node, choose("histogramScale", "Count axis", SCALES)],
    }),
    panel("Kernels", {
      name: "kernels", unit: "of conv1", body: [parts.kernels.node],
      controls: [choose("kernels", "Lane", [["own", "yours"], ["other", "λ = 0"]])],
    }),
    panel("Layers", { name: "layers", body: [parts.cards.node] }),
  ];
}
