/* A picture as a file: what is on the screen now, with its sentence, on white, made in the browser. */

/** @import { Look, Palettes } from "../shared/types.d.ts" */

import { el, setAttribute } from "../shared/dom.js";
import { paperOf } from "../shared/look.js";

/**
 * What a file is made with: the colours of paper, and what the picture says.
 * @typedef {{ look: Look, sentence: string }} Paper
 */
/**
 * What can be saved: whether there is nothing to save yet, and the address of a file of it.
 * @typedef {object} Savable
 * @property {() => boolean} empty
 * @property {(format: string, paper: Paper) => Promise<string>} file
 */

export class Saving {
  name = "";
  /** @type {Paper | null} */
  paper = null;

  /** @param {Savable} savable */
  constructor(savable) {
    this.savable = savable;
    this.node = el(
      "div",
      { class: "fig-saving", role: "group", "aria-label": "Save this figure" },
      ...["png", "svg"].map((format) => this.#button(format)),
    );
  }

  /** @param {{ name: string, palettes: Palettes, sentence: string }} about the file's name, and what stands in it */
  draw({ name, palettes, sentence }) {
    this.name = name;
    this.paper = { look: paperOf(palettes), sentence };
    setAttribute(this.node, "hidden", this.savable.empty());
  }

  /** @param {string} format */
  #button(format) {
    const text = format.toUpperCase();
    const save = () => this.#save(format);
    return el(
      "button",
      { type: "button", class: "fig-save", "aria-label": `Save as ${text}`, onclick: save },
      text,
    );
  }

  /** @param {string} format */
  async #save(format) {
    if (!this.paper || this.savable.empty()) return;
    const url = await this.savable.file(format, this.paper);
    el("a", { href: url, download: `${this.name.replace(/[^\w-]+/g, "_")}.${format}` }).click();
  }
}

/**
 * A sentence in lines, as Plotly and SVG read text.
 * @param {string} sentence
 * @param {number} [most] characters of a line
 * @returns {string[]}
 */
export function broken(sentence, most = 120) {
  const lines = [""];
  for (const word of sentence.replaceAll("&", "&amp;").replaceAll("<", "&lt;").split(" ")) {
    if (lines[lines.length - 1].length + word.length > most) lines.push("");
    lines[lines.length - 1] += `${lines.at(-1) ? " " : ""}${word}`;
  }
  return lines;
}
