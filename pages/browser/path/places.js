/* Where a point of a chart stands on the screen, from what Plotly makes public: its size, margins and ranges. */

/** @import { Axis, Layout } from "../shared/plotly.d.ts" */

/** Pixels from the chart's upper left corner. @typedef {[x: number, y: number]} Place */

/**
 * Where a point stands, and whether that is within the axes; null before they are drawn.
 * @param {Layout} layout as Plotly keeps it: with the ranges shown now
 * @param {[x: number, y: number]} point
 * @returns {{ place: Place, inside: boolean } | null}
 */
export function placeOf({ width, height, margin, xaxis, yaxis }, [x, y]) {
  if (!width || !height || !margin || !xaxis || !yaxis) return null;
  const [across, up] = [share(xaxis, x), share(yaxis, y)];
  if (across === null || up === null) return null;
  const left = margin.l + across * (width - margin.l - margin.r);
  const top = margin.t + (1 - up) * (height - margin.t - margin.b);
  return { place: [left, top], inside: 0 <= across && across <= 1 && 0 <= up && up <= 1 };
}

/**
 * How far along an axis a value stands: 0 at its beginning, 1 at its end.
 * @param {Axis} axis a logarithmic one has exponents for its range
 * @param {number} value
 */
function share({ type, range }, value) {
  if (!range) return null;
  const [from, to] = range;
  return ((type === "log" ? Math.log10(value) : value) - from) / (to - from);
}

/**
 * The number of the place nearest to `at`, if it is at most `reach` away.
 * @param {(Place | null)[]} places
 * @param {Place} at
 * @param {number} reach
 * @returns {number | null}
 */
export function nearest(places, at, reach) {
  const far = places.map((place) => (place ? Math.hypot(place[0] - at[0], place[1] - at[1]) : Infinity));
  const least = Math.min(...far);
  return least < reach ? far.indexOf(least) : null;
}
