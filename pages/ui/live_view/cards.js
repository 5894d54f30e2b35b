/* One card per layer: penalised or not, how many weights, how many exactly zero, silent units. */

import { el, setAttribute, setText } from "../shared/dom.js";
import { LAYER_WORDS, count, percent } from "./format.js";

const UNITS = { conv1: "filters", conv2: "filters", fc1: "units", fc2: "units" };

export class Cards {
  /** `onToggle(name)` is called when an operable switch is used. */
  constructor({ onToggle }) {
    this.cards = Object.fromEntries(Object.keys(LAYER_WORDS).map((name) => [name, card(name, onToggle)]));
    this.node = el("div", { class: "lv-cards" }, ...Object.values(this.cards).map((parts) => parts.node));
  }

  draw({ frames, targeted, editable, at }) {
    for (const [name, parts] of Object.entries(this.cards)) {
      const layer = frames.own?.layers[name];
      const on = at === null ? targeted.includes(name) : Boolean(layer?.targeted);
      drawSwitch(parts.toggle, name, { on, operable: editable && at === null });
      drawNumbers(parts, name, layer);
    }
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
    share: el("span", { class: "lv-card-share" }),
    zeros: el("span", { class: "lv-card-zeros" }),
    fill: el("span", { class: "lv-bar-fill" }),
    units: el("span", { class: "lv-card-units" }),
  };
  const head = el("div", { class: "lv-card-head" }, el("h3", { class: "lv-card-name" }, name), parts.toggle);
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

function drawNumbers({ share, zeros, fill, units }, name, layer) {
  const part = layer ? layer.zeros / layer.weights : 0;
  setText(share, layer ? percent(part) : "–");
  setText(zeros, layer ? `${count(layer.zeros)} of ${count(layer.weights)} are 0` : "exact zeros");
  setText(units, layer ? `${layer.dead} of ${layer.units} ${UNITS[name]} silent` : `${UNITS[name]} silent: –`);
  fill.style.transform = `scaleX(${part})`;
}
