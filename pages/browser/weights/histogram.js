/* The weights of one layer: counts per bin, and the exact zeros as a hatched bar of their own. */

/** @import { Drawing, Layout, Marker, Trace } from "../shared/plotly.d.ts" */
/** @import { Look } from "../shared/types.d.ts" */
/** @import { LayerState } from "../live/types.d.ts" */

import { axisTitle } from "../shared/chart.js";
import { count, niceCeiling, percent, significant } from "../shared/format.js";
import { fade } from "../shared/look.js";
import { kindsOf, kindsText } from "../shared/zeros.js";

const FLOOR = 0.5;

/**
 * @typedef {object} Weights what is binned
 * @property {string} layer
 * @property {LayerState | undefined} own the layer in the reader's lane
 * @property {LayerState | undefined} other the same in the λ = 0 lane
 * @property {boolean} log whether the counts' axis is logarithmic
 * @property {string} hatch Plotly's pattern for zeros
 * @property {Look} look
 * @property {string} [invitation] what stands in place of weights that are not there
 */

/**
 * Both lanes of one layer.
 * @param {Weights} weights
 * @returns {Drawing}
 */
export function histogramChart(weights) {
  const { layer, own, other, log, hatch, look } = weights;
  const hue = look.layers[layer];
  const traces = [
    {
      type: "bar",
      name: "yours",
      x: centres(own),
      y: own?.counts ?? [],
      width: binWidth(own),
      marker: { color: fade(hue, 0.75), line: { color: hue, width: 0.5 } },
      hovertemplate: "%{y:,d} weights",
      hoverlabel: { namelength: -1 },
    },
    outline(other, look, log),
    ...partsOf(own, hatch).map((part) =>
      zerosBar("yours", part, look.ink, {
        color: part.shape === "" ? hue : look.background,
        line: { color: hue, width: 1.6 },
        pattern: { shape: part.shape, fgcolor: hue, bgcolor: look.background, size: 7, solidity: 0.35 },
      })
    ),
    ...partsOf(other && { ...other, idle: null }, hatch).map((part) =>
      zerosBar("λ = 0", part, look.reference, {
        color: "rgba(0,0,0,0)",
        line: { color: look.reference, width: 1.6 },
      })
    ),
  ];
  return { traces, layout: layout(weights), label: label(weights) };
}

/**
 * A part of a bar of zeros, as shares of all weights.
 * @typedef {{ shape: string, from: number, share: number | null, text: string, hover: string }} Part
 */

/**
 * The zeros of a layer by what made them, one upon the other; as one where nobody knows.
 * @param {LayerState | undefined} layer
 * @param {string} hatch
 * @returns {Part[]}
 */
function partsOf(layer, hatch) {
  // Plotly draws an axis for what is drawn on it, be it nothing.
  if (!layer) return [{ shape: hatch, from: 0, share: null, text: "", hover: "" }];
  const kinds = kindsOf(layer);
  const { weights } = layer;
  /** @type {[shape: string, count: number][]} */
  const parts = kinds
    ? [["", kinds.selected], ["|", kinds.cut_off], [".", kinds.idle]]
    : [[hatch, layer.zeros]];
  const hover = zerosText(layer);
  let below = 0;
  return parts.map(([shape, zeros], i) => {
    const from = below / weights;
    below += zeros;
    const text = i === parts.length - 1 ? percent(layer.zeros / weights) : "";
    return { shape, from, share: zeros / weights, text, hover };
  });
}

/**
 * A share on an axis of its own, always linear: on a log axis 80 % and 22 % look alike from the back row.
 * @param {string} lane
 * @param {Part} part
 * @param {string} ink
 * @param {Marker} marker
 * @returns {Trace}
 */
