/* What the network looks at: which pixels matter to its answer, and what each filter makes of an image. */

/** @import { Pixels } from "./thumbs.js" */
/** @import { CommonData, Look } from "../shared/types.d.ts" */
/** @import { Answers, Context, ImageMap, InsideData, Lane } from "./types.d.ts" */
/** @import { Packed, Part, PartOptions, Rows, WeightImages } from "./types.d.ts" */

import { el, segmented, setText } from "../shared/dom.js";
import { significant } from "../shared/format.js";
import { mix } from "../shared/look.js";
import { hatch, sized } from "../shared/mosaic.js";
import { SavedCanvas } from "../saving/saved_canvas.js";
import { Saving } from "../saving/saving.js";
import { laneHead, laneName } from "./lanes.js";
import { drawImage, Shelf } from "./thumbs.js";
import { drawTiles } from "../saving/tiles.js";
import { parts, unpacked } from "./unpack.js";

/** @typedef {WeightImages["kind"] | ImageMap["kind"]} Kind */
/**
 * What a filter makes of an image: a map for each, square.
 * @typedef {{ side: number, maps: Float32Array[], most: number }} Features
 */
/** @typedef {{ map: Answers["input_map"], features: Record<string, Features> }} Found */
/** @typedef {{ look: Look, limit: number, pixels: Pixels }} Colours */

/** Each kind's name, and what it shows. @type {Record<Kind, [name: string, text: string]>} */
const KINDS = {
  occlusion: [
    "occlusion",
    "Occlusion: how much the probability of the lane's answer falls when a small patch without ink covers the place. Green: covering it hurts; violet: it helps.",
  ],
  gradient_times_input: [
    "gradient × input",
    "Gradient × input: the slope of the answer's logit at each pixel, times the pixel. Green speaks for the answer, violet against; it is a slope right here, not the effect of taking the pixel away.",
  ],
  weights: [
    "weight images",
    "The weights themselves: one image per digit. Green pixels speak for the digit, violet ones against, hatched ones are exactly zero and never matter.",
  ],
};
const MAP = 152;
const IMAGE = 88;
const FEATURE = 40;

/** @implements {Part} */
export class Sees {
  /** One for each lane. @type {Found[]} */
  found = [];
  /** The image drawn last, should its shelf be turned. @type {Pixels} */
  pixels = [];

  /** @param {PartOptions} options */
  constructor({ key, data, chosen, refresh, draw }) {
    const linear = data.model === "linear";
    this.chosen = chosen;
    this.linear = linear;
    /** @type {Kind} */
    this.kind = linear ? "weights" : "occlusion";
    const kinds = /** @type {Kind[]} */ (Object.keys(KINDS)).filter((kind) => linear || kind !== "weights");
    const choice = segmented({
      group: `${key}-map`,
      label: "Kind of map",
      value: this.kind,
      options: kinds.map((kind) => [kind, KINDS[kind][0]]),
      onChange: (kind) => {
        this.kind = /** @type {Kind} */ (kind);
        refresh();
      },
    });
    /** @param {{ index: number }} image */
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
      "div",
      {},
      el("div", { class: "ins-bar" }, el("span", { class: "ins-label" }, "Which pixels matter, by"), choice),
      this.words,
      this.shelf.node,
      this.body,
    );
  }

  /** @param {Context} context @param {() => boolean} over */
  async load(context, over) {
    const { kind, linear } = this;
    await this.shelf.load(context);
    /** @type {Found[]} */
    const found = [];
    for (const { index } of context.lanes) {
      const map = await context.ask("input_map", {
        lane: index,
        kind,
        ...(kind === "weights" ? {} : this.chosen),
      });
      const maps = linear
        ? { layers: {} }
        : await context.ask("feature_maps", { lane: index, ...this.chosen });
      if (over()) return;
      found.push({ map, features: featuresOf(maps.layers) });
    }
    this.found = found;
  }

  /** @param {{ look: Look, data: InsideData & CommonData }} model */
  draw({ look, data }) {
    setText(this.words, KINDS[this.kind][1]);
    this.shelf.draw(look, this.chosen.indices?.[0]);
    if (!this.found.length) return;
    this.pixels = this.chosen.images?.[0].flat() ?? this.shelf.at(this.chosen.indices?.[0])?.pixels
      ?? this.pixels;
    const limit = Math.max(
      1e-12,
      ...this.found.map(({ map }) => largest(map.kind === "weights" ? map.maps : map.map)),
    );
    const colours = { look, limit, pixels: this.pixels };
    this.body.replaceChildren(...this.found.map((found, i) => {
      const lane = data.lanes[i];
      const saving = new Saving(
        new SavedCanvas({
          empty: () => false,
          draw: (canvas, paper) =>
            drawTiles(canvas, tilesOf(found, lane, i, { ...colours, look: paper }), paper),
        }),
      );
      const sentence = `${laneName(lane, i)}. ${KINDS[found.map.kind][1]}`;
      saving.draw({ name: `looks_at_lane_${i}`, palettes: data.palettes, sentence });
      const node = laneOf(found, lane, i, colours);
      node.append(saving.node);
      return node;
    }));
  }
}

/**
 * A lane's maps with their words, to be drawn on one canvas.
 * @param {Found} found
 * @param {Lane} lane
 * @param {number} i
 * @param {Colours} colours
 */
