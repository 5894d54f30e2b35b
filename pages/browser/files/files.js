/* Files of a network: each is written when its button is pressed; why one is not is said in a sentence. */

/** @import { Component } from "../shared/types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { lookOf, wear } from "../shared/look.js";
import { named } from "../shared/named.js";

const WRITING = "writing …";
const GONE = "The server does not answer: is it still there?";

/**
 * A network that can be taken along: its name, which one it is, and the endings of its files.
 * @typedef {{ title: string, which: string, endings: string[] }} Taken
 */

/**
 * What pages/ui/smaller_model/files.py sends: where files are asked for, who asks where no cookie says it, and
 * of which moment and lane.
 * @typedef {{ ask: string, name: string, step: number | null, lane: number, networks: Taken[] }} FilesData
 */

const TITLES = /** @type {Record<string, string>} */ ({ json: "JSON", onnx: "ONNX" });

export class Files {
  /** @type {FilesData | undefined} */
  data;
  shown = "";

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.rows = el("div", { class: "files-rows" });
    this.said = el("p", { class: "files-said", role: "status" });
    this.root = el("div", { class: "sl files", "data-testid": "files" }, this.rows, this.said);
    parent.append(this.root);
  }

  /** @param {Component<FilesData>} component */
  update({ data }) {
    wear(this.root, lookOf(this.root, data.palettes));
    // A button that is being pressed stays: a rerun of the page says the same once more.
    const shown = JSON.stringify(data.networks);
    if (shown !== this.shown) this.rows.replaceChildren(...data.networks.map((each) => this.#row(each)));
    this.shown = shown;
    this.data = data;
  }

  close() {
    this.root.remove();
  }

  /** @param {Taken} network */
  #row({ title, which, endings }) {
    const buttons = endings.map((ending) => this.#button(title, which, ending));
    return el("div", { class: "files-row" }, el("span", { class: "files-title" }, title), ...buttons);
  }

  /** @param {string} title @param {string} which @param {string} ending */
  #button(title, which, ending) {
    const text = TITLES[ending] ?? ending;
    /** @type {HTMLButtonElement} */
    const button = el(
      "button",
      {
        type: "button",
        class: "files-button",
        "aria-label": `${title}: ${text}`,
        onclick: () => this.#take(button, which, ending),
      },
      text,
    );
    return button;
  }

  /** @param {HTMLButtonElement} button @param {string} which @param {string} ending */
  async #take(button, which, ending) {
    if (!this.data || button.getAttribute("aria-busy")) return;
    const { ask, name, step, lane } = this.data;
    const told = button.textContent ?? "";
    setAttribute(button, "aria-busy", true);
    setText(button, WRITING);
    setText(this.said, "");
    try {
      const body = JSON.stringify({ step, lane, which, ending });
      const url = URL.createObjectURL(await written(ask, body, name));
      el("a", { href: url, download: `sparsity-lab-${which}.${ending}` }).click();
      // The browser reads it after the click.
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      setText(this.said, error instanceof TypeError ? GONE : /** @type {Error} */ (error).message);
    } finally {
      setText(button, told);
      setAttribute(button, "aria-busy", null);
    }
  }
}

/**
 * The file; thrown is an error whose message is one sentence, or fetch's own TypeError.
 * @param {string} url @param {string} body @param {string} name
 */
async function written(url, body, name) {
  const answer = await fetch(url, { method: "POST", body, headers: named(name) });
  if (answer.ok) return answer.blob();
  const none = { message: `The server answered ${answer.status}.` };
  throw new Error((await answer.json().catch(() => none)).message);
}
