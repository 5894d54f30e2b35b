/* The legend of a chart as buttons: what each line means, whether it is shown, and the way out of a zoom. */

import { el, setAttribute } from "./dom.js";

const STROKES = { dash: "dashed", dot: "dotted" };

export class Legend {
  constructor({ onChange }) {
    this.onChange = onChange;
    this.hidden = new Set();
    this.lines = el("div", { class: "lv-lines", role: "group", "aria-label": "Lines shown" });
    this.reset = el(
      "button", { type: "button", class: "lv-series lv-reset", hidden: true, onclick: () => this.onReset() },
      "reset zoom",
    );
    this.node = el("div", { class: "lv-legend" }, this.lines, this.reset);
  }

  /** Offer the way out of a zoom, or not. */
  showReset(zoomed) {
    setAttribute(this.reset, "hidden", zoomed ? null : true);
  }

  /** Show one button per named trace, and leave out the traces the reader has switched off. */
  apply(traces) {
    const named = traces.filter((trace) => trace.showlegend !== false);
    const signature = named.map((trace) => trace.name).join("|");
    if (signature !== this.signature) {
      this.signature = signature;
      this.lines.replaceChildren(...named.map((trace) => this.#button(trace.name)));
    }
    named.forEach((trace, i) => this.#draw(this.lines.children[i], trace));
    return traces.map((trace) => ({ ...trace, visible: !this.hidden.has(trace.legendgroup ?? trace.name) }));
  }

  #button(name) {
    const toggle = () => {
      if (!this.hidden.delete(name)) this.hidden.add(name);
      this.onChange();
    };
    return el(
      "button", { type: "button", class: "lv-series", "data-series": name, onclick: toggle },
      el("i", { class: "lv-series-mark", "aria-hidden": "true" }), name,
    );
  }

  #draw(button, trace) {
    setAttribute(button, "aria-pressed", this.hidden.has(trace.name) ? "false" : "true");
    const mark = button.firstChild.style;
    const dots = trace.mode === "markers";
    const filled = trace.type === "bar" || dots || (trace.fill && trace.fill !== "none");
    const open = dots && String(trace.marker.symbol).endsWith("-open");
    mark.background = open ? "none" : filled ? trace.fillcolor ?? trace.marker.color : "none";
    const stroke = STROKES[trace.line?.dash] ?? "solid";
    mark.borderTop = filled ? "" : `${Math.max(2, trace.line.width)}px ${stroke} ${trace.line.color}`;
    mark.boxShadow = open ? `inset 0 0 0 2px ${trace.marker.color}` : "";
    mark.height = filled ? "11px" : "0";
    mark.width = dots ? "11px" : "";
    mark.borderRadius = dots ? "50%" : "";
    mark.opacity = trace.opacity ?? 1;
  }
}
