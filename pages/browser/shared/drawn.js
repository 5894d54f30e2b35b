/* What our views with charts are: drawn at the next animation frame, with Plotly once it is here. */

/** @import { Plotly } from "./plotly.d.ts" */
/** @import { Look, Palettes } from "./types.d.ts" */

import { loadPlotly } from "./chart.js";
import { lookOf, paperOf } from "./look.js";

const PRINTING = ["beforeprint", "afterprint"];

/** A view draws itself in `draw()`; what it leaves behind is tidied by `close()`, which a view extends. */
export class Drawn {
  /** @type {number | null} */
  frame = null;
  closed = false;
  /** Once it is here. @type {Plotly | null} */
  library = null;
  /** Why it is not. */
  broken = "";
  onPaper = false;

  /** @param {HTMLElement} root the view's element */
  constructor(root) {
    this.root = root;
    this.returned = () => this.schedule();
    document.addEventListener("visibilitychange", this.returned);
    /** @param {Event} event */
    this.printed = ({ type }) => this.#print(type === "beforeprint");
    for (const moment of PRINTING) addEventListener(moment, this.printed);
  }

  /**
   * The palette to draw with.
   * @param {Palettes} palettes
   * @returns {Look}
   */
  look(palettes) {
    return this.onPaper ? paperOf(palettes) : lookOf(this.root, palettes);
  }

  /** The charts of the view. @returns {{ visible: boolean }[]} */
  all() {
    return [];
  }

  /**
   * Paper is white and shows everything: in the light theme, at once, in sight or not, as wide as on the screen.
   * @param {boolean} onPaper
   */
  #print(onPaper) {
    this.onPaper = onPaper;
    this.root.style.setProperty("--sl-width", String(this.root.clientWidth));
    for (const chart of this.all()) chart.visible ||= onPaper;
    this.unschedule();
    this.draw();
  }

  /** Draw once, at the next animation frame; not while nobody can see it. */
  schedule() {
    if (this.frame !== null || this.closed || document.hidden) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  /** Take back what was scheduled. */
  unschedule() {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
  }

  draw() {
    throw new Error("a view says how it is drawn");
  }

  /**
   * Load Plotly, unless it is here.
   * @param {string} url
   */
  async load(url) {
    if (this.library) return;
    try {
      this.library = await loadPlotly(url);
      this.broken = "";
    } catch (error) {
      this.broken = error instanceof Error ? error.message : String(error);
    }
    this.schedule();
  }

  close() {
    this.closed = true;
    document.removeEventListener("visibilitychange", this.returned);
    for (const moment of PRINTING) removeEventListener(moment, this.printed);
    this.unschedule();
    this.root.remove();
  }
}
