/* The view into a network: which part is shown, for which moment, and when it is asked for again. */

import { el, setAttribute, setText } from "../shared/dom.js";
import { lookOf, wear } from "../shared/look.js";
import { Asker } from "./asker.js";
import { Draw } from "./draw.js";
import { Mistakes } from "./mistakes.js";
import { Moment } from "./moment.js";
import { Sees } from "./sees.js";
import { Weights } from "./weights.js";

const PARTS = { weights: Weights, draw: Draw, mistakes: Mistakes, sees: Sees };
const LIVE_PAUSE = 1500;
const RETRY_PAUSE = 2500;
const MOVE_PAUSE = 120;
const PATIENCE = 600;

export class Inside {
  constructor(parent, key) {
    Object.assign(this, { key, asker: new Asker(), built: {}, chosen: { indices: [0] }, call: 0 });
    this.moment = new Moment({ onMove: () => this.#later(MOVE_PAUSE), onRest: (step) => this.tell("step", step) });
    this.note = el("p", { class: "ins-note", role: "status", hidden: true });
    this.stage = el("div", { class: "ins-stage" });
    this.root = el("div", { class: "lv ins", "data-testid": "inside" }, this.moment.node, this.note, this.stage);
    parent.append(this.root);
    this.sizes = new ResizeObserver(() => this.#draw());
    this.sizes.observe(this.root);
    this.returned = () => !document.hidden && this.refresh();
    document.addEventListener("visibilitychange", this.returned);
  }

  /** Take what Python says now; what is on the screen stays until there is something newer. */
  update({ data, setTriggerValue }) {
    const before = this.data;
    Object.assign(this, { data, tell: setTriggerValue });
    this.moment.update(data);
    const { run, part, state, own } = data;
    const same = before?.run === run && before.part === part && before.state === state && before.own === own;
    if (before?.run !== run || before?.own !== own) this.#forget();
    this.#open(part);
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
    const [call, part] = [++this.call, this.part];
    if (this.closed || document.hidden || !part) return;
    const over = () => call !== this.call || this.closed;
    // Where nothing stands yet, an empty place would look broken.
    const waiting = part.shown ? null : setTimeout(() => !over() && this.#say("Being worked out …"), PATIENCE);
    try {
      await part.load(this.#context(), over);
      if (over()) return;
      part.shown = true;
      setAttribute(this.note, "hidden", true);
      if (this.data.state === "running" && this.moment.step === null && part.follows) this.#later(LIVE_PAUSE);
    } catch (error) {
      if (over()) return;
      this.#say(error.message);
    } finally {
      clearTimeout(waiting);
    }
    this.#draw();
  }

  #say(message) {
    setText(this.note, message);
    setAttribute(this.note, "hidden", null);
    if (message.endsWith("in a moment.") || message.includes("not started yet")) this.#later(RETRY_PAUSE);
  }

  #later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), pause);
  }

  /** What a part needs in order to ask, for the moment that is chosen now. */
  #context() {
    const { data, moment } = this;
    const ended = !["running", "paused", "queued"].includes(data.state);
    const about = { url: data.ask, step: moment.step, fixed: ended };
    return {
      ...data,
      ask: async (question, fields) => {
        const answer = await this.asker.ask(about, question, fields);
        moment.show(answer.step);
        this.root.dataset.step = answer.step;
        return answer;
      },
    };
  }

  #forget() {
    this.built = {};
    this.chosen = { indices: [0] };
    this.shown = null;
  }

  #open(name) {
    if (this.shown === name) return;
    this.shown = name;
    const Part = PARTS[name];
    if (Part) {
      this.built[name] ??= new Part({
        key: this.key, data: this.data, chosen: this.chosen, refresh: () => this.refresh(), draw: () => this.#draw(),
        context: () => this.#context(), tell: (trigger, value) => this.tell(trigger, value), say: (text) => this.#say(text),
      });
    }
    this.part = Part ? this.built[name] : null;
    this.stage.replaceChildren(...(this.part ? [this.part.node] : []));
  }

  #draw() {
    if (this.closed || !this.data) return;
    const look = lookOf(this.root, this.data.palettes);
    wear(this.root, look);
    this.part?.draw({ look, data: this.data });
  }
}
