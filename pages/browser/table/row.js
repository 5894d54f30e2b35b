/* One run as a row: pin, baseline, name, settings, curves, and the way to its own page. */

/** @import { Act, Curve, Run, Word } from "./types.d.ts" */

import { el } from "../shared/dom.js";
import { unbroken } from "../shared/format.js";
import { spark } from "./spark.js";

/** @type {Record<string, string>} */
const STROKES = { dash: "dashed", dot: "dotted" };
const OFF = { pin: "unpin", baseline: "no_baseline" };

/**
 * Build a row.
 * @param {Run} run
 * @param {Act} act called for what is pressed in it
 * @returns {HTMLElement}
 */
export function rowOf(run, act) {
  return el(
    "tr",
    { role: "row", "data-run": run.id, "data-chosen": run.chosen },
    cell("rt-pin", toggle(run, "pin", run.pinned, `Pin ${run.name}`, act), stroke(run)),
    cell("rt-base", toggle(run, "baseline", run.baseline, `${run.name} is the baseline`, act)),
    name(run, act),
    setting("rt-number", "λ", run.strength),
    setting("rt-number", "seed", run.seed),
    cell("rt-settings", ...run.settings.flatMap((part, i) => (i ? [" · ", word(part)] : [word(part)]))),
    ...run.curves.map(curve),
    cell("rt-open", button(run, "open", run.example ? "Train it" : "Open", act)),
  );
}

/** @param {string} name @param {(Node | string)[]} children */
function cell(name, ...children) {
  return el("td", { role: "cell", class: name }, ...children);
}

/**
 * @param {Run} run
 * @param {keyof typeof OFF} verb
 * @param {boolean} checked
 * @param {string} label
 * @param {Act} act
 */
function toggle(run, verb, checked, label, act) {
  const input = el("input", {
    type: "checkbox",
    "aria-label": label,
    "data-focus": `${run.id} ${verb}`,
    onchange: () => {
      act(input.checked ? verb : OFF[verb], run.id);
    },
  });
  input.checked = checked;
  return input;
}

/** @param {Run} run @param {string} verb @param {string} text @param {Act} act */
function button(run, verb, text, act) {
  return el(
    "button",
    {
      type: "button",
      class: "rt-button",
      "aria-label": `${text}: ${run.name}`,
      "data-focus": `${run.id} ${verb}`,
      onclick: () => act(verb, run.id),
    },
    text,
  );
}

/** @param {Run} run */
function stroke(run) {
  const mark = el("i", { class: "rt-stroke", "aria-hidden": "true" });
  if (run.stroke) {
    mark.style.borderTopColor = `var(--sl-${run.stroke[0].replace("_", "-")})`;
    mark.style.borderTopStyle = STROKES[run.stroke[1]] ?? "solid";
  }
  return mark;
}

/** @param {Run} run @param {Act} act */
function name(run, act) {
  const choose = el(
    "button",
    {
      type: "button",
      class: "rt-name",
      "aria-pressed": String(run.chosen),
      "data-focus": `${run.id} choose`,
      onclick: () => act("choose", run.id),
    },
    run.name,
  );
  return el(
    "th",
    { role: "rowheader", scope: "row", class: "rt-run" },
    choose,
    el("span", { class: "rt-note" }, run.note),
  );
}

/** @param {string} className @param {string} label @param {Word} part */
function setting(className, label, part) {
  return cell(className, el("span", { class: "rt-label" }, label), word(part));
}

/** @param {Word} word */
function word([text, differs]) {
  return el(differs ? "strong" : "span", {}, text);
}

/** @param {Curve} curve */
function curve({ label, values, text, told }) {
  return cell(
    "rt-curve",
    el("span", { class: "rt-label" }, label),
    spark(values),
    el("span", { class: "rt-last" }, text),
    ...(told ? [el("span", { class: "rt-told" }, unbroken(told))] : []),
  );
}
