/* The first layer's weights as a mosaic: sign and size as colour, exact zeros hatched, silent units marked. */

/** @import { Look } from "../shared/types.d.ts" */
/** @import { Frame, Network } from "../live/types.d.ts" */

import { el, setText } from "../shared/dom.js";
import { count, significant } from "../shared/format.js";
import { SavedCanvas } from "../saving/saved_canvas.js";
import { Saving } from "../saving/saving.js";
import { drawMosaic } from "../shared/mosaic.js";
import { kindsOf, kindsText } from "../shared/zeros.js";

/** @type {Record<Network["model"], number>} */
const EXPECTED = { textbook_cnn: 32, textbook_cnn_bn: 32, small_cnn: 8, linear: 10 };

export class Kernels {
  /** What they show, in words. */
  sentence = "";
  /** What was drawn last; null while there is nothing. @type {Parameters<typeof drawMosaic> | null} */
  drawn = null;

  constructor() {
    this.saving = new Saving(
      new SavedCanvas({ empty: () => !this.drawn, draw: (canvas, look) => this.#drawAgain(canvas, look) }),
    );
    this.canvas = el("canvas", { role: "img", "data-chart": "kernels" });
    this.keys = keys();
    this.large = el("p", { class: "sl-card-line", hidden: true });
    this.node = el(
      "div",
      { class: "lv-kernels" },
      el("div", { class: "lv-mosaic" }, this.canvas, this.large),
      this.keys.node,
    );
  }

  /**
   * @param {object} model
   * @param {Frame | undefined} model.frame of the lane that is shown
   * @param {string} model.layer the network's first
   * @param {Network} model.network
   * @param {Look} model.look
   */
  draw({ frame, layer, network, look }) {
    const convolution = isConvolution(layer);
    setText(this.keys.silent, `dead ${convolution ? "filter" : "unit"}`);
    const kinds = kindsIn(frame, layer);
    setText(this.keys.zero, kinds ? "zero: selected" : "exactly 0");
    for (const node of this.keys.others) node.hidden = !kinds;
    const tooLarge = frame !== undefined && !frame.kernels.length;
    setText(
      this.large,
      tooLarge ? `${count(frame.layers[layer].weights)} weights: too many to draw while it trains` : "",
    );
    this.large.hidden = !tooLarge;
    this.canvas.hidden = tooLarge;
    this.drawn = null;
    if (tooLarge) return;
    const kernels = frame?.kernels ?? Array.from({ length: expected(network) }, () => null);
    const how = { limit: frame?.layers[layer].limit ?? 1, look, convolution, kinds: kinds ?? [] };
    drawMosaic(this.canvas, kernels, how);
    if (frame) this.drawn = [this.canvas, kernels, how];
    this.sentence = label(frame, layer, kernels);
    this.canvas.setAttribute("aria-label", this.sentence);
  }

  /** @param {HTMLCanvasElement} canvas @param {Look} look */
  #drawAgain(canvas, look) {
    if (!this.drawn) return;
    const [, kernels, how] = this.drawn;
    drawMosaic(canvas, kernels, { ...how, look });
  }
}

/**
 * What the panel around them is called, and of what they are.
 * @param {string} layer
 * @param {Network} network
 * @returns {[title: string, unit: string]}
 */
export function kernelsTitle(layer, { dataset }) {
  return isConvolution(layer) ? ["Kernels", `of ${layer}`] : ["Weights", `of ${layer}, ${images(dataset)}`];
}

/** @param {string} layer */
function isConvolution(layer) {
  return layer.startsWith("conv");
}

/**
 * One angle is one output; a label has an output for each kind.
 * @param {Network} network
 */
function expected({ model, dataset }) {
  return model === "linear" && dataset === "rotated_digits" ? 1 : EXPECTED[model];
}

/** @param {string} dataset */
function images(dataset) {
  if (dataset === "rotated_digits") return "as an image";
  return `one image per ${["digits", "mnist"].includes(dataset) ? "digit" : "kind"}`;
}

/**
 * What made each zero of the kernels, as mosaic.js numbers it; null where nobody knows.
 * @param {Frame | undefined} frame
 * @param {string} layer the network's first
 * @returns {number[] | null}
 */
function kindsIn(frame, layer) {
  const kinds = kindsOf(frame?.layers[layer]);
  if (!frame || !kinds) return null;
  // A frame of before they were sent says it only where all are selected.
  if (!frame.kernel_kinds) return kinds.cut_off + kinds.idle ? null : [];
  return Array.from(frame.kernel_kinds, Number);
}

/** What the marks mean: of the zeros' kinds, those beside selected are shown where they are known. */
function keys() {
  /** @param {string} kind @param {string | Node} text */
  const item = (kind, text) =>
    el("span", { class: "lv-key" }, el("i", { class: `lv-swatch lv-swatch-${kind}` }), text);
  const [zero, silent] = [el("span"), el("span")];
  const others = [item("cut_off", "cut off"), item("idle", "idle")];
  const node = el(
    "div",
    { class: "lv-keys" },
    el("span", { class: "lv-key" }, "−", el("i", { class: "lv-scale" }), "+"),
    item("zero", zero),
    ...others,
    item("silent", silent),
  );
  return { node, zero, others, silent };
}

/** @param {Frame | undefined} frame @param {string} layer @param {readonly unknown[]} kernels */
function label(frame, layer, kernels) {
  if (!frame) return `The weights of ${layer}: empty until a run starts.`;
  const { zeros, weights, dead, units, limit } = frame.layers[layer];
  const kinds = kindsText(frame.layers[layer], weights);
  return `${count(kernels.length)} units of ${layer} at step ${count(frame.step)}: ${count(zeros)} of `
    + `${count(weights)} weights exactly zero${kinds && ` (${kinds})`}, ${dead} of ${units} dead; `
    + `colours from ${significant(-limit)} to ${significant(limit)}.`;
}
