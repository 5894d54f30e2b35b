/* The whole live view: what is shown, when it is drawn, and what the page is told. */

/** @import { Plotly } from "../shared/plotly.d.ts" */
/** @import { CommonData, Component, Palettes, Tell } from "../shared/types.d.ts" */
/** @import { Connection, Lane, LiveData, Model, Ui, Update, Words } from "./types.d.ts" */

import { Chart } from "../shared/chart.js";
import { SavedChart } from "../saving/saved_chart.js";
import { Saving } from "../saving/saving.js";
import { Drawn } from "../shared/drawn.js";
import { el } from "../shared/dom.js";
import { wear } from "../shared/look.js";
import { Feed } from "./socket/feed.js";
import { History } from "./history.js";
import { build } from "./layout.js";
import { ended, stateShown } from "./status.js";

/** @type {Ui} */
const FIRST_CHOICES = {
  lossScale: "linear",
  histogramScale: "log",
  layer: "fc1",
  epsilon: 3,
  kernels: "own",
};
const SWITCH_PATIENCE = 4000;

export class View extends Drawn {
  ui = { ...FIRST_CHOICES };
  /** The step that is looked at; null for now. @type {number | null} */
  at = null;
  /** @type {Connection} */
  connection = "connecting";
  message = "";
  /** The state word the page was told last. */
  told = "";
  fetching = false;
  /**
   * What a switch was just set to, until it is confirmed.
   * @type {{ layers: string[], until: number } | null}
   */
  wished = null;
  /** @type {Feed | null} */
  feed = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  later;
  /** @type {Shown | null} */
  shown = null;

  /** @param {HTMLElement} parent @param {string} key */
  constructor(parent, key) {
    super(el("div", { class: "sl lv", "data-testid": "live-view", "data-state": "none" }));
    const redraw = () => this.schedule();
    this.parts = build({
      key,
      ui: this.ui,
      redraw,
      onMove: (step) => this.#moveTo(step),
      onBranch: (step) => this.shown?.tell("branch", step),
      onToggle: (name) => this.#toggle(name),
      onMistakes: () => this.shown?.tell("mistakes", true),
    });
    this.root.append(...this.parts.nodes);
    parent.append(this.root);
    this.charts = this.parts.charts.map((parts) => {
      const chart = new Chart({ ...parts, redraw });
      const saving = new Saving(new SavedChart(() => chart));
      parts.saving.append(saving.node);
      return { chart, saving };
    });
  }

  /**
   * Take what Python says now: the run, the settings, the colours, the way back.
   * @param {Component<LiveData>} component
   */
  update({ data, setTriggerValue }) {
    const before = this.shown?.data;
    const history = before?.run === data.run && this.shown ? this.shown.history : this.#watch(data);
    if (!data.run) history.spec = data.spec;
    this.shown = { data, history, tell: setTriggerValue };
    this.parts.place(data.hidden);
    if (before?.run !== data.run || before.state !== data.state) this.told = data.state;
    this.load(data.plotly);
    this.schedule();
  }

  /** @override */
  close() {
    this.feed?.close();
    clearTimeout(this.later);
    for (const { chart } of this.charts) chart.close();
    super.close();
  }

  /** @override */
  all() {
    return this.charts.map(({ chart }) => chart);
  }

