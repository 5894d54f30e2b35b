/* All weights of both lanes: kernels, masks of the fully connected layers, and what is dead among them. */

/** @import { Level } from "./levels.js" */
/** @import { CommonData, Look } from "../shared/types.d.ts" */
/** @import { Answers, Context, InsideData, Lane, Part, PartOptions } from "./types.d.ts" */

import { coarse, el, segmented, setAttribute, setText } from "../shared/dom.js";
import { count, percent, significant } from "../shared/format.js";
import { laneHead, laneName } from "./lanes.js";
import { gridOf, LEVELS, marked, zerosAt } from "./levels.js";
import { SavedCanvas } from "../saving/saved_canvas.js";
import { Saving } from "../saving/saving.js";
import { drawSheet } from "./sheet.js";
import { unpacked, unpackedKinds } from "./unpack.js";
import { CUT_OFF, drawMosaic, IDLE } from "../shared/mosaic.js";
import { kindsText } from "../shared/zeros.js";
import { drawInputs, idleText } from "./idle.js";

/**
 * A layer's weights and what made its zeros; `alone`: it is the network's only layer; `channels`: see idle.js.
 * @typedef {Answers["weights"]["layers"][string] & { values: Float32Array, kindOf: Uint8Array, alone: boolean, channels: number }} Layer
 */
/**
 * A lane's layers, and what is dead among them.
 * @typedef {{ layers: Record<string, Layer>, dead: Dead }} Found
 */
/** @typedef {Answers["dead_units"]["layers"]} Dead */
/**
 * Where one layer of one lane is drawn.
 * @typedef {object} Cell
 * @property {string} name of the layer
 * @property {number} lane
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} caption
 * @property {HTMLElement} idle what no image ever pulled on
 * @property {HTMLCanvasElement} inputs where that is among what the layer reads
 * @property {Saving} saving
 * @property {HTMLElement} node
 */
/**
 * The weight under the pointer.
 * @typedef {{ layer: string, index: number, value: number, shape: number[], kind: string }} Under
 */

/** @type {Record<number, string>} */
const ZERO = { [IDLE]: ", idle", [CUT_OFF]: ", cut off" };

/** @implements {Part} */
export class Weights {
  /** @type {Level} */
  level = "element";
  /** One for each lane. @type {Found[]} */
  found = [];
  /** @type {Cell[]} */
  cells = [];
  signature = "";

  /** @param {PartOptions} options */
  constructor({ key: group, draw, tell }) {
    this.tell = tell;
    const levels = segmented({
      group: `${group}-level`,
      label: "What is hatched",
      options: Object.entries(LEVELS),
      value: this.level,
      onChange: (level) => {
        this.level = /** @type {Level} */ (level);
        draw();
      },
    });
    this.zero = el("span");
    this.silent = el("span");
    this.crossed = key("silent", this.silent);
    this.pointed = el("output", { class: "ins-pointed" });
    this.body = el("div", { class: "ins-layers" });
    this.node = el(
      "div",
      {},
      el(
        "div",
        { class: "ins-bar" },
        el("span", { class: "ins-label" }, "Exactly zero, by"),
        levels,
        legend(this.zero, this.crossed),
      ),
      this.body,
      this.pointed,
    );
    this.#point(null);
  }

  /** @param {Context} context @param {() => boolean} over */
  async load({ ask, lanes }, over) {
    /** @type {Found[]} */
    const found = [];
    for (const { index } of lanes) {
      const { layers } = await ask("weights", { lane: index });
      const dead = await ask("dead_units", { lane: index });
      if (over()) return;
      const named = Object.entries(layers);
      const alone = named.length === 1;
      const whole = named.map(([name, layer]) => {
        const values = unpacked(layer);
        const kindOf = layer.kinds ? unpackedKinds(layer.kinds.data, values.length) : new Uint8Array();
        return [name, { ...layer, values, kindOf, alone, channels: channelsOf(layers, name) }];
      });
      found.push({ layers: Object.fromEntries(whole), dead: dead.layers });
    }
    this.found = found;
  }

