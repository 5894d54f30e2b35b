/* How long nothing was heard of a connection, in ticks of this page: while it sleeps or is hidden they hardly come,
   and who did not listen cannot say that nobody spoke. */

const TICK = 1000;

export class Silence {
  /** Ticks that are left. */
  left = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  timer;

  /**
   * @param {() => void} onSilent
   * @param {number} tick milliseconds
   */
  constructor(onSilent, tick = TICK) {
    this.onSilent = onSilent;
    this.tick = tick;
  }

  /**
   * Wait from now on for a word, so many ticks; of two calls the last one counts.
   * @param {number} ticks
   */
  expect(ticks) {
    this.left = ticks;
    this.timer ??= setInterval(() => this.#pass(), this.tick);
  }

  /** Wait for nothing. */
  stop() {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  #pass() {
    this.left -= 1;
    if (this.left > 0) return;
    this.stop();
    this.onSilent();
  }
}
