/* The same numbers as a table: both lanes at the moment shown. */

import { el } from "../shared/dom.js";
import { count, moment, percent, significant, strength } from "../shared/format.js";
import { penaltySymbol } from "./objective.js";
import { multiple } from "./optimality.js";
import { lossOf } from "./score.js";

export class NumbersTable {
  constructor({ onOpen }) {
    this.caption = el("caption");
    this.body = el("tbody");
    this.head = el("tr", {}, ...["quantity", "λ = 0", "yours"].map((text) => el("th", { scope: "col" }, text)));
    const table = el("table", { class: "lv-table" }, this.caption, el("thead", {}, this.head), this.body);
    this.node = el(
      "details",
      { class: "lv-numbers", ontoggle: onOpen },
      el("summary", {}, "The numbers as a table"),
      el("div", { class: "lv-table-room", tabindex: "0", role: "region", "aria-label": "The numbers" }, table),
    );
  }

  draw({ history, layers, now, frames, ui, epsilons }) {
    if (!this.node.open) return;
    this.caption.textContent = now.own ? `Both lanes at ${moment(now.own)}` : "Both lanes, once a run starts";
    const rows = [
      ...losses(now, penaltySymbol(history), lossOf(history.spec)),
      ...layers.flatMap((name) => layerRows(name, frames, { ui, epsilons })),
    ];
    this.body.replaceChildren(...rows.map(([name, other, own]) => row(name, other, own)));
  }
}

function row(name, other, own) {
  return el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, other), el("td", {}, own));
}

function losses({ own, other }, symbol, { name, unit, score }) {
  const both = (text, of) => [text, other ? of(other) : "–", own ? of(own) : "–"];
  const scored = (words, part) => both(`${words} ${score.title.toLowerCase()}`, (p) => score.write(score.of(p, part)));
  return [
    both(`total loss (${unit})`, (p) => significant(p.total)),
    both(`data loss: ${name} (${unit})`, (p) => significant(p.data_loss)),
    both(`penalty λ·${symbol}`, (p) => significant(p.penalty)),
    both("λ in force", (p) => strength(p.strength)),
    both(`${symbol} of penalised layers`, (p) => significant(p.norm, 4)),
    scored("test", "test"),
    scored("training", "train"),
    ...optimality(own?.optimality, other?.optimality),
  ];
}

function optimality(own, other) {
  const both = (name, of) => [name, other ? of(other) : "–", own ? of(own) : "–"];
  return [
    both("optimality looked at, at step", (o) => count(o.step)),
    both("KKT residual, worst weight", (o) => multiple(o.kkt_max)),
    both("KKT residual, mean", (o) => multiple(o.kkt_mean)),
    both("gradient noise of a batch", (o) => significant(o.noise)),
    both("duality gap (nats)", (o) => significant(o.gap)),
    both("λ_max", (o) => significant(o.strength_max)),
  ];
}

function layerRows(name, { own, other }, { ui, epsilons }) {
  const both = (text, of) => [
    `${name}: ${text}`, other ? of(other.layers[name]) : "–", own ? of(own.layers[name]) : "–",
  ];
  return [
    both("weights", (l) => count(l.weights)),
    both("exactly zero", (l) => `${count(l.zeros)} (${percent(l.zeros / l.weights)})`),
    both(`|w| < ${strength(epsilons[ui.epsilon])}`, (l) => percent(l.below[ui.epsilon])),
    both("silent units", (l) => `${l.dead} of ${l.units}`),
  ];
}
