/* total = data loss + λ × R(w), as in Σ|w|, with the numbers of the moment under each term. */

/** @import { Lane, Model, Point } from "./types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { significant, strength } from "../shared/format.js";
import { lossOf } from "./score.js";

/**
 * @typedef {{ set: number, inForce: number, symbol: string, refits: boolean }} Strengths λ: as set, as it acts
 */

export class Formula {
  constructor() {
    this.total = new Term("total", "total");
    this.data = new Term("data", "cross-entropy");
    this.lambda = new Term("lambda", "λ");
    this.norm = new Term("norm", "Σ|w|");
    const [total, data, lambda, norm] = [this.total, this.data, this.lambda, this.norm].map(({ node }) =>
      node
    );
    this.equation = el(
      "div",
      { class: "lv-equation", "aria-hidden": "true" },
      total,
      sign("="),
      data,
      sign("+"),
      lambda,
      sign("×"),
      norm,
    );
    this.spoken = el("p", { class: "sl-hidden" });
    this.penalty = el("span", { class: "lv-penalty-value", "data-term": "penalty" });
    this.reference = el("span", { class: "lv-reference-value", "data-term": "reference" });
    this.how = el("span", { class: "lv-how" });
    this.notes = el("div", { class: "lv-formula-notes" }, this.how, this.penalty, this.reference);
    this.node = el(
      "div",
      { class: "lv-formula", "data-testid": "formula" },
      this.spoken,
      this.equation,
      this.notes,
    );
  }

  /** @param {Model} model */
  draw({ history, now, at, words }) {
    const lane = history.spec.lanes[history.yours];
    const symbol = words.penalty;
    const loss = lossOf(history.spec);
    const set = history.strengthSetAt(at);
    const inForce = now.own ? now.own.strength : set;
    this.total.draw(significant(now.own?.total));
    this.data.draw(significant(now.own?.data_loss), loss.name);
    this.lambda.draw(strength(inForce));
    this.norm.draw(significant(now.own?.norm, 4), symbol);
    // FISTA is itself the optimizer.
    const optimizer = lane.method === "fista" ? "" : `${words.optimizer} · `;
    setText(this.how, optimizer + words.method);
    const refits = isRefitting(now.own, lane, history.spec.epochs);
    setText(this.penalty, penaltyWords(now.own, { set, inForce, symbol, refits }));
    setText(this.reference, now.other ? `λ = 0 lane: total ${significant(now.other.total)}` : "");
    setText(this.spoken, spoken(now.own, { inForce, symbol, loss: loss.name }));
    setAttribute(this.node, "data-warming", inForce < set && !refits ? "true" : null);
  }
}

/* A term of the sum: its word, and its value under it. */
class Term {
  /** @param {string} key @param {string} word */
  constructor(key, word) {
    this.word = el("span", { class: "lv-word" }, word);
    this.value = el("span", { class: "lv-value" });
    this.node = el("span", { class: `lv-term lv-term-${key}`, "data-term": key }, this.word, this.value);
  }

  /** @param {string} value @param {string} [word] */
  draw(value, word) {
    setText(this.value, value);
    if (word !== undefined) setText(this.word, word);
  }
}

/** @param {string} text */
function sign(text) {
  const [small, large] = ["lv-word", "lv-value"].map((kind) => el("span", { class: kind }, text));
  return el("span", { class: "lv-sign" }, small, large);
}

/**
 * In the last share of a run the penalty may have ended: its λ of 0 is then no warm-up.
 * @param {Point | undefined} point
 * @param {Lane} lane
 * @param {number} epochs
 */
function isRefitting(point, { polish }, epochs) {
  return polish > 0 && point !== undefined && point.epoch >= (1 - polish) * epochs;
}

/** @param {Point | undefined} point @param {Strengths} strengths */
function penaltyWords(point, { set, inForce, symbol, refits }) {
  if (!point) return "";
  if (refits) return "refitting what is left, without penalty";
  const value = `λ·${symbol} = ${significant(point.penalty)}`;
  return inForce < set ? `${value}, λ warming up to ${strength(set)}` : value;
}

/** @param {Point | undefined} point @param {{ inForce: number, symbol: string, loss: string }} terms */
function spoken(point, { inForce, symbol, loss }) {
  if (!point) return `total = data loss (${loss}) + λ × ${symbol}; the numbers appear when a run starts.`;
  return `total ${significant(point.total)} = data loss (${loss}) ${significant(point.data_loss)} + λ ${
    strength(inForce)
  } `
    + `× ${symbol} ${significant(point.norm, 4)}`;
}
