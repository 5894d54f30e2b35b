/* Where everything stands on the screen. */

/** @import { Drawing } from "../shared/plotly.d.ts" */
/** @import { Option, Palettes } from "../shared/types.d.ts" */
/** @import { Model, Ui } from "./types.d.ts" */

import { chooser, el, panel, setAttribute } from "../shared/dom.js";
import { Legend } from "../shared/legend.js";
import { Cards } from "./cards.js";
import { Formula } from "./formula.js";
import { histogramChart } from "../weights/histogram.js";
import { Kernels, kernelsTitle } from "../weights/kernels.js";
import { LayerChoice } from "../weights/layerchoice.js";
import { NearlyZero } from "./nearly.js";
import { OptimalityLine } from "./optimality.js";
import { lossOf, scoreShown, showsMistakes, STANDARD_ERROR } from "./score.js";
import { Scrubber } from "./scrubber.js";
import { Status } from "./status.js";
import { NumbersTable } from "./table.js";
import { lossChart, scoreChart, zerosChart } from "./timecharts.js";

/** @type {Option[]} */
const SCALES = [["linear", "linear"], ["log", "log"]];
/** @type {Option[]} */
const LANES = [["own", "yours"], ["other", "λ = 0"]];

/**
 * What a chart is made of.
 * @typedef {object} ChartParts
 * @property {HTMLElement} node
 * @property {HTMLElement} saving where its files are offered
 * @property {(model: Model) => Drawing} build
 * @property {Legend} legend
 */

/**
 * All parts, empty.
 * @param {object} view
 * @param {string} view.key
 * @param {Ui} view.ui
 * @param {() => void} view.redraw
 * @param {(step: number | null) => void} view.onMove
 * @param {(step: number) => void} view.onBranch
 * @param {(layer: string) => void} view.onToggle
 * @param {() => void} view.onMistakes
 * @returns what stands in the view, what puts its parts there, the charts, and what draws the rest: see `Status.draw`
 */
export function build({ key, ui, redraw, onMove, onBranch, onToggle, onMistakes }) {
  /** @param {number} chosen */
  const onEpsilon = (chosen) => {
    ui.epsilon = chosen;
    redraw();
  };
  const formula = new Formula();
  const optimality = new OptimalityLine();
  const status = new Status();
  const scrubber = new Scrubber({ onMove, onBranch });
  const kernels = new Kernels();
  const layer = new LayerChoice({ group: `${key}-layer`, ui, redraw });
  const cards = new Cards({ onToggle });
  const table = new NumbersTable({ onOpen: redraw });
  const nearly = new NearlyZero({ chosen: ui.epsilon, onChange: onEpsilon });
  const charts = chartParts(redraw);
  const which = el("button", { type: "button", class: "lv-which", onclick: onMistakes }, "Which images?");
  const { panels, accuracy, mosaic } = placed({
    key,
    ui,
    redraw,
    charts,
    parts: { kernels, layer, cards, nearly, which },
  });
  const places = placesOf({ formula, optimality, status, scrubber, table }, panels);
  /** @param {Model} model @param {Palettes} palettes */
  const draw = (model, palettes) => {
    for (const part of [formula, optimality, scrubber, layer, cards, table, nearly]) part.draw(model);
    const { history: { spec }, layers: [first], frames, look } = model;
    kernels.draw({
      frame: ui.kernels === "own" ? frames.own : frames.other,
      layer: first,
      network: spec,
      look,
    });
    kernels.saving.draw({ name: "train_live_kernels", palettes, sentence: kernels.sentence });
    mosaic.retitle(...kernelsTitle(first, spec));
    const { score } = lossOf(spec);
    const shown = scoreShown(score, model.now.own);
    accuracy.retitle(score.title, shown, shown.includes("±") ? STANDARD_ERROR : undefined);
    setAttribute(which, "hidden", !showsMistakes(score, model.now));
    return status.draw(model);
  };
  return { nodes: places.nodes, place: places.place, charts: Object.values(charts), draw };
}

/**
 * Where the parts stand, and what puts there those that are not hidden: before that nothing stands.
 * @param {{ formula: Formula, optimality: OptimalityLine, status: Status, scrubber: Scrubber, table: NumbersTable }} parts
 * @param {Record<string, HTMLElement>} panels
 */
