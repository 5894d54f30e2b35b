/* The table of runs: rows as Python says them, in the order the reader asks for. */

import { el, setAttribute } from "../shared/dom.js";
import { lookOf, wear } from "../shared/look.js";
import { rowOf } from "./row.js";

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
  constructor(parent) {
    this.sorted = { column: null, direction: 1 };
    this.head = el("tr", { role: "row" }, ...COLUMNS.map((column, i) => this.#header(column, i)));
    this.body = el("tbody", { role: "rowgroup" });
    const table = el(
      "table", { role: "table", class: "rt-table", "aria-label": "Your runs" },
      el("thead", { role: "rowgroup" }, this.head), this.body,
    );
    this.root = el(
      "div", { class: "lv rt", "data-testid": "runs-table", tabindex: "0", role: "region", "aria-label": "Runs" }, table,
    );
    parent.append(this.root);
    this.nodes = new Map();
  }

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
    const focus = this.root.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    const act = (verb, run) => {
      // Drawn anew with the answer: a refused tick goes off again.
      this.nodes.get(run).says = null;
      this.tell("act", { verb, run });
    };
    const nodes = new Map(
      this.rows.map((run) => {
        const says = JSON.stringify(run);
        const known = this.nodes.get(run.id);
        return [run.id, known?.says === says ? known : { says, node: rowOf(run, act) }];
      }),
    );
    this.nodes = nodes;
    const wanted = this.#order().map((run) => nodes.get(run.id).node);
    if (wanted.length !== this.body.children.length || wanted.some((node, i) => this.body.children[i] !== node)) {
      this.body.replaceChildren(...wanted);
    }
    if (focus && document.activeElement?.dataset.focus !== focus) {
      this.root.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
    }
  }

  #order() {
    const { column, direction } = this.sorted;
    if (column === null) return this.rows;
    const { by } = COLUMNS[column];
    const value = (run) => by(run) ?? Infinity;
    // A run without the number goes last, whichever the direction.
    return [...this.rows].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === y) return 0;
      return x === Infinity || y === Infinity ? x - y : direction * (x - y);
    });
  }

  #header({ text, by, hidden }, i) {
    const inside = by
      ? el("button", { type: "button", class: "rt-sort", onclick: () => this.#sort(i) }, text)
      : el("span", { class: hidden ? "lv-hidden" : null }, text);
    return el("th", { role: "columnheader", scope: "col", "data-sortable": Boolean(by) }, inside);
  }

  #sort(column) {
    const again = this.sorted.column === column;
    this.sorted = { column, direction: again ? -this.sorted.direction : 1 };
    [...this.head.children].forEach((header, i) => {
      const way = this.sorted.direction > 0 ? "ascending" : "descending";
      setAttribute(header, "aria-sort", i === column ? way : null);
    });
    this.#draw();
  }
}
