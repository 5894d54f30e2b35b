/* The words of this screen, as the page has them from core/classes/words.py, and numbers as people write them. */

/** @import { Question, Shown, Tick } from "./types.d.ts" */

/** @type {Record<string, string>} */
const WORDS = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/**
 * A word or sentence; what stands in braces is put in.
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 */
export function say(name, values = {}) {
  return (WORDS[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));
}

/**
 * How far the class's experiment is, and about how long it still takes; "" where none trains.
 * @param {Tick} tick
 */
export function training({ progress, left }) {
  if (progress === undefined) return "";
  const percent = Math.round(100 * progress);
  if (left === undefined) return say("training", { percent });
  const text = left < 60
    ? say("training.seconds", { n: left })
    : say("training.minutes", { n: Math.round(left / 60) });
  return say("training.left", { percent, left: text });
}

/**
 * What was found out, and by which settings.
 * @param {Shown} scene
 */
export function found({ said = "", setup }) {
  return setup ? `${said} ${say("setup", { setup })}` : said;
}

/** @param {number} value */
export function number(value) {
  return String(Math.round(value * 100) / 100).replace("-", "−");
}

/**
 * An answer to a question, as it is shown.
 * @param {Question} question
 * @param {number} value
 */
export function answerText(question, value) {
  if (question.choices) return question.choices[value] ?? "";
  return question.unit ? `${number(value)} ${question.unit}` : number(value);
}
