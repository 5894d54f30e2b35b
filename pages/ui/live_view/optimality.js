/* How near the optimum the reader's lane is: one line of numbers, each explained when pointed at. */

import { el, setAttribute, setText } from "../shared/dom.js";
import { count, percent, significant } from "../shared/format.js";

const NOT_YET = "Optimality: looked at when there is time, and when you pause.";

/** For each number: its name on the line, what it says, and its value; null where there is none. */
const NUMBERS = {
  worst: {
    title: "The weight that is furthest from optimal: by how much λ and its gradient miss each other. 0 is an "
      + "optimum, but a network of nothing but zeros shows 0 too: look at the accuracy as well.",
    text: (o) => `worst weight ${multiple(o.kkt_max)} off`,
  },
  mean: {
    title: "The same, mean over all penalised weights.",
    text: (o) => `mean ${multiple(o.kkt_mean)}`,
  },
  noise: {
    title: "How far the gradient of one batch typically is from that of all training images: far above λ, "
      + "weights near zero come and go by chance. None where every update takes all images.",
    text: (o) => (o.noise === 0 ? "no gradient noise"
      : `gradient noise ${significant(o.noise, 2)} (${significant(o.noise / o.strength, 2)} × λ)`),
  },
  gap: {
    title: "Duality gap: your total loss is at most this much above the least that is possible.",
    text: (o) => (o.gap === null ? null : `gap ${significant(o.gap, 2)}`),
  },
  strength_max: {
    title: "From this λ on, every penalised weight is zero at the optimum.",
    text: (o) => (o.strength_max === null ? null : `λ_max ${significant(o.strength_max)}`),
  },
};

/** What is below λ in per cent of it, the rest as a multiple. */
export function multiple(value) {
  return value < 1 ? `${percent(value)} of λ` : `${significant(value)} × λ`;
}

export class OptimalityLine {
  constructor() {
    this.lead = el("span", {}, "Optimality:");
    this.parts = Object.fromEntries(
      Object.entries(NUMBERS).map(([name, { title }]) => [name, el("span", { class: "lv-optimal-part", title })]),
    );
    this.node = el(
      "p", { class: "lv-optimal", "data-testid": "optimality" }, this.lead, ...Object.values(this.parts),
    );
  }

  draw({ history, now }) {
    const found = now.own?.optimality;
    const idle = !now.own || !(now.own.strength > 0) || history.spec.lanes[history.yours].penalty === "none";
    setText(this.lead, found ? `Optimality at step ${count(found.step)}:` : idle ? "" : NOT_YET);
    for (const [name, part] of Object.entries(this.parts)) {
      const text = found ? NUMBERS[name].text(found) : null;
      setText(part, text ?? "");
      setAttribute(part, "hidden", text === null ? true : null);
    }
  }
}
