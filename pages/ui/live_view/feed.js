/* The live feed: one WebSocket, reopened with growing pauses, going on at the last sequence number. */

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 8000;
const RATE = 4;

export class Feed {
  /** `since()` gives the last sequence number seen; `onState` gets "connecting", "open" or "lost". */
  constructor({ url, run, since, onUpdate, onState }) {
    Object.assign(this, { url, run, since, onUpdate, onState });
    this.pause = FIRST_PAUSE;
    this.closed = false;
    this.soon = () => this.#retryNow();
    addEventListener("online", this.soon);
    document.addEventListener("visibilitychange", this.soon);
    this.#open("connecting");
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.soon);
    document.removeEventListener("visibilitychange", this.soon);
    this.socket?.close();
  }

  #open(state) {
    this.onState(state);
    // A socket's address has to be whole: not every browser resolves a path.
    const address = new URL(this.url, document.baseURI).href.replace(/^http/, "ws");
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.onopen = () =>
      socket.send(JSON.stringify({ op: "watch", run: this.run, since: this.since(), rate: RATE }));
    socket.onmessage = (message) => this.#receive(JSON.parse(message.data));
    socket.onclose = () => this.#lost(socket);
  }

  #receive(message) {
    if (this.closed) return;
    this.pause = FIRST_PAUSE;
    if (message.type === "error") {
      this.onState("refused", message.message);
    } else if (message.type === "update" && message.run === this.run) {
      this.onState("open");
      this.onUpdate(message);
    }
  }

  #lost(socket) {
    if (this.closed || socket !== this.socket) return;
    this.onState("lost");
    const jitter = 1 + Math.random() / 4;
    this.timer = setTimeout(() => this.#open("lost"), this.pause * jitter);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  #retryNow() {
    if (this.closed || document.hidden || this.socket?.readyState !== WebSocket.CLOSED) return;
    clearTimeout(this.timer);
    this.#open("lost");
  }
}
