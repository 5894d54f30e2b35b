/* The whole live view: what is shown, when it is drawn, and what the page is told. */

import { Chart } from "../shared/chart.js";
import { Drawn } from "../shared/drawn.js";
import { Feed } from "./feed.js";
import { History } from "./history.js";
import { build } from "./layout.js";
import { lookOf, wear } from "../shared/look.js";
import { ended, stateShown } from "./status.js";

const FIRST_CHOICES = { lossScale: "linear", histogramScale: "log", layer: "fc1", epsilon: 3, kernels: "own" };
const SWITCH_PATIENCE = 4000;

export class View extends Drawn {
  constructor(parent, key) {
    super();
    this.ui = { ...FIRST_CHOICES };
    this.at = null;
    this.connection = "connecting";
    this.parts = build({
      key, ui: this.ui, redraw: () => this.schedule(),
      onMove: (step) => this.#moveTo(step), onToggle: (name) => this.#toggle(name),
    });
    this.root = this.parts.root;
    parent.append(this.root);
    this.charts = Object.values(this.parts.charts).map(
      (parts) => new Chart({ ...parts, redraw: () => this.schedule() }),
    );
  }

  /** Take what Python says now: the run, the settings, the colours, the way back. */
  update({ data, setTriggerValue }) {
    const before = this.data;
    Object.assign(this, { data, tell: setTriggerValue });
    if (!before || before.run !== data.run) this.#watch(data);
    else if (!data.run) this.history.spec = data.spec;
    if (before?.run !== data.run || before.state !== data.state) this.told = data.state;
    if (!this.Plotly) this.load(data.plotly);
    this.schedule();
  }

  close() {
    this.feed?.close();
    clearTimeout(this.later);
    super.close();
  }

  #watch({ run, spec, feed }) {
    this.feed?.close();
    this.feed = null;
    this.history = new History(run, spec);
    Object.assign(this, { at: null, connection: "connecting", message: "", wished: null });
    if (!run) return;
    this.feed = new Feed({
      url: feed, run, since: () => this.history.seq,
      onUpdate: (update) => this.#receive(update),
      onState: (state, message = "") => {
        Object.assign(this, { connection: state, message });
        this.schedule();
      },
    });
  }

  #receive(update) {
    this.history.apply(update);
    const { state } = this.history.status;
    if (state !== this.told) this.tell("status", state);
    this.told = state;
    this.schedule();
  }

  #moveTo(step) {
    this.at = step;
    if (step !== null && this.history.wantsPast(step)) this.#fetchPast();
    this.schedule();
  }

  async #fetchPast() {
    const { history } = this;
    if (this.fetching) return;
    this.fetching = true;
    try {
      const answer = await fetch(this.data.frames);
      if (answer.ok) history.applyPast((await answer.json()).frames);
    } catch {
      // The frames at hand stay on the screen; the next move of the slider asks again.
    } finally {
      this.fetching = false;
      this.schedule();
    }
  }

  #layers() {
    return this.data.layers[this.history.spec.model];
  }

  #toggle(name) {
    const now = this.#targeted();
    const wanted = this.#layers().filter((layer) => now.includes(layer) !== (layer === name));
    this.wished = { layers: wanted, until: performance.now() + SWITCH_PATIENCE };
    this.tell("layers", wanted);
    this.schedule();
  }

  /* What a switch was just set to, until confirmed; else what the run says, or the page if none is going. */
  #targeted() {
    const over = ended(this.history.status.state);
    const frame = over ? undefined : this.history.frameAt(this.history.yours, null);
    const { lanes } = over ? this.data.spec : this.history.spec;
    const known = frame
      ? this.#layers().filter((name) => frame.layers[name].targeted)
      : lanes.at(-1).layers;
    const confirmed = this.wished && String(known) === String(this.wished.layers);
    if (confirmed || performance.now() > this.wished?.until) this.wished = null;
    return this.wished?.layers ?? known;
  }

  #model() {
    const { history, at, ui, data, connection, message, broken } = this;
    const frames = {
      own: history.frameAt(history.yours, at), other: history.frameAt(history.reference, at),
    };
    const weights = Object.entries(frames.own?.layers ?? {});
    const layers = this.#layers();
    if (!layers.includes(ui.layer)) ui.layer = FIRST_CHOICES.layer;
    return {
      history, at, ui, layers, dotted: data.dotted, frames, connection, message, broken, epsilons: data.epsilons, hatch: data.hatch,
      look: lookOf(this.root, data.palettes),
      now: { own: history.pointAt(history.yours, at), other: history.pointAt(history.reference, at) },
      sizes: Object.fromEntries(weights.map(([name, layer]) => [name, layer.weights])),
      targeted: this.#targeted(),
      editable: data.editable && history.mine,
    };
  }

  draw() {
    const model = this.#model();
    const { root } = this;
    wear(root, model.look);
    Object.assign(root.dataset, {
      state: model.history.run ? model.history.status.state : "none",
      connection: this.connection, shown: stateShown(model),
      step: model.now.own?.step ?? "", run: model.history.run ?? "", at: this.at === null ? "live" : "past",
    });
    const pause = this.parts.draw(model);
    if (this.Plotly) for (const chart of this.charts) chart.draw(this.Plotly, model);
    clearTimeout(this.later);
    if (pause > 0) this.later = setTimeout(() => this.schedule(), pause);
  }
}
