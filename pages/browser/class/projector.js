/* The projector: what the hall sees. It has no rights of its own: a browser that has the secret steers. */

/** @import { Question, Scene } from "./types.d.ts" */
/** @import { Deed } from "./keys.js" */

import { el, setText } from "../shared/dom.js";
import { board } from "./board.js";
import { answers, comparison } from "./chart.js";
import { list, listen, listenIn } from "./keys.js";
import { address, isLocal, post } from "./post.js";
import { Room } from "./room.js";
import { answerText, found, number, say, training } from "./words.js";

const SIZE = "class-type";
const [SMALLEST, LARGEST, STEP] = [0.9, 1.6, 0.1];
/** How wide the laboratory is laid out at least. */
const DESK = 1440;
const screen = /** @type {HTMLElement} */ (document.getElementById("screen"));
const code = new URLSearchParams(location.search).get("c")?.toUpperCase() ?? "";
const base = new URL(".", document.baseURI).href;

class Projector {
  drawn = "";
  /** The phase whose dot was left by Esc. */
  left = -1;

  constructor() {
    this.size = Number(stored(SIZE)) || 1;
    this.main = el("section", { class: "stage", "aria-live": "polite" });
    this.count = el("span", { class: "count" });
    this.bar = el("progress", { max: 1, hidden: true, "aria-label": say("closed") });
    this.foot = el(
      "footer",
      { class: "stage-foot" },
      el("span", { class: "foot-join" }, shortAddress(), " ", el("strong", {}, spaced(code))),
      this.bar,
      this.count,
    );
    this.qr = this.#qrDialog();
    this.keys = list();
    this.note = el("p", { class: "note", role: "status" });
    this.black = el("div", { class: "black", hidden: true });
    this.lab = el("section", { class: "lab", hidden: true, "aria-label": say("projector.lab") });
    screen.replaceChildren(this.main, this.foot, this.lab, this.note, this.qr, this.keys, this.black);
    this.#type(0);
    this.#scaled();
    listen((deed) => this.act(deed));
    addEventListener("resize", () => {
      this.#scaled();
      this.#again();
    });
    this.black.addEventListener("click", () => this.act("black"));
    this.room = new Room(code, () => this.draw());
  }

  /** @param {Deed} deed */
  act(deed) {
    if (deed === "qr") toggle(this.qr);
    else if (deed === "list") toggle(this.keys);
    else if (deed === "black") this.black.hidden = !this.black.hidden;
    else if (deed === "full") full();
    else if (deed === "larger") this.#type(STEP);
    else if (deed === "smaller") this.#type(-STEP);
    else if (deed === "dark") dress();
    else if (deed === "escape") this.#escape();
    else this.#steer(deed);
  }

