/* The console: a lecturer's phone or laptop steers the class. */

/** @import { Scene } from "./types.d.ts" */
/** @import { Deed } from "./keys.js" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { Dots } from "./dots.js";
import { list, listen } from "./keys.js";
import { Plan } from "./plan.js";
import { address, isLocal, post } from "./post.js";
import { entered } from "./presenter.js";
import { Room } from "./room.js";
import { say, training } from "./words.js";

const TEMPOS = ["with", "faster", "slower", "lost"];
const SURE = 5000;

const screen = /** @type {HTMLElement} */ (document.getElementById("screen"));

begin();

async function begin() {
  const { code, refused } = await entered();
  if (refused) return screen.replaceChildren(el("p", { class: "big" }, refused));
  const answer = await fetch(address(code, "?console"), { cache: "no-store" }).catch(() => null);
  if (answer && answer.status === 403) {
    return screen.replaceChildren(el("p", { class: "big" }, say("console.none")));
  }
  if (answer && answer.status === 404) return screen.replaceChildren(el("p", { class: "big" }, say("gone")));
  new Console(code);
}

class Console {
  /** @param {string} code */
  constructor(code) {
    this.code = code;
    this.sure = 0;
    this.phase = el("h1", { class: "desk-phase" });
    this.question = el("p", { class: "desk-question" });
    this.count = el("p", { class: "desk-count", role: "status" });
    this.heard = el("p", { class: "muted desk-heard" });
    this.next = this.#button("next", "main desk-next", "console.next.lobby");
    this.back = this.#button("back");
    this.pause = this.#button("pause");
    this.reveal = this.#button("reveal");
    this.open = this.#button("open");
    this.again = this.#button("again");
    this.joining = this.#button("joining");
    this.follow = this.#button("follow");
    this.plan = new Plan(code);
    this.said = el("p", { class: "muted" });
    this.tempo = el("ul", { class: "desk-tempo", "aria-label": say("tempo") });
    this.cards = el("ol", { class: "desk-cards" });
    this.dots = new Dots(code, (dot) => this.#steer("show", 0, dot));
    this.note = el("p", { class: "note", role: "status" });
    this.keys = list();
    this.moves = el(
      "button",
      { type: "button", "aria-expanded": "false", onclick: () => this.#link() },
      say("console.move"),
    );
    this.move = el("div", { class: "desk-move", hidden: true });
    this.delete = el(
      "button",
      { type: "button", class: "danger", onclick: () => this.#delete() },
      say("console.delete"),
    );
    screen.replaceChildren(
      el(
        "header",
        { class: "desk-top" },
        el("strong", { class: "seat-code" }, code.toUpperCase()),
        this.heard,
      ),
      el("section", { class: "desk-steer" }, ...this.#steering()),
      el("section", { class: "desk-now" }, this.plan.node, this.dots.node),
      el(
        "section",
        { class: "desk-more" },
        el("h2", {}, say("tempo")),
        this.tempo,
        this.said,
        el("h2", {}, say("console.cards")),
        this.cards,
        el("h2", {}, say("console.screens")),
        this.#screens(),
      ),
      this.keys,
    );
    listen((deed) => this.act(deed));
    setInterval(() => this.#drawTimes(), 1000);
    this.room = new Room(code, () => this.draw(), { desk: true });
  }

  #steering() {
    const { back, pause, reveal, open, again, joining, follow } = this;
    return [
      this.phase,
      this.plan.clock,
      this.question,
      this.count,
      this.next,
      el("div", { class: "desk-row" }, back, pause, reveal, open, again, joining, follow),
      this.note,
    ];
  }

  /** @param {string} deed @param {string} [kind] @param {string} [word] */
  #button(deed, kind = "", word = `console.${deed}`) {
    return el(
      "button",
      { type: "button", class: kind, onclick: () => this.#steer(deed) },
      say(word),
    );
  }

  #screens() {
    const query = `?c=${encodeURIComponent(this.code)}`;
    const link = (/** @type {string} */ to, /** @type {string} */ word) =>
      el("a", { href: `${to}${query}`, target: "_blank", rel: "noopener" }, say(word));
    return el(
      "div",
      { class: "desk-screens" },
      link("projector", "console.projector"),
      link("seat", "console.seat"),
      link("report", "console.report"),
      el("a", { href: address(this.code, "/summary"), download: true }, say("console.summary")),
      this.moves,
      this.move,
      this.delete,
    );
  }

  /** @param {Deed} deed */
  act(deed) {
    if (deed === "list") this.keys.open ? this.keys.close() : this.keys.showModal();
    else if (deed === "escape") this.keys.close();
    else if (deed === "next" || deed === "back" || deed === "reveal" || deed === "pause") this.#steer(deed);
  }

  /** @param {string} deed @param {number} [card] @param {[number, number] | null} [dot] */
  async #steer(deed, card = 0, dot = null) {
    const { scene } = this.room.state;
    if (!scene) return;
    const told = await post(address(this.code, "/steer"), { do: deed, at: scene.n, card, dot });
    setText(this.note, told.ok ? "" : String(told.body.message ?? say("refused")));
    if (told.ok) this.room.apply(/** @type {unknown[]} */ (told.body.frames));
  }

  draw() {
    const { scene, tick, desk, link } = this.room.state;
    document.body.dataset.link = link;
    if (link === "gone") return screen.replaceChildren(el("p", { class: "big" }, say("gone")));
    if (!scene) return;
    document.body.dataset.phase = scene.paused ? "paused" : scene.phase;
    const where = ["lobby", "done"].includes(scene.phase)
      ? ""
      : `${say("card", { card: scene.card + 1, cards: scene.cards })} · `;
    setText(this.phase, where + say(scene.paused ? "paused" : `console.phase.${scene.phase}`));
    setText(this.question, scene.question?.question ?? "");
    this.#drawButtons(scene);
    this.dots.draw(scene);
    if (tick) {
      const here = say("console.here", { here: desk?.here ?? 0 });
      const count = ["lobby", "done"].includes(scene.phase)
        ? say("console.joined", { joined: tick.joined })
        : say("count", { count: tick.count, joined: tick.joined });
      setText(this.count, [count, here, training(tick)].filter(Boolean).join(" · "));
    }
    if (desk) this.#drawDesk(scene, desk);
    this.#drawTimes();
  }

  /** @param {Scene} scene */
  #drawButtons(scene) {
    const { phase, paused } = scene;
    const { desk } = this.room.state;
    const ahead = phase === "lobby" ? "lobby" : desk?.ahead ?? "end";
    setText(this.next, say(`console.next.${paused ? "paused" : ahead}`));
    setText(this.joining, say("console.joining", { state: say(scene.joining ? "yes" : "no") }));
    setAttribute(this.joining, "aria-pressed", scene.joining ? "true" : "false");
    setText(this.follow, say("console.follow", { state: say(scene.follow ? "yes" : "no") }));
    setAttribute(this.follow, "aria-pressed", scene.follow ? "true" : "false");
    const shown = phase === "reveal" || phase === "discuss";
    /** @type {[HTMLButtonElement, boolean][]} */
    const can = [
      [this.next, paused || phase !== "done"],
      [this.pause, !paused],
      [this.back, !paused && phase !== "lobby"],
      [this.reveal, !paused && (phase === "predict" || phase === "closed" || phase === "discuss")],
      [this.open, !paused && phase === "closed"],
      [this.again, !paused && (shown || (phase === "closed" && !desk?.waits)) && scene.round === 1],
      [this.joining, !paused],
      [this.follow, !paused],
    ];
    for (const [button, is] of can) setAttribute(button, "disabled", !is);
  }

  /** @param {Scene} scene @param {import("./types.d.ts").Desk} desk */
  #drawDesk(scene, desk) {
    this.tempo.replaceChildren(
      ...TEMPOS.map((tempo) =>
        el(
          "li",
          { "data-tempo": tempo },
          el("b", {}, String(desk.tempo[tempo] ?? 0)),
          ` ${say(`tempo.${tempo}`)}`,
        )
      ),
    );
    const said = TEMPOS.reduce((sum, tempo) => sum + (desk.tempo[tempo] ?? 0), 0);
    setText(this.said, say("console.said", { said, joined: this.room.state.tick?.joined ?? 0 }));
    if (this.cards.childElementCount !== desk.titles.length) {
      this.cards.replaceChildren(
        ...desk.titles.map((title, i) =>
          el(
            "li",
            {},
            el(
              "button",
              { type: "button", onclick: () => this.#steer("card", i) },
              el("span", {}, title),
              el("small", { class: "muted" }),
            ),
          )
        ),
      );
    }
    this.cards.querySelectorAll("button").forEach((button, i) => {
      const minutes = this.plan.planned?.cards[i].minutes;
      const planned = /** @type {HTMLElement} */ (button.lastElementChild);
      setText(planned, minutes === undefined ? "" : say("console.minutes", { minutes }));
      const here = scene.phase !== "lobby" && scene.phase !== "done" && i === scene.card;
      setAttribute(button, "aria-current", here ? "step" : null);
    });
  }

  #drawTimes() {
    this.plan.draw(this.room.state, this.next.textContent ?? "");
    const seconds = Math.round((performance.now() - this.room.state.heard) / 1000);
    setText(this.heard, this.room.state.link === "lost" ? say("lost") : say("console.heard", { seconds }));
  }

