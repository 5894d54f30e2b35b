/* Symbols in a row; each tells what it means on hover, focus or tap, until Escape. */

import { el, setText } from "../shared/dom.js";
import { lookOf, wear } from "../shared/look.js";

const EDGE = 8; // px between a note and the edge of the screen

export class Terms {
  constructor(parent, key) {
    this.key = key;
    this.list = el("ul", { class: "glossary-terms" });
    this.root = el(
      "div", { class: "lv glossary", "data-testid": "glossary" },
      el("span", { class: "glossary-label", id: `${key}-label` }, "Symbols"), this.list,
    );
    this.list.setAttribute("aria-labelledby", `${key}-label`);
    parent.append(this.root);
    this.escape = (event) => event.key === "Escape" && this.#open(null);
    document.addEventListener("keydown", this.escape);
  }

  update({ data }) {
    wear(this.root, lookOf(this.root, data.palettes));
    const names = data.terms.map(({ term }) => term).join();
    if (names !== this.names) this.#build(data.terms);
    this.names = names;
    data.terms.forEach(({ text, now }, i) => {
      setText(this.notes[i].firstChild, text);
      setText(this.notes[i].lastChild, now && ` On Train live: ${now}.`);
    });
  }

  close() {
    document.removeEventListener("keydown", this.escape);
    this.root.remove();
  }

  #build(terms) {
    this.notes = terms.map((_, i) =>
      el("span", { class: "glossary-note", role: "tooltip", id: `${this.key}-${i}` }, el("span"), el("b")));
    this.list.replaceChildren(...terms.map(({ term }, i) => this.#item(term, this.notes[i])));
  }

  #item(term, note) {
    const button = el("button", { type: "button", class: "glossary-term", "aria-describedby": note.id }, term);
    const item = el("li", {}, button, note);
    item.addEventListener("pointerenter", () => this.#open(item));
    item.addEventListener("pointerleave", () => this.#open(null));
    button.addEventListener("focus", () => this.#open(item));
    button.addEventListener("blur", () => this.#open(null));
    button.addEventListener("click", () => this.#open(item));
    return item;
  }

  #open(item) {
    for (const each of this.list.children) each.toggleAttribute("data-open", each === item);
    if (item) keepOnScreen(item.lastChild);
  }
}

function keepOnScreen(note) {
  note.style.left = "0";
  const { left, right } = note.getBoundingClientRect();
  const shift = Math.min(0, document.documentElement.clientWidth - EDGE - right);
  note.style.left = `${Math.max(shift, EDGE - left)}px`;
}
