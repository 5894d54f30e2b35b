/* A class as a screen follows it: one socket, and where that does not stand, a question every few seconds. */

/** @import { Frame, State } from "./types.d.ts" */

import { Pauses } from "../live/socket/pauses.js";
import { Silence } from "../live/socket/silence.js";
import { address } from "./post.js";

const POLL = 3000;
/** So many sockets in a row that did not stand, and the state is asked for instead. */
const FAILED = 2;
/** A page that was hidden for so long may have a socket that nobody is at the other end of. */
const ASLEEP = 15_000;
/** Seconds without a word: the counts are told every four. */
const SILENT = 12;

export class Room {
  /** @type {State} */
  state = { scene: null, tick: null, own: null, desk: null, link: "wait", heard: performance.now() };
  #pauses = new Pauses();
  #silence = new Silence(() => this.#silent());
  #failed = 0;
  #hidden = 0;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {string} code
   * @param {() => void} onChange called whenever `state` has changed
   * @param {{ desk?: boolean }} [as] `desk`: the lecturer's
   */
  constructor(code, onChange, { desk = false } = {}) {
    this.code = code;
    this.query = desk ? "?console" : "";
    this.onChange = onChange;
    addEventListener("online", () => this.#wake());
    document.addEventListener("visibilitychange", () => this.#seen());
    this.#open();
    setInterval(() => this.#poll(), POLL + Math.random() * POLL / 3);
  }

  /**
   * Take in what was told; what is older than what is shown is left.
   * @param {readonly unknown[]} frames
   */
  apply(frames) {
    for (const frame of frames) this.#take(/** @type {Frame} */ (frame));
    this.state.heard = performance.now();
    this.onChange();
  }

  /** @param {Frame} frame */
  #take(frame) {
    const { state } = this;
    if ("gone" in frame) this.#end();
    else if ("own" in frame) state.own = frame.own;
    else if ("console" in frame) state.desk = frame.console;
    else if (state.scene && frame.n < state.scene.n) return;
    else if ("phase" in frame) state.scene = frame;
    else state.tick = frame;
  }

  #end() {
    this.state.link = "gone";
    this.#silence.stop();
  }

  #open() {
    if (this.state.link === "gone") return;
    // A socket's address has to be whole: not every browser resolves a path.
    const url = new URL(address(this.code, `/live${this.query}`), document.baseURI).href;
    const socket = new WebSocket(url.replace(/^http/, "ws"));
    this.#socket = socket;
    // Longer than for a word: a hall that comes at once is let in one after the other.
    this.#silence.expect(2 * SILENT);
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      this.#failed = 0;
      this.#silence.expect(SILENT);
      this.#pauses.reset();
      if (this.state.link !== "gone") this.state.link = "open";
      this.apply([JSON.parse(data)]);
    };
    socket.onclose = () => this.#lost(socket);
  }

  /** @param {WebSocket} socket */
  #lost(socket) {
    if (socket !== this.#socket || this.state.link === "gone") return;
    this.#socket = null;
    this.#silence.stop();
    this.#failed++;
    this.state.link = "lost";
    this.onChange();
    this.#openAfter(this.#pauses.next());
  }

  /** No word came of it: it is given up without waiting for its end, which may not come either. */
  #silent() {
    const socket = this.#socket;
    if (!socket) return;
    this.#lost(socket);
    socket.close();
  }

  /** @param {number} pause */
  #openAfter(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), pause);
  }

  #seen() {
    if (document.hidden) {
      this.#hidden = performance.now();
      return;
    }
    const slept = performance.now() - this.#hidden > ASLEEP;
    if (slept || this.state.link === "lost") this.#wake();
  }

  /** Whatever the old socket says of itself: begin anew, soon. All phones of a hall may wake at once. */
  #wake() {
    const old = this.#socket;
    this.#socket = null;
    this.#silence.stop();
    old?.close();
    this.#openAfter(this.#pauses.soon());
  }

  async #poll() {
    if (this.#failed < FAILED || this.state.link === "gone" || document.hidden) return;
    try {
      const answer = await fetch(address(this.code, this.query), { cache: "no-store" });
      if (answer.status === 404) this.apply([{ gone: true }]);
      if (answer.ok) this.apply((await answer.json()).frames);
    } catch {
      // There is still no way to the server.
    }
  }
}
