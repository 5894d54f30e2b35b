/* When a lost connection is tried again. A server that comes back meets a hall of people, so they come spread out. */

const FIRST = 2000;
const LONGEST = 10_000;
const SHORTEST = 300;
const NOW = 1000;

/** Pauses in milliseconds, longer from try to try, each drawn anew. */
export class Pauses {
  most = FIRST;

  /** @param {() => number} draw evenly from 0 to 1 */
  constructor(draw = Math.random) {
    this.draw = draw;
  }

  /** Before the next try. */
  next() {
    const pause = SHORTEST + this.draw() * (this.most - SHORTEST);
    this.most = Math.min(2 * this.most, LONGEST);
    return pause;
  }

  /** Before a try that has a reason: the network is back for all who lost it, a phone is looked at again. */
  soon() {
    return this.draw() * NOW;
  }

  /** The connection stands: the next loss is a first one. */
  reset() {
    this.most = FIRST;
  }
}
