/* The view into a network: which part is shown, for which moment, and when it is asked for again. */

/** @import { CommonData, Component, Tell } from "../shared/types.d.ts" */
/** @import { Chosen, Context, InsideData, Part, PartOptions } from "./types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { lookOf, wear } from "../shared/look.js";
import { Asker, Unanswered } from "./asker.js";
import { Draw } from "./draw.js";
import { Mistakes } from "./mistakes.js";
import { Moment } from "./moment.js";
import { Sees } from "./sees.js";
import { Weights } from "./weights.js";

/** @type {Record<string, new (options: PartOptions) => Part>} */
const PARTS = { weights: Weights, draw: Draw, mistakes: Mistakes, sees: Sees };
const LIVE_PAUSE = 1500;
const RETRY_PAUSE = 2500;
const MOVE_PAUSE = 120;
const PATIENCE = 600;

/**
 * What the page said last, and the way back.
 * @typedef {{ data: InsideData & CommonData, tell: Tell }} Told
 */

export class Inside {
  asker = new Asker();
  /** The parts that were opened, by name. @type {Record<string, Part>} */
  built = {};
  /** The part on the screen. @type {Part | null} */
  part = null;
  /** Its name. @type {string | null} */
  opened = null;
  /** The parts that have shown something. @type {WeakSet<Part>} */
  filled = new WeakSet();
  /** @type {Chosen} */
  chosen = { indices: [0] };
  /** @type {Told | null} */
  told = null;
  call = 0;
  closed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /** @param {HTMLElement} parent @param {string} key */
  constructor(parent, key) {
    this.key = key;
    this.moment = new Moment({
      onMove: () => this.#later(MOVE_PAUSE),
      onRest: (step) => this.told?.tell("step", step),
    });
    this.note = el("p", { class: "ins-note", role: "status", hidden: true });
    this.stage = el("div", { class: "ins-stage" });
    this.root = el(
      "div",
      { class: "sl ins", "data-testid": "inside" },
      this.moment.node,
      this.note,
      this.stage,
    );
    parent.append(this.root);
    this.sizes = new ResizeObserver(() => this.#draw());
    this.sizes.observe(this.root);
    this.returned = () => {
      this.refresh();
    };
    document.addEventListener("visibilitychange", this.returned);
  }

  /**
   * Take what Python says now; what is on the screen stays until there is something newer.
   * @param {Component<InsideData>} component
   */
  update({ data, setTriggerValue }) {
    const before = this.told?.data;
    this.told = { data, tell: setTriggerValue };
    this.moment.update(data);
    const { run, part, state, own } = data;
    const same = before?.run === run && before.part === part && before.state === state && before.own === own;
    if (before?.run !== run || before?.own !== own) this.#forget();
    this.#open(part, data);
    if (same) this.#draw();
    else this.refresh();
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.sizes.disconnect();
    document.removeEventListener("visibilitychange", this.returned);
    this.root.remove();
  }

  /** Ask for what the part on the screen shows, then draw it. */
  async refresh() {
    clearTimeout(this.timer);
    const [call, part, told] = [++this.call, this.part, this.told];
    if (this.closed || document.hidden || !part || !told) return;
    const over = () => call !== this.call || this.closed;
    // Where nothing stands yet, an empty place would look broken.
    const waiting = this.filled.has(part) ? undefined : setTimeout(() => {
      if (!over()) this.#note("Being worked out …", true);
    }, PATIENCE);
    try {
      await part.load(this.#context(told), over);
      if (over()) return;
      this.filled.add(part);
      setAttribute(this.note, "hidden", true);
      if (told.data.state === "running" && this.moment.step === null) this.#later(LIVE_PAUSE);
    } catch (error) {
      if (over()) return;
      this.#say(error);
    } finally {
      clearTimeout(waiting);
    }
    this.#draw();
  }

  /** @param {string} message @param {boolean} calm nothing is wrong */
  #note(message, calm = false) {
    setText(this.note, message);
    setAttribute(this.note, "data-calm", calm ? true : null);
    setAttribute(this.note, "hidden", null);
  }

  /** @param {unknown} error */
  #say(error) {
    this.#note(error instanceof Error ? error.message : String(error));
    if (error instanceof Unanswered && error.retry) this.#later(RETRY_PAUSE);
  }

  /** @param {number} pause */
  #later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), pause);
  }

  /**
   * What a part needs in order to ask, for the moment that is chosen now.
   * @param {Told} told
   * @returns {Context}
   */
  #context({ data }) {
    const { moment } = this;
    const ended = !["running", "paused", "queued"].includes(data.state);
    const about = { url: data.ask, step: moment.step, fixed: ended, name: data.name };
    return {
      lanes: data.lanes,
      ask: async (question, fields) => {
        const answer = await this.asker.ask(about, question, fields);
        moment.show(answer.step);
        this.root.dataset.step = String(answer.step);
        return answer;
      },
    };
  }

  #forget() {
    this.built = {};
    this.chosen = { indices: [0] };
    this.opened = null;
  }

  /** @param {string} name @param {InsideData & CommonData} data */
  #open(name, data) {
    if (this.opened === name) return;
    this.opened = name;
    const Part = PARTS[name];
    if (Part) {
      this.built[name] ??= new Part({
        key: this.key,
        data,
        chosen: this.chosen,
        refresh: () => this.refresh(),
        draw: () => this.#draw(),
        context: () => this.#context(this.told ?? { data, tell: () => {} }),
        tell: (trigger, value) => this.told?.tell(trigger, value),
        say: (error) => this.#say(error),
      });
    }
    this.part = Part ? this.built[name] : null;
    this.stage.replaceChildren(...(this.part ? [this.part.node] : []));
  }

  #draw() {
    if (this.closed || !this.told) return;
    const { data } = this.told;
    const look = lookOf(this.root, data.palettes);
    wear(this.root, look);
    this.part?.draw({ look, data });
  }
}
