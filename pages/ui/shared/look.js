/* Which theme Streamlit wears, and its colours as CSS variables for our own elements. */

/** The palette of the theme now in force: {name, ...colours}. */
export function lookOf(root, palettes) {
  const name = luminance(backgroundOf(root)) < 0.4 ? "dark" : "light";
  return { name, ...palettes[name] };
}

/** Hand the colours to the style sheet. */
export function wear(root, look) {
  if (root.dataset.theme === look.name) return;
  root.dataset.theme = look.name;
  for (const [key, value] of Object.entries(look)) {
    if (typeof value === "string") root.style.setProperty(`--lv-${key.replace("_", "-")}`, value);
  }
  for (const [layer, value] of Object.entries(look.layers)) root.style.setProperty(`--lv-${layer}`, value);
}

/** A colour with an opacity, as Plotly and canvas read it. */
export function fade(colour, opacity) {
  const [r, g, b] = channels(colour);
  return `rgba(${r},${g},${b},${opacity})`;
}

/** A colour on the way from one to another, `share` in [0, 1]. */
export function mix(from, to, share) {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((value, i) => Math.round(value + (b[i] - value) * share)).join(",")})`;
}

function channels(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

function backgroundOf(node) {
  for (let at = node; at; at = at.parentElement) {
    const [r, g, b, a = 1] = (getComputedStyle(at).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
    if (a > 0 && r !== undefined) return [r, g, b];
  }
  return [255, 255, 255];
}

function luminance([r, g, b]) {
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}