  /** @param {{ look: Look, data: InsideData & CommonData }} model */
  draw({ look, data }) {
    const { lanes } = data;
    const { found } = this;
    if (!found.length) return;
    this.#build(Object.keys(found[0].layers), lanes);
    const known = found.some(({ layers }) => Object.values(layers).some(({ kinds }) => kinds));
    setText(this.zero, known ? "zero: selected" : "exactly 0");
    // The other layers are drawn as tables, without a cross.
    const squares = Object.values(found[0].layers).find((layer) => gridOf(layer).kind === "mosaic");
    setText(this.silent, `dead ${squares?.shape.length === 4 ? "filter" : "unit"}`);
    setAttribute(this.crossed, "hidden", squares ? null : true);
    for (const { name, lane, canvas, caption, idle, inputs, saving } of this.cells) {
      const layer = found[lane]?.layers[name];
      if (!layer) continue;
      this.#paint(canvas, name, lane, look);
      setText(caption, said(layer, { lane: lanes[lane], dead: found[lane].dead[name], name }));
      setText(idle, idleText(layer, name));
      inputs.hidden = !drawInputs(inputs, layer, look);
      const sentence = `${name}, ${laneName(lanes[lane], lane)}: ${caption.textContent}`;
      canvas.setAttribute("aria-label", sentence);
      saving.draw({ name: `weights_${name}_lane_${lane}`, palettes: data.palettes, sentence });
    }
  }

  /** @param {HTMLCanvasElement} canvas @param {string} name @param {number} lane @param {Look} look */
  #paint(canvas, name, lane, look) {
    const layers = this.found.map((found) => found.layers[name]);
    paint(canvas, { layer: layers[lane], level: this.level, limit: limitOf(layers), look });
  }

  /** @param {string[]} names @param {Lane[]} lanes */
  #build(names, lanes) {
    const signature = JSON.stringify([names, lanes]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.cells = names.flatMap((name) => lanes.map((_, lane) => this.#cell(name, lane, lanes)));
    const heads = lanes.map((lane, i) => laneHead(lane, i));
    const rows = names.map((name, i) => {
      const two = this.cells.slice(i * lanes.length, (i + 1) * lanes.length).map(({ node }) => node);
      return el(
        "section",
        { class: "ins-row", "data-layer": name },
        el("h3", { class: "ins-name" }, name),
        ...two,
      );
    });
    this.body.style.setProperty("--ins-lanes", String(lanes.length));
    this.body.replaceChildren(el("div", { class: "ins-row ins-heads" }, el("span"), ...heads), ...rows);
  }

  /** @param {string} name @param {number} lane @param {Lane[]} lanes @returns {Cell} */
  #cell(name, lane, lanes) {
    const canvas = el("canvas", {
      role: "img",
      onpointermove: (event) => this.#point(this.#under(event, name, lane)),
      onpointerleave: () => this.#point(null),
      onclick: (event) => this.#pick(this.#under(event, name, lane)),
    });
    const caption = el("p", { class: "ins-caption" });
    const idle = el("p", { class: "ins-quiet" });
    const inputs = el("canvas", { role: "img", "data-inputs": name });
    const saving = new Saving(
      new SavedCanvas({
        empty: () => !this.found[lane]?.layers[name],
        draw: (sheet, look) => this.#paint(sheet, name, lane, look),
      }),
    );
    const node = el(
      "div",
      { class: "ins-cell" },
      el("div", { class: "ins-cell-head" }, laneHead(lanes[lane], lane)),
      el("div", { class: "ins-canvas" }, canvas),
      el("div", { class: "ins-said" }, caption, saving.node),
      el("div", { class: "ins-idle" }, inputs, idle),
    );
    return { name, lane, canvas, caption, idle, inputs, saving, node };
  }

  /** @param {MouseEvent} event @param {string} name @param {number} lane @returns {Under | null} */
  #under(event, name, lane) {
    const layer = this.found[lane]?.layers[name];
    if (!layer || !(event.target instanceof Element)) return null;
    const box = event.target.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    const index = gridOf(layer).indexAt(x, y);
    const { values, shape, kindOf } = layer;
    return index === null
      ? null
      : { layer: name, index, value: values[index], shape, kind: ZERO[kindOf[index]] ?? "" };
  }

  /** @param {Under | null} under */
  #point(under) {
    const text = under
      ? `${under.layer}, ${place(under)}: ${
        under.value === 0 ? `exactly 0${under.kind}` : significant(under.value)
      }`
      : coarse()
      ? "Tap a weight to see its fate."
      : "Point at a weight to read it; press it to see its fate.";
    setText(this.pointed, text);
  }

  /** @param {Under | null} under */
  #pick(under) {
    if (under) this.tell("weight", { layer: under.layer, index: under.index });
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ layer: Layer, level: Level, limit: number, look: Look }} how
 */
