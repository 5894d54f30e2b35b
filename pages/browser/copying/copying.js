/* A text to take along, and a button that copies it: over plain http, where a page has no clipboard, too. */

/** @import { Component } from "../shared/types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { lookOf, wear } from "../shared/look.js";

const COPY = "Copy";
const COPIED = "Copied";
const BY_HAND = "Press Ctrl+C";
/** For so long after a press a text that changes is copied again: what was typed last may be on its way. */
const STILL_MEANT = 2500; // ms
const SAID = 4000; // ms

/**
 * A text, as pages/ui/make_a_lesson/copying.py sends it.
 * @typedef {object} Copied
 * @property {string} label what it is
 * @property {string} text
 */

export class Copying {
  text = "";
  pressed = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  later;

  /** @param {HTMLElement} parent @param {string} key */
  constructor(parent, key) {
    this.label = el("label", { class: "copying-label", for: `${key}-text` });
    this.field = el("textarea", { class: "copying-text", id: `${key}-text`, readonly: true, rows: 3 });
    this.button = el(
      "button",
      { type: "button", class: "copying-button", onclick: () => this.#press() },
      COPY,
    );
    this.said = el("span", { class: "sl-hidden", role: "status" });
    this.root = el(
      "div",
      { class: "sl copying", "data-testid": "copying" },
      el("div", { class: "copying-head" }, this.label, this.button),
      this.field,
      this.said,
    );
    parent.append(this.root);
  }

  /** @param {Component<Copied>} component */
  update({ data }) {
    wear(this.root, lookOf(this.root, data.palettes));
    setText(this.label, data.label);
    setAttribute(this.button, "aria-label", `${COPY}: ${data.label}`);
    if (data.text === this.text) return;
    this.text = data.text;
    this.field.value = data.text;
    if (performance.now() - this.pressed < STILL_MEANT) this.#copy();
    else this.#say("");
  }

  close() {
    clearTimeout(this.later);
    this.root.remove();
  }

  #press() {
    this.pressed = performance.now();
    this.#copy();
  }

  async #copy() {
    const done = await copied(this.field);
    this.#say(done ? COPIED : BY_HAND);
    // What is selected is copied by the keys, which work everywhere.
    if (done) this.button.focus();
  }

  /** @param {string} word */
  #say(word) {
    clearTimeout(this.later);
    setText(this.button, word || COPY);
    setText(this.said, word);
    if (word) this.later = setTimeout(() => this.#say(""), SAID);
  }
}

/**
 * Put a field's text on the clipboard, or select it at least.
 * @param {HTMLTextAreaElement} field
 * @returns {Promise<boolean>} whether it is there
 */
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Over plain http, and in another site's frame, a page has none.
    field.select();
    return document.execCommand("copy");
  }
}
