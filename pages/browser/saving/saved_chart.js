/* A chart as a file: Plotly draws it again, with its legend, its sentence under it. */

/** @import { Annotation, Layout, Picture, Plotly } from "../shared/plotly.d.ts" */
/** @import { Look } from "../shared/types.d.ts" */
/** @import { Paper, Savable } from "./saving.js" */

import { broken } from "./saving.js";

const WIDTH = 900;
const LINE = 18;
const FLATTEST = 300; // A drawing that is flat on the screen to fit there has more room in a file.

/**
 * What a `Chart` shows and would show on paper.
 * @typedef {object} Shown
 * @property {Picture | null} picture
 * @property {Plotly | null} library
 * @property {(look: Look) => Picture | null} saved
 */

/** @implements {Savable} */
export class SavedChart {
  /** @param {() => Shown} shown */
  constructor(shown) {
    this.shown = shown;
  }

  empty() {
    return !this.shown().picture?.data.some(({ x, y }) => (x ?? y)?.length);
  }

  /** @param {string} format @param {Paper} paper */
  async file(format, paper) {
    const shown = this.shown();
    const { library } = shown;
    const saved = shown.saved(paper.look);
    if (!library || !saved) throw new Error("nothing was drawn yet");
    const { data, layout } = plain(saved);
    const height = Math.max(FLATTEST, layout.height ?? 0) + 90 + upper(layout);
    const figure = { data, layout: { ...layout, ...framed(layout, height, paper) } };
    return await library.toImage(figure, { format, width: WIDTH, height, scale: 2 });
  }
}

/** @param {Layout} layout @param {number} height @param {Paper} paper @returns {Layout} */
function framed(layout, height, { look, sentence }) {
  const words = broken(sentence);
  const [top, bottom] = [60 + upper(layout), 50 + LINE * words.length];
  const { l = 0, r = 0 } = layout.margin ?? {};
  return {
    width: WIDTH,
    height,
    paper_bgcolor: look.background,
    plot_bgcolor: look.background,
    showlegend: true,
    legend: {
      orientation: "h",
      x: 0,
      y: 1 + upper(layout) / (height - top - bottom),
      yanchor: "bottom",
      traceorder: "normal",
    },
    margin: { l, r, t: top, b: bottom, autoexpand: true },
    annotations: [...(layout.annotations ?? []), said(words, look)],
  };
}

/** @param {string[]} words @param {Look} look @returns {Annotation} */
function said(words, look) {
  return {
    text: words.join("<br>"),
    showarrow: false,
    xref: "paper",
    yref: "paper",
    x: 0,
    y: 0,
    yshift: -44,
    xanchor: "left",
    yanchor: "top",
    align: "left",
    font: { size: 13, color: look.ink },
  };
}

/**
 * Pixels that an axis on top takes.
 * @param {Layout} layout
 */
function upper({ xaxis2, margin }) {
  return xaxis2?.side === "top" ? margin?.t ?? 0 : 0;
}

/**
 * Plotly writes into what it is given, and the screen goes on using it.
 * @template Value
 * @param {Value} value
 * @returns {Value}
 */
function plain(value) {
  return JSON.parse(JSON.stringify(value));
}
