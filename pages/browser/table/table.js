/* The table of runs: rows as Python says them, in the order the reader asks for. */

/** @import { Component, Tell } from "../shared/types.d.ts" */
/** @import { Act, Run } from "./types.d.ts" */

import { el, setAttribute } from "../shared/dom.js";
import { lookOf, wear } from "../shared/look.js";
import { rowOf } from "./row.js";

/**
 * @typedef {object} Column
 * @property {string} text
 * @property {(run: Run) => number | null} [by] what rows are sorted by; null for a run without it
 * @property {boolean} [hidden]
 */

/** @type {Column[]} */
const COLUMNS = [
  { text: "Pin" },
  { text: "Baseline" },
  { text: "Run", by: (run) => -run.created },
  { text: "λ", by: (run) => run.order.strength },
  { text: "Seed", by: (run) => run.order.seed },
  { text: "Settings" },
  { text: "Loss", by: (run) => run.order.loss },
  { text: "Accuracy", by: (run) => run.order.accuracy },
  { text: "Zeros", by: (run) => run.order.zeros },
  { text: "Open", hidden: true },
];

export class RunsTable {
  /** @type {{ column: Column | null, direction: number }} */
  sorted = { column: null, direction: 1 };
  /** @type {Run[]} */
  rows = [];
  /** Each run's row and what it says. @type {Map<string, { says: string, node: HTMLElement }>} */
  nodes = new Map();
  /** @type {Tell} */
  tell = () => {};

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.head = el("tr", { role: "row" }, ...COLUMNS.map((column) => this.#header(column)));
    this.body = el("tbody", { role: "rowgroup" });
    const table = el(
      "table",
      { role: "table", class: "rt-table", "aria-label": "Your runs" },
      el("thead", { role: "rowgroup" }, this.head),
      this.body,
    );
    this.root = el(
      "div",
      { class: "sl rt", "data-testid": "runs-table", tabindex: "0", role: "region", "aria-label": "Runs" },
      table,
    );
    parent.append(this.root);
  }

  /** @param {Component<{ rows: Run[] }>} component */
  update({ data, setTriggerValue }) {
    this.tell = setTriggerValue;
    this.rows = data.rows;
    wear(this.root, lookOf(this.root, data.palettes));
    this.#draw();
  }

  close() {
    this.root.remove();
  }

  /* A row that says the same stays the same node, so that what has the focus keeps it. */
  #draw() {
    const focus = this.root.contains(document.activeElement) ? focusOf(document.activeElement) : undefined;
    /** @type {Act} */
    const act = (verb, run) => {
      // Drawn anew with the answer: a refused tick goes off again.
      const row = this.nodes.get(run);
      if (row) row.says = "";
      this.tell("act", { verb, run });
    };
    const before = this.nodes;
    this.nodes = new Map();
    const wanted = this.#order().map((run) => {
      const says = JSON.stringify(run);
      const known = before.get(run.id);
      const row = known?.says === says ? known : { says, node: rowOf(run, act) };
      this.nodes.set(run.id, row);
      return row.node;
    });
    if (
      wanted.length !== this.body.children.length || wanted.some((node, i) => this.body.children[i] !== node)
    ) {
      this.body.replaceChildren(...wanted);
    }
    if (focus && focusOf(document.activeElement) !== focus) {
      const node = this.root.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
      if (node instanceof HTMLElement) node.focus({ preventScroll: true });
    }
  }

  #order() {
    const { column, direction } = this.sorted;
    return column?.by ? ordered(this.rows, column.by, direction) : this.rows;
  }

  /** @param {Column} column */
  #header(column) {
    const { text, by, hidden } = column;
    const inside = by
      ? el("button", { type: "button", class: "rt-sort", onclick: () => this.#sort(column) }, text)
      : el("span", { class: hidden ? "sl-hidden" : null }, text);
    return el("th", { role: "columnheader", scope: "col", "data-sortable": Boolean(by) }, inside);
  }

  /** @param {Column} column */
  #sort(column) {
    const again = this.sorted.column === column;
    this.sorted = { column, direction: again ? -this.sorted.direction : 1 };
    [...this.head.children].forEach((header, i) => {
      const way = this.sorted.direction > 0 ? "ascending" : "descending";
      setAttribute(header, "aria-sort", COLUMNS[i] === column ? way : null);
    });
    this.#draw();
  }
}

/**
 * Rows in the order of a number; one without it goes last, whichever the direction.
 * @template Row
 * @param {Row[]} rows
 * @param {(row: Row) => number | null} by
 * @param {number} direction 1 or −1
 * @returns {Row[]}
 */
export function ordered(rows, by, direction) {
  return [...rows].sort((a, b) => {
    const [x, y] = [by(a) ?? Infinity, by(b) ?? Infinity];
    if (x === y) return 0;
    return x === Infinity || y === Infinity ? x - y : direction * (x - y);
  });
}

/** @param {Element | null} node */
function focusOf(node) {
  return node instanceof HTMLElement ? node.dataset.focus : undefined;
}
