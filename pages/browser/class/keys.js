/* Keys of a lecturer, and of what they hold in their hand: the same on projector and console. */

import { el } from "../shared/dom.js";
import { say } from "./words.js";

/** @typedef {"next" | "back" | "reveal" | "qr" | "pause" | "full" | "black" | "larger" | "smaller" | "dark" | "list" | "escape"} Deed */

/** @type {Record<string, Deed>} */
const KEYS = {
  ArrowRight: "next",
  PageDown: "next",
  " ": "next",
  ArrowLeft: "back",
  PageUp: "back",
  r: "reveal",
  q: "qr",
  p: "pause",
  f: "full",
  ".": "black",
  b: "black",
  "+": "larger",
  "-": "smaller",
  d: "dark",
  "?": "list",
  Escape: "escape",
};

/** @type {[keys: string, word: string][]} */
const LIST = [
  ["→  PageDown  Space", "next"],
  ["←  PageUp", "back"],
  ["r", "reveal"],
  ["q", "qr"],
  ["p", "pause"],
  ["f", "full"],
  [".  b", "black"],
  ["+  −", "type"],
  ["d", "dark"],
  ["?", "list"],
  ["Esc", "escape"],
];

/** Of what is shown in a frame, which has keys of its own, these are the lecturer's all the same. */
const IN_A_FRAME = ["Escape", "PageDown", "PageUp"];

/**
 * Keys that are pressed while something in a frame has the focus.
 * @param {Window} frame of this origin
 * @param {(deed: Deed) => void} act
 */
export function listenIn(frame, act) {
  frame.addEventListener("keydown", (event) => {
    if (!IN_A_FRAME.includes(event.key) || event.repeat) return;
    event.preventDefault();
    act(KEYS[event.key]);
  }, { capture: true });
}

/** @param {(deed: Deed) => void} act */
export function listen(act) {
  addEventListener("keydown", (event) => {
    const { key, target, altKey, ctrlKey, metaKey, repeat } = event;
    const deed = KEYS[key.length === 1 ? key.toLowerCase() : key];
    if (!deed || altKey || ctrlKey || metaKey || repeat) return;
    if (target instanceof Element && target.closest("input, textarea, select")) return;
    // Space presses the button that has the focus, and opens a table of numbers.
    if (key === " " && target instanceof Element && target.closest("button, a, summary")) return;
    event.preventDefault();
    act(deed);
  });
}

/** The list of keys, to be shown over everything. */
export function list() {
  const rows = LIST.map(([keys, word]) =>
    el("div", {}, el("dt", {}, el("kbd", {}, keys)), el("dd", {}, say(`keys.${word}`)))
  );
  return el("dialog", { class: "keys", "aria-label": say("keys.title") }, el("dl", {}, ...rows));
}
