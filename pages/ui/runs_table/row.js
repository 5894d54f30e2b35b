/* One run as a row: pin, baseline, name, settings, curves, and the way to its own page. */

import { el } from "../shared/dom.js";
import { spark } from "./spark.js";

/** Build a row; `act(verb, run)` is called for what is pressed in it. */
export function rowOf(run, act) {
  return el(
    "tr", { role: "row", "data-run": run.id, "data-chosen": run.chosen },
    cell("rt-pin", toggle(run, "pin", run.pinned, `Pin ${run.name}`, act), stroke(run)),
    cell("rt-base", toggle(run, "baseline", run.baseline, `${run.name} is the baseline`, act)),
    name(run, act),
    setting("rt-number", "λ", run.strength),
    setting("rt-number", "seed", run.seed),
    cell("rt-settings", ...run.settings.flatMap((part, i) => (i ? [" · ", word("span", part)] : [word("span", part)]))),
    ...run.curves.map(curve),
    cell("rt-open", button(run, "open", run.example ? "Train it" : "Open", act)),
  );
}

function cell(name, ...children) {
  return el("td", { role: "cell", class: name }, ...children);
}

function toggle(run, verb, checked, label, act) {
  const off = { pin: "unpin", baseline: "no_baseline" }[verb];
  const input = el("input", {
    type: "checkbox", "aria-label": label, "data-focus": `${run.id} ${verb}`,
    onchange: () => act(input.checked ? verb : off, run.id),
  });
  input.checked = checked;
  return input;
}

function button(run, verb, text, act) {
  return el(
    "button", {
      type: "button", class: "rt-button", "aria-label": `${text}: ${run.name}`, "data-focus": `${run.id} ${verb}`,
      onclick: () => act(verb, run.id),
    }, text,
  );
}

function stroke(run) {
  const mark = el("i", { class: "rt-stroke", "aria-hidden": "true" });
  if (run.stroke) {
    mark.style.borderTopColor = `var(--lv-${run.stroke[0].replace("_", "-")})`;
    mark.style.borderTopStyle = { dash: "dashed", dot: "dotted" }[run.stroke[1]] ?? "solid";
  }
  return mark;
}

function name(run, act) {
  const choose = el(
    "button", {
      type: "button", class: "rt-name", "aria-pressed": String(run.chosen), "data-focus": `${run.id} choose`,
      onclick: () => act("choose", run.id),
    }, run.name,
  );
  return el("th", { role: "rowheader", scope: "row", class: "rt-run" }, choose, el("span", { class: "rt-note" }, run.note));
}

function setting(className, label, part) {
  return cell(className, el("span", { class: "rt-label" }, label), word("span", part));
}

function word(tag, [text, differs]) {
  return differs ? el("strong", {}, text) : el(tag, {}, text);
}

function curve({ label, values, text }) {
  return cell("rt-curve", el("span", { class: "rt-label" }, label), spark(values), el("span", { class: "rt-last" }, text));
}
