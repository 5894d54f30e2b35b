/* One Plotly chart that is redrawn in place and keeps the reader's zoom, legend choice and hover. */

/** @import { Axis, AxisName, AxisTitle, Config, Drawing } from "./plotly.d.ts" */
/** @import { Layout, Picture, PlotElement, Plotly } from "./plotly.d.ts" */
/** @import { Legend } from "./legend.js" */
/** @import { Look } from "./types.d.ts" */

import { coarse } from "./dom.js";

/** @type {Promise<Plotly> | null} */
let library = null;

/**
 * Load Plotly once per page, from this host.
 * @param {string} url
 * @returns {Promise<Plotly>}
 */
export function loadPlotly(url) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () =>
      resolve(/** @type {{ Plotly: Plotly }} */ (/** @type {unknown} */ (globalThis)).Plotly);
    script.onerror = () => {
      library = null;
      reject(new Error("The charts could not be loaded."));
    };
    document.head.append(script);
  });
  return library;
}

/** What an image is drawn with wherever it is opened; texts are measured with the same. */
export const EVERYWHERE = "Arial, Helvetica, sans-serif";
/** @type {Config} */
const CONFIG = {
  displaylogo: false,
  displayModeBar: false,
  scrollZoom: false,
  doubleClick: false,
  showTips: false,
};

/** @template {{ look: Look }} Model */
export class Chart {
  /** @type {Partial<Record<AxisName, readonly number[]>>} */
  zoom = {};
  visible = true;
  stale = false;
  listening = false;
  /** @type {Plotly | null} */
  library = null;
  /** What is on the screen. @type {Picture | null} */
  picture = null;
  /** What it was built from. @type {Model | null} */
  model = null;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.node
   * @param {Legend} parts.legend
   * @param {(model: Model) => Drawing} parts.build
   * @param {() => void} parts.redraw asks for a drawing soon
   */
  constructor({ node, legend, build, redraw }) {
    this.node = node;
    this.legend = legend;
    this.build = build;
    this.redraw = redraw;
    legend.onReset = () => this.#unzoom();
    this.sizes = new ResizeObserver(redraw);
    this.sizes.observe(node);
    this.sight = new IntersectionObserver((crossings) => {
      // Crossings come in batches: only the last says where the chart is now.
      this.visible = crossings.at(-1)?.isIntersecting ?? this.visible;
      if (this.visible && this.stale) redraw();
    }, { rootMargin: "200px" });
    this.sight.observe(node);
  }

  /** The element as Plotly has made it; null before the first drawing. */
  get plot() {
    return "layout" in this.node ? /** @type {PlotElement} */ (this.node) : null;
  }

  /** @param {Plotly} Plotly @param {Model} model */
  draw(Plotly, model) {
    this.model = model;
    this.stale = !this.visible;
    if (this.stale || !this.node.clientWidth) return;
    const { traces, layout, label } = this.build(model);
    this.library = Plotly;
    this.node.setAttribute("aria-label", label);
    const family = getComputedStyle(this.node).fontFamily;
    this.picture = { data: this.legend.apply(traces), layout: this.#framed(layout, model.look, family) };
    Plotly.react(this.node, this.picture.data, this.picture.layout, CONFIG);
    if (!this.listening && this.plot) this.#listen(this.plot);
  }

  /**
   * What is on the screen for a file of its own, which has the reader's zoom and none of the page's fonts.
   * @param {Look} look the colours of the file
   * @returns {Picture | null}
   */
  saved(look) {
    if (!this.model) return null;
    const { traces, layout } = this.build({ ...this.model, look });
    return { data: this.legend.chosen(traces), layout: this.#framed(layout, look, EVERYWHERE) };
  }

  close() {
    this.sizes.disconnect();
    this.sight.disconnect();
    this.library?.purge(this.node);
  }

  /** @param {Layout} layout @param {Look} look @param {string} family @returns {Layout} */
  #framed(layout, look, family) {
    const touch = coarse();
    /** @type {Layout} */
    const framed = {
      width: this.node.clientWidth,
      height: this.node.clientHeight,
      uirevision: "kept",
      dragmode: touch ? false : "zoom",
      ...base(look, family),
      ...layout,
    };
    for (const name of axesOf(layout)) {
      framed[name] = {
        ...axisStyle(look),
        ...layout[name],
        fixedrange: touch || layout[name]?.fixedrange === true,
        range: this.zoom[name] ?? layout[name]?.range,
      };
    }
    return framed;
  }

  /**
   * Plotly drops a zoom when the range given to it changes, and ours grows: so we keep it.
   * @param {PlotElement} plot
   */
  #listen(plot) {
    this.listening = true;
    plot.on("plotly_relayout", (change) => {
      for (const key of Object.keys(change)) {
        const name = zoomed(key);
        const range = name && plot.layout[name]?.range;
        if (range) this.zoom[name] = [...range];
      }
      this.legend.showReset(Object.keys(this.zoom).length > 0);
    });
    plot.on("plotly_doubleclick", () => this.#unzoom());
  }

  #unzoom() {
    this.zoom = {};
    this.legend.showReset(false);
    this.redraw();
  }
}

/** @param {Layout} layout */
function axesOf(layout) {
  return /** @type {AxisName[]} */ (Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key)));
}

/** The axis whose range a key of Plotly's `relayout` is about: "yaxis2.range[0]". @param {string} key */
function zoomed(key) {
  const found = key.match(/^([xy]axis\d?)\.range(\[[01]\])?$/);
  return found && /** @type {AxisName} */ (found[1]);
}

/** @param {Look} look @param {string} family @returns {Layout} */
function base(look, family) {
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family, size: 13, color: look.ink },
    hovermode: "x unified",
    hoverlabel: { bgcolor: look.surface, bordercolor: look.border, font: { size: 13, color: look.ink } },
    margin: { l: 52, r: 12, t: 19, b: 40, autoexpand: false },
    showlegend: false,
  };
}

/** @param {Look} look @returns {Axis} */
function axisStyle(look) {
  return {
    gridcolor: look.grid,
    zerolinecolor: look.grid,
    linecolor: look.border,
    tickfont: { size: 12.5, color: look.muted },
    showline: true,
    ticks: "outside",
    ticklen: 4,
    tickcolor: look.border,
    // 0.0002 and 10,000, where Plotly writes 200µ and 10k.
    exponentformat: "none",
    separatethousands: true,
  };
}

/**
 * An axis title in the chart's own type.
 * @param {string} text
 * @param {Look} look
 * @returns {AxisTitle}
 */
export function axisTitle(text, look) {
  return { text, font: { size: 13, color: look.muted }, standoff: 5 };
}
