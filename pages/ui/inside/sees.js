/* What the network looks at: which pixels matter to its answer, and what each filter makes of an image. */

import { el, segmented, setText } from "../shared/dom.js";
import { significant } from "../shared/format.js";
import { mix } from "../shared/look.js";
import { hatch, sized } from "../shared/mosaic.js";
import { laneHead, laneName } from "./lanes.js";
import { Shelf, drawImage } from "./thumbs.js";
import { parts, unpacked } from "./unpack.js";

const KINDS = {
  occlusion: ["occlusion", "Occlusion: how much the probability of the lane's answer falls when a small black patch covers the place. Green: covering it hurts; violet: it helps."],
  gradient_times_input: ["gradient × input", "Gradient × input: the slope of the answer's logit at each pixel, times the pixel. Green speaks for the answer, violet against; it is a slope right here, not the effect of taking the pixel away."],
  weights: ["weight images", "The weights themselves: one image per digit. Green pixels speak for the digit, violet ones against, hatched ones are exactly zero and never matter."],
};
const MAP = 152;
const IMAGE = 88;
const FEATURE = 40;

export class Sees {
  constructor({ key, data, chosen, refresh, draw }) {
    const linear = data.model === "linear";
    Object.assign(this, { chosen, linear, kind: linear ? "weights" : "occlusion", found: [], follows: true });
    const choice = segmented({
      group: `${key}-map`, label: "Kind of map", value: this.kind,
      options: Object.entries(KINDS).filter(([kind]) => linear || kind !== "weights").map(([kind, [name]]) => [kind, name]),
      onChange: (kind) => {
        this.kind = kind;
        refresh();
      },
    });
    const pick = ({ index }) => {
      delete chosen.images;
      chosen.indices = [index];
      draw();
      refresh();
    };
    this.shelf = new Shelf({ refresh, onPick: pick });
    this.words = el("p", { class: "ins-caption ins-words" });
    this.body = el("div", { class: "ins-two" });
    this.node = el(
      "div", {}, el("div", { class: "ins-bar" }, el("span", { class: "ins-label" }, "Which pixels matter, by"), choice.node),
      this.words, this.shelf.node, this.body,
    );
  }

  async load(context, over) {
    const { kind, linear } = this;
    await this.shelf.load(context);
    const found = [];
    for (const { index } of context.lanes) {
      const map = await context.ask("input_map", { lane: index, kind, ...(kind === "weights" ? {} : this.chosen) });
      const maps = linear ? null : await context.ask("feature_maps", { lane: index, ...this.chosen });
      if (over()) return;
      found.push({ map, features: maps && features(maps.layers) });
    }
    this.found = found;
  }

  draw({ look, data }) {
    setText(this.words, KINDS[this.kind][1]);
    this.shelf.draw(look, this.chosen.indices?.[0]);
    if (!this.found.length) return;
    const pixels = this.chosen.images?.[0].flat() ?? this.shelf.at(this.chosen.indices[0])?.pixels ?? this.pixels;
    this.pixels = pixels;
    const limit = Math.max(1e-12, ...this.found.flatMap(({ map }) => largest(map.map ?? map.maps)));
    this.body.replaceChildren(...this.found.map((found, i) => this.#lane(found, data.lanes[i], i, { look, limit, pixels })));
  }

  #lane({ map, features: layers }, lane, i, colours) {
    const maps = map.kind === "weights" ? weightImages(map, colours) : [theImage(colours), oneMap(map, laneName(lane, i), colours)];
    return el(
      "section", { class: "ins-sees", "data-lane": i }, laneHead(lane, i), el("div", { class: "ins-maps" }, ...maps),
      el("div", { class: "ins-maps" }, ...Object.entries(layers ?? {}).map(([name, each]) => featureRow(name, each, colours.look))),
    );
  }
}

function features(layers) {
  return Object.fromEntries(
    Object.entries(layers).map(([name, layer]) => {
      const [, height, width] = layer.shape;
      return [name, { side: width, maps: parts(unpacked(layer), height * width), most: 255 * layer.scale }];
    }),
  );
}

function theImage({ pixels, look }) {
  const canvas = el("canvas", { role: "img", "aria-label": "The image" });
  const plane = pixels.length % 3 === 0 && !Number.isInteger(Math.sqrt(pixels.length)) ? pixels.length / 3 : pixels.length;
  drawImage(canvas, pixels, Math.sqrt(plane), IMAGE, look);
  return el("figure", { class: "ins-map" }, el("figcaption", { class: "ins-caption" }, "The image"), canvas);
}

function oneMap({ map, label }, name, colours) {
  const canvas = el("canvas", { role: "img", "aria-label": `${name}: which pixels matter to the answer ${label}` });
  drawMap(canvas, map, MAP, colours);
  return el("figure", { class: "ins-map" }, el("figcaption", { class: "ins-caption" }, `Answer ${label}; strongest place ${significant(Math.max(...largest(map)))}`), canvas);
}

function weightImages({ maps }, colours) {
  return maps.map((image, label) => {
    const zero = image.flat(2).filter((w) => w === 0).length;
    const canvas = el("canvas", { role: "img", "aria-label": `Weights of ${label}: ${zero} of ${image.flat(2).length} exactly zero` });
    drawMap(canvas, image[0], 88, { ...colours, hatched: true });
    return el("figure", { class: "ins-map" }, canvas, el("figcaption", { class: "ins-caption" }, `${label}: ${zero} zeros`));
  });
}

function drawMap(canvas, rows, px, { look, limit, hatched }) {
  const cell = Math.max(1, Math.floor(px / rows.length));
  const pen = sized(canvas, cell * rows.length, cell * rows.length);
  rows.forEach((row, y) =>
    row.forEach((value, x) => {
      if (value === 0 && hatched) return hatch(pen, x * cell, y * cell, cell, look);
      pen.fillStyle = mix(look.neutral, value < 0 ? look.negative : look.positive, Math.min(1, Math.abs(value) / limit) ** 0.7);
      pen.fillRect(x * cell, y * cell, cell, cell);
    }),
  );
}

/* Filters that see nothing at all are hatched. */
function featureRow(name, { side, maps, most }, look) {
  const silent = maps.filter((map) => map.every((value) => value === 0)).length;
  const canvas = el("canvas", { role: "img", "aria-label": `Feature maps of ${name}: ${silent} of ${maps.length} are empty` });
  const columns = maps.length > 32 ? 16 : 8;
  const cell = Math.max(1, Math.floor((8 * FEATURE) / columns / side));
  const px = cell * side;
  const pen = sized(canvas, columns * (px + 3), Math.ceil(maps.length / columns) * (px + 3));
  maps.forEach((map, i) => drawFeature(pen, map, { left: (i % columns) * (px + 3), top: Math.floor(i / columns) * (px + 3), cell, side, most, look }));
  return el(
    "figure", { class: "ins-map" }, el("figcaption", { class: "ins-caption" }, `Feature maps of ${name}: ${silent} of ${maps.length} see nothing here`), canvas,
  );
}

function drawFeature(pen, map, { left, top, cell, side, most, look }) {
  if (map.every((value) => value === 0)) return hatch(pen, left, top, cell * side, look);
  map.forEach((value, i) => {
    pen.fillStyle = mix(look.surface, look.ink, Math.min(1, value / most) ** 0.7);
    pen.fillRect(left + (i % side) * cell, top + Math.floor(i / side) * cell, cell, cell);
  });
}

function largest(values) {
  return [values.flat(3).reduce((most, value) => Math.max(most, Math.abs(value)), 0)];
}
