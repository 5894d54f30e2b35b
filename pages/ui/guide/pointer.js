/* Points at one control of the page, brings it into view, and tells when the reader has moved it. */

import { el, setAttribute, setText } from "../shared/dom.js";
import { lookOf, wear } from "../shared/look.js";

const PATIENCE = 8000; // ms that a control may take to appear
const SETTLE = 3000; // ms for which pictures above it may still push it out of view
const ASK = 100; // ms between two looks for it
const HANDS = ["wheel", "touchstart", "pointerdown", "keydown"];
const SLIDER = "input[type=range], [role=slider]:not([aria-disabled=true])";
const FOCUSABLE = "input:not([disabled]), button:not([disabled]), select, textarea, a[href]:not([href^='#']), [tabindex='0']";

export class Pointer {
  constructor(parent) {
    this.ring = el("style");
    this.button = el("button", { type: "button", class: "guide-show", onclick: () => this.#show() }, "Show me");
    this.said = el("span", { class: "lv-hidden", role: "status" });
    this.root = el("div", { class: "lv guide", "data-testid": "guide" }, this.ring, this.button, this.said);
    parent.append(this.root);
    this.heard = (event) => this.#heard(event);
    document.addEventListener("input", this.heard, true);
    this.taken = () => clearTimeout(this.later);
    for (const kind of HANDS) document.addEventListener(kind, this.taken, { capture: true, passive: true });
  }

  update({ data, setTriggerValue }) {
    const isNew = data.stop !== this.data?.stop;
    Object.assign(this, { data, tell: setTriggerValue });
    wear(this.root, lookOf(this.root, data.palettes));
    const key = `.st-key-${CSS.escape(data.control)}`;
    const colour = getComputedStyle(this.root).getPropertyValue("--lv-data-loss");
    setText(this.ring, data.done ? "" : `
      ${key} { outline: 3px solid ${colour}; outline-offset: 5px; border-radius: 8px; scroll-margin: 12rem 0 6rem; }
      @media print { ${key} { outline: none; } }`);
    setAttribute(this.button, "hidden", data.done);
    setText(this.said, data.said);
    if (isNew) this.#bringIntoView(performance.now() + PATIENCE, SETTLE);
  }

  close() {
    clearTimeout(this.later);
    document.removeEventListener("input", this.heard, true);
    for (const kind of HANDS) document.removeEventListener(kind, this.taken, { capture: true });
    this.root.remove();
  }

  get control() {
    return document.querySelector(`.st-key-${CSS.escape(this.data.control)}`);
  }

  #heard(event) {
    if (this.data.done || !this.control?.contains(event.target)) return;
    // A picture says where its slider is once it has drawn itself.
    requestAnimationFrame(() => requestAnimationFrame(() => this.#reached() && this.tell("moved", this.data.stop)));
  }

  /** Whether the control's value is where the stop wants it. */
  #reached() {
    const { goal, done } = this.data;
    if (done || !goal) return !done;
    const label = this.control?.querySelector("[data-testid=figure]")?.dataset.frame ?? "";
    const value = Number(label.replace("−", "-").match(/-?[\d.]+/)?.[0]);
    return goal[0] <= value && value <= goal[1];
  }

  /** Until it is there and stays in view, or the reader moves the page. */
  #bringIntoView(until, settle) {
    const { control } = this;
    clearTimeout(this.later);
    if (control) reveal(control);
    const left = control ? settle - ASK : settle;
    if (left <= 0 || (!control && performance.now() > until)) return;
    this.later = setTimeout(() => this.#bringIntoView(until, left), ASK);
  }

  /** For the keyboard: there, and ready to be operated. */
  #show() {
    const { control } = this;
    if (!control) return;
    reveal(control);
    // A button with a tooltip is there twice, once for phones: one of the two is not shown.
    const shown = [...control.querySelectorAll(FOCUSABLE)].find((node) => node.checkVisibility());
    (control.querySelector(SLIDER) ?? shown)?.focus({ preventScroll: true });
  }
}

function reveal(control) {
  const { top, bottom, left, right, height } = control.getBoundingClientRect();
  const strip = document.querySelector(".st-key-guide_strip")?.getBoundingClientRect().bottom ?? 0;
  const above = top > strip && bottom < window.innerHeight;
  // On a phone some buttons stand in a row that moves sideways.
  if (above && left >= 0 && right <= window.innerWidth) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const block = above ? "nearest" : height < window.innerHeight * 0.6 ? "center" : "start";
  control.scrollIntoView({ block, inline: "center", behavior: calm ? "auto" : "smooth" });
}