  #close() {
    this.qr.close();
    this.keys.close();
    this.black.hidden = true;
  }

  #escape() {
    const { scene } = this.room.state;
    this.#close();
    if (this.lab.hidden || !scene) return;
    // At once, whoever steers; and for everybody, where this browser may.
    this.left = scene.n;
    this.#drawLab(scene);
    post(address(code, "/steer"), { do: "show", at: scene.n, dot: null });
  }

  /** @param {"next" | "back" | "reveal" | "pause"} deed */
  async #steer(deed) {
    const { scene } = this.room.state;
    if (!scene) return;
    this.#close();
    const told = await post(address(code, "/steer"), { do: deed, at: scene.n });
    if (told.ok) this.room.apply(/** @type {unknown[]} */ (told.body.frames).slice(0, 2));
    else setText(this.note, told.status === 403 ? say("projector.nobody") : say("refused"));
  }

  /** @param {number} by */
  #type(by) {
    this.size = Math.min(LARGEST, Math.max(SMALLEST, Math.round(10 * (this.size + by)) / 10));
    document.documentElement.style.setProperty("--size", String(this.size));
    store(SIZE, String(this.size));
    if (this.room) this.#again();
  }

  #scaled() {
    this.lab.style.setProperty("--lab", String(Math.max(1, innerWidth / DESK)));
  }

  #again() {
    this.drawn = "";
    this.draw();
  }

  draw() {
    const { scene, tick, link } = this.room.state;
    document.body.dataset.link = link;
    if (link === "gone") return this.main.replaceChildren(el("p", { class: "big" }, say("gone")));
    if (!scene) return;
    document.body.dataset.phase = scene.paused ? "paused" : scene.phase;
    const now = JSON.stringify(scene);
    if (now !== this.drawn) {
      this.drawn = now;
      setText(this.note, "");
      this.#drawStage(scene);
    }
    this.#drawLab(scene);
    if (!tick) return;
    setText(this.count, say("projector.joined", { joined: tick.joined }));
    const counted = document.getElementById("counted");
    const answered = document.getElementById("answered");
    if (counted && answered) {
      setText(counted, String(tick.count));
      setText(answered, say("answered", { joined: tick.joined }));
    }
    const here = document.getElementById("joined");
    if (here) setText(here, say("projector.joined", { joined: tick.joined }));
    this.bar.hidden = tick.progress === undefined;
    const trains = document.getElementById("training");
    if (trains) setText(trains, training(tick));
    if (tick.progress !== undefined) this.bar.value = tick.progress;
    const state = document.getElementById("state");
    if (state) setText(state, training(tick) || say("closed"));
  }

  /** @param {Scene} scene */
  #drawStage(scene) {
    const { question } = scene;
    if (scene.paused) return this.main.replaceChildren(el("p", { class: "huge" }, say("paused")));
    if (scene.phase === "lobby") return this.main.replaceChildren(this.#lobby());
    if (scene.phase === "done" || !question) {
      return this.main.replaceChildren(el("p", { class: "huge" }, say("done")));
    }
    const head = el(
      "header",
      { class: "stage-head" },
      el(
        "p",
        { class: "where" },
        say("card", { card: scene.card + 1, cards: scene.cards }),
        scene.round > 1 ? ` · ${say("round")}` : "",
      ),
      question.title ? el("p", { class: "claim" }, `${say("claim")}: “${question.title}”`) : null,
      el("h1", {}, question.question),
    );
    const body = el("div", { class: "stage-body" });
    this.main.replaceChildren(head, body);
    if (scene.phase === "predict" || scene.phase === "closed") {
      const tally = el("p", { class: "tally" }, el("b", { id: "counted" }), el("span", { id: "answered" }));
      body.append(el("div", { class: "ask" }, asked(question), tally));
      if (scene.phase === "closed") {
        body.append(el("p", { class: "state", id: "state" }, say("closed")));
      }
    } else this.#drawShown(scene, body);
  }

  /** How far the training is: there before a figure takes what room is left. */
  #trains() {
    const { tick } = this.room.state;
    return el("p", { class: "trains", id: "training", role: "status" }, tick ? training(tick) : "");
  }

  /** @param {Scene} scene @param {HTMLElement} body */
  #drawShown(scene, body) {
    if (scene.gain) body.append(el("p", { class: "gain" }, say("reveal.gain", scene.gain)));
    const said = el("p", { class: "said" }, found(scene));
    const talks = scene.phase === "discuss" && !scene.dots && !scene.rows;
    if (talks) body.append(said);
    body.append(this.#trains());
    const type = parseFloat(getComputedStyle(document.documentElement).fontSize);
    // A figure takes what its own sentence and what stands above leave it.
    const above = [...body.children].reduce((sum, each) => sum + each.clientHeight + type, 0);
    const lines = scene.dots ? 6 : 4;
    const room = {
      width: body.clientWidth,
      height: Math.max(10 * type, body.clientHeight - above - lines * type),
      type,
    };
    if (scene.phase === "discuss" && scene.dots) {
      body.append(board(scene, room, `class_${code}_board_${scene.card + 1}`));
    } else if (scene.phase === "discuss" && scene.rows) body.append(comparison(scene));
    else body.append(answers(scene, room));
  }

  /**
   * The laboratory in a frame: the class goes on behind it, and is a key away.
   * @param {Scene} scene
   */
  #drawLab(scene) {
    const link = scene.n === this.left ? undefined : scene.lab?.link;
    this.lab.hidden = link === undefined;
    if (this.lab.dataset.link === link) return;
    this.lab.dataset.link = link ?? "";
    if (link === undefined || !scene.lab || !scene.question) return this.lab.replaceChildren();
    const [choice, seed] = scene.lab.dot;
    const setting = choice < 0 ? say("board.zero") : answerText(scene.question, choice);
    const frame = el("iframe", { src: `./?${link}`, title: say("projector.lab") });
    frame.addEventListener("load", () => {
      if (frame.contentWindow) listenIn(frame.contentWindow, (deed) => this.act(deed));
    });
    this.lab.replaceChildren(
      el(
        "p",
        { class: "lab-bar" },
        el("strong", {}, `${setting} · ${say("board.seed")} ${seed}`),
        el("button", { type: "button", onclick: () => this.act("escape") }, say("projector.lab.back")),
      ),
      el("div", { class: "lab-frame" }, frame),
    );
  }

  #lobby() {
    return el(
      "div",
      { class: "lobby" },
      el(
        "div",
        { class: "lobby-words" },
        el("h1", {}, say("projector.join")),
        el("p", { class: "address" }, shortAddress()),
        el("p", { class: "code" }, spaced(code)),
        el("p", { class: "joined", id: "joined", role: "status" }),
        isLocal() ? el("p", { class: "local" }, say("local")) : null,
      ),
      qrPicture(),
    );
  }

  #qrDialog() {
    return el(
      "dialog",
      { class: "qr-dialog", "aria-label": say("projector.qr") },
      qrPicture(),
      el("p", { class: "address" }, shortAddress()),
      el("p", { class: "code" }, spaced(code)),
    );
  }
}

function qrPicture() {
  return el("img", {
    class: "qr",
    alt: say("projector.qr"),
    src: address(code, `/qr?at=${encodeURIComponent(base)}`),
  });
}

/** @param {Question} question */
function asked(question) {
  if (question.choices) {
    return el(
      "ol",
      { class: "asked" },
      ...question.choices.map((each) => el("li", {}, each)),
    );
  }
  const { low = 0, high = 100 } = question;
  return el(
    "div",
    { class: "band" },
    el("i", {}),
    el("span", {}, number(low)),
    el("span", {}, answerText(question, high)),
  );
}

/** Where phones join, as one types it. */
function shortAddress() {
  return new URL("seat", base).href.replace(/^https?:\/\//, "");
}

/** @param {string} text */
function spaced(text) {
  return `${text.slice(0, 3)} ${text.slice(3)}`;
}

/** @param {HTMLDialogElement} dialog */
function toggle(dialog) {
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

function full() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

function dress() {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === "dark" ? "light" : "dark";
}

/** @param {string} key */
function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Embedded elsewhere, a browser may keep nothing for us.
  }
}

/** @param {string} key @param {string} value */
function store(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The same.
  }
}

new Projector();
