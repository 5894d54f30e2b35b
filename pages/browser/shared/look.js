/* Which theme Streamlit wears, and its colours as CSS variables for our own elements. */

/** @import { Look, Palettes } from "./types.d.ts" */

/**
 * The palette of the theme now in force.
 * @param {Element} root
 * @param {Palettes} palettes
 * @returns {Look}
 */
export function lookOf(root, palettes) {
  const name = luminance(backgroundOf(root)) < 0.4 ? "dark" : "light";
  return { name, ...palettes[name] };
}

/**
 * The palette of paper and of slides, whatever the theme: dark on white.
 * @param {Palettes} palettes
 * @returns {Look}
 */
export function paperOf(palettes) {
  return { name: "light", ...palettes.light };
}

/**
 * Hand the colours to the style sheet.
 * @param {HTMLElement} root
 * @param {Look} look
 */
export function wear(root, look) {
  if (root.dataset.theme === look.name) return;
  root.dataset.theme = look.name;
  for (const [key, value] of Object.entries(look)) {
    if (typeof value === "string") root.style.setProperty(`--sl-${key.replace("_", "-")}`, value);
  }
  for (const [layer, value] of Object.entries(look.layers)) root.style.setProperty(`--sl-${layer}`, value);
}

/**
 * A colour with an opacity, as Plotly and canvas read it.
 * @param {string} colour #RRGGBB
 * @param {number | string} opacity
 * @returns {string}
 */
export function fade(colour, opacity) {
  const [r, g, b] = channels(colour);
  return `rgba(${r},${g},${b},${opacity})`;
}

/**
 * A colour on the way from one to another.
 * @param {string} from #RRGGBB
 * @param {string} to #RRGGBB
 * @param {number} share in [0, 1]
 * @returns {string}
 */
export function mix(from, to, share) {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((value, i) => Math.round(value + (b[i] - value) * share)).join(",")})`;
}

/**
 * Red, green and blue of #RRGGBB, each from 0 to 255.
 * @param {string} hex
 * @returns {number[]}
 */
export function channels(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

/** @param {Element} node */
function backgroundOf(node) {
  for (let at = /** @type {Element | null} */ (node); at; at = at.parentElement) {
    const [r, g, b, a = 1] = (getComputedStyle(at).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
    if (a > 0 && r !== undefined) return [r, g, b];
  }
  return [255, 255, 255];
}

/** @param {number[]} rgb */
function luminance([r, g, b]) {
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}
