/* The seat: a phone in a class. One question on one screen. */

/** @import { Question, Scene } from "./types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { answers } from "./chart.js";
import { address, post } from "./post.js";
import { Room } from "./room.js";
import { answerText, found, number, say, training } from "./words.js";

const TEMPOS = ["with", "faster", "slower", "lost"];
/** An answer that comes too soon after the last one is sent again after so many milliseconds. */
const SOON = 1100;

const screen = /** @type {HTMLElement} */ (document.getElementById("screen"));
const code = new URLSearchParams(location.search).get("c") ?? "";

if (code) join(code);
else askCode();

/** @param {string} [wrong] what was wrong with the last one */
function askCode(wrong = "") {
  const input = el("input", {
    id: "code",
    name: "c",
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    maxlength: 8,
    required: true,
    "aria-describedby": "hint",
  });
  screen.replaceChildren(
    el(
      "form",
      { class: "ask-code", onsubmit: (/** @type {Event} */ event) => enter(event) },
      el("h1", {}, say("app")),
      el("label", { for: "code" }, say("seat.code")),
      input,
      el(
        "p",
        { id: "hint", class: wrong ? "is-wrong" : "muted", role: wrong ? "alert" : null },
        wrong || say("seat.hint"),
      ),
      el("button", { class: "main", type: "submit" }, say("seat.join")),
    ),
  );
  input.focus();

  /** @param {Event} event */
  function enter(event) {
    event.preventDefault();
    const typed = input.value.trim();
    if (typed) join(typed);
  }
}

/** @param {string} typed */
async function join(typed) {
  screen.replaceChildren(el("p", { class: "big muted", role: "status" }, say("wait")));
  const told = await post(address(typed, "/join"));
  if (told.status === 404) return askCode(say("seat.wrong"));
  if (!told.ok) return askCode(String(told.body.message ?? say("refused")));
  history.replaceState(null, "", `?c=${encodeURIComponent(typed)}`);
  new Seat(typed, /** @type {unknown[]} */ (told.body.frames));
}

class Seat {
  /** The answer on the screen and not sent yet. @type {number | null} */
  draft = null;
  sending = false;
  refused = "";
  /** What is drawn; another one begins anew. */
  drawn = "";

  /** @param {string} typed @param {unknown[]} frames */
  constructor(typed, frames) {
    this.code = typed;
    this.top = el("header", { class: "seat-top" });
    this.main = el("section", { class: "seat-main" });
    this.note = el("p", { class: "note", role: "status" });
    this.lab = el(
      "a",
      {
        class: "seat-lab",
        target: "_blank",
        rel: "noopener",
        href: `./?class=${encodeURIComponent(typed)}`,
        hidden: true,
      },
      say("seat.follow"),
    );
    this.tempo = el("footer", { class: "seat-tempo" });
    screen.replaceChildren(this.top, this.main, this.lab, this.note, this.tempo);
    this.room = new Room(typed, () => this.draw());
    this.room.apply(frames);
    addEventListener("resize", () => this.#again());
  }

  draw() {
    const { scene, tick, own, link } = this.room.state;
    document.body.dataset.link = link;
    if (link === "gone") return this.#over();
    if (!scene || !own?.joined) return;
    document.body.dataset.phase = scene.paused ? "paused" : scene.phase;
    // While a question is open the screen is the question's.
    setAttribute(this.lab, "hidden", !scene.follow || scene.paused || scene.phase === "predict");
    setText(this.note, link === "lost" ? say("lost") : "");
    this.#drawTop(own.name ?? "");
    this.#drawTempo(own.tempo ?? "");
    const answered = own.card === scene.card ? own.answers ?? [] : [];
    // A count changes often, and redraws nothing that is being read or moved.
    const now = JSON.stringify([scene, answered, this.sending, this.refused]);
    if (now !== this.drawn) {
      const before = this.drawn && JSON.parse(this.drawn)[0];
      if (!before || before.card !== scene.card || before.round !== scene.round) this.draft = null;
      this.drawn = now;
      this.#drawMain(scene, answered);
    }
    const count = document.getElementById("count");
    if (count && tick) setText(count, say("count", { count: tick.count, joined: tick.joined }));
    const bar = document.getElementById("training");
    if (bar && tick) setText(bar, training(tick));
  }

  #again() {
    this.drawn = "";
    this.draw();
  }

