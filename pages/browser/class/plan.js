/* The plan on the console: what to press and to say now, what comes next, minutes planned and gone. */

/** @import { Desk, Plan as Planned, Planned as Card, Scene, State } from "./types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { address } from "./post.js";
import { found, say } from "./words.js";

const MINUTE = 60;

export class Plan {
  /** What is planned, as soon as it is known. @type {Planned | null} */
  planned = null;
  /** The server's clock less this device's, in seconds. */
  ahead = 0;
  asked = false;
  drawn = "";

  /** @param {string} code */
  constructor(code) {
    this.code = code;
    this.clock = el("p", { class: "desk-clock" });
    this.press = el("p", { class: "desk-press" });
    this.notes = el("div", { class: "desk-notes" });
    this.then = el("p", { class: "muted" });
    this.node = el(
      "section",
      { class: "desk-say", "aria-label": say("console.plan") },
      this.press,
      this.notes,
      this.then,
    );
    this.#ask();
  }

  async #ask() {
    this.asked = true;
    const answer = await fetch(address(this.code, "/plan"), { cache: "no-store" }).catch(() => null);
    // Whoever draws next asks again.
    this.asked = Boolean(answer?.ok);
    if (!answer?.ok) return;
    this.planned = await answer.json();
    this.ahead = (this.planned?.now ?? 0) - Date.now() / 1000;
  }

  /**
   * @param {State} state
   * @param {string} button the name of what leads on
   */
  draw({ scene, desk, tick }, button) {
    if (!scene || !desk) return;
    if (!this.planned) {
      if (!this.asked) this.#ask();
      return;
    }
    this.#drawClock(this.planned, scene, desk);
    const trains = tick?.progress !== undefined;
    const now = JSON.stringify([scene.n, scene.said, desk.titles.length, button, trains]);
    if (now === this.drawn) return;
    this.drawn = now;
    setText(this.press, say(`console.press.${pressed(scene, desk, trains)}`, { button }));
    const card = ["lobby", "done"].includes(scene.phase) ? null : this.planned.cards[scene.card];
    this.notes.replaceChildren(...(card ? noted(card, scene) : []));
    setText(this.then, followed(this.planned, scene, desk));
  }

  /** @param {Planned} planned @param {Scene} scene @param {Desk} desk */
  #drawClock(planned, scene, desk) {
    const { card, all, over } = spent(planned, scene, desk, Date.now() / 1000 + this.ahead);
    const words = [
      card && say("console.clock.card", card),
      all ? say("console.clock.all", all) : say("console.clock.lobby", lobby(planned)),
      over > 0 && say("console.clock.over", { over }),
    ];
    setText(this.clock, words.filter(Boolean).join(" · "));
    setAttribute(this.clock, "class", over > 0 ? "desk-clock is-wrong" : "desk-clock");
  }
}

/** @param {Planned} planned */
function lobby({ joining, cards }) {
  return { joining, minutes: planned(cards) };
}

/** @param {Card[]} cards */
function planned(cards) {
  return cards.reduce((sum, each) => sum + each.minutes, 0);
}

/**
 * Minutes that are gone and planned, of the question and of the class; none before the first question.
 * @param {Planned} plan @param {Scene} scene @param {Desk} desk
 * @param {number} now by the server's clock
 */
export function spent({ cards }, scene, { began, came }, now) {
  if (began === null) return { card: null, all: null, over: 0 };
  const gone = (/** @type {number} */ since) => Math.max(0, Math.floor((now - since) / MINUTE));
  const minutes = planned(cards);
  return {
    card: scene.phase === "done"
      ? null
      : { gone: gone(came ?? began), minutes: cards[scene.card]?.minutes ?? 0 },
    all: { gone: gone(began), minutes },
    over: gone(began) - minutes,
  };
}

/**
 * Which of the sentences says what to press.
 * @param {Scene} scene @param {Desk} desk @param {boolean} trains
 */
function pressed({ phase, paused, round, dots }, { waits }, trains) {
  if (paused) return "paused";
  if (phase === "closed" && waits) return "waits";
  if (phase === "closed" && trains) return "training";
  if (phase === "closed" && round > 1) return "again";
  return phase === "discuss" && dots ? "board" : phase;
}

/** @param {Card} card @param {Scene} scene */
function noted({ predict, discuss, terms, wrong }, scene) {
  const { phase } = scene;
  const knows = phase === "reveal" || phase === "discuss";
  const ask = knows ? discuss : predict;
  return [
    ask ? el("p", { class: "desk-ask" }, say("console.ask", { question: ask })) : null,
    knows && scene.said && !scene.dots ? el("p", {}, found(scene)) : null,
    wrong.length ? el("p", {}, say("console.wrong", { answers: wrong.join("”, “") })) : null,
    terms.length
      ? el(
        "dl",
        { class: "desk-terms", "aria-label": say("console.terms") },
        ...terms.map(([term, text]) => el("div", {}, el("dt", {}, term), el("dd", {}, text))),
      )
      : null,
  ].filter((node) => node !== null);
}

/** @param {Planned} planned @param {Scene} scene @param {Desk} desk */
function followed({ cards }, { phase, card, cards: n }, { titles }) {
  if (phase === "done") return "";
  const next = phase === "lobby" ? card : card + 1;
  if (next >= n) return say("console.then.end");
  return say("console.then", { card: next + 1, title: titles[next], minutes: cards[next].minutes });
}
