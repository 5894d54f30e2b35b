/* The legend of a chart as buttons: what each line means, whether it is shown, and the way out of a zoom. */

import { el, setAttribute } from "./dom.js";

/** @import { Trace } from "./plotly.d.ts" */

/** @typedef {[tag: string, attributes: Record<string, string | number>]} Shape */

/** Plotly's dashes. @type {Record<string, string>} */
const DASHES = { dash: "6 4", dot: "2 2.5", dashdot: "7 2.5 2 2.5", "1px,2px": "1 2", longdash: "10 4" };
/** Plotly's symbols. @type {Record<string, string>} */
const SYMBOLS = {
  circle: "M5.5 6a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z",
  square: "M6 2h8v8h-8Z",
  diamond: "M10 .8l5.2 5.2l-5.2 5.2l-5.2 -5.2Z",
  "triangle-up": "M10 1l5 9.2h-10Z",
  "triangle-down": "M10 11l5 -9.2h-10Z",
  cross: "M10 1.5v9M5.5 6h9",
  x: "M6 2l8 8M14 2l-8 8",
};
const STROKED = ["cross", "x"];
const SVG = "http://www.w3.org/2000/svg";

export class Legend {
  /** The names of the traces that are switched off. @type {Set<string>} */
  hidden = new Set();
  signature = "";
  /** @type {Button[]} */
  buttons = [];
  /** What the way out of a zoom does: the chart says. */
  onReset = () => {};

  /** @param {{ onChange: () => void }} parts */
  constructor({ onChange }) {
    this.onChange = onChange;
    this.lines = el("div", { class: "sl-lines", role: "group", "aria-label": "Lines shown" });
    this.reset = el(
      "button",
      { type: "button", class: "sl-series sl-reset", hidden: true, onclick: () => this.onReset() },
      "reset zoom",
    );
    this.node = el("div", { class: "sl-legend" }, this.lines, this.reset);
  }

  /**
   * Offer the way out of a zoom, or not.
   * @param {boolean} zoomed
   */
  showReset(zoomed) {
    setAttribute(this.reset, "hidden", zoomed ? null : true);
  }

  /**
   * Show one button per named trace, and leave out the traces the reader has switched off.
   * @param {readonly Trace[]} traces
   * @returns {Trace[]}
   */
  apply(traces) {
    const named = traces.filter((trace) => trace.showlegend !== false);
    const signature = named.map((trace) => trace.name).join("|");
    if (signature !== this.signature) {
      this.signature = signature;
      this.buttons = named.map((trace) => new Button(trace.name ?? "", (name) => this.#toggle(name)));
      this.lines.replaceChildren(...this.buttons.map(({ node }) => node));
    }
    named.forEach((trace, i) => this.buttons[i].draw(trace, !this.hidden.has(trace.name ?? "")));
    return this.chosen(traces);
  }

  /**
   * The traces without those the reader has switched off.
   * @param {readonly Trace[]} traces
   * @returns {Trace[]}
   */
  chosen(traces) {
    return traces.map((trace) => ({ ...trace, visible: !this.#hides(trace) }));
  }

  /** @param {Trace} trace */
  #hides({ legendgroup, name = "" }) {
    return this.hidden.has(legendgroup ?? name);
  }

  /** @param {string} name */
  #toggle(name) {
    if (!this.hidden.delete(name)) this.hidden.add(name);
    this.onChange();
  }
}

/* Over a box from 1 to 19 and from 1 to 11. */
const HATCH = "M1 6l5 -5M1 11l10 -10M6 11l10 -10M11 11l8 -8M16 11l3 -3";

/* The name of a line beside a mark that looks like it. */
class Button {
  /** @param {string} name @param {(name: string) => void} onToggle */
  constructor(name, onToggle) {
    this.mark = document.createElementNS(SVG, "svg");
    const looks = { class: "sl-series-mark", viewBox: "0 0 20 12", "aria-hidden": "true" };
    for (const [at, value] of Object.entries(looks)) setAttribute(this.mark, at, value);
    this.drawn = "";
    this.node = el(
      "button",
      { type: "button", class: "sl-series", "data-series": name, onclick: () => onToggle(name) },
      this.mark,
      name,
    );
  }

  /** @param {Trace} trace @param {boolean} shown */
  draw(trace, shown) {
    setAttribute(this.node, "aria-pressed", String(shown));
    const shapes = markOf(trace);
    if (JSON.stringify(shapes) === this.drawn) return;
    this.drawn = JSON.stringify(shapes);
    this.mark.replaceChildren(...shapes.map(shaped));
  }
}

/** @param {Shape} shape */
function shaped([tag, attributes]) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  return node;
}

/**
 * The mark of a trace as shapes of SVG, 20 × 12: a stroke for a line, a symbol for points, a box for an area.
 * @param {Trace} trace
 * @returns {Shape[]}
 */
export function markOf({ type, mode = "lines", fill, fillcolor, line, marker, opacity = 1 }) {
  /** @type {Shape[]} */
  const shapes = [];
  const area = type !== "bar" && Boolean(fill) && fill !== "none";
  if (type === "bar" || area) {
    // A pale fill is told by its edge.
    const edge = area && line?.width ? line.color ?? "none" : "none";
    const box = { x: 1, y: 1, width: 18, height: 10, stroke: edge, "stroke-width": 2, opacity };
    shapes.push(["rect", { ...box, fill: fillcolor ?? marker?.color ?? "none" }]);
    const { shape, fgcolor } = marker?.pattern ?? {};
    if (shape === "/") {
      shapes.push(["path", {
        d: HATCH,
        fill: "none",
        stroke: fgcolor ?? "none",
        "stroke-width": 1.4,
        opacity,
      }]);
    }
  } else if (mode.includes("lines")) {
    const width = Math.max(2, line?.width ?? 0);
    const dashes = DASHES[line?.dash ?? ""] ?? "none";
    const stroke = { stroke: line?.color ?? "none", "stroke-width": width, "stroke-dasharray": dashes };
    shapes.push(["path", { d: "M0 6h20", fill: "none", ...stroke, opacity }]);
  }
  if (type !== "bar" && !area && mode.includes("markers")) shapes.push(symbolOf(marker, line, opacity));
  return shapes;
}

/**
 * @param {Trace["marker"]} marker
 * @param {Trace["line"]} line whose colour a marker has that says none
 * @param {number} opacity
 * @returns {Shape}
 */
function symbolOf(marker, line, opacity) {
  const name = String([marker?.symbol ?? "circle"].flat()[0]);
  const kind = name.replace("-open", "");
  const colour = marker?.color ?? line?.color ?? "none";
  const open = name.endsWith("-open") || STROKED.includes(kind);
  // As large beside the line as in the chart, or a little more: a dash is to be seen as well.
  const size = Math.min(1, Math.max(0.6, Number([marker?.size ?? 6].flat()[0]) / 9));
  const transform = `translate(10 6) scale(${size.toFixed(2)}) translate(-10 -6)`;
  const ink = { transform, fill: open ? "none" : colour, stroke: open ? colour : "none", "stroke-width": 2 };
  return ["path", { d: SYMBOLS[kind] ?? SYMBOLS.circle, ...ink, opacity }];
}
