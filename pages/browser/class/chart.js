/* The figures of a class, drawn by hand: a histogram, bars, the board. Each with its sentence and its numbers. */

/** @import { Question, Scene, Shown, Tally } from "./types.d.ts" */

import { el } from "../shared/dom.js";
import { answerText, found, number, say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const TICKS = 5;

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} children
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/**
 * How large a figure may be, and its type, in pixels.
 * @typedef {{ width: number, height: number, type: number }} Room
 */

/**
 * A figure: what it shows in a sentence, the picture, its numbers as a table.
 * @param {string} sentence
 * @param {Node} picture
 * @param {(string | number)[][]} table the first row is its head
 * @param {Node | null} [saving] what saves it as a file
 */
export function figure(sentence, picture, table, saving = null) {
  const [head, ...rows] = table.map((row) => row.map(String));
  return el(
    "figure",
    { class: "figure" },
    picture,
    el("figcaption", {}, sentence),
    el("div", { class: "fig-foot" }, numbers(head, rows), saving),
  );
}

/** @param {string[]} head @param {string[][]} rows */
function numbers(head, rows) {
  return el(
    "details",
    { class: "numbers" },
    el("summary", {}, say("reveal.table")),
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, ...head.map((cell) => el("th", { scope: "col" }, cell)))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, cell))))),
    ),
  );
}

/**
 * What a class has answered: both rounds where there are two.
 * @param {Shown} scene
 * @param {Room} room
 * @param {number | null} [own] the answer of this phone
 */
export function answers(scene, room, own = null) {
  const { question, rounds = [], answer = null, right = false } = scene;
  const kind = right ? "right" : "measured";
  if (!question || rounds.every(({ n }) => n === 0)) return el("p", {}, say("reveal.nobody"));
  return question.choices
    ? choiceBars(question, question.choices, rounds, answer, own, kind)
    : histogram(question, rounds, answer, own, kind, room);
}

/**
 * @param {Question} question
 * @param {string[]} choices
 * @param {Tally[]} rounds
 * @param {number | null} right
 * @param {number | null} own
 * @param {"right" | "measured"} kind of answer
 */
function choiceBars(question, choices, rounds, right, own, kind) {
  const most = largest(rounds);
  const bars = choices.map((choice, i) =>
    el(
      "li",
      { class: i === right ? "is-right" : "" },
      el(
        "span",
        { class: "bar-name" },
        choice,
        i === right ? el("strong", { class: "tag right" }, `✓ ${say(`reveal.${kind}`)}`) : null,
        i === own ? el("strong", { class: "tag you" }, say("reveal.you")) : null,
      ),
      ...rounds.map(({ counts }, round) =>
        el(
          "span",
          { class: `bar${round < rounds.length - 1 ? " is-first" : ""}` },
          counts[i] === null ? null : el("i", { style: `width:${84 * Number(counts[i]) / most}%` }),
          el(counts[i] === null ? "small" : "b", {}, counted(counts[i])),
        )
      ),
    )
  );
  const last = rounds[rounds.length - 1];
  const largestOf = Math.max(...last.counts.map(Number));
  // Of a tie nobody can say where most are.
  const together = largestOf > 0 && last.counts.filter((count) => count === largestOf).length === 1;
  const sentence = say(together ? "reveal.sentence" : "reveal.sentence.spread", {
    n: answered(last),
    most: choices[last.counts.indexOf(largestOf)],
  });
  return figure(
    withAnswer(sentence, question, right, kind),
    el("ol", { class: "bars" }, ...bars),
    [
      ["", ...roundNames(rounds)],
      ...choices.map((name, i) => [name, ...rounds.map((r) => counted(r.counts[i]))]),
    ],
  );
}

/** @param {Tally[]} rounds */
function largest(rounds) {
  return Math.max(...rounds.flatMap(({ counts }) => counts.map(Number)), 1);
}

/** @param {number | null} count */
function counted(count) {
  return count === null ? say("few") : String(count);
}

/**
 * How many have answered, "17+" where a few more are too few to be told.
 * @param {Tally} tally
 */
export function answered({ n, more }) {
  return more ? `${n}+` : String(n);
}

/** @param {string} sentence @param {Question} question @param {number | null} answer @param {string} kind */
function withAnswer(sentence, question, answer, kind) {
  if (answer === null) return sentence;
  return `${sentence} ${say(`reveal.sentence.${kind}`, { answer: answerText(question, answer) })}`;
}

/** @param {Tally[]} rounds */
function roundNames(rounds) {
  if (rounds.length === 1) return [say("reveal.answers")];
  return [say("reveal.first"), say("reveal.second")];
}

