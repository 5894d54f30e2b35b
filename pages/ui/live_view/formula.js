/* total = data loss + λ × R(w), as in Σ|w|, with the numbers of the moment under each term. */

import { el, setAttribute, setText } from "../shared/dom.js";
import { significant, strength } from "../shared/format.js";
import { penaltySymbol } from "./objective.js";
import { lossOf } from "./score.js";

const METHODS = {
  textbook: "penalty added to the loss",
  proximal: "penalty by a proximal step",
  uniform_threshold: "one threshold for all weights (wrong on purpose)",
  clip_and_kill: "weights that cross zero are killed",
  spred: "penalty by decay of two factors",
  fista: "all images in every update",
};
const OPTIMIZERS = { sgd: "SGD", adam: "Adam" };

const TERMS = [
  ["total", "total"],
  ["=", null],
  ["data", "cross-entropy"],
  ["+", null],
  ["lambda", "λ"],
  ["×", null],
  ["norm", "Σ|w|"],
];

export class Formula {
  constructor() {
    this.values = {};
    this.words = {};
    const parts = TERMS.map(([key, word]) => (word ? this.#term(key, word) : sign(key)));
    this.equation = el("div", { class: "lv-equation", "aria-hidden": "true" }, ...parts);
    this.spoken = el("p", { class: "lv-hidden" });
    this.penalty = el("span", { class: "lv-penalty-value", "data-term": "penalty" });
    this.reference = el("span", { class: "lv-reference-value", "data-term": "reference" });
    this.how = el("span", { class: "lv-how" });
    this.notes = el("div", { class: "lv-formula-notes" }, this.how, this.penalty, this.reference);
    this.node = el("div", { class: "lv-formula", "data-testid": "formula" }, this.spoken, this.equation, this.notes);
  }

  #term(key, word) {
    this.values[key] = el("span", { class: "lv-value" });
    this.words[key] = el("span", { class: "lv-word" }, word);
    return el("span", { class: `lv-term lv-term-${key}`, "data-term": key }, this.words[key], this.values[key]);
  }

  draw({ history, now, at }) {
    const lane = history.spec.lanes[history.yours];
    const symbol = penaltySymbol(history);
    const loss = lossOf(history.spec);
    const set = history.strengthSetAt(at);
    const inForce = now.own ? now.own.strength : set;
    setText(this.words.data, loss.name);
    setText(this.words.norm, symbol);
    setText(this.values.total, significant(now.own?.total));
    setText(this.values.data, significant(now.own?.data_loss));
    setText(this.values.lambda, strength(inForce));
    setText(this.values.norm, significant(now.own?.norm, 4));
    setText(this.how, `${lane.method === "fista" ? "FISTA" : OPTIMIZERS[lane.optimizer]}, ${METHODS[lane.method]}`);
    const refits = isRefitting(now.own, lane, history.spec.epochs);
    setText(this.penalty, penaltyWords(now.own, { set, inForce, symbol, refits }));
    setText(this.reference, now.other ? `λ = 0 lane: total ${significant(now.other.total)}` : "");
    setText(this.spoken, spoken(now.own, { inForce, symbol, loss }));
    setAttribute(this.node, "data-warming", now.own && inForce < set && !refits ? "true" : null);
  }
}

function sign(text) {
  const [small, large] = ["lv-word", "lv-value"].map((kind) => el("span", { class: kind }, text));
  return el("span", { class: "lv-sign" }, small, large);
}

/* In the last share of a run the penalty may have ended: its λ of 0 is then no warm-up. */
function isRefitting(point, { polish }, epochs) {
  return polish > 0 && point?.epoch >= (1 - polish) * epochs;
}

function penaltyWords(point, { set, inForce, symbol, refits }) {
  if (!point) return "";
  if (refits) return "refitting what is left, without penalty";
  const value = `λ·${symbol} = ${significant(point.penalty)}`;
  return inForce < set ? `${value}, λ warming up to ${strength(set)}` : value;
}

function spoken(point, { inForce, symbol, loss }) {
  if (!point) return `total = data loss (${loss.name}) + λ × ${symbol}; the numbers appear when a run starts.`;
  return `total ${significant(point.total)} = data loss (${loss.name}) ${significant(point.data_loss)} + λ ${strength(inForce)} `
    + `× ${symbol} ${significant(point.norm, 4)}`;
}
