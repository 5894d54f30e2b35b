/* The shared clock of the charts: a step axis that grows by doublings, event marks, the cursor. */

/** @import { Annotation, Axis, Layout, Shape } from "../shared/plotly.d.ts" */
/** @import { History } from "./history.js" */
/** @import { Model, RunEvent } from "./types.d.ts" */

import { axisTitle } from "../shared/chart.js";
import { count, eventLabel, strength } from "../shared/format.js";
import { ended } from "./status.js";

const FEWEST_STEPS = 64;
/* Characters of a label that a glance takes in. */
const READABLE = 28;
/* Width of one character of a label, as a share of the narrowest chart. */
const CHARACTER = 0.022;

/**
 * Layout of a chart over the steps.
 * @param {Model} model
 * @param {Axis} yaxis
 * @param {string} what will appear once a run starts
 * @returns {Layout}
 */
export function timeLayout(model, yaxis, what) {
  const { history, look } = model;
  const end = lastShownStep(history);
  const perEpoch = history.totalSteps ? Math.round(history.totalSteps / history.spec.epochs) : null;
  const title = perEpoch ? `step (${perEpoch} = 1 epoch)` : "step";
  return {
    xaxis: {
      title: axisTitle(title, look),
      range: [0, end],
      tickformat: ",d",
      nticks: 6,
      unifiedhovertitle: { text: "step %{x:,d}" },
    },
    yaxis,
    shapes: [...marks(model), ...cursor(model)],
    annotations: [...labels(model, end), ...invitation(model, what)],
  };
}

/**
 * Doublings of a 32nd of the run: the range changes five times in a run, never tick by tick.
 * @param {History} history
 */
function lastShownStep(history) {
  const total = history.totalSteps ?? FEWEST_STEPS;
  const needed = history.lastStep * 1.02;
  let end = Math.max(FEWEST_STEPS, Math.ceil(total / 32));
  while (end < needed && end < total) end *= 2;
  return Math.max(Math.min(end, total), FEWEST_STEPS);
}

/** @param {Model} model @returns {Shape[]} */
function marks({ history, look }) {
  return [...new Set(history.events.map((event) => event.step))].map((step) => ({
    type: "line",
    x0: step,
    x1: step,
    yref: "paper",
    y0: 0,
    y1: 1,
    line: { color: look.muted, width: 1.2, dash: "dot" },
  }));
}

/** @param {Model} model @returns {Shape[]} */
function cursor({ at, look }) {
  if (at === null) return [];
  return [{
    type: "line",
    x0: at,
    x1: at,
    yref: "paper",
    y0: 0,
    y1: 1,
    line: { color: look.ink, width: 1.6 },
  }];
}

/**
 * Events whose labels would touch share one: λ from where it was to where it went, and the rest. Pointed at, it
 * lists them, each with its step.
 * @param {Model} model
 * @param {number} end the last step shown
 * @returns {Annotation[]}
 */
function labels({ history, look }, end) {
  /** @type {RunEvent[][]} */
  const groups = [];
  for (const event of history.events) {
    const group = groups.at(-1);
    if (group && extent([event], end)[0] < extent(group, end)[1]) group.push(event);
    else groups.push([event]);
  }
  return groups.map((group) => ({
    x: anchor(group, end).step,
    y: 1,
    yref: "paper",
    yanchor: "bottom",
    showarrow: false,
    borderpad: 0,
    xanchor: onLeft(group, end) ? "left" : "right",
    text: groupLabel(group),
    ...(group.length > 1 ? { hovertext: group.map(stepLabel).join("<br>") } : {}),
    font: { size: 12.5, color: group.some((e) => e.field === "strength") ? look.penalty : look.ink },
  }));
}

/** @type {(group: RunEvent[], end: number) => boolean} */
const onLeft = (group, end) => group[0].step < end / 2;
/** @type {(group: RunEvent[], end: number) => RunEvent} */
const anchor = (group, end) => group[onLeft(group, end) ? 0 : group.length - 1];

/**
 * Where a label begins and ends, as shares of the axis.
 * @param {RunEvent[]} group
 * @param {number} end
 * @returns {[from: number, to: number]}
 */
function extent(group, end) {
  const at = anchor(group, end).step / end;
  const width = groupLabel(group).length * CHARACTER;
  return onLeft(group, end) ? [at, at + width] : [at - width, at];
}

/** @param {RunEvent} event */
function stepLabel(event) {
  return `step ${count(event.step)}: ${eventLabel(event)}`;
}

/** @param {RunEvent[]} group */
function groupLabel(group) {
  /** Neighbours in time of one kind, λ's or others. @type {RunEvent[][]} */
  const rows = [];
  for (const event of group) {
    const row = rows.at(-1);
    if (row && ofStrength(row[0]) === ofStrength(event)) row.push(event);
    else rows.push([event]);
  }
  const told = rows.map(rowLabel).join(", ");
  if (group.length === 1) return told;
  const several = `${group.length} ${group.every(isMove) ? "moves" : "events"}`;
  // It stands over one of their lines: without the number it would seem to be of that line alone.
  return told.length > READABLE ? several : `${several}: ${told}`;
}

/** A collapse is none. @param {RunEvent} event */
function isMove({ kind }) {
  return kind === "change";
}

/** @param {RunEvent} event */
function ofStrength({ field }) {
  return field === "strength";
}

/** @param {RunEvent[]} row */
function rowLabel(row) {
  if (ofStrength(row[0])) return strengthLabel(row);
  return row.length > 1 ? `${row.length} changes` : eventLabel(row[0]);
}

/**
 * λ from where it was to where it went: "1e-4 → 3e-3 → 0". By way of its turning points alone where all its
 * values would be too long to read.
 * @param {RunEvent[]} events
 */
function strengthLabel(events) {
  const values = [events[0].old, ...events.map((event) => event.new)].map(Number);
  const all = strengths(values);
  if (all.length <= READABLE) return all;
  return strengths(values.filter((value, i) => (
    i === 0 || i === values.length - 1 || (value - values[i - 1]) * (values[i + 1] - value) < 0
  )));
}

/** @type {(values: number[]) => string} */
const strengths = (values) => `λ ${values.map(strength).join(" → ")}`;

/** @param {Model} model @param {string} what @returns {Annotation[]} */
function invitation({ history, look }, what) {
  if (history.points[history.yours].length) return [];
  return [{
    xref: "paper",
    yref: "paper",
    x: 0.5,
    y: 0.5,
    showarrow: false,
    text: !history.run || ended(history.status.state)
      ? `Press Play: ${what}`
      : "waiting for the first numbers",
    font: { size: 14, color: look.muted },
  }];
}

/**
 * Whole decades that hold every positive value, as exponents.
 * @param {number[]} values
 * @returns {[low: number, high: number]}
 */
export function logRange(values) {
  const positive = values.filter((value) => value > 0);
  if (!positive.length) return [-2, 1];
  const low = Math.floor(Math.log10(Math.min(...positive)));
  return [Math.max(low, -6), Math.ceil(Math.log10(Math.max(...positive)) + 0.02)];
}
