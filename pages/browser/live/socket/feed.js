/* The live feed: one WebSocket, reopened with growing pauses, going on at the last sequence number. Where none
   comes through, as behind a proxy that knows Streamlit's alone, the news is asked for until one does. One that
   stands and says nothing is lost as well: of a run that goes there is a word every few seconds. */

/** @import { Connection, FeedError, Update } from "../types.d.ts" */

import { ended } from "../status.js";
import { Inflater } from "./inflate.js";
import { Pauses } from "./pauses.js";
import { Poll } from "./poll.js";
import { Silence } from "./silence.js";

const RATE = 4;

/** Sockets in a row that brought nothing, until the news is asked for. */
const PATIENCE = 2;

/** Seconds without a word, from one message to the next, and until a socket stands. */
const SILENT = 10;
const UNOPENED = 20;

export class Feed {
  pauses = new Pauses();
  silence = new Silence(() => this.#silent());
  closed = false;
  /** Sockets in a row that brought nothing. */
  failed = 0;
  /** Null while there is none. @type {WebSocket | null} */
  socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /**
   * @param {object} parts
   * @param {string} parts.url
   * @param {string} parts.news where the same messages are asked for
   * @param {string} parts.name of the reader, where no cookie says it
   * @param {string} parts.run
   * @param {() => number} parts.since the last sequence number seen
   * @param {(update: Update) => void} parts.onUpdate
   * @param {(state: Connection, message?: string) => void} parts.onState
   */
  constructor({ url, news, name, run, since, onUpdate, onState }) {
    this.url = url;
    this.name = name;
    this.run = run;
    this.since = since;
    this.onUpdate = onUpdate;
    this.onState = onState;
    this.poll = new Poll({
      url: news,
      name,
      since,
      onAnswer: (message) => message ? this.#receive(message) : this.onState("open"),
      onLost: () => this.onState("lost"),
    });
    this.soon = () => this.#retrySoon();
    addEventListener("online", this.soon);
    document.addEventListener("visibilitychange", this.soon);
    this.#open("connecting");
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.soon);
    document.removeEventListener("visibilitychange", this.soon);
    this.poll.stop();
    this.silence.stop();
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }

  /** @param {Connection} state */
  #open(state) {
    if (!this.poll.well) this.onState(state);
    // A socket's address has to be whole: not every browser resolves a path.
    const address = new URL(this.url, document.baseURI).href.replace(/^http/, "ws");
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    const inflater = new Inflater();
    let received = Promise.resolve();
    this.silence.expect(UNOPENED);
    socket.onopen = () => {
      if (socket !== this.socket) return;
      this.silence.expect(SILENT);
      // Two that tell the same would tell it twice.
      this.poll.stop();
      const { run, name } = this;
      socket.send(JSON.stringify({ op: "watch", run, since: this.since(), rate: RATE, name }));
    };
    // Updates are packed, and one needs the one before; a refusal is text, and that there is no news.
    socket.onmessage = ({ data }) => {
      received = received
        .then(async () => {
          const message = JSON.parse(typeof data === "string" ? data : await inflater.text(data));
          if (socket !== this.socket) return;
          this.silence.expect(SILENT);
          this.pauses.reset();
          this.failed = 0;
          this.#receive(message);
        })
        .catch(() => socket.close());
    };
    socket.onclose = () => this.#lost(socket);
  }

  /** @param {Update | FeedError} message */
  #receive(message) {
    if (this.closed) return;
    if (message.type === "error") {
      this.silence.stop();
      this.onState("refused", message.message);
    } else if (message.type === "update" && message.run === this.run) {
      if (ended(message.status.state)) this.silence.stop();
      this.onState("open");
      this.onUpdate(message);
    }
  }

  /** @param {WebSocket} socket */
  #lost(socket) {
    if (this.closed || socket !== this.socket) return;
    this.socket = null;
    this.silence.stop();
    this.failed += 1;
    if (this.failed >= PATIENCE) this.poll.start();
    if (!this.poll.well) this.onState("lost");
    this.#openAfter(this.pauses.next());
  }

  /** No word came of it: it is given up without waiting for its end, which may not come either. */
  #silent() {
    const { socket } = this;
    if (!socket) return;
    this.#lost(socket);
    socket.close();
  }

  #retrySoon() {
    if (this.closed || document.hidden || this.socket) return;
    this.#openAfter(this.pauses.soon());
  }

  /** @param {number} pause */
  #openAfter(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#open("lost"), pause);
  }
}
