/* Exact zeros by what made them, in words and as a bar: selected by λ or by size, cut off, or idle. */

/** @import { Point } from "../live/types.d.ts" */
/** @import { ZerosWords } from "./types.d.ts" */

import { el, setAttribute, setText } from "./dom.js";
import { percent } from "./format.js";

/**
 * How many zeros there are; the kinds are missing where nobody knows them.
 * `by_size`: magnitude pruning selected them, as live/history.js notes.
 * @typedef {{ zeros: number, idle?: number | null, cut_off?: number | null, by_size?: boolean }} Zeros
 */
/** How many zeros of each kind. @typedef {{ selected: number, cut_off: number, idle: number }} Kinds */

/** @type {[kind: keyof Kinds, word: string][]} */
const WORDS = [["selected", "selected"], ["cut_off", "cut off"], ["idle", "idle"]];

/**
 * The kinds of some zeros; null where nobody knows.
 * @param {Zeros | undefined} of
 * @returns {Kinds | null}
 */
export function kindsOf(of) {
  if (typeof of?.idle !== "number" || typeof of.cut_off !== "number") return null;
  return { selected: of.zeros - of.idle - of.cut_off, cut_off: of.cut_off, idle: of.idle };
}

/**
 * The zeros of one layer at a point of the curves.
 * @param {Point & { by_size?: boolean }} point
 * @param {string} layer
 * @returns {Zeros}
 */
export function zerosAt({ zeros, idle, cut_off, by_size }, layer) {
  return { zeros: zeros[layer], idle: idle?.[layer], cut_off: cut_off?.[layer], by_size };
}

/**
 * "12 % selected, 29 % idle"; of what is not there only the selected are told; "" without zeros, and where
 * nobody knows. As `zeros_text` of core/words.py.
 * @param {Zeros | undefined} of
 * @param {number} weights
 */
export function kindsText(of, weights) {
  const kinds = kindsOf(of);
  if (!kinds || !of?.zeros) return "";
  const told = WORDS.filter(([kind]) => kind === "selected" || kinds[kind]);
  /** @param {keyof Kinds} kind */
  const how = (kind) => of.by_size && kind === "selected" ? " (by size)" : "";
  return told.map(([kind, word]) => `${percent(kinds[kind] / weights)}\u00a0${word}${how(kind)}`).join(", ");
}

/* The kinds of a layer's zeros in a short line: the marks of the legend, each with its share of the weights. */
export class ZerosLine {
  constructor() {
    this.shares = WORDS.map(([kind]) => ({ kind, node: el("span") }));
    const parts = WORDS.map(([kind, word], i) =>
      el(
        "span",
        { class: "sl-zeros-key" },
        el("i", { class: "sl-zeros-mark", "data-zeros": kind, "aria-hidden": "true" }),
        this.shares[i].node,
        el("span", { class: "sl-hidden" }, word),
      )
    );
    this.node = el("p", { class: "sl-card-line sl-zeros-keys" }, ...parts);
  }

  /** @param {Zeros & { weights: number } | undefined} of */
  draw(of) {
    const kinds = kindsOf(of);
    for (const { kind, node } of this.shares) {
      setText(node, kinds && of ? short(kinds[kind] / of.weights) : "–");
    }
  }
}

/** @param {number} share */
function short(share) {
  if (share > 0 && share < 0.001) return "<0.1\u00a0%";
  return percent(share < 0.999 ? Number(share.toPrecision(2)) : share);
}

/* How much of a layer is exactly zero: solid what was selected, striped cut off, dotted idle. */
export class ZerosBar {
  constructor() {
    /** @type {Record<string, HTMLElement>} */
    this.parts = Object.fromEntries(
      [...WORDS.map(([kind]) => kind), "unknown"].map((kind) => [kind, el("i", { "data-zeros": kind })]),
    );
    this.node = el("span", { class: "sl-bar", "aria-hidden": "true" }, ...Object.values(this.parts));
  }

  /** @param {Zeros & { weights: number } | undefined} of */
  draw(of) {
    /** @type {Record<string, number>} */
    const counts = { ...(kindsOf(of) ?? { unknown: of?.zeros ?? 0 }) };
    for (const [kind, part] of Object.entries(this.parts)) {
      part.style.width = `${(100 * (counts[kind] ?? 0)) / (of?.weights ?? 1)}%`;
    }
  }
}

/* What the parts of a bar mean, and why a weight is zero: for who points at them. */
export class ZerosLegend {
  constructor() {
    this.keys = WORDS.map(([kind, word]) => ({
      kind,
      node: el(
        "span",
        { class: "sl-zeros-key" },
        el("i", { class: "sl-zeros-mark", "data-zeros": kind }),
        word,
      ),
    }));
    this.node = el(
      "p",
      { class: "sl-card-line sl-zeros-keys" },
      "Zero:",
      ...this.keys.map(({ node }) => node),
    );
  }

  /** @param {ZerosWords} words */
  draw(words) {
    for (const { kind, node } of this.keys) setAttribute(node, "title", words[kind]);
  }
}
