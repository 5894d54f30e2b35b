/* The dots of the board in a list: the one that is picked opens in the laboratory, here or on the projector. */

/** @import { Dot, Scene } from "./types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { board } from "./board.js";
import { address } from "./post.js";
import { answerText, number, say } from "./words.js";

const TYPE = 13;

export class Dots {
  /** @type {[number, number] | null} */
  picked = null;
  /** Links by choice and seed. @type {Map<string, string>} */
  links = new Map();
  /** What is drawn; another one begins anew. */
  drawn = "";
  /** @type {Scene | null} */
  scene = null;

  /**
   * @param {string} code
   * @param {(dot: [number, number] | null) => void} show puts a dot on the projector, or the board
   */
  constructor(code, show) {
    this.code = code;
    this.figure = el("div", {});
    this.said = el("p", { role: "status" });
    this.open = el("a", { class: "main", target: "_blank", rel: "noopener" }, say("console.dot.open"));
    this.show = el("button", { type: "button", onclick: () => show(this.#shown() ? null : this.picked) });
    this.list = el("ul", { class: "desk-dots", "aria-label": say("console.dots") });
    this.node = el(
      "section",
      { class: "desk-board", hidden: true },
      el("h2", {}, say("console.board")),
      this.figure,
      this.said,
      el("div", { class: "desk-dot" }, this.open, this.show),
      this.list,
    );
  }

  /** @param {Scene} scene */
  draw(scene) {
    const { dots, question } = scene;
    this.scene = scene;
    setAttribute(this.node, "hidden", !dots);
    if (!dots || !question) return;
    const now = JSON.stringify([scene.card, dots, question]);
    if (now !== this.drawn) {
      const isOther = !this.drawn.startsWith(`[${scene.card},`);
      this.drawn = now;
      if (isOther) this.picked = null;
      const room = { width: Math.max(300, this.node.clientWidth), height: 22 * TYPE, type: TYPE };
      this.figure.replaceChildren(
        board(scene, room, `class_${this.code.toUpperCase()}_board_${scene.card + 1}`),
      );
      this.list.replaceChildren(...[...dots].sort(mostFirst).map((dot) => this.#row(dot)));
      if (isOther) this.#ask();
    }
    if (scene.lab) this.picked = scene.lab.dot;
    this.#drawPicked();
  }

  async #ask() {
    const answer = await fetch(address(this.code, "/dots"), { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) {
      this.drawn = "";
      return;
    }
    const { links } = await answer.json();
    this.links = new Map(
      links.map((
        /** @type {[number, number, string]} */ [choice, seed, link],
      ) => [`${choice} ${seed}`, link]),
    );
    this.#drawPicked();
  }

  /** @param {Dot} dot */
  #row([choice, seed, zeros, accuracy, seats]) {
    const pick = () => {
      this.picked = [choice, seed];
      this.#drawPicked();
    };
    return el(
      "li",
      {},
      el(
        "button",
        { type: "button", "data-dot": `${choice} ${seed}`, onclick: pick },
        el("b", {}, this.#name(choice, seed)),
        el("span", {}, say("console.dot.seats", { seats: seats ?? say("few") })),
        el("span", {}, say("console.dot.zeros", { zeros: number(zeros) })),
        el("span", {}, say("console.dot.accuracy", { accuracy: number(accuracy) })),
      ),
    );
  }

  #drawPicked() {
    const dot = this.picked?.join(" ") ?? "";
    for (const button of this.list.querySelectorAll("button")) {
      setAttribute(button, "aria-pressed", button.dataset.dot === dot ? "true" : "false");
    }
    const link = this.links.get(dot);
    setText(this.said, this.picked ? this.#name(...this.picked) : say("console.dot.none"));
    setAttribute(this.open, "href", link === undefined ? null : `./?${link}`);
    setAttribute(this.open, "hidden", link === undefined);
    setAttribute(this.show, "hidden", !this.picked);
    setText(this.show, say(this.#shown() ? "console.dot.hide" : "console.dot.show"));
  }

  /** Whether the dot that is picked is on the projector. */
  #shown() {
    return Boolean(this.scene?.lab) && this.scene?.lab?.dot.join(" ") === this.picked?.join(" ");
  }

  /** @param {number} choice @param {number} seed */
  #name(choice, seed) {
    const question = this.scene?.question;
    const setting = choice < 0 || !question ? say("board.zero") : answerText(question, choice);
    return say("console.dot", { setting, seed });
  }
}

/** @param {Dot} a @param {Dot} b */
function mostFirst(a, b) {
  return Number(b[4]) - Number(a[4]) || a[0] - b[0] || a[1] - b[1];
}
