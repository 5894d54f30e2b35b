/* The three charts over the steps: loss as a sum of two terms, score, exact zeros per layer. */

/** @import { Datum, Drawing, Line, Trace } from "../shared/plotly.d.ts" */
/** @import { History } from "./history.js" */
/** @import { Part, Score } from "./score.js" */
/** @import { Model, Point } from "./types.d.ts" */

import { axisTitle } from "../shared/chart.js";
import { fade } from "../shared/look.js";
import { niceCeiling, percent, significant } from "../shared/format.js";
import { lossOf, scoreRange } from "./score.js";
import { kindsOf, kindsText, zerosAt } from "../shared/zeros.js";
import { logRange, timeLayout } from "./timeaxis.js";

const FEW_LOOKS = 40;
const ALL = "all zeros";
/** Finer than the dots of a normalization. */
const FINE = "1px,2px";
const NOW = { hoverlabel: { namelength: -1 } };

/**
 * @param {Point[]} points
 * @param {(point: Point) => Datum} of
 * @param {string} name
 * @param {Line} line
 * @param {Partial<Trace>} [more]
 * @returns {Trace}
 */
function curve(points, of, name, line, more = {}) {
  return {
    type: "scatter",
    mode: "lines",
    name,
    line,
    x: points.map((point) => point.step),
    y: points.map(of),
    ...NOW,
    ...more,
  };
}

/**
 * Data loss + penalty = total, stacked, beside the λ = 0 lane's total.
 * @param {Model} model
 * @returns {Drawing}
 */
export function lossChart(model) {
  const { history, look, ui, words } = model;
  const log = ui.lossScale === "log";
  const loss = lossOf(history.spec);
  const [own, other] = lanes(history);
  const all = [...own, ...other];
  const range = log
    ? logRange(all.flatMap((p) => [p.total, p.data_loss]))
    : [0, niceCeiling(Math.max(...all.map((p) => p.total), 0), loss.usual)];
  const penalty = curve(own, (p) => (log ? p.penalty || null : p.total), `λ·${words.penalty}`, {
    color: look.penalty,
    width: log ? 2 : 0.5,
  }, {
    fill: log ? "none" : "tonexty",
    fillcolor: fade(look.penalty, 0.42),
    customdata: own.map((p) => significant(p.penalty)),
    hovertemplate: "%{customdata}",
  });
  const traces = [
    curve(own, (p) => p.data_loss, "data loss", { color: look.data_loss, width: 1.5 }, {
      fill: log ? "none" : "tozeroy",
      fillcolor: fade(look.data_loss, 0.32),
      hovertemplate: "%{y:.3~g}",
    }),
    penalty,
    curve(own, (p) => p.total, "total", { color: look.ink, width: 2.2 }, { hovertemplate: "%{y:.3~g}" }),
    curve(other, (p) => p.total, "total, λ = 0", { color: look.reference, width: 2, dash: "dash" }, {
      hovertemplate: "%{y:.3~g}",
    }),
  ];
  const scale = log ? { type: "log", dtick: 1 } : { type: "linear" };
  const yaxis = { title: axisTitle(`loss (${loss.unit})`, look), range, nticks: 6, ...scale };
  return { traces, layout: timeLayout(model, yaxis, "the loss of both lanes"), label: lossLabel(model) };
}

/** @param {Model} model */
function lossLabel({ now }) {
  if (!now.own) return "Loss over steps: empty until a run starts.";
  return `Loss at step ${now.own.step}: total ${significant(now.own.total)}, of which data loss `
    + `${significant(now.own.data_loss)} and penalty ${significant(now.own.penalty)}; `
    + `λ = 0 lane ${significant(now.other?.total)}.`;
}

/**
 * Right answers, or degrees off, on validation and training images, both lanes.
 * @param {Model} model
 * @returns {Drawing}
 */
export function scoreChart(model) {
  const { history, look } = model;
  const { score } = lossOf(history.spec);
  const [own, other] = lanes(history);
  /** @type {(point: Point, part: Part) => Datum} */
  const drawn = (point, part) => (score.of(point, part) ?? NaN) * score.factor;
  /** @type {(points: Point[], part: Part, name: string, style: Line, more: Partial<Trace>) => Trace} */
  const line = (points, part, name, style, more) =>
    curve(points, (p) => drawn(p, part), name, style, { hovertemplate: score.hover, ...more });
  /** @type {(points: Point[], name: string, style: Line) => Trace} */
  const watched = (points, name, style) => {
    const seen = points.filter((p, i) => i === 0 || p.valid_step !== points[i - 1].valid_step);
    const mode = seen.length <= FEW_LOOKS ? "lines+markers" : "lines";
    const off = seen.map((p) => score.spread(Number(score.of(p, "valid")), p.n_valid));
    return line(seen, "valid", name, style, {
      x: seen.map((p) => p.valid_step),
      mode,
      marker: { size: 5 },
      customdata: off,
      hovertemplate: `${score.hover}%{customdata}`,
    });
  };
  /** @type {(colour: string, dash: string) => Line} */
  const thin = (colour, dash) => ({ color: colour, width: 1.1, dash });
  const traces = [
    line(own, "train", "train", thin(look.ink, "solid"), { opacity: 0.6 }),
    line(other, "train", "train, λ = 0", thin(look.reference, "dash"), { opacity: 0.75 }),
    watched(own, "validation", { color: look.ink, width: 2.4 }),
    watched(other, "validation, λ = 0", { color: look.reference, width: 2, dash: "dash" }),
  ];
  const range = scoreRange(score, [...own, ...other], niceCeiling);
  const yaxis = { title: axisTitle(score.axis, look), range, nticks: 6 };
  return { traces, layout: timeLayout(model, yaxis, score.what), label: scoreLabel(score, model) };
}

