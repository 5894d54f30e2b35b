/* Colours by role: "role:penalty" or "role:penalty/0.3" becomes the colour of the theme in force. */

/** @import { Look } from "../shared/types.d.ts" */

import { fade } from "../shared/look.js";

const PREFIX = "role:";

/**
 * The same value with every role resolved; lists of numbers are passed on as they are.
 * @template Value
 * @param {Value} value
 * @param {Look} look
 * @returns {Value}
 */
export function coloured(value, look) {
  return /** @type {Value} */ (resolved(value, look));
}

/** @param {unknown} value @param {Look} look @returns {unknown} */
function resolved(value, look) {
  if (typeof value === "string") {
    return value.startsWith(PREFIX) ? colour(value.slice(PREFIX.length), look) : value;
  }
  if (Array.isArray(value)) return numbers(value) ? value : value.map((part) => resolved(part, look));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolved(part, look)]));
}

/**
 * A stop of a colour scale begins with a number, too.
 * @param {unknown[]} list
 */
function numbers(list) {
  return typeof list[0] === "number" && typeof list.at(-1) !== "string";
}

/** @param {string} role @param {Look} look */
function colour(role, look) {
  const [name, opacity] = role.split("/");
  const { name: _, layers, ...colours } = look;
  const hex = { ...colours, ...layers }[name];
  if (hex === undefined) throw new Error(`there is no colour for the role ${name}`);
  return opacity === undefined ? hex : fade(hex, opacity);
}
