/* Points at one control of the page, brings it and what is to be watched into view, and tells when it was moved. */

/** @import { Component, Tell } from "../shared/types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { lookOf, wear } from "../shared/look.js";

const PATIENCE = 8000; // ms that a control may take to appear
const SETTLE = 3000; // ms for which pictures above it may still push it out of view
const BEGINNING = 8000; // ms in which a run that was just asked for appears, with what is said above its charts
const ASK = 100; // ms between two looks for it
const GAP = 24; // px that a title keeps from the strip
const HANDS = ["wheel", "touchstart", "pointerdown", "keydown"];
const SLIDER = "input[type=range], [role=slider]:not([aria-disabled=true])";
const FOCUSABLE =
  "input:not([disabled]), button:not([disabled]), select, textarea, a[href]:not([href^='#']), [tabindex='0']";

/**
 * Where to point, as pages/ui/guided_path/strip.py sends it.
 * @typedef {object} Stop
 * @property {string} stop its name
 * @property {string} control the key of the widget
 * @property {[from: number, to: number] | null} goal where its value has to be; null: any will do
 * @property {boolean} done
 * @property {string} said once it is done
 * @property {string} watch the chart to be watched from now on, or ""
 */

export class Pointer {
  /** @type {{ data: Stop, tell: Tell } | null} */
  told = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  later;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.ring = el("style");
    this.button = el(
      "button",
      { type: "button", class: "guide-show", onclick: () => this.#show() },
      "Show me",
    );
    this.said = el("span", { class: "sl-hidden", role: "status" });
    this.root = el("div", { class: "sl guide", "data-testid": "guide" }, this.ring, this.button, this.said);
    parent.append(this.root);
    /** @param {Event} event */
    this.heard = ({ target }) => {
      if (target instanceof Node) this.#heard(target);
    };
    document.addEventListener("input", this.heard, true);
    this.taken = () => clearTimeout(this.later);
    for (const kind of HANDS) document.addEventListener(kind, this.taken, { capture: true, passive: true });
  }

  /** @param {Component<Stop>} component */
  update({ data, setTriggerValue }) {
    const isNew = data.stop !== this.told?.data.stop;
    const begins = data.watch !== "" && data.watch !== this.told?.data.watch;
    this.told = { data, tell: setTriggerValue };
    wear(this.root, lookOf(this.root, data.palettes));
    const key = `.st-key-${CSS.escape(data.control)}`;
    const colour = getComputedStyle(this.root).getPropertyValue("--sl-data-loss");
    setText(
      this.ring,
      data.done ? "" : `
      ${key} { outline: 3px solid ${colour}; outline-offset: 5px; border-radius: 8px; scroll-margin: 12rem 0 6rem; }
      h1, h2 { scroll-margin-top: 9rem !important; }
      @media print { ${key} { outline: none; } }`,
    );
    setAttribute(this.root, "data-stop", data.stop);
    setAttribute(this.button, "hidden", data.done);
    setText(this.said, data.said);
    if (isNew) this.#bringIntoView(() => shown(this.control, reveal), SETTLE);
    else if (begins) this.#bringIntoView(() => shown(panelOf(data.watch), uncover), BEGINNING);
  }

  close() {
    clearTimeout(this.later);
    document.removeEventListener("input", this.heard, true);
    for (const kind of HANDS) document.removeEventListener(kind, this.taken, { capture: true });
    this.root.remove();
  }

  get control() {
    return this.told && document.querySelector(`.st-key-${CSS.escape(this.told.data.control)}`);
  }

  /** @param {Node} target what was moved */
  #heard(target) {
    if (this.told?.data.done || !this.control?.contains(target)) return;
    // A picture says where its slider is once it has drawn itself.
    requestAnimationFrame(() => requestAnimationFrame(() => this.#tell()));
  }

  #tell() {
    if (this.told && this.#reached(this.told.data)) this.told.tell("moved", this.told.data.stop);
  }

  /**
   * Whether the control's value is where the stop wants it.
   * @param {Stop} stop
   */
  #reached({ goal, done }) {
    if (done || !goal) return !done;
    /** @type {HTMLElement | null | undefined} */
    const picture = this.control?.querySelector("[data-value]");
    const value = Number(picture?.dataset.value);
    return goal[0] <= value && value <= goal[1];
  }