/** @param {Score} score @param {Model} model */
function scoreLabel({ title, of, write }, { now }) {
  if (!now.own) return `${title} over steps: empty until a run starts.`;
  return `${title} at step ${now.own.step}: validation ${write(of(now.own, "valid"))}, training `
    + `${write(of(now.own, "train"))}; λ = 0 lane validation ${write(of(now.other, "valid"))}.`;
}

/**
 * Share of weights that λ selected, per layer of your lane, and thin all zeros, idle ones among them; where
 * nobody knows the kinds, all. Of the λ = 0 lane all zeros of all layers.
 * @param {Model} model
 * @returns {Drawing}
 */
export function zerosChart(model) {
  const { history, look, layers: names, dotted, symbols } = model;
  const sizes = model.sizes;
  const [own, other] = lanes(history);
  const known = own.some((p) => p.idle);
  const word = known ? "selected" : "zero";
  const traces = names.map((name) =>
    curve(own, (p) => share(known ? selected(p, name) : p.zeros[name], sizes[name]), name, {
      color: look.layers[name],
      width: 2.2,
      dash: dotted.includes(name) ? "dot" : "solid",
    }, {
      customdata: own.map((p) => toldOf(p, name, sizes[name])),
      mode: "lines+markers",
      marker: { symbol: symbols[name], size: 7, maxdisplayed: 6 },
      hovertemplate: `%{y:.3~g} % ${word}%{customdata}`,
    })
  );
  const thin = { width: 1.1, dash: FINE };
  const all = known ? names : [];
  traces.push(
    ...all.map((name) =>
      curve(own, (p) => share(p.zeros[name], sizes[name]), `${name}, all`, {
        ...thin,
        color: look.layers[name],
      }, { legendgroup: ALL, showlegend: false, hoverinfo: "skip" })
    ),
    ...(known ? [curve([], () => null, ALL, { ...thin, color: look.muted })] : []),
    curve(other, (p) => share(sum(p.zeros), sum(sizes)), "λ = 0", {
      color: look.reference,
      width: 2,
      dash: "dash",
    }, { hovertemplate: "%{y:.3~g} %" }),
  );
  const title = axisTitle(known ? "exact zeros, selected (%)" : "exact zeros (%)", look);
  const yaxis = { title, range: [-2, 104], nticks: 6, zeroline: false };
  return {
    traces,
    layout: timeLayout(model, yaxis, "zeros, counted per layer"),
    label: zerosLabel(model, names),
  };
}

/** @param {Model} model @param {string[]} names */
function zerosLabel({ now: { own }, sizes }, names) {
  if (!own) return "Exact zeros per layer over steps: empty until a run starts.";
  const each = names.map((name) =>
    `${name} ${percent(own.zeros[name] / sizes[name])}${toldOf(own, name, sizes[name])}`
  );
  return `Weights exactly zero at step ${own.step}: ${each.join(", ")}.`;
}

/** @param {History} history @returns {[own: Point[], other: Point[]]} */
function lanes(history) {
  const other = history.reference === null ? [] : history.points[history.reference];
  return [history.points[history.yours], other];
}

/** @type {(point: Point, name: string) => number | null} */
const selected = (point, name) => kindsOf(zerosAt(point, name))?.selected ?? null;

/**
 * " (12 % selected, 29 % idle)", or nothing where nobody knows.
 * @param {Point} point
 * @param {string} name
 * @param {number} weights
 */
function toldOf(point, name, weights) {
  const kinds = kindsText(zerosAt(point, name), weights);
  return kinds && ` (${kinds})`;
}

/** @type {(counts: Record<string, number>) => number} */
const sum = (counts) => Object.values(counts).reduce((total, n) => total + n, 0);
/** @type {(zeros: number | null, weights: number) => number | null} */
const share = (zeros, weights) => (weights && zeros !== null ? (100 * zeros) / weights : null);
