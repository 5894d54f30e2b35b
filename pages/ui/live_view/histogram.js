/* The weights of one layer: counts per bin, and the exact zeros as a hatched bar of their own. */

import { axisTitle } from "../shared/chart.js";
import { count, percent, significant } from "../shared/format.js";
import { fade } from "../shared/look.js";
import { niceCeiling } from "./timeaxis.js";

const FLOOR = 0.5;

/** Both lanes of the layer chosen in `model.ui.layer`. */
export function histogramChart(model) {
  const { look, ui, frames } = model;
  const own = frames.own?.layers[ui.layer];
  const other = frames.other?.layers[ui.layer];
  const log = ui.histogramScale === "log";
  const hue = look.layers[ui.layer];
  const traces = [
    {
      type: "bar", name: "yours", x: centres(own), y: own?.counts ?? [], width: binWidth(own),
      marker: { color: fade(hue, 0.75), line: { color: hue, width: 0.5 } },
      hovertemplate: "%{y:,d} weights", hoverlabel: { namelength: -1 },
    },
    outline(other, look, log),
    zerosBar("yours", own, look.ink, {
      color: look.background, line: { color: hue, width: 1.6 },
      pattern: { shape: model.hatch, fgcolor: hue, bgcolor: look.background, size: 7, solidity: 0.35 },
    }),
    zerosBar("λ = 0", other, look.reference, {
      color: "rgba(0,0,0,0)", line: { color: look.reference, width: 1.6 },
    }),
  ];
  return { traces, layout: layout(model, own, other, log), label: label(model, own, other) };
}

/* A share on an axis of its own, always linear: on a log axis 80 % and 22 % look alike from the back row. */
function zerosBar(lane, layer, ink, marker) {
  const zeros = layer ? [layer.zeros] : [];
  return {
    type: "bar", name: `exactly zero, ${lane}`, legendgroup: lane, showlegend: false, marker,
    x: zeros.map(() => lane), y: zeros.map((n) => (100 * n) / layer.weights), xaxis: "x2", yaxis: "y2", width: 0.8,
    text: zeros.map((n) => percent(n / layer.weights)), textposition: "outside", constraintext: "none",
    cliponaxis: false, textfont: { size: 12.5, color: ink },
    customdata: zeros.map(count), hovertemplate: "%{customdata} exact zeros<extra></extra>",
  };
}

function outline(layer, look, log) {
  const counts = layer ? [0, ...layer.counts, 0] : [];
  const width = binWidth(layer) ?? 0;
  return {
    type: "scatter", mode: "lines", name: "λ = 0", hoverinfo: "skip",
    x: counts.map((_, i) => -layer.limit + (i - 1) * width),
    y: counts.map((n) => (log ? Math.max(n, FLOOR) : n)),
    line: { color: look.reference, width: 1.6, dash: "dash", shape: "hv" },
  };
}

function layout({ look, ui, history }, own, other, log) {
  const weights = own?.weights ?? 1000;
  const highest = Math.max(1, ...(own?.counts ?? []), ...(other?.counts ?? []));
  const limit = own?.limit ?? 0.5;
  const range = log ? [Math.log10(FLOOR), Math.log10(weights * 4)] : [0, niceCeiling(highest * 1.14, 10)];
  return {
    xaxis: {
      domain: [0, 0.7], range: [-limit, limit], title: axisTitle(`weight w in ${ui.layer} (ends: and beyond)`, look),
      zeroline: false, nticks: 7, hoverformat: ".3~g",
    },
    xaxis2: {
      domain: [0.75, 1], tickangle: 0, range: [-0.55, 1.55], type: "category", fixedrange: true,
      categoryorder: "array", categoryarray: ["yours", "λ = 0"], anchor: "y2", title: axisTitle("exactly zero (%)", look),
    },
    yaxis: {
      type: log ? "log" : "linear", range, title: axisTitle("number of weights", look),
      tickformat: log ? undefined : "~s", dtick: log ? 1 : undefined, nticks: 5,
    },
    yaxis2: { anchor: "x2", range: [0, 118], tickvals: [0, 50, 100], showticklabels: false, fixedrange: true },
    barmode: "overlay", bargap: 0, hovermode: "closest",
    annotations: own || history.run ? [] : [{
      xref: "paper", yref: "paper", x: 0.35, y: 0.5, showarrow: false, text: "Press Play: every weight, binned",
      font: { size: 14, color: look.muted },
    }],
  };
}

function binWidth(layer) {
  return layer ? (2 * layer.limit) / layer.counts.length : undefined;
}

function centres(layer) {
  const width = binWidth(layer);
  return layer ? layer.counts.map((_, i) => -layer.limit + (i + 0.5) * width) : [];
}

function label({ ui }, own, other) {
  if (!own) return "Histogram of the weights: empty until a run starts.";
  return `Histogram of ${count(own.weights)} weights of ${ui.layer} between ${significant(-own.limit)} and `
    + `${significant(own.limit)}: ${count(own.zeros)} exactly zero (${percent(own.zeros / own.weights)}); `
    + `λ = 0 lane ${count(other?.zeros ?? 0)}.`;
}
