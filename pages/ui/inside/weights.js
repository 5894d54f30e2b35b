/* All weights of both lanes: kernels, masks of the fully connected layers, and what is dead among them. */

import { el, segmented, setText } from "../shared/dom.js";
import { count, percent, significant } from "../shared/format.js";
import { laneHead, laneName } from "./lanes.js";
import { LEVELS, gridOf, marked, zerosAt } from "./levels.js";
import { drawSheet } from "./sheet.js";
import { unpacked } from "./unpack.js";
import { drawMosaic } from "../shared/mosaic.js";

export class Weights {
  constructor({ key, draw, tell }) {
    Object.assign(this, { tell, level: "element", found: [], follows: true });
    const levels = segmented({
      group: `${key}-level`, label: "What is hatched", options: Object.entries(LEVELS), value: this.level,
      onChange: (level) => {
        this.level = level;
        draw();
      },
    });
    this.pointed = el("output", { class: "ins-pointed" });
    this.body = el("div", { class: "ins-layers" });
    this.node = el(
      "div", {},
      el("div", { class: "ins-bar" }, el("span", { class: "ins-label" }, "Hatched: exactly zero, by"), levels.node, legend()),
      this.body, this.pointed,
    );
    this.#point(null);
  }

  async load({ ask, lanes }, over) {
    const found = [];
    for (const { index } of lanes) {
      const { layers } = await ask("weights", { lane: index });
      const dead = await ask("dead_units", { lane: index });
      if (over()) return;
      const alone = Object.keys(layers).length === 1;
      for (const layer of Object.values(layers)) Object.assign(layer, { values: unpacked(layer), alone });
      found.push({ layers, dead: dead.layers });
    }
    this.found = found;
  }

  draw({ look, data }) {
    const { lanes } = data;
    const { found } = this;
    if (!found.length) return;
    this.#build(Object.keys(found[0].layers), lanes);
    const limits = limitsOf(found);
    for (const { name, lane, canvas, caption } of this.cells) {
      const layer = found[lane]?.layers[name];
      if (!layer) continue;
      paint(canvas, { layer, level: this.level, limit: limits[name], look });
      setText(caption, said(layer, found[lane].dead[name], name));
      canvas.setAttribute("aria-label", `${name}, ${laneName(lanes[lane], lane)}: ${caption.textContent}`);
    }
  }

  #build(names, lanes) {
    const signature = JSON.stringify([names, lanes]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.cells = names.flatMap((name) => lanes.map((_, lane) => this.#cell(name, lane, lanes)));
    const heads = lanes.map((lane, i) => laneHead(lane, i));
    const rows = names.map((name, i) => {
      const two = this.cells.slice(i * lanes.length, (i + 1) * lanes.length).map(({ node }) => node);
      return el("section", { class: "ins-row", "data-layer": name }, el("h3", { class: "ins-name" }, name), ...two);
    });
    this.body.style.setProperty("--ins-lanes", lanes.length);
    this.body.replaceChildren(el("div", { class: "ins-row ins-heads" }, el("span"), ...heads), ...rows);
  }

  #cell(name, lane, lanes) {
    const canvas = el("canvas", {
      role: "img",
      onpointermove: (event) => this.#point(this.#under(event, name, lane)),
      onpointerleave: () => this.#point(null),
      onclick: (event) => this.#pick(this.#under(event, name, lane)),
    });
    const caption = el("p", { class: "ins-caption" });
    const node = el("div", { class: "ins-cell" }, el("div", { class: "ins-cell-head" }, laneHead(lanes[lane], lane)), el("div", { class: "ins-canvas" }, canvas), caption);
    return { name, lane, canvas, caption, node };
  }

  #under(event, name, lane) {
    const layer = this.found[lane]?.layers[name];
    if (!layer) return null;
    const box = event.target.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    const index = gridOf(layer).indexAt(x, y);
    return index === null ? null : { layer: name, index, value: layer.values[index], shape: layer.shape };
  }

  #point(under) {
    const text = under
      ? `${under.layer}, ${place(under)}: ${under.value === 0 ? "exactly 0" : significant(under.value)}`
      : "Point at a weight to read it; click it to see its fate.";
    setText(this.pointed, text);
  }

  #pick(under) {
    if (under) this.tell("weight", { layer: under.layer, index: under.index });
  }
}

function paint(canvas, { layer, level, limit, look }) {
  const values = marked(layer, level);
  const grid = gridOf(layer);
  canvas.parentElement.dataset.kind = grid.kind;
  if (grid.kind === "mosaic") {
    const size = layer.values.length / layer.shape[0];
    const kernels = Array.from({ length: layer.shape[0] }, (_, i) => Array.from(values.subarray(i * size, (i + 1) * size)));
    drawMosaic(canvas, kernels, { limit, look, convolution: layer.shape.length === 4 });
    return;
  }
  drawSheet(canvas, {
    columns: grid.columns, rows: grid.rows, limit, look,
    valueAt: (column, row) => {
      const index = grid.index(column, row);
      return index === null ? undefined : values[index];
    },
  });
}

/* The same colours for both lanes. */
function limitsOf(found) {
  const names = Object.keys(found[0].layers);
  const largest = (name) =>
    Math.max(1e-12, ...found.map(({ layers }) => layers[name].values.reduce((most, w) => Math.max(most, Math.abs(w)), 0)));
  return Object.fromEntries(names.map((name) => [name, largest(name)]));
}

function said(layer, dead, name) {
  const shares = zerosAt(layer);
  const kernels = shares.kernels ? `, ${count(shares.kernels.zero)} of ${count(shares.kernels.all)} kernels` : "";
  const units = name.startsWith("conv") ? "filters" : "units";
  const silent = `${shares.units.zero} of ${shares.units.all} ${units} read nothing`;
  const unread = dead?.unread.length ? `, ${dead.unread.length} are read by nobody` : "";
  const signs = layer.encoding === "sign" ? "; colours show signs only" : "";
  return `${percent(shares.weights.zero / shares.weights.all)} exactly zero${kernels}; ${silent}${unread}${signs}`;
}

function place({ index, shape }) {
  const [, inputs = 1, height, width] = shape;
  if (shape.length < 4) return `unit ${Math.floor(index / inputs)}, input ${index % inputs}`;
  const size = height * width;
  const [filter, rest] = [Math.floor(index / (inputs * size)), index % (inputs * size)];
  const [input, at] = [Math.floor(rest / size), rest % size];
  return `filter ${filter}, input ${input}, row ${Math.floor(at / width) + 1}, column ${(at % width) + 1}`;
}

function legend() {
  const key = (kind, text) => el("span", { class: "ins-key" }, el("i", { class: `ins-swatch ins-swatch-${kind}` }), text);
  return el(
    "span", { class: "ins-keys" },
    el("span", { class: "ins-key" }, "−", el("i", { class: "ins-scale" }), "+"), key("zero", "exactly 0"),
  );
}