/**
 * @param {Question} question
 * @param {Tally[]} rounds
 * @param {number | null} measured
 * @param {number | null} own
 * @param {"right" | "measured"} kind of answer
 * @param {Room} room
 */
function histogram(question, rounds, measured, own, kind, { width, height, type }) {
  const { low = 0, high = 100 } = question;
  const [left, right, top, bottom] = [type * 1.2, width - type * 1.2, type * 3, height - type * 2.1];
  const x = (/** @type {number} */ value) => left + (right - left) * (value - low) / (high - low);
  const most = largest(rounds);
  const parts = [];
  const bins = rounds[0].counts.length;
  const wide = (right - left) / bins;
  rounds.forEach(({ counts }, round) => {
    const isLast = round === rounds.length - 1;
    counts.forEach((count, i) => {
      const tall = (bottom - top) * (count ?? 0) / most;
      const bar = { x: left + i * wide + 2, y: bottom - tall, width: Math.max(1, wide - 4), height: tall };
      parts.push(svg("rect", { ...bar, class: isLast ? "hist-bar" : "hist-first" }));
    });
  });
  parts.push(svg("line", { x1: left, x2: right, y1: bottom, y2: bottom, class: "axis" }));
  for (let i = 0; i < TICKS; i++) {
    const value = low + (high - low) * i / (TICKS - 1);
    const anchor = i === 0 ? "start" : i === TICKS - 1 ? "end" : "middle";
    const at = { x: x(value), y: bottom + type * 1.4, "text-anchor": anchor };
    parts.push(svg("text", at, answerText(i === TICKS - 1 ? question : { ...question, unit: "" }, value)));
  }
  const last = rounds[rounds.length - 1];
  if (last.mean !== null && last.mean !== undefined) {
    parts.push(...mark(x(last.mean), top - type * 0.9, bottom, "mean", say("reveal.mean"), last.mean));
  }
  if (measured !== null) {
    const inside = Math.min(high, Math.max(low, measured));
    parts.push(...mark(x(inside), top - type * 2.1, bottom, "measured", say(`reveal.${kind}`), measured));
  }
  if (own !== null) {
    const at = x(own);
    parts.push(
      svg("path", { class: "you", d: `M${at} ${bottom - 2}l${-type * 0.6} ${-type}h${type * 1.2}z` }),
    );
  }
  const sentence = say("reveal.sentence.mean", {
    n: answered(last),
    mean: answerText(question, last.mean ?? 0),
  });
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": sentence, "font-size": type },
    ...parts,
  );
  const step = (high - low) / bins;
  const rows = rounds[0].counts.map((_, i) => [
    `${number(low + i * step)} – ${number(low + (i + 1) * step)}`,
    ...rounds.map((round) => counted(round.counts[i])),
  ]);
  return figure(withAnswer(sentence, question, measured, kind), picture, [
    [question.unit, ...roundNames(rounds)],
    ...rows,
  ]);

  /**
   * An upright line with its name beside its top, on the side where there is room.
   * @param {number} at @param {number} from @param {number} to
   * @param {string} style @param {string} name @param {number} value
   */
  function mark(at, from, to, style, name, value) {
    const text = `${name} ${answerText(question, value)}`;
    const long = (text.length * 0.6 + 0.4) * type;
    const before = at + long > width;
    // Where neither side has room, it stands above its line.
    const above = before && long > at;
    const place = {
      x: above ? width : at + type * (before ? -0.4 : 0.4),
      y: from + type * 0.5,
      "text-anchor": before ? "end" : "start",
      class: `${style}-name`,
    };
    return [
      svg("line", { x1: at, x2: at, y1: from + type * (above ? 0.8 : -0.4), y2: to, class: style }),
      svg("text", place, text),
    ];
  }
}

/**
 * What was compared, as bars from zero.
 * @param {Scene} scene
 */
export function comparison(scene) {
  const { rows = [], measure = { title: "", unit: "" } } = scene;
  const most = Math.max(...rows.map(([, mean]) => Math.abs(mean)), 1e-9);
  const text = (/** @type {number} */ mean, /** @type {number} */ error) =>
    `${number(mean)}${error ? ` ± ${number(error)}` : ""} ${measure.unit}`;
  const bars = rows.map(([name, mean, error]) =>
    el(
      "li",
      {},
      el("span", { class: "bar-name" }, name),
      el(
        "span",
        { class: "bar" },
        el("i", { style: `width:${72 * Math.abs(mean) / most}%` }),
        el("b", {}, text(mean, error)),
      ),
    )
  );
  return figure(found(scene), el("ol", { class: "bars is-measured" }, ...bars), [
    [measure.title, measure.unit, say("board.error")],
    ...rows.map(([name, mean, error]) => [name, number(mean), number(error)]),
  ]);
}
