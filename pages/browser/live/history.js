/* What is known of a run: points and frames per lane, events, status; asked for any moment. */

/** @import { Frame, Point, RunEvent, Spec, Status, Update } from "./types.d.ts" */

import { Pace } from "./pace.js";

const MOST_POINTS = 2000;
const MOST_FRAMES = 240;
/** @type {Status} */
const UNKNOWN = {
  state: "connecting",
  position: 0,
  reason: "",
  share: null,
  speed: 0,
  device: "",
  sharing: 0,
  shared: false,
};

export class History {
  seq = 0;
  mine = true;
  status = UNKNOWN;
  /** In the order of their steps. @type {RunEvent[]} */
  events = [];
  /** Of each lane, in the order of their steps. @type {Point[][]} */
  points;
  /** @type {Frame[][]} */
  frames;
  pace = new Pace();
  /** The step up to which the past was fetched. */
  fetchedTo = -1;

  /** @param {string | null} run null before there is one @param {Spec} spec */
  constructor(run, spec) {
    this.run = run;
    this.spec = spec;
    this.points = spec.lanes.map(() => []);
    this.frames = spec.lanes.map(() => []);
  }

  /**
   * Take in one `update` message of the feed.
   * @param {Update} update
   */
  apply(update) {
    if (update.reset) Object.assign(this, new History(this.run, update.spec ?? this.spec));
    this.seq = update.seq;
    this.mine = update.mine;
    this.status = update.status;
    this.events.push(...update.events);
    this.events.sort((a, b) => a.step - b.step);
    for (const event of update.events) this.#adopt(event);
    for (const point of update.points) {
      const told = this.#isPruned(point.lane) ? { ...point, by_size: true } : point;
      insert(this.points[point.lane], told, MOST_POINTS);
    }
    this.pace.take({ running: this.status.state === "running", step: this.lastStep }, performance.now());
    for (const frame of update.frames) insert(this.frames[frame.lane], this.#told(frame), MOST_FRAMES);
  }

  /**
   * Take in the kept frames of the past, once fetched.
   * @param {Frame[]} past
   */
  applyPast(past) {
    const [before, frames] = [this.frames, past.map((frame) => this.#told(frame))];
    this.frames = before.map((own, lane) => {
      /** @type {Map<number, Frame>} */
      const bySteps = new Map([...frames.filter((f) => f.lane === lane), ...own].map((f) => [f.step, f]));
      return [...bySteps.values()].sort((a, b) => a.step - b.step);
    });
    this.fetchedTo = Math.max(-1, ...frames.map((frame) => frame.step));
  }

  /** @param {number} lane */
  #isPruned(lane) {
    return this.spec.lanes[lane].prune > 0;
  }

  /**
   * A frame whose layers say by what their zeros were selected.
   * @param {Frame} frame
   * @returns {Frame}
   */
  #told(frame) {
    if (!this.#isPruned(frame.lane)) return frame;
    const layers = Object.entries(frame.layers).map(([name, layer]) => [name, { ...layer, by_size: true }]);
    return { ...frame, layers: Object.fromEntries(layers) };
  }

  /** @param {RunEvent} event */
  #adopt(event) {
    if (event.kind !== "change" || event.field !== "strength") return;
    const lanes = this.spec.lanes.map((lane, i) =>
      i === event.lane ? { ...lane, strength: Number(event.new) } : lane
    );
    this.spec = { ...this.spec, lanes };
  }

  /** The lane the reader works on: the last one. */
  get yours() {
    return this.spec.lanes.length - 1;
  }

  /** The λ = 0 lane to compare with, or null. */
  get reference() {
    const i = this.spec.lanes.findIndex((lane) => lane.penalty === "none" || lane.strength === 0);
    return i >= 0 && i !== this.yours ? i : null;
  }

  get lastStep() {
    return this.points[this.yours].at(-1)?.step ?? 0;
  }

  /** Updates of the whole run; known once an epoch's share has passed. */
  get totalSteps() {
    const last = this.points[this.yours].at(-1);
    return last && last.epoch > 0 ? Math.round((this.spec.epochs * last.step) / last.epoch) : null;
  }

  /**
   * The lane's point at or just before `step`; null means now.
   * @param {number | null} lane
   * @param {number | null} step
   */
  pointAt(lane, step) {
    return lane === null ? undefined : atOrBefore(this.points[lane] ?? [], step);
  }

  /** @param {number | null} lane @param {number | null} step */
  frameAt(lane, step) {
    return lane === null ? undefined : atOrBefore(this.frames[lane] ?? [], step);
  }

  /** @param {number | null} step */
  eventsUntil(step) {
    return step === null ? this.events : this.events.filter((event) => event.step <= step);
  }

  /**
   * The λ your lane was set to at `step`, warm-up or not.
   * @param {number | null} step
   */
  strengthSetAt(step) {
    const later = this.events.find(
      (e) =>
        e.kind === "change" && e.field === "strength" && e.lane === this.yours && step !== null
        && e.step > step,
    );
    return later ? Number(later.old) : this.spec.lanes[this.yours].strength;
  }

  /**
   * Whether the frames at hand are too coarse for `step` and the server may know better.
   * @param {number} step
   */
  wantsPast(step) {
    const frame = this.frameAt(this.yours, step);
    const gap = Math.abs(step - (frame?.step ?? Infinity));
    return step > this.fetchedTo && gap > this.lastStep / 100;
  }
}

/**
 * Put an item at its place, the end; of too many, every second of the older half goes.
 * @template {{ step: number }} Item
 * @param {Item[]} list
 * @param {Item} item
 * @param {number} most
 */
function insert(list, item, most) {
  const last = list.at(-1);
  if (!last || item.step > last.step) list.push(item);
  else if (item.step === last.step) list[list.length - 1] = item;
  if (list.length <= most) return;
  const half = Math.floor(list.length / 2);
  const older = list.slice(0, half).filter((_, i) => i % 2 === 0);
  list.splice(0, half, ...older);
}

/**
 * @template {{ step: number }} Item
 * @param {Item[]} list
 * @param {number | null} step
 * @returns {Item | undefined}
 */
function atOrBefore(list, step) {
  if (step === null || !list.length) return list.at(-1);
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].step <= step) low = middle + 1;
    else high = middle;
  }
  return list[Math.max(0, low - 1)];
}
