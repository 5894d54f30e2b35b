/* The feed without a socket: the same messages, asked for one after the other. */

/** @import { FeedError, Update } from "../types.d.ts" */

import { named } from "../../shared/named.js";
import { Pauses } from "./pauses.js";

/** Milliseconds from an answer to the next question. */
const GAP = 1000;

/** Milliseconds until an answer is waited for no longer. */
const SILENT = 10_000;

export class Poll {
  pauses = new Pauses();
  /** Whether the last question was answered. */
  well = false;
  /** What a stop breaks off; null while nothing is asked. @type {AbortController | null} */
  asking = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /**
   * @param {object} parts
   * @param {string} parts.url
   * @param {string} parts.name of the reader, where no cookie says it
   * @param {() => number} parts.since the last sequence number seen
   * @param {(message: Update | FeedError | null) => void} parts.onAnswer null: there is no news
   * @param {() => void} parts.onLost
   */
  constructor({ url, name, since, onAnswer, onLost }) {
    this.url = url;
    this.headers = named(name);
    this.since = since;
    this.onAnswer = onAnswer;
    this.onLost = onLost;
  }

  /** Ask until stopped. Of two calls the second does nothing. */
  start() {
    if (this.asking) return;
    this.asking = new AbortController();
    this.#ask(this.asking.signal);
  }

  /** What is on its way is never told. */
  stop() {
    this.asking?.abort();
    this.asking = null;
    this.well = false;
    clearTimeout(this.timer);
  }

  /** @param {AbortSignal} signal */
  async #ask(signal) {
    let pause = GAP;
    // By hand: browsers that are in use have no AbortSignal.any.
    const question = new AbortController();
    const end = () => question.abort();
    const late = setTimeout(end, SILENT);
    signal.addEventListener("abort", end);
    try {
      const answer = await fetch(`${this.url}?since=${this.since()}`, {
        signal: question.signal,
        headers: this.headers,
      });
      const message = answer.status === 204 ? null : await answer.json();
      if (signal.aborted) return;
      this.well = true;
      this.pauses.reset();
      this.onAnswer(message);
    } catch {
      if (signal.aborted) return;
      this.well = false;
      pause = this.pauses.next();
      this.onLost();
    } finally {
      clearTimeout(late);
      signal.removeEventListener("abort", end);
    }
    this.timer = setTimeout(() => this.#ask(signal), pause);
  }
}
