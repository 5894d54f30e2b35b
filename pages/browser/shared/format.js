/* Numbers as our views write them: three significant digits, units, 1e-4 style for λ. */

/** @import { Point, RunEvent } from "../live/types.d.ts" */

/**
 * A number of ours, or none: a lane that diverged has no score.
 * @typedef {number | null | undefined} Maybe
 */

const NONE = "–";
const NBSP = "\u00a0";

/** @type {(value: Maybe) => value is number} */
const known = (value) => typeof value === "number" && Number.isFinite(value);

/**
 * 0.643, 412, 4,120, 1.2e-5.
 * @param {Maybe} value
 * @returns {string}
 */
export function significant(value, digits = 3) {
  if (!known(value)) return NONE;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3) return scientific(value, digits);
  const text = value.toPrecision(digits);
  // From four digits before the point on, whole numbers: 999.7 rounds up to one of them.
  return size >= 10 ** digits || text.includes("e") ? count(Math.round(value)) : text;
}

/**
 * 1e-4, 3e-3, 1.25e-3, 0.5: as `strength_text` of core/spec.py writes it.
 * @param {Maybe} value
 * @returns {string}
 */
export function strength(value) {
  if (!known(value)) return NONE;
  if (value === 0) return "0";
  return value < 0.1 ? scientific(value, 3) : String(Number(value.toPrecision(6)));
}

/** @param {number} value @param {number} digits */
function scientific(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${Number(mantissa)}e${Number(exponent)}`;
}

/**
 * A sentence in which no line ends within "72.0 ± 2.2 %", "17 % idle" or "1e-4": as `unbroken` of
 * pages/ui/markdown.py.
 * @param {string} text
 */
export function unbroken(text) {
  return text
    .replace(/(\de-)(?=\d)/g, "$1\u2060")
    .replaceAll(/[ ]%(?: (?=selected|cut off|idle))?/g, (found) => found.replaceAll(" ", NBSP))
    .replaceAll(" ± ", `${NBSP}±${NBSP}`);
}

/**
 * A share in [0, 1] as a percentage; only a whole is 100 %, only nothing is 0 %: as `percent` of core/words.py.
 * @param {Maybe} share
 * @returns {string}
 */
export function percent(share) {
  if (!known(share)) return NONE;
  if (share === 0) return `0${NBSP}%`;
  if (share >= 1) return `100${NBSP}%`;
  const value = share * 100;
  if (value > 99.9) return `>99.9${NBSP}%`;
  if (value < 0.01) return `<0.01${NBSP}%`;
  return `${Number(value.toPrecision(3))}${NBSP}%`;
}

/**
 * A softmax output: never all and never none, however few digits a float32 has left of it.
 * @param {number} share
 * @returns {string}
 */
export function certainty(share) {
  if (share > 0.999) return `>99.9${NBSP}%`;
  return share < 0.001 ? `<0.1${NBSP}%` : percent(share);
}

/**
 * 7.3°.
 * @param {Maybe} value
 * @returns {string}
 */
export function degrees(value) {
  return known(value) ? `${value.toFixed(1)}°` : NONE;
}

/**
 * 18,432.
 * @param {Maybe} value
 * @returns {string}
 */
export function count(value) {
  return known(value) ? value.toLocaleString("en-US", { maximumFractionDigits: 0 }) : NONE;
}

/**
 * "step 1,234 · epoch 52.3".
 * @param {Point | undefined} point
 * @returns {string}
 */
export function moment(point) {
  return point ? `step ${count(point.step)} · epoch ${point.epoch.toFixed(1)}` : `step ${NONE}`;
}

/**
 * What an event changed, short enough for a chart: "λ 1e-4 → 3e-3".
 * @param {RunEvent} event
 * @returns {string}
 */
export function eventLabel(event) {
  if (event.kind !== "change") return event.kind;
  if (event.field === "strength") {
    return `λ ${strength(Number(event.old))} → ${strength(Number(event.new))}`;
  }
  if (event.field === "layers") return layersLabel(names(event.old), names(event.new));
  if (event.field === "include_bias") return event.new.toLowerCase() === "true" ? "+ biases" : "− biases";
  return event.field;
}

/** @param {string} text */
function names(text) {
  return text.split(".").filter(Boolean);
}

/** @param {string[]} before @param {string[]} after */
function layersLabel(before, after) {
  const gained = after.filter((name) => !before.includes(name)).map((name) => `+${name}`);
  const lost = before.filter((name) => !after.includes(name)).map((name) => `−${name}`);
  return [...gained, ...lost].join(" ") || "layers";
}

/**
 * The next 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 × 10ⁿ: an upper end that rarely moves.
 * @param {number} value
 * @param {number} least
 * @returns {number}
 */
export function niceCeiling(value, least) {
  const wanted = Math.max(value, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8].find((s) => s * power >= wanted * 0.999);
  return (step ?? 10) * power;
}

/**
 * What an accuracy in percent may be off because it is measured on n images: "± 1.0", as core/uncertainty.py has it.
 * @param {number} share
 * @param {number} n
 */
export function off(share, n) {
  return `± ${(100 * Math.sqrt(n * share * (1 - share) + 0.25) / (n + 1)).toFixed(1)}`;
}

/**
 * The same with what it is of: "± 1.0 points: 258 validation images".
 * @param {number} share
 * @param {number} n
 */
export function sampling(share, n) {
  return `${off(share, n)} points: ${count(n)} validation images`;
}
