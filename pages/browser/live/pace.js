/* How fast a run's steps come, and how long it will still take by that. */

/** Milliseconds of training before a pace is known, and of the past that it is taken from. */
const KNOWN = 4000;
const RECENT = 20000;

export class Pace {
  /** Of this stretch of training, oldest first. @type {{ step: number, at: number }[]} */
  seen = [];

  /**
   * Take in how far the run is; a run that does not train has no pace.
   * @param {{ running: boolean, step: number }} now
   * @param {number} at milliseconds
   */
  take({ running, step }, at) {
    if (!running || step < (this.seen.at(-1)?.step ?? 0)) this.seen = [];
    if (running && step !== this.seen.at(-1)?.step) this.seen.push({ step, at });
    while (this.seen.length > 2 && at - this.seen[0].at > RECENT) this.seen.shift();
  }

  /**
   * Updates a second; null while the pace is not known.
   * @returns {number | null}
   */
  get perSecond() {
    const [first, last] = [this.seen[0], this.seen.at(-1)];
    if (!first || !last || last.at - first.at < KNOWN) return null;
    return (1000 * (last.step - first.step)) / (last.at - first.at);
  }

  /**
   * Seconds until a step; null while the pace is not known.
   * @param {number | null} end
   * @returns {number | null}
   */
  until(end) {
    const pace = this.perSecond;
    return end === null || pace === null ? null : Math.max(0, end - (this.seen.at(-1)?.step ?? 0)) / pace;
  }
}

/**
 * "40 runs share this server: 1.2 updates a second"; nothing where they are few.
 * @param {number} sharing how many; 0 where they are few
 * @param {number | null} perSecond
 * @returns {string}
 */
export function shared(sharing, perSecond) {
  if (!sharing) return "";
  const pace = perSecond === null ? "" : `: ${perSecond.toFixed(perSecond < 10 ? 1 : 0)} updates a second`;
  return `${sharing} runs share this server${pace}`;
}

/**
 * "about 40 s left", in steps that do not flicker; nothing where it is not known.
 * @param {number | null} seconds
 * @returns {string}
 */
export function left(seconds) {
  if (seconds === null) return "";
  if (seconds < 10) return "a few seconds left";
  if (seconds < 90) return `about ${10 * Math.round(seconds / 10)} s left`;
  return `about ${Math.round(seconds / 60)} min left`;
}