  async #link() {
    const hides = !this.move.hidden;
    this.#showKey();
    if (hides) return;
    const app = new URL(".", document.baseURI).href;
    const told = await post(address(this.code, "/link"), { at: app });
    if (!told.ok) return setText(this.note, String(told.body.message ?? say("refused")));
    const link = `${app}console#${this.code}.${told.body.secret}`;
    const field = el("input", { readonly: true, value: link, "aria-label": say("console.move") });
    const src = `data:image/svg+xml,${encodeURIComponent(String(told.body.qr))}`;
    this.#showKey(
      el("p", {}, say("console.move.hint")),
      isLocal() ? el("p", { class: "is-wrong" }, say("local")) : null,
      field,
      el("img", { class: "desk-qr", alt: say("console.move.qr"), src }),
    );
    field.select();
  }

  /** @param {(Node | null)[]} nodes nothing: the key is on no screen any more */
  #showKey(...nodes) {
    this.move.replaceChildren(...nodes.filter((node) => node !== null));
    this.move.hidden = nodes.length === 0;
    setAttribute(this.moves, "aria-expanded", this.move.hidden ? "false" : "true");
  }

  async #delete() {
    if (performance.now() - this.sure > SURE) {
      this.sure = performance.now();
      setText(this.delete, say("console.delete.sure"));
      setTimeout(() => setText(this.delete, say("console.delete")), SURE);
      return;
    }
    const told = await post(address(this.code, "/delete"));
    if (told.ok) this.room.apply([{ gone: true }]);
  }
}