  /** @param {LiveData} data */
  #watch({ run, spec, feed, news, name }) {
    this.feed?.close();
    const history = new History(run, spec);
    this.at = null;
    this.connection = "connecting";
    this.message = "";
    this.wished = null;
    this.feed = run === null ? null : new Feed({
      url: feed,
      news,
      name,
      run,
      since: () => history.seq,
      onUpdate: (update) => this.#receive(update),
      onState: (state, message = "") => {
        this.connection = state;
        this.message = message;
        this.schedule();
      },
    });
    return history;
  }

  /** @param {Update} update */
  #receive(update) {
    if (!this.shown) return;
    const { history, tell } = this.shown;
    history.apply(update);
    const { state } = history.status;
    if (state !== this.told) tell("status", state);
    this.told = state;
    this.schedule();
  }

  /** @param {number | null} step */
  #moveTo(step) {
    this.at = step;
    if (step !== null && this.shown?.history.wantsPast(step)) this.#fetchPast(this.shown);
    this.schedule();
  }

  /** @param {Shown} shown */
  async #fetchPast({ history, data }) {
    if (this.fetching) return;
    this.fetching = true;
    try {
      const answer = await fetch(data.frames);
      if (answer.ok) history.applyPast((await answer.json()).frames);
    } catch {
      // The frames at hand stay on the screen; the next move of the slider asks again.
    } finally {
      this.fetching = false;
      this.schedule();
    }
  }

  /** @param {string} name */
  #toggle(name) {
    if (!this.shown) return;
    const now = this.#targeted(this.shown);
    const wanted = layersOf(this.shown).filter((layer) => now.includes(layer) !== (layer === name));
    this.wished = { layers: wanted, until: performance.now() + SWITCH_PATIENCE };
    this.shown.tell("layers", wanted);
    this.schedule();
  }

  /**
   * What a switch was just set to, until confirmed; else what the run says, or the page if none is going.
   * @param {Shown} shown
   */
  #targeted(shown) {
    const { history, data } = shown;
    const over = ended(history.status.state);
    const frame = over ? undefined : history.frameAt(history.yours, null);
    const { lanes } = over ? data.spec : history.spec;
    const known = frame
      ? layersOf(shown).filter((name) => frame.layers[name].targeted)
      : lanes[lanes.length - 1].layers;
    const confirmed = this.wished !== null && String(known) === String(this.wished.layers);
    if (confirmed || (this.wished && performance.now() > this.wished.until)) this.wished = null;
    return this.wished?.layers ?? known;
  }

  /** @param {Shown} shown @returns {Model} */
  #model(shown) {
    const { history, data } = shown;
    const { at, ui, connection, message, broken } = this;
    const layers = layersOf(shown);
    if (!layers.includes(ui.layer)) ui.layer = FIRST_CHOICES.layer;
    const frames = {
      own: history.frameAt(history.yours, at),
      other: history.frameAt(history.reference, at),
    };
    const weights = Object.entries(frames.own?.layers ?? {});
    return {
      history,
      at,
      ui,
      layers,
      words: wordsOf(history.spec.lanes[history.yours], data.words),
      unjudged: data.unjudged[history.spec.model] ?? "",
      frames,
      connection,
      message,
      broken,
      dotted: data.dotted,
      symbols: data.symbols,
      zeros: data.zeros,
      epsilons: data.epsilons,
      hatch: data.hatch,
      look: this.look(data.palettes),
      now: { own: history.pointAt(history.yours, at), other: history.pointAt(history.reference, at) },
      sizes: Object.fromEntries(weights.map(([name, layer]) => [name, layer.weights])),
      targeted: this.#targeted(shown),
      editable: data.editable && history.mine,
      held: data.held,
    };
  }

  /** @override */
  draw() {
    if (!this.shown) return;
    const model = this.#model(this.shown);
    const { run, status } = model.history;
    wear(this.root, model.look);
    Object.assign(this.root.dataset, {
      state: run ? status.state : "none",
      connection: this.connection,
      shown: stateShown(model),
      step: String(model.now.own?.step ?? ""),
      run: run ?? "",
      at: this.at === null ? "live" : "past",
    });
    const pause = this.parts.draw(model, this.shown.data.palettes);
    if (this.library) this.#drawCharts(this.library, model, this.shown.data.palettes);
    clearTimeout(this.later);
    if (pause > 0) this.later = setTimeout(() => this.schedule(), pause);
  }

  /** @param {Plotly} library @param {Model} model @param {Palettes} palettes */
  #drawCharts(library, model, palettes) {
    for (const { chart, saving } of this.charts) {
      chart.draw(library, model);
      const { dataset: { chart: name }, ariaLabel } = chart.node;
      saving.draw({ name: `train_live_${name}`, palettes, sentence: ariaLabel ?? "" });
    }
  }
}

/**
 * What the page said last, what is known of its run, and the way back.
 * @typedef {{ data: LiveData & CommonData, history: History, tell: Tell }} Shown
 */

/** The layers of the run's network. @param {Shown} shown */
function layersOf({ data, history }) {
  return data.layers[history.spec.model];
}

/**
 * What is written for a lane's choices.
 * @param {Lane} lane
 * @param {Words} tables
 */
function wordsOf({ penalty, method, optimizer }, tables) {
  return {
    penalty: tables.penalty[penalty],
    method: tables.method[method],
    optimizer: tables.optimizer[optimizer],
  };
}