  #over() {
    this.tempo.replaceChildren();
    this.top.replaceChildren();
    setAttribute(this.lab, "hidden", true);
    setText(this.note, "");
    this.main.replaceChildren(el("p", { class: "big" }, say("gone")));
  }

  /** @param {string} name */
  #drawTop(name) {
    if (this.top.childElementCount) return;
    this.top.append(
      el("span", { class: "seat-name" }, say("seat.you", { name })),
      el("span", { class: "seat-code" }, this.code.toUpperCase()),
    );
  }

  /** @param {string} chosen */
  #drawTempo(chosen) {
    if (!this.tempo.childElementCount) {
      const buttons = TEMPOS.map((tempo) =>
        el(
          "button",
          {
            type: "button",
            "data-tempo": tempo,
            onclick: () => post(address(this.code, "/tempo"), { tempo }).then((told) => this.#took(told)),
          },
          say(`tempo.${tempo}`),
        )
      );
      this.tempo.append(
        el("p", { id: "how" }, say("tempo")),
        el("div", { class: "tempos", role: "group", "aria-labelledby": "how" }, ...buttons),
        el("p", { class: "privacy" }, say("seat.privacy")),
      );
    }
    for (const button of this.tempo.querySelectorAll("button")) {
      setAttribute(button, "aria-pressed", button.dataset.tempo === chosen ? "true" : "false");
    }
  }

  /** @param {import("./types.d.ts").Told} told */
  #took(told) {
    if (told.ok) this.room.apply(/** @type {unknown[]} */ (told.body.frames));
  }

  /** @param {Scene} scene @param {(number | null)[]} answered */
  #drawMain(scene, answered) {
    const mine = answered[scene.round - 1] ?? null;
    const question = scene.question;
    if (scene.paused) return this.main.replaceChildren(el("p", { class: "big" }, say("paused")));
    if (scene.phase === "lobby") {
      return this.main.replaceChildren(el("p", { class: "big" }, say("seat.lobby")));
    }
    if (scene.phase === "done" || !question) {
      const lab = el("a", { class: "main", href: "./" }, say("seat.lab"));
      return this.main.replaceChildren(el("p", { class: "big" }, say("done")), lab);
    }
    const head = this.#head(scene, question);
    if (scene.phase === "predict") {
      const focused = document.activeElement?.id;
      this.main.replaceChildren(...head, this.#controls(question, scene, mine), this.#said(question, mine));
      if (focused) document.getElementById(focused)?.focus();
    } else if (scene.phase === "closed") {
      const words = mine === null
        ? say("seat.closed.none")
        : say("seat.closed", { answer: answerText(question, mine) });
      this.main.replaceChildren(
        ...head,
        el("p", { class: "big" }, words),
        el("p", { id: "count", class: "muted" }),
        el("p", { id: "training", class: "muted" }),
      );
    } else {
      // Who has not voted a second time has what they said the first time.
      const last = [...answered].reverse().find((each) => each !== null) ?? null;
      this.main.replaceChildren(...head, ...this.#shown(scene, question, last));
    }
  }

  /** @param {Scene} scene @param {Question} question */
  #head(scene, question) {
    const where = say("card", { card: scene.card + 1, cards: scene.cards });
    return [
      el("p", { class: "where" }, scene.round > 1 ? `${where} · ${say("round")}` : where),
      question.title ? el("p", { class: "claim" }, `“${question.title}”`) : null,
      el("h1", {}, question.question),
    ].filter((node) => node !== null);
  }

  /** @param {Question} question @param {Scene} scene @param {number | null} mine */
  #controls(question, scene, mine) {
    const place = { card: scene.card, round: scene.round };
    if (question.choices) {
      const chosen = this.draft ?? mine;
      return el(
        "div",
        { class: "choices", role: "radiogroup", "aria-label": say("seat.answer") },
        ...question.choices.map((choice, i) => {
          const input = el("input", {
            type: "radio",
            id: `choice-${i}`,
            name: "choice",
            value: i,
            onchange: () => this.#send(place, i),
          });
          input.checked = chosen === i;
          return el("label", { class: "choice" }, input, el("span", {}, choice));
        }),
      );
    }
    return this.#slider(question, place, mine);
  }

  /** @param {Question} question @param {{ card: number, round: number }} place @param {number | null} mine */
  #slider(question, place, mine) {
    const { low = 0, high = 100, unit } = question;
    const start = this.draft ?? mine ?? (low + high) / 2;
    const band = { min: low, max: high, step: 1, value: start };
    const slider = el("input", { type: "range", id: "slider", "aria-label": say("seat.answer"), ...band });
    const typed = el("input", {
      type: "number",
      id: "typed",
      "aria-label": `${say("seat.answer")} (${unit})`,
      inputmode: "decimal",
      ...band,
      step: "any",
    });
    const send = el(
      "button",
      { class: "main", type: "submit", id: "send" },
      this.sending ? say("seat.sending") : say("seat.send"),
    );
    const take = (/** @type {HTMLInputElement} */ from, /** @type {HTMLInputElement} */ to) => {
      if (from.value === "" || !from.validity.valid) return;
      to.value = from.value;
      this.draft = Number(from.value);
    };
    slider.addEventListener("input", () => take(slider, typed));
    typed.addEventListener("input", () => take(typed, slider));
    return el(
      "form",
      {
        class: "number",
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          this.#send(place, Number(typed.value));
        },
      },
      el("div", { class: "typed" }, typed, el("span", {}, unit)),
      slider,
      el("div", { class: "ends" }, el("span", {}, number(low)), el("span", {}, number(high))),
      send,
    );
  }

  /** @param {Question} question @param {number | null} mine */
  #said(question, mine) {
    const words = this.refused
      || (mine === null ? "" : say("seat.sent", { answer: answerText(question, mine) }));
    return el(
      "div",
      {},
      el("p", { class: this.refused ? "is-wrong" : "sent", role: "status" }, words),
      el("p", { id: "count", class: "muted" }),
    );
  }

  /** @param {{ card: number, round: number }} place @param {number} value */
  async #send(place, value) {
    this.draft = value;
    if (this.sending) return;
    this.sending = true;
    this.refused = "";
    this.draw();
    let told = await post(address(this.code, "/answer"), { ...place, value });
    while (told.ok && (told.body.became === "soon" || value !== this.draft) && this.draft !== null) {
      await new Promise((resolve) => setTimeout(resolve, SOON));
      value = this.draft ?? value;
      told = await post(address(this.code, "/answer"), { ...place, value });
    }
    this.sending = false;
    this.draft = null;
    this.refused = told.ok ? "" : String(told.body.message ?? say("refused"));
    if (told.ok) this.#took(told);
    this.draw();
  }

  /** @param {Scene} scene @param {Question} question @param {number | null} mine */
  #shown(scene, question, mine) {
    const room = { width: Math.min(this.main.clientWidth, 560), height: 190, type: 14 };
    const words = [];
    words.push(mine === null ? say("seat.none") : say("seat.said", { answer: answerText(question, mine) }));
    const measured = scene.answer ?? null;
    if (mine !== null && measured !== null) {
      if (mine === measured) words.push(say("seat.hit"));
      else if (!question.choices) {
        const unit = question.unit === "%" ? say("points") : question.unit;
        words.push(say("seat.off", { off: answerText({ ...question, unit }, Math.abs(mine - measured)) }));
      }
    }
    const dot = this.#dot(scene, question, mine);
    const own = dot ?? words.join(" ");
    const discusses = scene.phase === "discuss";
    return [
      own ? el("p", { class: mine !== null && mine === measured && !dot ? "sent" : "own" }, own) : null,
      discusses ? null : answers(scene, room, mine),
      scene.gain ? el("p", { class: "big" }, say("reveal.gain", scene.gain)) : null,
      discusses ? el("p", { class: "said" }, found(scene)) : null,
      el("p", { id: "training", class: "muted" }),
    ].filter((node) => node !== null);
  }

  /** @param {Scene} scene @param {Question} question @param {number | null} mine */
  #dot(scene, question, mine) {
    const seed = this.room.state.own?.seed;
    const dots = scene.dots ?? [];
    // Choices that are the same setting have one dot: that of the first, or of λ = 0.
    const dot = dots.find(([choice, of]) => choice === mine && of === seed);
    if (mine === null || !dot) return null;
    const [choice, of, zeros, accuracy] = dot;
    return say("seat.dot", {
      setting: question.choices?.[choice] ?? "",
      seed: of,
      zeros: number(zeros),
      accuracy: number(accuracy),
    });
  }
}
