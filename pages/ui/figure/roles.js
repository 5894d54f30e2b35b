/* Colours by role: "role:penalty" or "role:penalty/0.3" becomes the colour of the theme in force. */

import { fade } from "../shared/look.js";

const PREFIX = "role:";

/** The same value with every role resolved; lists of numbers are passed on as they are. */
export function coloured(value, look) {
  if (typeof value === "string") return value.startsWith(PREFIX) ? colour(value.slice(PREFIX.length), look) : value;
  if (Array.isArray(value)) return numbers(value) ? value : value.map((part) => coloured(part, look));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, coloured(part, look)]));
}

/* A stop of a colour scale begins with a number, too. */
function numbers(list) {
  return typeof list[0] === "number" && typeof list.at(-1) !== "string";
}

function colour(role, look) {
  const [name, opacity] = role.split("/");
  const hex = look.layers[name] ?? look[name];
  return opacity === undefined ? hex : fade(hex, opacity);
}
