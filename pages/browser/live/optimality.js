/* How near the optimum the reader's lane is: one line of numbers, each explained when pointed at. */

/** @import { Model, Optimality, Point } from "./types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { count, percent, significant } from "../shared/format.js";
import { ended } from "./status.js";

const FRESH = 20; // updates, where an epoch has fewer
const NOT_YET = "Optimality: looked at when there is time, and when you pause.";
const NEVER =
  "Optimality: not known here. No look at all training images was over within an epoch before this step, "
  + "at this λ: with many images, or beside busy others, one takes longer than a run waits at its end.";

const LEAD =
  "At an optimum the gradient of the data loss and λ balance on every weight that is not zero, and on "
  + "a zero the gradient is at most λ. The numbers say how much is missing.";

/** @typedef {{ title: string, text: (found: Optimality) => string | null }} Part what it means; null: none */

/** The numbers on the line, in this order. @type {Part[]} */
const NUMBERS = [
  {
    title:
      "The weight that is furthest from optimal: by how much λ and its gradient miss each other. While that is "
      + "many times λ, the data still move it and training is far from done. 0 is an optimum, but a network of nothing but zeros shows 0 too: look at the accuracy as well.",
    text: (o) => `worst weight ${multiple(o.kkt_max)} off`,
  },
  {
    title: "The same, mean over all penalised weights.",
    text: (o) => `mean ${multiple(o.kkt_mean)}`,
  },
  {
    title: "How far the gradient of one batch typically is from that of all training images: far above λ, "
      + "weights near zero come and go by chance. None where every update takes all images.",
    text: (
      o,
    ) => (o.noise === 0
      ? "no gradient noise"
      : `gradient noise ${significant(o.noise, 2)} (${significant(o.noise / o.strength, 2)} × λ)`),
  },
  {
    title: "Duality gap: your total loss is at most this much above the least that is possible.",
    text: (o) => (o.gap === null ? null : `gap ${significant(o.gap, 2)}`),
  },
  {
    title: "From this λ on, every penalised weight is zero at the optimum.",
    text: (o) => (o.strength_max === null ? null : `λ_max ${significant(o.strength_max)}`),
  },
];

/**
 * What is below λ in per cent of it, the rest as a multiple.
 * @param {number} value
 * @returns {string}
 */
export function multiple(value) {
  return value < 1 ? `${percent(value)} of λ` : `${significant(value)} × λ`;
}

/**
 * What was found of a moment's lane, unless λ has changed since or it is more than an epoch old.
 * @param {Point | null | undefined} point
 * @returns {Optimality | null}
 */
export function fresh(point) {
  const found = point?.optimality;
  if (!found || Math.abs(found.strength - point.strength) > 1e-3 * point.strength) return null;
  const updates = point.step - found.step;
  return updates <= Math.max(FRESH, point.step / point.epoch) ? found : null;
}

export class OptimalityLine {
  constructor() {
    this.lead = el("span", { class: "lv-optimal-part", title: LEAD }, "Optimality:");
    this.parts = NUMBERS.map(({ title }) => el("span", { class: "lv-optimal-part", title }));
    this.node = el(
      "p",
      { class: "lv-optimal", "data-testid": "optimality" },
      this.lead,
      ...this.parts,
    );
  }

  /** @param {Model} model */
  draw({ history, now, unjudged }) {
    const found = unjudged ? null : fresh(now.own);
    const idle = !now.own || !(now.own.strength > 0) || history.spec.lanes[history.yours].penalty === "none";
    setText(
      this.lead,
      found
        ? `Optimality at step ${count(found.step)} (0 off: pulls balance):`
        : idle
        ? ""
        : unjudged || (ended(history.status.state) ? NEVER : NOT_YET),
    );
    for (const [i, part] of this.parts.entries()) {
      const text = found ? NUMBERS[i].text(found) : null;
      setText(part, text ?? "");
      setAttribute(part, "hidden", text === null ? true : null);
    }
  }
}
