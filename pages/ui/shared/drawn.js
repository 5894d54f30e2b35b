/* What our views with charts are: drawn at the next animation frame, with Plotly once it is here. */

import { loadPlotly } from "./chart.js";

/** A view has `root`, its element, `charts`, in a row or by name, and `draw()`. */
export class Drawn {
  constructor() {
    this.returned = () => !document.hidden && this.schedule();
    document.addEventListener("visibilitychange", this.returned);
  }

  /** Draw once, at the next animation frame; not while nobody can see it. */
  schedule() {
    if (this.frame || this.closed || document.hidden) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  /** Load Plotly; why it could not be is in `broken`. */
  async load(url) {
    try {
      this.Plotly = await loadPlotly(url);
      this.broken = "";
    } catch (error) {
      this.broken = error.message;
    }
    this.schedule();
  }

  close() {
    this.closed = true;
    document.removeEventListener("visibilitychange", this.returned);
    cancelAnimationFrame(this.frame);
    for (const chart of Object.values(this.charts)) chart.close();
    this.root.remove();
  }
}
