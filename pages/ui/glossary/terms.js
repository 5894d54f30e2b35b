/* What symbols mean and are: in a row, each on hover, focus or tap; in formulas under the pointer; until Escape. */

import { el, setText } from "../shared/dom.js";
import { lookOf, wear } from "../shared/look.js";

const EDGE = 8; // px between a note and the edge of the screen
const AS_DRAWN = { "∑": "Σ|w|" }; // how KaTeX draws a term
const LABEL = /^(\S+) = (.+)$/; // of a frame of a picture: the symbol its slider moves, and its value

export class Terms {
  constructor(parent, key) {
    this.key = key;
    this.list = el("ul", { class: "glossary-terms" });
    this.hover = el("div", { class: "glossary-note glossary-hover", role: "tooltip" });
    this.root = el(
      "div", { class: "lv glossary", "data-testid": "glossary" },
      el("span", { class: "glossary-label", id: `${key}-label` }, "Symbols"), this.list, this.hover,
    );
    this.list.setAttribute("aria-labelledby", `${key}-label`);
    parent.append(this.root);
    this.escape = (event) => event.key === "Escape" && this.#open(null);
    this.over = (event) => this.#over(event.target);
    document.addEventListener("keydown", this.escape);
    document.addEventListener("pointerover", this.over);
  }

  update({ data }) {
    wear(this.root, lookOf(this.root, data.palettes));
    this.terms = new Map(data.terms.map((each) => [each.term, each]));
    const names = data.terms.filter(({ here }) => here).map(({ term }) => term);
    if (names.join() !== this.names) this.#build(names);
    this.names = names.join();
    for (const [term, note] of this.notes) this.#fill(note, term, document);
  }

  close() {
    document.removeEventListener("keydown", this.escape);
    document.removeEventListener("pointerover", this.over);
    this.root.remove();
  }

  #build(names) {
    this.notes = new Map(names.map((term, i) =>
      [term, el("span", { class: "glossary-note", role: "tooltip", id: `${this.key}-${i}` })]));
    this.list.replaceChildren(...names.map((term) => this.#item(term, this.notes.get(term))));
  }

  #item(term, note) {
    const button = el("button", { type: "button", class: "glossary-term", "aria-describedby": note.id }, term);
    const item = el("li", {}, button, note);
    const open = () => this.#open(item, term);
    item.addEventListener("pointerenter", open);
    item.addEventListener("pointerleave", () => this.#open(null));
    button.addEventListener("focus", open);
    button.addEventListener("blur", () => this.#open(null));
    button.addEventListener("click", open);
    return item;
  }

  #open(item, term) {
    this.hover.toggleAttribute("data-open", false);
    for (const each of this.list.children) each.toggleAttribute("data-open", each === item);
    if (!item) return;
    this.#fill(item.lastChild, term, document);
    keepOnScreen(item.lastChild);
  }

  /** A symbol in a formula shows its note, which stays while the pointer is on either. */
  #over(target) {
    const symbol = target.closest?.(".katex-html .mord, .katex-html .mop");
    const known = symbol && this.terms?.get(AS_DRAWN[symbol.textContent] ?? symbol.textContent);
    if (!known) {
      if (!this.hover.contains(target)) this.hover.toggleAttribute("data-open", false);
      return;
    }
    symbol.style.cursor = "help";
    this.#fill(this.hover, known.term, symbol.closest("[data-testid=stHorizontalBlock]") ?? document);
    this.hover.toggleAttribute("data-open", true);
    const { left, bottom } = symbol.getBoundingClientRect();
    const room = document.documentElement.clientWidth - this.hover.offsetWidth - EDGE;
    this.hover.style.left = `${Math.max(EDGE, Math.min(left, room))}px`;
    this.hover.style.top = `${bottom}px`;
  }

  /** The term, what it means, what sliders and pictures of `place` have it at, and what it is on Train live. */
  #fill(note, term, place) {
    const { text, now } = this.terms.get(term);
    const pictured = nowAt(place, term).join(", ");
    const values = [pictured && `On this page: ${pictured}.`, now && `On Train live: ${now}.`].filter(Boolean);
    setText(note, `${term}: ${text} ${values.join(" ")}`.trim());
  }
}

function nowAt(place, term) {
  const labels = [...place.querySelectorAll("[data-testid=figure]")].map(({ dataset }) => dataset.frame ?? "");
  const read = labels.map((label) => label.match(LABEL)).filter((found) => found?.[1] === term);
  return [...new Set([...onSliders(place, term), ...read.map((found) => found[2])])];
}

/* Streamlit's own sliders are named "λ, what it is". */
function onSliders(place, term) {
  const named = [...place.querySelectorAll("[data-testid=stSlider] input[type=range]")];
  const ours = named.filter((input) => input.getAttribute("aria-label")?.startsWith(`${term},`));
  return ours.map((input) => input.getAttribute("aria-valuetext"));
}

function keepOnScreen(note) {
  note.style.left = "0";
  const { left, right } = note.getBoundingClientRect();
  const shift = Math.min(0, document.documentElement.clientWidth - EDGE - right);
  note.style.left = `${Math.max(shift, EDGE - left)}px`;
}
