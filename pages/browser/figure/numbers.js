/* The figure's numbers as a table, folded away. */

/** @import { Row } from "./types.d.ts" */

import { el, setAttribute } from "../shared/dom.js";

export class Numbers {
  /** @type {Row[] | null} */
  drawn = null;

  /** @param {{ onOpen: () => void }} parts */
  constructor({ onOpen }) {
    this.head = el("thead");
    this.body = el("tbody");
    this.room = el(
      "div",
      { class: "sl-table-room", tabindex: "0", role: "region", "aria-label": "The numbers" },
      el("table", { class: "sl-table" }, this.head, this.body),
    );
    this.node = el(
      "details",
      { class: "sl-numbers", ontoggle: onOpen },
      el("summary", {}, "Show the numbers"),
      this.room,
    );
  }

  /**
   * Draw rows, unless they are drawn already or folded away.
   * @param {Row[]} rows with the same keys
   */
  draw(rows) {
    setAttribute(this.node, "hidden", rows.length === 0);
    if (!this.node.open || rows === this.drawn) return;
    this.drawn = rows;
    const names = Object.keys(rows[0] ?? {});
    this.head.replaceChildren(el("tr", {}, ...names.map((name) => el("th", { scope: "col" }, name))));
    this.body.replaceChildren(
      ...rows.map((row) => el("tr", {}, ...names.map((name, i) => cell(row[name], i)))),
    );
  }
}

/** @param {string} text @param {number} column */
function cell(text, column) {
  return column === 0 ? el("th", { scope: "row" }, text) : el("td", {}, text);
}
