/* One card per layer: penalised or not, how many weights, how many exactly zero, silent units. */

import { el, setAttribute, setText } from "../shared/dom.js";
import { count, percent } from "../shared/format.js";

const UNITS = {
  conv1: "filters silent", conv2: "filters silent", bn1: "channels off", bn2: "channels off",
  fc1: "units silent", fc2: "units silent",
};

export class Cards {
  /** `onToggle(name)` is called when an operable switch is used. */
  constructor({ onToggle }) {
    this.onToggle = onToggle;
    this.node = el("div", { class: "lv-cards" });
  }

  draw({ frames, history, layers, targeted, editable, at }) {
    this.#follow(layers);
    const { multipliers } = history.spec.lanes[history.yours];
    for (const [name, parts] of Object.entries(this.cards)) {
      const layer = frames.own?.layers[name];
      const on = at === null ? targeted.includes(name) : Boolean(layer?.targeted);
      drawSwitch(parts.toggle, name, { on, operable: editable && at === null });
      drawFactor(parts.factor, multipliers[name] ?? 1);
      drawNumbers(parts, name, layer);
    }
  }

  /* One card for each layer of the run's network. */
  #follow(layers) {
    if (String(layers) === this.shown) return;
    this.shown = String(layers);
    this.cards = Object.fromEntries(layers.map((name) => [name, card(name, this.onToggle)]));
    this.node.dataset.many = layers.length > 4 ? "true" : "false";
    this.node.replaceChildren(...Object.values(this.cards).map((parts) => parts.node));
  }
}

function card(name, onToggle) {
  const parts = {
    toggle: el(
      "button",
      {
        type: "button", class: "lv-switch", role: "switch", "data-layer": name, "aria-checked": "true",
        onclick: (event) => event.currentTarget.getAttribute("aria-disabled") || onToggle(name),
      },
      el("span", { class: "lv-switch-word" }, "penalised"),
      el("span", { class: "lv-switch-track", "aria-hidden": "true" }),
    ),
    factor: el("span", { class: "lv-card-factor" }),
    share: el("span", { class: "lv-card-share" }),
    zeros: el("span", { class: "lv-card-zeros" }),
    fill: el("span", { class: "lv-bar-fill" }),
    units: el("span", { class: "lv-card-units" }),
  };
  const title = el("h3", { class: "lv-card-name" }, name, parts.factor);
  const head = el("div", { class: "lv-card-head" }, title, parts.toggle);
  const numbers = el("p", { class: "lv-card-line" }, parts.share, parts.zeros);
  const bar = el("span", { class: "lv-bar", "aria-hidden": "true" }, parts.fill);
  parts.node = el(
    "article", { class: "lv-card", "data-card": name }, head, numbers, bar,
    el("p", { class: "lv-card-line" }, parts.units),
  );
  return parts;
}

function drawSwitch(toggle, name, { on, operable }) {
  setAttribute(toggle, "aria-checked", on ? "true" : "false");
  setAttribute(toggle, "aria-label", `${name} penalised`);
  setAttribute(toggle, "aria-disabled", operable ? null : "true");
  setText(toggle.firstChild, on ? "penalised" : "free");
}

/* What λ is multiplied by in this layer, where that is not 1. */
function drawFactor(node, factor) {
  setText(node, factor === 1 ? "" : ` λ\u00a0×\u00a0${factor}`);
}

function drawNumbers({ share, zeros, fill, units }, name, layer) {
  const part = layer ? layer.zeros / layer.weights : 0;
  setText(share, layer ? percent(part) : "–");
  setText(zeros, layer ? `${count(layer.zeros)} of ${count(layer.weights)} are 0` : "exact zeros");
  setText(units, layer ? `${layer.dead} of ${layer.units} ${UNITS[name]}` : `${UNITS[name]}: –`);
  fill.style.transform = `scaleX(${part})`;
}
