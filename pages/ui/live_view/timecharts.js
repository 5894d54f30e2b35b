/* The three charts over the steps: loss as a sum of two terms, score, exact zeros per layer. */

import { axisTitle } from "../shared/chart.js";
import { fade } from "../shared/look.js";
import { percent, significant } from "../shared/format.js";
import { penaltySymbol } from "./objective.js";
import { lossOf, scoreRange } from "./score.js";
import { logRange, niceCeiling, timeLayout } from "./timeaxis.js";

const FEW_TESTS = 40;
const NOW = { hoverlabel: { namelength: -1 } };

function curve(points, of, name, line, more = {}) {
  return {
    type: "scatter", mode: "lines", name, line,
    x: points.map((point) => point.step), y: points.map(of), ...NOW, ...more,
  };
}

/** Data loss + penalty = total, stacked, beside the λ = 0 lane's total. */
export function lossChart(model) {
  const { history, look, ui } = model;
  const log = ui.lossScale === "log";
  const loss = lossOf(history.spec);
  const [own, other] = lanes(history);
  const all = [...own, ...other];
  const range = log
    ? logRange(all.flatMap((p) => [p.total, p.data_loss]))
    : [0, niceCeiling(Math.max(...all.map((p) => p.total), 0), loss.usual)];
  const penalty = curve(own, (p) => (log ? p.penalty || null : p.total), `λ·${penaltySymbol(history)}`, {
    color: look.penalty, width: log ? 2 : 0.5,
  }, {
    fill: log ? "none" : "tonexty", fillcolor: fade(look.penalty, 0.42),
    customdata: own.map((p) => significant(p.penalty)), hovertemplate: "%{customdata}",
  });
  const traces = [
    curve(own, (p) => p.data_loss, "data loss", { color: look.data_loss, width: 1.5 }, {
      fill: log ? "none" : "tozeroy", fillcolor: fade(look.data_loss, 0.32), hovertemplate: "%{y:.3~g}",
    }),
    penalty,
    curve(own, (p) => p.total, "total", { color: look.ink, width: 2.2 }, { hovertemplate: "%{y:.3~g}" }),
    curve(other, (p) => p.total, "total, λ = 0", { color: look.reference, width: 2, dash: "dash" }, {
      hovertemplate: "%{y:.3~g}",
    }),
  ];
  const yaxis = { title: axisTitle(`loss (${loss.unit})`, look), range, type: log ? "log" : "linear", nticks: 6 };
  if (log) yaxis.dtick = 1;
  return { traces, layout: timeLayout(model, yaxis, "the loss of both lanes"), label: lossLabel(model) };
}

function lossLabel({ now }) {
  if (!now.own) return "Loss over steps: empty until a run starts.";
  return `Loss at step ${now.own.step}: total ${significant(now.own.total)}, of which data loss `
    + `${significant(now.own.data_loss)} and penalty ${significant(now.own.penalty)}; `
    + `λ = 0 lane ${significant(now.other?.total)}.`;
}

/** Right answers, or degrees off, on test and training images, both lanes. */
export function scoreChart(model) {
  const { history, look } = model;
  const { score } = lossOf(history.spec);
  const [own, other] = lanes(history);
  const line = (points, part, name, style, more) =>
    curve(points, (p) => score.of(p, part) * score.factor, name, style, { hovertemplate: score.hover, ...more });
  const tested = (points, name, style) => {
    const seen = points.filter((p, i) => i === 0 || p.test_step !== points[i - 1].test_step);
    const mode = seen.length <= FEW_TESTS ? "lines+markers" : "lines";
    return line(seen, "test", name, style, { x: seen.map((p) => p.test_step), mode, marker: { size: 5 } });
  };
  const thin = (colour, dash) => ({ color: colour, width: 1.1, dash });
  const traces = [
    line(own, "train", "train", thin(look.ink, "solid"), { opacity: 0.6 }),
    line(other, "train", "train, λ = 0", thin(look.reference, "dash"), { opacity: 0.75 }),
    tested(own, "test", { color: look.ink, width: 2.4 }),
    tested(other, "test, λ = 0", { color: look.reference, width: 2, dash: "dash" }),
  ];
  const range = scoreRange(score, [...own, ...other], niceCeiling);
  const yaxis = { title: axisTitle(score.axis, look), range, nticks: 6 };
  return { traces, layout: timeLayout(model, yaxis, score.what), label: scoreLabel(score, model) };
}

function scoreLabel({ title, of, write }, { now }) {
  if (!now.own) return `${title} over steps: empty until a run starts.`;
  return `${title} at step ${now.own.step}: test ${write(of(now.own, "test"))}, training `
    + `${write(of(now.own, "train"))}; λ = 0 lane test ${write(of(now.other, "test"))}.`;
}

/** Share of weights that are exactly zero: per layer in your lane, of all weights in the other. */
export function zerosChart(model) {
  const { history, look, layers: names, dotted } = model;
  const sizes = model.sizes;
  const [own, other] = lanes(history);
  const traces = names.map((name) =>
    curve(own, (p) => share(p.zeros[name], sizes[name]), name, {
      color: look.layers[name], width: 2.2, dash: dotted.includes(name) ? "dot" : "solid",
    }, {
      hovertemplate: "%{y:.3~g} %",
    }),
  );
  traces.push(
    curve(other, (p) => share(sum(p.zeros), sum(sizes)), "all, λ = 0", {
      color: look.reference, width: 2, dash: "dash",
    }, { hovertemplate: "%{y:.3~g} %" }),
  );
  const yaxis = { title: axisTitle("exact zeros (%)", look), range: [-2, 104], nticks: 6, zeroline: false };
  return { traces, layout: timeLayout(model, yaxis, "zeros, counted per layer"), label: zerosLabel(model, names) };
}

function zerosLabel({ now, sizes }, names) {
  if (!now.own) return "Exact zeros per layer over steps: empty until a run starts.";
  const each = names.map((name) => `${name} ${percent(now.own.zeros[name] / sizes[name])}`);
  return `Weights exactly zero at step ${now.own.step}: ${each.join(", ")}.`;
}

function lanes(history) {
  const other = history.reference === null ? [] : history.points[history.reference];
  return [history.points[history.yours], other];
}

const sum = (counts) => Object.values(counts).reduce((total, n) => total + n, 0);
const share = (zeros, weights) => (weights ? (100 * zeros) / weights : null);