  /**
   * Until it is there and stays in view, or the reader moves the page.
   * @param {() => boolean} show says whether it is there
   * @param {number} settle ms for which it may still be pushed out of view
   * @param {number} until
   */
  #bringIntoView(show, settle, until = performance.now() + PATIENCE) {
    clearTimeout(this.later);
    const there = show();
    const left = there ? settle - ASK : settle;
    if (left <= 0 || (!there && performance.now() > until)) return;
    this.later = setTimeout(() => this.#bringIntoView(show, left, until), ASK);
  }

  /** For the keyboard: there, and ready to be operated. */
  #show() {
    const { control } = this;
    if (!control) return;
    reveal(control);
    // A button with a tooltip is there twice, once for phones: one of the two is not shown.
    const shown = focusable(control, FOCUSABLE).find((node) => node.checkVisibility());
    (focusable(control, SLIDER)[0] ?? shown)?.focus({ preventScroll: true });
  }
}

/** @param {Element} place @param {string} selector @returns {HTMLElement[]} */
function focusable(place, selector) {
  return [...place.querySelectorAll(selector)].filter((node) => node instanceof HTMLElement);
}

/**
 * Whether there is anything to show.
 * @param {Element | null | undefined} node
 * @param {(node: Element) => void} show
 */
function shown(node, show) {
  if (node) show(node);
  return Boolean(node);
}

/** With the title of its section, where both fit on the screen. @param {Element} control */
function reveal(control) {
  const { bottom, left, right, height } = control.getBoundingClientRect();
  const strip = document.querySelector(".st-key-guide_strip")?.getBoundingClientRect().bottom ?? 0;
  const title = titleOf(control);
  const high = title?.getBoundingClientRect().top ?? -Infinity;
  const titled = bottom - high < innerHeight - strip - GAP;
  const top = titled ? high : control.getBoundingClientRect().top;
  // Of what is higher than the screen the beginning is enough: a jump would take the page's title away.
  const above = top > strip && (bottom < innerHeight || top < innerHeight / 2);
  // On a phone some buttons stand in a row that moves sideways.
  if (above && left >= 0 && right <= innerWidth) return;
  const block = above ? "nearest" : height < innerHeight * 0.6 ? "center" : "start";
  const behavior = behaviour();
  if (titled && title && !above) title.scrollIntoView({ block: "start", behavior });
  else control.scrollIntoView({ block, inline: "center", behavior });
}

/** A chart with its title. @param {string} name */
function panelOf(name) {
  return document.querySelector(`[data-chart="${CSS.escape(name)}"]`)?.closest("section");
}

/** Between the strip and what is fixed below it on a phone. @param {Element} panel */
function uncover(panel) {
  const { top, bottom } = panel.getBoundingClientRect();
  const strip = document.querySelector(".st-key-guide_strip")?.getBoundingClientRect().bottom ?? 0;
  const dock = document.querySelector(".st-key-train_thumb");
  const fixed = dock && getComputedStyle(dock).position === "fixed";
  if (top >= strip && bottom <= (fixed ? dock.getBoundingClientRect().top : innerHeight)) return;
  if (panel instanceof HTMLElement) panel.style.scrollMarginTop = `${strip + GAP}px`;
  panel.scrollIntoView({ block: "start", behavior: behaviour() });
}

/** As calm as the reader wants it. @returns {ScrollBehavior} */
function behaviour() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

/** The title of the section that a control stands in. @param {Element} control */
function titleOf(control) {
  const before = [...document.querySelectorAll("h1, h2")].filter((each) =>
    each.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_FOLLOWING
  );
  return before.at(-1);
}
