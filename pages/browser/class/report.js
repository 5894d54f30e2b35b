/* The report: what the class has answered, on one sheet of A4. The sheet on the screen is the one on paper. */

/** @import { Report, Reported } from "./types.d.ts" */

import { el } from "../shared/dom.js";
import { board } from "./board.js";
import { answered, answers } from "./chart.js";
import { address } from "./post.js";
import { entered } from "./presenter.js";
import { answerText, say } from "./words.js";

/** Sizes of type that are tried, in points: first with what each card says of itself, then without. */
const [LARGEST, WHOLE, SMALLEST, STEP] = [9.5, 7, 3.5, 0.25];
/** Figures are drawn so wide that their type is that of the sheet, or near it: by columns. */
const ROOMS = [{ columns: 2, width: 340, type: 12 }, { columns: 3, width: 240, type: 10 }];
/** Millimetres of A4 that are not margin. */
const [WIDE, HIGH] = [186, 272];

const screen = /** @type {HTMLElement} */ (document.getElementById("screen"));

begin();

async function begin() {
  tell(say("report.wait"));
  const { code, refused } = await entered();
  if (refused) return tell(refused);
  const answer = await fetch(address(code, "/report"), { cache: "no-store" }).catch(() => null);
  if (answer?.status === 404) return tell(say("gone"));
  if (answer?.status === 403) return tell(say("report.none"));
  if (!answer?.ok) return tell(say("refused"));
  show(await answer.json());
}

/** @param {string} words */
function tell(words) {
  screen.replaceChildren(el("p", { class: "big", role: "status" }, words));
}

/** @param {Report} report */
function show(report) {
  const print = el(
    "button",
    { type: "button", class: "main", onclick: () => globalThis.print() },
    say("report.print"),
  );
  const paper = el("article", { class: "sheet" });
  screen.replaceChildren(el("p", { class: "tools" }, print), paper);
  fit(paper, report);
  document.title = `${say("report.head", { code: report.code })} · ${say("app")}`;
}

/**
 * Draw the report as large as one sheet has room for.
 * @param {HTMLElement} paper
 * @param {Report} report
 */
function fit(paper, report) {
  const probe = el("article", { class: "sheet is-measured", "aria-hidden": "true" });
  document.body.append(probe);
  const wanted = best(probe, report);
  probe.remove();
  dress(paper, wanted);
  paper.replaceChildren(...content(report, wanted));
}

/**
 * @typedef {{ width: number, type: number }} Figures how wide figures are drawn, and their type
 * @typedef {Figures & { columns: number, size: number, brief: boolean }} Form
 */

/** @param {HTMLElement} probe @param {Report} report @returns {Form} */
function best(probe, report) {
  const most = HIGH / WIDE * probe.clientWidth;
  const drawn = ROOMS.map((room) => ({ room, nodes: content(report, room) }));
  /** @type {Form} */
  let form = { ...ROOMS[1], size: SMALLEST, brief: true };
  for (const [brief, smallest] of /** @type {[boolean, number][]} */ ([[false, WHOLE], [true, SMALLEST]])) {
    for (let size = LARGEST; size >= smallest; size -= STEP) {
      for (const { room, nodes } of drawn) {
        form = { ...room, size, brief };
        dress(probe, form);
        probe.replaceChildren(...nodes);
        if (probe.scrollHeight <= most) return form;
      }
    }
  }
  return form;
}

/** @param {HTMLElement} sheet @param {Form} form */
function dress(sheet, { columns, size, brief }) {
  sheet.style.setProperty("--size", `${size}pt`);
  sheet.style.setProperty("--columns", String(columns));
  sheet.classList.toggle("is-brief", brief);
}

/** @param {Report} report @param {Figures} figures */
function content(report, figures) {
  const date = new Date(1000 * report.opened).toLocaleDateString("en-GB", { dateStyle: "long" });
  const cards = report.cards.map((card) => section(card, figures));
  return [
    el(
      "header",
      {},
      el("h1", {}, say("report.head", { code: `${report.code.slice(0, 3)} ${report.code.slice(3)}` })),
      el("p", { class: "muted" }, say("report.when", { date, seats: report.seats })),
    ),
    cards.length ? el("div", { class: "cards" }, ...cards) : el("p", {}, say("report.nothing")),
    el("footer", { class: "muted" }, say("report.foot")),
  ];
}

/** @param {Reported} card @param {Figures} figures */
function section(card, { width, type }) {
  const { question, rounds } = card;
  const [first, second] = rounds.map(answered);
  const n = second === undefined
    ? say("report.answers", { n: first })
    : say("report.answers.two", { first, second });
  const room = { width, height: 9 * type, type };
  const few = rounds.every((round) => round.n === 0 && round.more);
  return el(
    "section",
    { class: "card" },
    el("p", { class: "where" }, `${say("report.card", { card: card.card + 1 })} · ${n}`),
    question.title ? el("p", { class: "claim" }, `“${question.title}”`) : null,
    el("h2", {}, question.question),
    few ? el("p", {}, say("report.few")) : answers(card, room),
    gain(card),
    card.dots ? board(card, { ...room, height: 20 * type }) : el("p", { class: "said" }, card.said ?? ""),
  );
}

/** @param {Reported} card */
function gain({ gain, question }) {
  if (!gain) return null;
  const unit = question.unit === "%" ? say("points") : question.unit;
  const text = (/** @type {number} */ value) =>
    gain.kind === "off" ? answerText({ ...question, unit }, value) : value;
  const values = { before: text(gain.before), after: text(gain.after) };
  const better = gain.kind === "off" ? gain.after < gain.before : gain.after > gain.before;
  return el("p", { class: better ? "gain is-better" : "gain" }, say(`report.gain.${gain.kind}`, values));
}
