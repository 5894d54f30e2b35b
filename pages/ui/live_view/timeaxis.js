/* The shared clock of the charts: a step axis that grows by doublings, event marks, the cursor. */

import { axisTitle } from "../shared/chart.js";
import { eventLabel, strength } from "../shared/format.js";

const FEWEST_STEPS = 64;
/* Width of one character of a label, as a share of the narrowest chart. */
const CHARACTER = 0.022;

/** Layout of a chart over the steps with the given y axis; `what` will appear once a run starts. */
export function timeLayout(model, yaxis, what) {
  const { history, look } = model;
  const end = lastShownStep(history);
  const perEpoch = history.totalSteps ? Math.round(history.totalSteps / history.spec.epochs) : null;
  const title = perEpoch ? `step (${perEpoch} = 1 epoch)` : "step";
  return {
    xaxis: {
      title: axisTitle(title, look), range: [0, end], tickformat: ",d", nticks: 6,
      unifiedhovertitle: { text: "step %{x:,d}" },
    },
    yaxis,
    shapes: [...marks(model), ...cursor(model)],
    annotations: [...labels(model, end), ...invitation(model, what)],
  };
}

/* Doublings of a 32nd of the run: the range changes five times in a run, never tick by tick. */
function lastShownStep(history) {
  const total = history.totalSteps ?? FEWEST_STEPS;
  const needed = history.lastStep * 1.02;
  let end = Math.max(FEWEST_STEPS, Math.ceil(total / 32));
  while (end < needed && end < total) end *= 2;
  return Math.max(Math.min(end, total), FEWEST_STEPS);
}

function marks({ history, look }) {
  return [...new Set(history.events.map((event) => event.step))].map((step) => ({
    type: "line", x0: step, x1: step, yref: "paper", y0: 0, y1: 1,
    line: { color: look.muted, width: 1.2, dash: "dot" },
  }));
}

function cursor({ at, look }) {
  if (at === null) return [];
  return [{ type: "line", x0: at, x1: at, yref: "paper", y0: 0, y1: 1, line: { color: look.ink, width: 1.6 } }];
}

/* Events whose labels would touch share one: λ from where it was to where it went, and the rest. */
function labels({ history, look }, end) {
  const groups = [];
  for (const event of history.events) {
    const group = groups.at(-1);
    if (group && extent([event], end)[0] < extent(group, end)[1]) group.push(event);
    else groups.push([event]);
  }
  return groups.map((group) => ({
    x: anchor(group, end).step, y: 1, yref: "paper", yanchor: "bottom", showarrow: false, borderpad: 0,
    xanchor: onLeft(group, end) ? "left" : "right", text: groupLabel(group),
    font: { size: 12.5, color: group.some((e) => e.field === "strength") ? look.penalty : look.ink },
  }));
}

const onLeft = (group, end) => group[0].step < end / 2;
const anchor = (group, end) => (onLeft(group, end) ? group[0] : group.at(-1));

/* Where a label begins and ends, as shares of the axis. */
function extent(group, end) {
  const at = anchor(group, end).step / end;
  const width = groupLabel(group).length * CHARACTER;
  return onLeft(group, end) ? [at, at + width] : [at - width, at];
}

function groupLabel(group) {
  const strengths = group.filter((event) => event.field === "strength");
  const others = group.filter((event) => event.field !== "strength");
  const parts = [];
  if (strengths.length) parts.push(strengthLabel(strengths));
  if (others.length === 1) parts.push(eventLabel(others[0]));
  if (others.length > 1) parts.push(`${others.length} changes`);
  return parts.join(", ");
}

/* λ from where it was to where it went, by way of its turning points: "1e-4 → 3e-3 → 0". */
function strengthLabel(events) {
  const values = [events[0].old, ...events.map((event) => event.new)].map(Number);
  const turns = values.filter((value, i) => (
    i === 0 || i === values.length - 1 || (value - values[i - 1]) * (values[i + 1] - value) < 0
  ));
  return `λ ${turns.map(strength).join(" → ")}`;
}

function invitation({ history, look }, what) {
  if (history.points[history.yours].length) return [];
  return [{
    xref: "paper", yref: "paper", x: 0.5, y: 0.5, showarrow: false,
    text: history.run ? "waiting for the first numbers" : `Press Play: ${what}`,
    font: { size: 14, color: look.muted },
  }];
}

/** The next 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 × 10ⁿ: an upper end that rarely moves. */
export function niceCeiling(value, least) {
  const wanted = Math.max(value, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((s) => s * power >= wanted * 0.999);
  return step * power;
}

/** Whole decades that hold every positive value, as exponents. */
export function logRange(values) {
  const positive = values.filter((value) => value > 0);
  if (!positive.length) return [-2, 1];
  const low = Math.floor(Math.log10(Math.min(...positive)));
  return [Math.max(low, -6), Math.ceil(Math.log10(Math.max(...positive)) + 0.02)];
}