function paint(canvas, { layer, level, limit, look }) {
  const values = marked(layer, level);
  const grid = gridOf(layer);
  if (canvas.parentElement) canvas.parentElement.dataset.kind = grid.kind;
  if (grid.kind === "mosaic") {
    const size = layer.values.length / layer.shape[0];
    const kernels = Array.from(
      { length: layer.shape[0] },
      (_, i) => Array.from(values.subarray(i * size, (i + 1) * size)),
    );
    drawMosaic(canvas, kernels, {
      limit,
      look,
      convolution: layer.shape.length === 4,
      kinds: layer.kindOf,
    });
    return;
  }
  drawSheet(canvas, {
    columns: grid.columns,
    rows: grid.rows,
    limit,
    look,
    valueAt: (column, row) => {
      const index = grid.index(column, row);
      return index === null ? undefined : values[index];
    },
    kinds: [layer.kinds?.idle ? IDLE : 0, layer.kinds?.cut_off ? CUT_OFF : 0].filter(Boolean),
    kindAt: (column, row) => layer.kindOf[grid.index(column, row) ?? -1] ?? 0,
  });
}

/**
 * The same colours for both lanes.
 * @param {Layer[]} layers
 */
function limitOf(layers) {
  /** @param {Layer} layer */
  const largest = ({ values }) => values.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  return Math.max(1e-12, ...layers.map(largest));
}

/**
 * Of what a fully connected layer reads as places: an image, or the maps of the last convolution.
 * @param {Answers["weights"]["layers"]} layers
 * @param {string} name
 */
function channelsOf(layers, name) {
  const { shape } = layers[name];
  if (name !== "fc1") return 0;
  const maps = Object.values(layers).findLast((layer) => layer.shape.length === 4);
  return maps?.shape[0] ?? (Number.isInteger(Math.sqrt(shape[1])) ? 1 : 3);
}

/** @param {Layer} layer @param {{ lane: Lane, dead: Dead[string] | undefined, name: string }} about */
function said(layer, { lane, dead, name }) {
  const shares = zerosAt(layer);
  const kernels = shares.kernels
    ? `, ${count(shares.kernels.zero)} of ${count(shares.kernels.all)} kernels`
    : "";
  const units = name.startsWith("conv") ? "filters" : "units";
  const silent = `${shares.units.zero} of ${shares.units.all} ${units} read nothing`;
  const unread = dead?.unread.length ? `, ${dead.unread.length} read by nobody` : "";
  const signs = layer.encoding === "sign" ? "; colours show signs only" : "";
  const zeros = { zeros: layer.zeros, ...layer.kinds, by_size: lane.prune > 0 };
  const kinds = kindsText(zeros, layer.values.length);
  return `${percent(shares.weights.zero / shares.weights.all)} exactly zero${
    kinds && ` (${kinds})`
  }${kernels}; ${silent}${unread}${signs}`;
}

/** @param {Under} under */
function place({ index, shape }) {
  const [, inputs = 1, height, width] = shape;
  if (shape.length < 4) return `unit ${Math.floor(index / inputs)}, input ${index % inputs}`;
  const size = height * width;
  const [filter, rest] = [Math.floor(index / (inputs * size)), index % (inputs * size)];
  const [input, at] = [Math.floor(rest / size), rest % size];
  return `filter ${filter}, input ${input}, row ${Math.floor(at / width) + 1}, column ${(at % width) + 1}`;
}

/**
 * A mark and what it is called.
 * @param {string} kind
 * @param {string | Node} text
 */
function key(kind, text) {
  return el("span", { class: "ins-key" }, el("i", { class: `ins-swatch ins-swatch-${kind}` }), text);
}

/**
 * @param {Node} zero what hatched zeros are called
 * @param {Node} crossed the key of what a cross goes through
 */
function legend(zero, crossed) {
  return el(
    "span",
    { class: "ins-keys" },
    el("span", { class: "ins-key" }, "−", el("i", { class: "ins-scale" }), "+"),
    key("zero", zero),
    key("cut_off", "cut off"),
    key("idle", "idle"),
    crossed,
  );
}
