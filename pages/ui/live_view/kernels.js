/* The first layer's weights as a mosaic: sign and size as colour, exact zeros hatched, silent units marked. */

import { el, retitle, setText } from "../shared/dom.js";
import { count, significant } from "../shared/format.js";
import { drawMosaic } from "../shared/mosaic.js";

const EXPECTED = { textbook_cnn: 32, textbook_cnn_bn: 32, small_cnn: 8, linear: 10 };

export class Kernels {
  constructor({ ui }) {
    this.ui = ui;
    this.canvas = el("canvas", { role: "img", "data-chart": "kernels" });
    this.silent = el("span");
    this.large = el("p", { class: "lv-card-line", hidden: true });
    this.node = el(
      "div", { class: "lv-kernels" }, el("div", { class: "lv-mosaic" }, this.canvas, this.large), legend(this.silent),
    );
  }

  draw({ frames, history, look, layers: [layer] }) {
    const frame = frames[this.ui.kernels];
    const convolution = layer.startsWith("conv");
    const whose = convolution ? `of ${layer}` : `of ${layer}, ${images(history.spec.dataset)}`;
    retitle(this.node.parentElement, convolution ? "Kernels" : "Weights", whose);
    setText(this.silent, `silent ${convolution ? "filter" : "unit"}`);
    const tooLarge = frame && !frame.kernels.length;
    setText(this.large, tooLarge ? `${count(frame.layers[layer].weights)} weights: too many to draw while it trains` : "");
    Object.assign(this.large, { hidden: !tooLarge });
    Object.assign(this.canvas, { hidden: Boolean(tooLarge) });
    if (tooLarge) return;
    const kernels = frame?.kernels ?? Array.from({ length: expected(history.spec) }, () => null);
    drawMosaic(this.canvas, kernels, { limit: frame?.layers[layer].limit ?? 1, look, convolution });
    this.canvas.setAttribute("aria-label", label(frame, layer, kernels));
  }
}

/* One angle is one output; a label has an output for each kind. */
function expected({ model, dataset }) {
  return model === "linear" && dataset === "rotated_digits" ? 1 : EXPECTED[model];
}

function images(dataset) {
  if (dataset === "rotated_digits") return "as an image";
  return `one image per ${["digits", "mnist"].includes(dataset) ? "digit" : "kind"}`;
}

function legend(silent) {
  const item = (kind, text) => el("span", { class: "lv-key" }, el("i", { class: `lv-swatch lv-swatch-${kind}` }), text);
  return el(
    "div", { class: "lv-keys" },
    el("span", { class: "lv-key" }, "−", el("i", { class: "lv-scale" }), "+"),
    item("zero", "exactly 0"), item("silent", silent),
  );
}

function label(frame, layer, kernels) {
  if (!frame) return `The weights of ${layer}: empty until a run starts.`;
  const { zeros, weights, dead, units, limit } = frame.layers[layer];
  return `${count(kernels.length)} units of ${layer} at step ${count(frame.step)}: ${count(zeros)} of `
    + `${count(weights)} weights exactly zero, ${dead} of ${units} silent; `
    + `colours from ${significant(-limit)} to ${significant(limit)}.`;
}
