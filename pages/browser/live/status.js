/* The run's state in words, the note when something needs a reader's eye, and the sentence. */

/** @import { History } from "./history.js" */
/** @import { Model, RunEvent, RunState } from "./types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { unbroken } from "../shared/format.js";
import { left, shared } from "./pace.js";

/** @typedef {RunState | "none" | "loading" | "lost" | "refused"} Shown what is shown as the state */

/** @type {Record<Shown, string>} */
const WORDS = {
  none: "Ready",
  connecting: "Connecting",
  queued: "Waiting",
  running: "Running",
  paused: "Paused",
  loading: "Loading",
  finished: "Finished",
  stopped: "Stopped",
  failed: "Failed",
  interrupted: "Interrupted",
  lost: "Reconnecting",
  refused: "Not found",
};
const INVITATION =
  "Press Play: two copies of one network learn the same images, one with your λ and one without.";
const TOGETHER = "trained once for all with these settings";
const LOST = "Connection lost, reconnecting… The run goes on without this page.";
const BETWEEN_SENTENCES = 1500;

export class Status {
  spokenAt = -Infinity;

  constructor() {
    this.word = el("span", { class: "lv-state-word" });
    this.device = el("span", { class: "lv-device" });
    this.node = el(
      "div",
      { class: "lv-status" },
      el("span", { class: "lv-state" }, el("span", { class: "lv-dot", "aria-hidden": "true" }), this.word),
      this.device,
    );
    this.sentence = el("p", { class: "lv-sentence", "data-testid": "sentence", "aria-live": "polite" });
    this.note = el("p", { class: "lv-note", role: "status", "data-testid": "note", hidden: true });
  }

  /**
   * Draw all three.
   * @param {Model} model
   * @returns {number} milliseconds until the sentence may change again; 0 if it is up to date
   */
  draw(model) {
    const shown = stateShown(model);
    setText(this.word, WORDS[shown]);
    setAttribute(this.node, "data-shown", shown);
    const { history } = model;
    const { pace, status } = history;
    const [crowd, soon] = shown === "running"
      ? [shared(status.sharing, pace.perSecond), left(pace.until(history.totalSteps))]
      : [];
    const together = status.shared ? TOGETHER : "";
    const remarks = [history.mine ? "" : "watching, read-only", status.device, together, crowd, soon];
    setText(this.device, remarks.filter(Boolean).join(" · "));
    const note = noteOf(model);
    setText(this.note, note);
    setAttribute(this.note, "hidden", note ? null : true);
    setAttribute(this.note, "data-calm", loading(history) ? true : null);
    this.note.style.setProperty("--sl-done", String(history.status.share ?? 0));
    return this.#speak(unbroken(sentenceOf(model)), model);
  }

  /**
   * A screen reader reads each sentence to its end, so a running one changes at most every 1.5 s.
   * @param {string} text
   * @param {Model} model
   */
  #speak(text, { at, history }) {
    if (this.sentence.textContent === text) return 0;
    const due = this.spokenAt + BETWEEN_SENTENCES - performance.now();
    if (due > 0 && at === null && history.status.state === "running") return due;
    this.spokenAt = performance.now();
    setText(this.sentence, text);
    return 0;
  }
}

/**
 * The state shown: the run's, unless there is no run or no connection.
 * @param {Pick<Model, "history" | "connection">} model
 * @returns {Shown}
 */
export function stateShown({ history, connection }) {
  if (!history.run) return "none";
  if (connection === "refused") return "refused";
  if (connection === "lost" && !ended(history.status.state)) return "lost";
  return loading(history) ? "loading" : history.status.state;
}

/**
 * Its images are on their way: nothing can be drawn before they are there.
 * @param {History} history
 */
function loading({ status }) {
  return typeof status.share === "number";
}

/**
 * Whether nothing more comes of a run.
 * @param {string} state
 */
export function ended(state) {
  return ["finished", "stopped", "failed", "interrupted"].includes(state);
}

/** @param {Model} model */
function sentenceOf(model) {
  const { history, now } = model;
  if (!history.run) return INVITATION;
  if (now.own?.text) return now.own.text;
  if (history.status.state === "queued") {
    return `The curves begin as soon as ${history.status.reason ? "it can start" : "a place is free"}.`;
  }
  if (loading(history)) return "The curves begin as soon as the images are here; other runs go on meanwhile.";
  if (!now.own && ended(history.status.state)) return "This run ended before its first numbers.";
  if (!now.own) return "Waiting for the first numbers.";
  return "The same starting weights in both lanes; from here on only λ differs.";
}

/** @param {Model} model */
function noteOf(model) {
  const { history, connection, message, broken, at } = model;
  const { state, reason, position } = history.status;
  if (broken) return `${broken} Reload the page to try again.`;
  if (!history.run) return "";
  if (connection === "refused") return `${message} Press Play to start a new run.`;
  if (connection === "lost" && !ended(state)) return LOST;
  if (state === "queued" && reason) return sentence(reason);
  if (state === "queued") return `Waiting: ${position > 1 ? `number ${position}` : "next"} in the queue.`;
  if (loading(history)) return reason;
  if (state === "failed") return `${sentence(reason) || "The run failed."} Press Play to start again.`;
  if (state === "stopped" && reason) return `${sentence(reason)} Press Play to start again.`;
  if (state === "interrupted") return "The server was restarted during this run. Press Play to start again.";
  const alarm = trouble(history.eventsUntil(at), history.yours);
  if (alarm === sentenceOf(model)) return "";
  return alarm || (ended(state) ? "" : sentence(reason) || resumed(history));
}

/**
 * From where it went on when its process had died, until something else happens; where it branched, until it
 * trains on from there.
 * @param {History} history
 */
function resumed({ events, points, yours }) {
  const last = events.at(-1);
  if (last?.kind === "branched") return (points[yours].at(-1)?.step ?? 0) > last.step ? "" : last.text;
  return last?.kind === "resumed" ? last.text : "";
}

/**
 * What went wrong last in a lane, until it recovers. A collapse told of the λ it came at: after a change the
 * sentence tells what comes of it, as `_alarm` of core/narration.py.
 * @param {RunEvent[]} events
 * @param {number} lane
 */
function trouble(events, lane) {
  const mine = events.filter((event) => event.lane === lane);
  const at = mine.findLastIndex(({ kind }) => !["change", "resumed", "branched"].includes(kind));
  const last = mine[at];
  if (!last || last.kind === "recovered") return "";
  return last.kind === "collapsed" && mine.slice(at).some(({ kind }) => kind === "change") ? "" : last.text;
}

/** @param {string} text */
function sentence(text) {
  if (!text) return "";
  const capital = text[0].toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