function zerosBar(lane, { from, share, text, hover }, ink, marker) {
  return {
    type: "bar",
    name: `exactly zero, ${lane}`,
    legendgroup: lane,
    showlegend: false,
    marker,
    x: share === null ? [] : [lane],
    y: share === null ? [] : [100 * share],
    base: [100 * from],
    xaxis: "x2",
    yaxis: "y2",
    width: 0.8,
    text: [text],
    textposition: "outside",
    constraintext: "none",
    cliponaxis: false,
    textfont: { size: 12.5, color: ink },
    hovertemplate: `${hover}<extra></extra>`,
  };
}

/** @param {LayerState} layer */
function zerosText(layer) {
  const kinds = kindsText(layer, layer.weights);
  return `${count(layer.zeros)} exactly zero (${percent(layer.zeros / layer.weights)}${
    kinds && `: ${kinds}`
  })`;
}

/** @param {LayerState | undefined} layer @param {Look} look @param {boolean} log @returns {Trace} */
function outline(layer, look, log) {
  const counts = layer ? [0, ...layer.counts, 0] : [];
  const [width, limit] = [binWidth(layer) ?? 0, layer?.limit ?? 0];
  return {
    type: "scatter",
    mode: "lines",
    name: "λ = 0",
    hoverinfo: "skip",
    x: counts.map((_, i) => -limit + (i - 1) * width),
    y: counts.map((n) => (log ? Math.max(n, FLOOR) : n)),
    line: { color: look.reference, width: 1.6, dash: "dash", shape: "hv" },
  };
}

/** @param {Weights} weights @returns {Layout} */
function layout({ layer, own, other, log, look, invitation }) {
  const weights = own?.weights ?? 1000;
  const highest = Math.max(1, ...(own?.counts ?? []), ...(other?.counts ?? []));
  const limit = own?.limit ?? 0.5;
  const range = log ? [Math.log10(FLOOR), Math.log10(weights * 4)] : [0, niceCeiling(highest * 1.14, 10)];
  return {
    xaxis: {
      domain: [0, 0.7],
      range: [-limit, limit],
      title: axisTitle(`weight w in ${layer} (ends: and beyond)`, look),
      zeroline: false,
      nticks: 7,
      hoverformat: ".3~g",
    },
    xaxis2: {
      domain: [0.75, 1],
      tickangle: 0,
      range: [-0.55, 1.55],
      type: "category",
      fixedrange: true,
      categoryorder: "array",
      categoryarray: ["yours", "λ = 0"],
      anchor: "y2",
      title: axisTitle("exactly zero (%)", look),
    },
    yaxis: {
      type: log ? "log" : "linear",
      range,
      title: axisTitle("number of weights", look),
      // Counts alone are short: 100k has the room that 100,000 has not.
      tickformat: "~s",
      dtick: log ? 1 : undefined,
      nticks: 5,
    },
    yaxis2: {
      anchor: "x2",
      range: [0, 118],
      tickvals: [0, 50, 100],
      showticklabels: false,
      fixedrange: true,
    },
    barmode: "overlay",
    bargap: 0,
    hovermode: "closest",
    annotations: own || !invitation ? [] : [{
      xref: "paper",
      yref: "paper",
      x: 0.35,
      y: 0.5,
      showarrow: false,
      text: invitation,
      font: { size: 14, color: look.muted },
    }],
  };
}

/** @param {LayerState | undefined} layer */
function binWidth(layer) {
  return layer ? (2 * layer.limit) / layer.counts.length : undefined;
}

/** @param {LayerState | undefined} layer */
function centres(layer) {
  const width = binWidth(layer) ?? 0;
  return layer ? layer.counts.map((_, i) => -layer.limit + (i + 0.5) * width) : [];
}

/** @param {Weights} weights */
function label({ layer, own, other }) {
  if (!own) return "Histogram of the weights: empty until a run starts.";
  return `Histogram of ${count(own.weights)} weights of ${layer} between ${significant(-own.limit)} and `
    + `${significant(own.limit)}: ${zerosText(own)}; λ = 0 lane ${count(other?.zeros ?? 0)}.`;
}
