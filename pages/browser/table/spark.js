/* A curve as small as a word: its shape alone, the number stands beside it. */

const WIDTH = 84;
const HEIGHT = 24;
const EDGE = 2;

/**
 * An SVG of values from left to right, scaled to their own range.
 * @param {number[]} values
 * @returns {SVGElement}
 */
export function spark(values) {
  const svg = create("svg", {
    width: WIDTH,
    height: HEIGHT,
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    "aria-hidden": "true",
  });
  svg.classList.add("rt-spark");
  if (values.length < 2) return svg;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  /** @param {number} i */
  const x = (i) => EDGE + ((WIDTH - 2 * EDGE) * i) / (values.length - 1);
  /** @param {number} value */
  const y = (value) => HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * (value - low)) / span;
  const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
  svg.append(create("polyline", { points: points.join(" ") }));
  return svg;
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function create(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}
