/* The two lanes: what each is called and how it is marked. */

import { strength } from "../shared/format.js";
import { el } from "../shared/dom.js";

/** The name of a lane: "λ = 0" or "yours, λ = 1e-3". */
export function laneName(lane, i) {
  const value = `λ = ${strength(lane.strength)}`;
  if (lane.penalty === "none" || lane.strength === 0) return "λ = 0";
  return i === 0 ? value : `yours, ${value}`;
}

/** A heading with the lane's stroke: dashed grey for the first, solid for the other. */
export function laneHead(lane, i) {
  return el(
    "h3", { class: `ins-lane ins-lane-${i}` }, el("i", { class: "ins-stroke", "aria-hidden": "true" }), laneName(lane, i),
  );
}
