/* What symbols mean and are: in a row, each on hover, focus or tap; in formulas under the pointer; until Escape. */

/** @import { Component } from "../shared/types.d.ts" */

import { el, setText } from "../shared/dom.js";
import { lookOf, wear } from "../shared/look.js";

const EDGE = 8; // px between a note and the edge of the screen
/** @type {Record<string, string>} */
const AS_DRAWN = { "∑": "Σ|w|" }; // how KaTeX draws a term

/**
 * A term, as pages/ui/glossary.py sends it.
 * @typedef {object} Term
 * @property {string} term
 * @property {string} text what it means
 * @property {string} now what it is on Train live; may be empty
 * @property {boolean} here whether it stands in the row of this page
 * @property {string[]} sliders keys of the page's own sliders that move it
 */

export class Terms {
  /** @type {Map<string, Term>} */
  terms = new Map();
  /** @type {Map<string, HTMLElement>} */
  notes = new Map();
  names = "";

  /** @param {HTMLElement} parent @param {string} key */
  constructor(parent, key) {
    this.key = key;
    this.list = el("ul", { class: "glossary-terms" });
    this.hover = el("div", { class: "glossary-note glossary-hover", role: "tooltip" });
    this.root = el(
      "div",
      { class: "sl glossary", "data-testid": "glossary" },
      el("span", { class: "glossary-label", id: `${key}-label` }, "Symbols"),
      this.list,
      this.hover,
    );
    this.list.setAttribute("aria-labelledby", `${key}-label`);
    parent.append(this.root);
    /** @param {KeyboardEvent} event */
    this.escape = (event) => {
      if (event.key === "Escape") this.#open(null, null);
    };
    /** @param {PointerEvent} event */
    this.over = ({ target }) => {
      if (target instanceof Element) this.#over(target);
    };
    document.addEventListener("keydown", this.escape);
    document.addEventListener("pointerover", this.over);
  }

  /** @param {Component<{ terms: Term[] }>} component */
  update({ data }) {
    wear(this.root, lookOf(this.root, data.palettes));
    this.terms = new Map(data.terms.map((each) => [each.term, each]));
    const names = data.terms.filter(({ here }) => here).map(({ term }) => term);
    if (names.join() !== this.names) this.#build(names);
    this.names = names.join();
    for (const term of this.notes.keys()) this.#fillIn(term);
  }

  close() {
    document.removeEventListener("keydown", this.escape);
    document.removeEventListener("pointerover", this.over);
    this.root.remove();
  }

  /** @param {string[]} names */
  #build(names) {
    /** @type {(i: number) => HTMLElement} */
    const note = (i) => el("span", { class: "glossary-note", role: "tooltip", id: `${this.key}-${i}` });
    this.notes = new Map(names.map((term, i) => [term, note(i)]));
    this.list.replaceChildren(...[...this.notes].map(([term, note]) => this.#item(term, note)));
  }

  /** @param {string} term @param {HTMLElement} note */
  #item(term, note) {
    const button = el(
      "button",
      { type: "button", class: "glossary-term", "aria-describedby": note.id },
      term,
    );
    const item = el("li", {}, button, note);
    const open = () => this.#open(item, term);
    const shut = () => this.#open(null, null);
    item.addEventListener("pointerenter", open);
    item.addEventListener("pointerleave", shut);
    button.addEventListener("focus", open);
    button.addEventListener("blur", shut);
    button.addEventListener("click", open);
    return item;
  }

  /** @param {Element | null} item @param {string | null} term */
  #open(item, term) {
    this.hover.toggleAttribute("data-open", false);
    for (const each of this.list.children) each.toggleAttribute("data-open", each === item);
    const note = term === null ? null : this.#fillIn(term);
    if (note) keepOnScreen(note);
  }

  /**
   * A symbol in a formula shows its note, which stays while the pointer is on either.
   * @param {Element} target
   */
  #over(target) {
    /** @type {HTMLElement | null} */
    const symbol = target.closest(".katex-html .mord, .katex-html .mop");
    const known = symbol && this.terms.get(AS_DRAWN[symbol.textContent] ?? symbol.textContent);
    if (!symbol || !known) {
      if (!this.hover.contains(target)) this.hover.toggleAttribute("data-open", false);
      return;
    }
    symbol.style.cursor = "help";
    this.#fill(this.hover, known, symbol.closest("[data-testid=stHorizontalBlock]") ?? document);
    this.hover.toggleAttribute("data-open", true);
    const { left, top, bottom } = symbol.getBoundingClientRect();
    const below = bottom + this.hover.offsetHeight <= floor();
    const room = document.documentElement.clientWidth - this.hover.offsetWidth - EDGE;
    this.hover.style.left = `${Math.max(EDGE, Math.min(left, room))}px`;
    this.hover.style.top = `${below ? bottom : top - this.hover.offsetHeight}px`;
  }

  /**
   * Fill in the note of a term of the row.
   * @param {string} name
   */
  #fillIn(name) {
    const [note, term] = [this.notes.get(name), this.terms.get(name)];
    if (note && term) this.#fill(note, term, document);
    return note;
  }

  /**
   * The term, what it means, what sliders and pictures of `place` have it at, and what it is on Train live.
   * @param {HTMLElement} note
   * @param {Term} known
   * @param {ParentNode} place
   */
  #fill(note, known, place) {
    const { term, text, now } = known;
    const pictured = nowAt(place, known).join(", ");
    const values = [pictured && `On this page: ${pictured}.`, now && `On Train live: ${now}.`].filter(
      Boolean,
    );
    setText(note, `${term}: ${text} ${values.join(" ")}`.trim());
  }
}

/** Where what can be seen ends: on a phone λ and play stand at the bottom, over everything. */
function floor() {
  const dock = document.querySelector(".st-key-train_thumb");
  const fixed = dock && getComputedStyle(dock).position === "fixed";
  return fixed ? dock.getBoundingClientRect().top : innerHeight;
}

/**
 * What a term is in a place: on Streamlit's own sliders, and on those of pictures.
 * @param {ParentNode} place
 * @param {Term} term
 * @returns {string[]}
 */
function nowAt(place, { term, sliders }) {
  const keys = sliders.map((key) => `.st-key-${CSS.escape(key)} input[type=range]`);
  const inputs = keys.flatMap((key) => [...place.querySelectorAll(key)]);
  /** @type {NodeListOf<HTMLElement>} */
  const pictures = place.querySelectorAll(`[data-testid=figure][data-term="${CSS.escape(term)}"]`);
  const moved = inputs.map((input) => input.getAttribute("aria-valuetext") ?? "");
  return [...new Set([...moved, ...[...pictures].map(({ dataset }) => dataset.said ?? "")])];
}

/** @param {HTMLElement} note */
function keepOnScreen(note) {
  note.style.left = "0";
  note.toggleAttribute("data-above", false);
  note.toggleAttribute("data-above", note.getBoundingClientRect().bottom > floor());
  const { left, right } = note.getBoundingClientRect();
  const shift = Math.min(0, document.documentElement.clientWidth - EDGE - right);
  note.style.left = `${Math.max(shift, EDGE - left)}px`;
}
