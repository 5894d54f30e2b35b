/* One card per layer: penalised or not, how many weights are zero and what made them so, silent units. */

/** @import { LayerState, Model } from "./types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { count, percent } from "../shared/format.js";
import { ZerosBar, ZerosLegend, ZerosLine } from "../shared/zeros.js";

/** @type {Record<string, string>} */
const UNITS = {
  conv1: "filters dead",
  conv2: "filters dead",
  bn1: "channels dead",
  bn2: "channels dead",
  fc1: "units dead",
  fc2: "units dead",
};

export class Cards {
  /** @type {Record<string, Card>} */
  cards = {};
  shown = "";

  /** @param {{ onToggle: (layer: string) => void }} parts called when an operable switch is used */
  constructor({ onToggle }) {
    this.onToggle = onToggle;
    this.row = el("div", { class: "lv-cards" });
    this.legend = new ZerosLegend();
    this.node = el("div", { class: "lv-layers" }, this.row, this.legend.node);
  }

  /** @param {Model} model */
  draw({ frames, history, layers, targeted, editable, held, at, zeros }) {
    this.#follow(layers);
    this.legend.draw(zeros);
    const { multipliers } = history.spec.lanes[history.yours];
    for (const [name, card] of Object.entries(this.cards)) {
      const layer = frames.own?.layers[name];
      const on = at === null ? targeted.includes(name) : Boolean(layer?.targeted);
      const factor = multipliers[name] ?? 1;
      card.drawSwitch({ on, pulled: on && factor !== 0, operable: editable && at === null, held });
      card.drawFactor(on ? factor : 1);
      card.drawNumbers(layer);
    }
  }

  /**
   * One card for each layer of the run's network.
   * @param {string[]} layers
   */
  #follow(layers) {
    if (String(layers) === this.shown) return;
    this.shown = String(layers);
    this.cards = Object.fromEntries(layers.map((name) => [name, new Card(name, this.onToggle)]));
    this.row.dataset.many = layers.length > 4 ? "true" : "false";
    this.row.replaceChildren(...Object.values(this.cards).map((card) => card.node));
  }
}

class Card {
  /** @param {string} name @param {(layer: string) => void} onToggle */
  constructor(name, onToggle) {
    this.name = name;
    this.word = el("span", { class: "lv-switch-word" }, "penalised");
    this.toggle = el(
      "button",
      {
        type: "button",
        class: "lv-switch",
        role: "switch",
        "data-layer": name,
        "aria-checked": "true",
        onclick: () => {
          if (!this.toggle.hasAttribute("aria-disabled")) onToggle(name);
        },
      },
      this.word,
      el("span", { class: "lv-switch-track", "aria-hidden": "true" }),
    );
    this.factor = el("span", { class: "lv-card-factor" });
    this.share = el("span", { class: "sl-card-share" });
    this.zeros = el("span", { class: "lv-card-zeros" });
    this.bar = new ZerosBar();
    this.kinds = new ZerosLine();
    this.units = el("span", { class: "lv-card-units" });
    const title = el("h3", { class: "sl-card-name" }, name, this.factor);
    this.node = el(
      "article",
      { class: "lv-card", "data-card": name },
      el("div", { class: "lv-card-head" }, title, this.toggle),
      el("p", { class: "sl-card-line" }, this.share, this.zeros),
      this.bar.node,
      this.kinds.node,
      el("p", { class: "sl-card-line" }, this.units),
    );
  }

  /**
   * @param {{ on: boolean, pulled: boolean, operable: boolean, held: string }} state `pulled`: λ is not
   *   multiplied by 0; `held`: why it is not operable
   */
  drawSwitch({ on, pulled, operable, held }) {
    setAttribute(this.toggle, "aria-checked", on ? "true" : "false");
    setAttribute(this.toggle, "aria-label", `${this.name} penalised`);
    setAttribute(this.toggle, "aria-disabled", operable ? null : "true");
    setAttribute(this.toggle, "title", held || null);
    setText(this.word, pulled ? "penalised" : "free");
  }

  /**
   * What λ is multiplied by in this layer, where that is not 1.
   * @param {number} factor
   */
  drawFactor(factor) {
    setText(this.factor, factor === 1 ? "" : ` λ\u00a0×\u00a0${factor}`);
  }

  /** @param {LayerState | undefined} layer */
  drawNumbers(layer) {
    const part = layer ? layer.zeros / layer.weights : 0;
    setText(this.share, layer ? percent(part) : "–");
    setText(this.zeros, layer ? `${count(layer.zeros)} of ${count(layer.weights)} are 0` : "exact zeros");
    const units = UNITS[this.name];
    setText(this.units, layer ? `${layer.dead} of ${layer.units} ${units}` : `${units}: –`);
    this.bar.draw(layer);
    this.kinds.draw(layer);
  }
}
