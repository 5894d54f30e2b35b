/* The run's state in words, the note when something needs a reader's eye, and the sentence. */

import { el, setAttribute, setText } from "../shared/dom.js";

const WORDS = {
  none: "Ready", connecting: "Connecting", queued: "Waiting", running: "Running", paused: "Paused",
  loading: "Loading", finished: "Finished", stopped: "Stopped", failed: "Failed", interrupted: "Interrupted", lost: "Reconnecting",
  refused: "Not found",
};
const INVITATION = "Press Play: two copies of one network learn the same images, one with your λ and one without.";
const LOST = "Connection lost, reconnecting… The run goes on without this page.";
const BETWEEN_SENTENCES = 1500;

export class Status {
  constructor() {
    this.word = el("span", { class: "lv-state-word" });
    this.device = el("span", { class: "lv-device" });
    this.node = el(
      "div", { class: "lv-status" },
      el("span", { class: "lv-state" }, el("span", { class: "lv-dot", "aria-hidden": "true" }), this.word),
      this.device,
    );
    this.sentence = el("p", { class: "lv-sentence", "data-testid": "sentence", "aria-live": "polite" });
    this.note = el("p", { class: "lv-note", role: "status", "data-testid": "note", hidden: true });
    this.spokenAt = -Infinity;
  }

  /** Milliseconds until the sentence may change again; 0 if it is up to date. */
  draw(model) {
    const shown = stateShown(model);
    setText(this.word, WORDS[shown] ?? shown);
    setAttribute(this.node, "data-shown", shown);
    const { history } = model;
    const remarks = [history.mine ? "" : "watching, read-only", history.status.device];
    setText(this.device, remarks.filter(Boolean).join(" · "));
    const note = noteOf(model);
    setText(this.note, note);
    setAttribute(this.note, "hidden", note ? null : true);
    setAttribute(this.note, "data-calm", loading(history) ? true : null);
    this.note.style.setProperty("--lv-done", history.status.share ?? 0);
    return this.#speak(sentenceOf(model), model);
  }

  /* A screen reader reads each sentence to its end, so a running one changes at most every 1.5 s. */
  #speak(text, { at, history }) {
    if (this.sentence.textContent === text) return 0;
    const due = this.spokenAt + BETWEEN_SENTENCES - performance.now();
    if (due > 0 && at === null && history.status.state === "running") return due;
    this.spokenAt = performance.now();
    setText(this.sentence, text);
    return 0;
  }
}

/** The word for the state shown: the run's, unless there is no run or no connection. */
export function stateShown({ history, connection }) {
  if (!history.run) return "none";
  if (connection === "refused") return "refused";
  if (connection === "lost" && !ended(history.status.state)) return "lost";
  return loading(history) ? "loading" : history.status.state;
}

/* Its images are on their way: nothing can be drawn before they are there. */
function loading({ status }) {
  return typeof status.share === "number";
}

export function ended(state) {
  return ["finished", "stopped", "failed", "interrupted"].includes(state);
}

function sentenceOf(model) {
  const { history, now } = model;
  if (!history.run) return INVITATION;
  if (now.own?.text) return now.own.text;
  if (history.status.state === "queued") return "The curves begin as soon as a place is free.";
  if (loading(history)) return "The curves begin as soon as the images are here; other runs go on meanwhile.";
  if (!now.own) return "Waiting for the first numbers.";
  return "The same starting weights in both lanes; from here on only λ differs.";
}

function noteOf(model) {
  const { history, connection, message, broken, at } = model;
  const { state, reason, position } = history.status;
  if (broken) return `${broken} Reload the page to try again.`;
  if (!history.run) return "";
  if (connection === "refused") return `${message} Press Play to start a new run.`;
  if (connection === "lost" && !ended(state)) return LOST;
  if (state === "queued") return `Waiting: ${position > 1 ? `number ${position}` : "next"} in the queue.`;
  if (loading(history)) return reason;
  if (state === "failed") return `${sentence(reason) || "The run failed."} Press Play to start again.`;
  if (state === "stopped" && reason) return `${sentence(reason)} Press Play to start again.`;
  if (state === "interrupted") return "The server was restarted during this run. Press Play to start again.";
  const alarm = trouble(history.eventsUntil(at), history.yours);
  return alarm === sentenceOf(model) ? "" : alarm;
}

function trouble(events, lane) {
  const last = events.filter((event) => event.lane === lane && event.kind !== "change").at(-1);
  return last && last.kind !== "recovered" ? last.text : "";
}

function sentence(text) {
  if (!text) return "";
  const capital = text[0].toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
