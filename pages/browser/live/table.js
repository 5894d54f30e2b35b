/* The same numbers as a table: both lanes at the moment shown. */

/** @import { Loss, Part } from "./score.js" */
/** @import { Both, Frame, Model, Point } from "./types.d.ts" */

import { el } from "../shared/dom.js";
import { count, moment, percent, significant, strength } from "../shared/format.js";
import { kindsText } from "../shared/zeros.js";
import { fresh, multiple } from "./optimality.js";
import { lossOf } from "./score.js";

/**
 * A row: its name, and what it says of the λ = 0 lane and of the reader's.
 * @typedef {[string, string, string]} Row
 */

export class NumbersTable {
  /** @param {{ onOpen: () => void }} parts */
  constructor({ onOpen }) {
    this.caption = el("caption");
    this.body = el("tbody");
    this.head = el(
      "tr",
      {},
      ...["quantity", "λ = 0", "yours"].map((text) => el("th", { scope: "col" }, text)),
    );
    const table = el("table", { class: "sl-table" }, this.caption, el("thead", {}, this.head), this.body);
    this.node = el(
      "details",
      { class: "sl-numbers", ontoggle: onOpen },
      el("summary", {}, "The numbers as a table"),
      el(
        "div",
        { class: "sl-table-room", tabindex: "0", role: "region", "aria-label": "The numbers" },
        table,
      ),
    );
  }

  /** @param {Model} model */
  draw({ history, layers, words, now, frames, ui, epsilons, unjudged }) {
    if (!this.node.open) return;
    this.caption.textContent = now.own ? `Both lanes at ${moment(now.own)}` : "Both lanes, once a run starts";
    const rows = [
      ...losses(now, words.penalty, lossOf(history.spec)),
      ...(unjudged ? [] : optimality(now)),
      ...layers.flatMap((name) => layerRows(name, frames, { chosen: ui.epsilon, epsilons })),
    ];
    this.body.replaceChildren(...rows.map(([name, other, own]) => row(name, other, own)));
  }
}

/** @param {string} name @param {string} other @param {string} own */
function row(name, other, own) {
  return el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, other), el("td", {}, own));
}

/**
 * What writes one row about both lanes.
 * @template Each
 * @param {Each | null | undefined} own
 * @param {Each | null | undefined} other
 * @returns {(text: string, of: (each: Each) => string) => Row}
 */
function about(own, other) {
  return (text, of) => [text, other ? of(other) : "–", own ? of(own) : "–"];
}

/** @param {Both<Point>} now @param {string} symbol @param {Loss} loss */
function losses({ own, other }, symbol, { name, unit, score }) {
  const both = about(own, other);
  /** @param {string} words @param {Part} part */
  const scored = (words, part) =>
    both(`${words} ${score.title.toLowerCase()}`, (p) => score.write(score.of(p, part)));
  return [
    both(`total loss (${unit})`, (p) => significant(p.total)),
    both(`data loss: ${name} (${unit})`, (p) => significant(p.data_loss)),
    both(`penalty λ·${symbol}`, (p) => significant(p.penalty)),
    both("λ in force", (p) => strength(p.strength)),
    about(own, null)(`${symbol} of penalised layers`, (p) => significant(p.norm, 4)),
    scored("validation", "valid"),
    scored("test", "test"),
    scored("training", "train"),
  ];
}

/** @param {Both<Point>} now */
function optimality({ own, other }) {
  const both = about(fresh(own), fresh(other));
  return [
    both("optimality looked at, at step", (o) => count(o.step)),
    both("KKT residual, worst weight", (o) => multiple(o.kkt_max)),
    both("KKT residual, mean", (o) => multiple(o.kkt_mean)),
    both("gradient noise of a batch", (o) => significant(o.noise)),
    both("duality gap (nats)", (o) => significant(o.gap)),
    both("λ_max", (o) => significant(o.strength_max)),
  ];
}

/** @param {string} name @param {Both<Frame>} frames @param {{ chosen: number, epsilons: number[] }} bound */
function layerRows(name, { own, other }, { chosen, epsilons }) {
  const both = about(own?.layers[name], other?.layers[name]);
  return [
    both(`${name}: weights`, (l) => count(l.weights)),
    both(`${name}: Σ|w|`, (l) => significant(l.norm, 4)),
    both(`${name}: exactly zero`, (l) => `${count(l.zeros)} (${percent(l.zeros / l.weights)})`),
    both(`${name}: of these`, (l) => kindsText(l, l.weights) || "–"),
    both(`${name}: |w| < ${strength(epsilons[chosen])}`, (l) => percent(l.below[chosen])),
    both(`${name}: dead units`, (l) => `${l.dead} of ${l.units}`),
  ];
}