function placesOf({ formula, optimality, status, scrubber, table }, panels) {
  const row = el("div", { class: "lv-top-row" });
  const top = el("div", { class: "lv-top" });
  const grid = el("div", { class: "sl-grid lv-grid" });
  const below = el("div", { class: "lv-below" });
  /** @type {[HTMLElement, [string, HTMLElement][]][]} */
  const places = [
    [row, [["formula", formula.node], ["", status.node]]],
    [top, [["", row], ["optimality", optimality.node], ["sentence", status.sentence], ["", status.note], [
      "clock",
      scrubber.node,
    ]]],
    [grid, Object.entries(panels)],
    [below, [["numbers", table.node]]],
  ];
  /** @type {string | null} */
  let placed = null;
  /** @param {string[]} hidden names of parts: PARTS of core/lesson_link.py */
  const place = (hidden) => {
    // Who moves an element takes its scrolling and its focus: only when something else is hidden.
    if (placed === String(hidden)) return;
    placed = String(hidden);
    for (const [room, parts] of places) {
      room.replaceChildren(...parts.filter(([name]) => !hidden.includes(name)).map(([, node]) => node));
    }
    grid.dataset.panels = String(grid.children.length);
  };
  return { nodes: [top, grid, below], place };
}

/** @param {() => void} redraw */
function chartParts(redraw) {
  /** @param {string} name @param {(model: Model) => Drawing} build @returns {ChartParts} */
  const chart = (name, build) => {
    const node = el("div", { class: "sl-plot", role: "img", "data-chart": name, "aria-label": name });
    return { node, build, saving: el("div"), legend: new Legend({ onChange: redraw }) };
  };
  return {
    loss: chart("loss", lossChart),
    accuracy: chart("accuracy", scoreChart),
    zeros: chart("zeros", zerosChart),
    histogram: chart("histogram", weightsChart),
  };
}

/** @param {Model} model */
function weightsChart({ history, frames, ui, hatch, look }) {
  return histogramChart({
    layer: ui.layer,
    own: frames.own?.layers[ui.layer],
    other: frames.other?.layers[ui.layer],
    log: ui.histogramScale === "log",
    hatch,
    look,
    invitation: history.run ? "" : "Press Play: every weight, binned",
  });
}

/**
 * The panels in their order, and the two whose titles follow the run.
 * @param {object} view
 * @param {string} view.key
 * @param {Ui} view.ui
 * @param {() => void} view.redraw
 * @param {ReturnType<typeof chartParts>} view.charts
 * @param {{ kernels: Kernels, layer: LayerChoice, cards: Cards, nearly: NearlyZero, which: HTMLElement }} view.parts
 */
function placed({ key, ui, redraw, charts, parts }) {
  /** @type {Record<"lossScale" | "histogramScale" | "kernels", string>} */
  const choices = ui;
  const choose = chooser({ key, ui: choices, redraw });
  /** @param {ChartParts} chart */
  const drawn = ({ legend, node }) => [legend.node, node];
  const loss = panel("Loss", {
    name: "loss",
    unit: "data loss + penalty",
    body: drawn(charts.loss),
    controls: [choose("lossScale", "Loss axis", SCALES), charts.loss.saving],
  });
  const accuracy = panel("Accuracy", {
    name: "accuracy",
    unit: "validation and training",
    body: [...drawn(charts.accuracy), parts.which],
    controls: [charts.accuracy.saving],
  });
  const zeros = panel("Exact zeros", {
    name: "zeros",
    unit: "per layer",
    body: drawn(charts.zeros),
    controls: [charts.zeros.saving],
  });
  const weights = panel("Weights", {
    name: "histogram",
    body: [
      el("div", { class: "lv-head" }, charts.histogram.legend.node, charts.histogram.saving),
      charts.histogram.node,
      parts.nearly.node,
    ],
    controls: [parts.layer.node, choose("histogramScale", "Count axis", SCALES)],
  });
  const mosaic = panel("Kernels", {
    name: "kernels",
    unit: "of conv1",
    body: [parts.kernels.node],
    controls: [choose("kernels", "Lane", LANES), parts.kernels.saving.node],
  });
  const layers = panel("Layers", { name: "layers", body: [parts.cards.node] });
  return {
    panels: {
      loss: loss.node,
      accuracy: accuracy.node,
      zeros: zeros.node,
      weights: weights.node,
      kernels: mosaic.node,
      layers: layers.node,
    },
    accuracy,
    mosaic,
  };
}
