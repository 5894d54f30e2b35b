/* The first layer's weights at the λ that is shown, as a mosaic with its legend. */

import { el, retitle, setAttribute, setText } from "../shared/dom.js";
import { drawMosaic } from "../shared/mosaic.js";
import { count, significant } from "../live/format.js";

export class Weights {
  constructor() {
    this.canvas = el("canvas", { role: "img", "data-chart": "kernels" });
    this.silent = el("span");
    this.large = el("p", { class: "lv-card-line" }, "Too many weights to draw.");
    this.node = el("div", { class: "path-kernels" }, el("div", { class: "lv-mosaic" }, this.canvas, this.large), legend(this.silent));
  }

  draw({ frames: { own }, look, data: { layers: [layer] } }) {
    const convolution = layer.startsWith("conv");
    const large = Boolean(own) && own.kernels.length === 0;
    this.#name(layer, convolution);
    setAttribute(this.large, "hidden", large ? null : true);
    setAttribute(this.canvas, "hidden", large || !own ? true : null);
    if (large || !own) return;
    const { limit, zeros, weights, dead, units } = own.layers[layer];
    drawMosaic(this.canvas, own.kernels, { limit, look, convolution });
    setAttribute(
      this.canvas, "aria-label",
      `${count(own.kernels.length)} units of ${layer}: ${count(zeros)} of ${count(weights)} weights exactly zero, `
        + `${dead} of ${units} silent; colours from ${significant(-limit)} to ${significant(limit)}.`,
    );
  }

  #name(layer, convolution) {
    setText(this.silent, `silent ${convolution ? "filter" : "unit"}`);
    const panel = this.node.parentElement;
    retitle(panel, convolution ? "Kernels" : "Weights as images");
    setText(panel.querySelector(".lv-unit"), ` of ${layer}`);
  }
}

function legend(silent) {
  const item = (kind, text) => el("span", { class: "lv-key" }, el("i", { class: `lv-swatch lv-swatch-${kind}` }), text);
  return el(
    "div", { class: "lv-keys" },
    el("span", { class: "lv-key" }, "−", el("i", { class: "lv-scale" }), "+"),
    item("zero", "exactly 0"), item("silent", silent),
  );
}