function tilesOf(found, lane, i, colours) {
  return [...laneOf(found, lane, i, colours).querySelectorAll("figure")].flatMap((figure) => {
    const canvas = figure.querySelector("canvas");
    return canvas ? [{ canvas, words: figure.querySelector("figcaption")?.textContent ?? "" }] : [];
  });
}

/** @param {Found} found @param {Lane} lane @param {number} i @param {Colours} colours */
function laneOf({ map, features }, lane, i, colours) {
  const maps = map.kind === "weights"
    ? weightImages(map, colours)
    : [theImage(colours), oneMap(map, laneName(lane, i), colours)];
  return el(
    "section",
    { class: "ins-sees", "data-lane": i },
    laneHead(lane, i),
    el("div", { class: "ins-maps" }, ...maps),
    el(
      "div",
      { class: "ins-maps" },
      ...Object.entries(features).map(([name, each]) => featureRow(name, each, colours.look)),
    ),
  );
}

/** @param {Record<string, Packed>} layers @returns {Record<string, Features>} */
function featuresOf(layers) {
  return Object.fromEntries(
    Object.entries(layers).map(([name, layer]) => {
      const [, height, width] = layer.shape;
      return [name, { side: width, maps: parts(unpacked(layer), height * width), most: 255 * layer.scale }];
    }),
  );
}

/** @param {Colours} colours */
function theImage({ pixels, look }) {
  const canvas = el("canvas", { role: "img", "aria-label": "The image" });
  drawImage(canvas, pixels, IMAGE, look);
  return el("figure", { class: "ins-map" }, el("figcaption", { class: "ins-caption" }, "The image"), canvas);
}

/** @param {ImageMap} map @param {string} name @param {Colours} colours */
function oneMap({ map, label }, name, colours) {
  const canvas = el("canvas", {
    role: "img",
    "aria-label": `${name}: which pixels matter to the answer ${label}`,
  });
  drawMap(canvas, map, MAP, colours);
  return el(
    "figure",
    { class: "ins-map" },
    el(
      "figcaption",
      { class: "ins-caption" },
      `Answer ${label}; strongest place ${significant(largest(map))}`,
    ),
    canvas,
  );
}

/** @param {WeightImages} maps @param {Colours} colours */
function weightImages({ maps }, colours) {
  return maps.map((image, label) => {
    const zero = image.flat(2).filter((w) => w === 0).length;
    const canvas = el("canvas", {
      role: "img",
      "aria-label": `Weights of ${label}: ${zero} of ${image.flat(2).length} exactly zero`,
    });
    drawMap(canvas, image[0], 88, { ...colours, hatched: true });
    return el(
      "figure",
      { class: "ins-map" },
      canvas,
      el("figcaption", { class: "ins-caption" }, `${label}: ${zero} zeros`),
    );
  });
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Rows} rows
 * @param {number} px
 * @param {{ look: Look, limit: number, hatched?: boolean }} how
 */
function drawMap(canvas, rows, px, { look, limit, hatched }) {
  const cell = Math.max(1, Math.floor(px / rows.length));
  const pen = sized(canvas, cell * rows.length, cell * rows.length);
  rows.forEach((row, y) =>
    row.forEach((value, x) => {
      if (value === 0 && hatched) {
        hatch(pen, x * cell, y * cell, cell, look);
        return;
      }
      pen.fillStyle = mix(
        look.neutral,
        value < 0 ? look.negative : look.positive,
        Math.min(1, Math.abs(value) / limit) ** 0.7,
      );
      pen.fillRect(x * cell, y * cell, cell, cell);
    })
  );
}

/**
 * Filters that see nothing at all are hatched.
 * @param {string} name
 * @param {Features} features
 * @param {Look} look
 */
function featureRow(name, { side, maps, most }, look) {
  const silent = maps.filter((map) => map.every((value) => value === 0)).length;
  const canvas = el("canvas", {
    role: "img",
    "aria-label": `Feature maps of ${name}: ${silent} of ${maps.length} are empty`,
  });
  const columns = maps.length > 32 ? 16 : 8;
  const cell = Math.max(1, Math.floor((8 * FEATURE) / columns / side));
  const px = cell * side;
  const pen = sized(canvas, columns * (px + 3), Math.ceil(maps.length / columns) * (px + 3));
  maps.forEach((map, i) =>
    drawFeature(pen, map, {
      left: (i % columns) * (px + 3),
      top: Math.floor(i / columns) * (px + 3),
      cell,
      side,
      most,
      look,
    })
  );
  return el(
    "figure",
    { class: "ins-map" },
    el(
      "figcaption",
      { class: "ins-caption" },
      `Feature maps of ${name}: ${silent} of ${maps.length} see nothing here`,
    ),
    canvas,
  );
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Float32Array} map
 * @param {{ left: number, top: number, cell: number, side: number, most: number, look: Look }} place
 */
function drawFeature(pen, map, { left, top, cell, side, most, look }) {
  if (map.every((value) => value === 0)) {
    hatch(pen, left, top, cell * side, look);
    return;
  }
  map.forEach((value, i) => {
    pen.fillStyle = mix(look.surface, look.ink, Math.min(1, value / most) ** 0.7);
    pen.fillRect(left + (i % side) * cell, top + Math.floor(i / side) * cell, cell, cell);
  });
}

/** @param {Rows | Rows[][]} values @returns {number} */
function largest(values) {
  return values.flat(3).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
