/* Numbers as our views write them: three significant digits, units, 1e-4 style for λ. */

const NONE = "–";
const NBSP = "\u00a0";

const known = (value) => typeof value === "number" && Number.isFinite(value);

/** 0.643, 412, 4,120, 1.2e-5. */
export function significant(value, digits = 3) {
  if (!known(value)) return NONE;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3) return scientific(value, digits);
  if (size >= 10 ** digits) return count(Math.round(value));
  return value.toPrecision(digits);
}

/** 1e-4, 3e-3, 2.5e-4: what was typed, short. */
export function strength(value) {
  if (!known(value)) return NONE;
  if (value === 0) return "0";
  return value < 0.1 ? scientific(value, 2) : String(Number(value.toPrecision(3)));
}

function scientific(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${Number(mantissa)}e${Number(exponent)}`;
}

/** A share in [0, 1] as a percentage; only a whole is 100 %, only nothing is 0 %. */
export function percent(share) {
  if (!known(share)) return NONE;
  if (share === 0) return `0${NBSP}%`;
  if (share >= 1) return `100${NBSP}%`;
  const value = share * 100;
  if (value > 99.9) return `>99.9${NBSP}%`;
  if (value < 0.01) return `<0.01${NBSP}%`;
  return `${Number(value.toPrecision(3))}${NBSP}%`;
}

/** 7.3°. */
export function degrees(value) {
  return known(value) ? `${value.toFixed(1)}°` : NONE;
}

/** 18,432. */
export function count(value) {
  return known(value) ? value.toLocaleString("en-US", { maximumFractionDigits: 0 }) : NONE;
}

/** "step 1,234 · epoch 52.3". */
export function moment(point) {
  return point ? `step ${count(point.step)} · epoch ${point.epoch.toFixed(1)}` : `step ${NONE}`;
}

/** What an event changed, short enough for a chart: "λ 1e-4 → 3e-3". */
export function eventLabel(event) {
  if (event.kind !== "change") return event.kind;
  if (event.field === "strength") {
    return `λ ${strength(Number(event.old))} → ${strength(Number(event.new))}`;
  }
  if (event.field === "layers") return layersLabel(names(event.old), names(event.new));
  if (event.field === "include_bias") return String(event.new).toLowerCase() === "true" ? "+ biases" : "− biases";
  return event.field;
}

function names(text) {
  return String(text).split(".").filter(Boolean);
}

function layersLabel(before, after) {
  const gained = after.filter((name) => !before.includes(name)).map((name) => `+${name}`);
  const lost = before.filter((name) => !after.includes(name)).map((name) => `−${name}`);
  return [...gained, ...lost].join(" ") || "layers";
}
