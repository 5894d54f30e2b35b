/* The two lanes: what each is called and how it is marked. */

/** @import { Lane } from "./types.d.ts" */

import { percent, strength } from "../shared/format.js";
import { el } from "../shared/dom.js";

/**
 * The name of a lane: "λ = 0", "magnitude pruning, 90 %", "yours, λ = 1e-3" or "yours, L2, λ = 1e-3".
 * @param {Lane} lane
 * @param {number} i its place, from 0
 * @returns {string}
 */
export function laneName(lane, i) {
  // L1 is what the app is about: another penalty says so.
  const value = `${lane.penalty === "l1" ? "" : `${lane.named}, `}λ = ${strength(lane.strength)}`;
  if (lane.prune) return `magnitude pruning, ${percent(lane.prune)}`;
  if (lane.penalty === "none" || lane.strength === 0) return "λ = 0";
  return i === 0 ? value : `yours, ${value}`;
}

/**
 * A heading with the lane's stroke: dashed grey for the first, solid for the other.
 * @param {Lane} lane
 * @param {number} i its place, from 0
 * @returns {HTMLElement}
 */
export function laneHead(lane, i) {
  return el(
    "h3",
    { class: `ins-lane ins-lane-${i}` },
    el("i", { class: "ins-stroke", "aria-hidden": "true" }),
    laneName(lane, i),
  );
}
