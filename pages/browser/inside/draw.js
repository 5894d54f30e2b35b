/* Draw a digit, or pick a validation image: both lanes answer. */

/** @import { Line } from "./strokes.js" */
/** @import { Picture } from "./thumbs.js" */
/** @import { CommonData, Look } from "../shared/types.d.ts" */
/** @import { Ask, Chosen, Context, InsideData, Lane, Part, PartOptions, Said } from "./types.d.ts" */

import { el, setAttribute, setText } from "../shared/dom.js";
import { certainty, degrees } from "../shared/format.js";
import { barsOf } from "../saving/redrawn.js";
import { SavedCanvas } from "../saving/saved_canvas.js";
import { Saving } from "../saving/saving.js";
import { drawTiles } from "../saving/tiles.js";
import { laneHead, laneName } from "./lanes.js";
import { Pad } from "./pad.js";
import { drawable, imageOf, treatment } from "./strokes.js";
import { drawImage, Shelf } from "./thumbs.js";

const SEEN = 88;
const SURE = 0.6; // Below it, a network's best guess is a guess.
const HINT = "Draw upright, like the images below, at any size: a network has learnt from no others, "
  + "and of what is unlike them it may give a wrong answer, and be sure of it.";

/** @implements {Part} */
export class Draw {
  /**
   * The pixels that were picked or drawn last, should their shelf be turned.
   * @type {ArrayLike<number> | null}
   */
  picked = null;
  /** @type {Said[] | null} */
  said = null;
  milliseconds = 0;
  wanted = false;
  asking = false;
  /** Whether the newest image was asked about, and nobody has been told that it was answered. */
  owed = false;
  signature = "";
  /** @type {Answer[]} */
  columns = [];

  /** @param {PartOptions} options */
  constructor({ data, chosen, refresh, draw, context, say, tell }) {
    this.chosen = chosen;
    this.redraw = draw;
    this.context = context;
    this.say = say;
    this.tell = tell;
    this.dataset = data.dataset;
    this.pad = drawable(data.dataset) ? new Pad({ onChange: (lines) => this.#drawn(lines) }) : null;
    this.shelf = new Shelf({ refresh, onPick: (image) => this.#picked(image) });
    this.seen = el("canvas", { role: "img", "aria-label": "What the network is given" });
    this.whose = el("span", { class: "ins-label" });
    this.note = el(
      "p",
      { class: "ins-caption" },
      this.pad
        ? treatment(data.dataset)
        : "Pick a validation image: a drawing is nothing this network has learnt.",
    );
    this.took = el("p", { class: "ins-caption", role: "status" });
    this.unsure = el("p", { class: "ins-caption ins-unsure", role: "status" });
    this.verdicts = el("div", { class: "ins-answers ins-verdicts" });
    this.bars = el("div", { class: "ins-answers" });
    this.saving = new Saving(
      new SavedCanvas({ empty: () => !this.said, draw: (canvas, look) => this.#drawOn(canvas, look) }),
    );
    this.node = el(
      "div",
      { class: "ins-draw" },
      el(
        "div",
        { class: "ins-give" },
        el(
          "div",
          { class: "ins-hand" },
          this.pad?.node,
          el("div", { class: "ins-seen" }, this.whose, this.seen),
        ),
        this.note,
        this.shelf.node,
      ),
      this.verdicts,
      el(
        "div",
        { class: "ins-take" },
        this.bars,
        this.took,
        this.unsure,
        this.pad && el("p", { class: "ins-caption" }, HINT),
        this.saving.node,
      ),
    );
  }

  /** @param {Context} context @param {() => boolean} over */
  async load(context, over) {
    await this.shelf.load(context);
    if (over()) return;
    await this.#ask(context);
    // The question itself may have been refused for a moment, and is answered only now.
    if (!this.asking) this.#pay();
  }

  #pay() {
    if (this.owed) this.tell("asked", true);
    this.owed = false;
  }

  /** @param {{ look: Look, data: InsideData & CommonData }} model */
  draw({ look, data }) {
    this.pad?.draw(look);
    this.shelf.draw(look, this.chosen.indices?.[0]);
    const pixels = this.#pixels();
    if (pixels) drawImage(this.seen, pixels, SEEN, look);
    this.#build(data.lanes);
    if (this.said) this.#fill(data.lanes, this.said);
    const sentence = `What each network says to this image. ${this.columns.map(said).join("; ")}.`;
    this.saving.draw({ name: "answers", palettes: data.palettes, sentence });
  }

  /** Which image the networks are given. */
  #what() {
    const { images, indices } = this.chosen;
    return images ? "your drawing" : `validation image ${(indices?.[0] ?? 0) + 1}`;
  }

  /** Of the image the networks are given. */
  #pixels() {
    const { images, indices } = this.chosen;
    return images?.[0].flat() ?? this.shelf.at(indices?.[0])?.pixels ?? this.picked;
  }

  /**
   * The image, and beside it what each lane says.
   * @param {HTMLCanvasElement} canvas
   * @param {Look} look
   */
  #drawOn(canvas, look) {
    const [seen, pixels] = [el("canvas"), this.#pixels()];
    if (pixels) drawImage(seen, pixels, SEEN, look);
    const answers = this.columns.map((column, i) => ({
      canvas: barsOf(column.shares, { look, dashed: i === 0 }),
      words: said(column),
    }));
    drawTiles(canvas, [...(pixels ? [{ canvas: seen, words: "The image" }] : []), ...answers], look);
  }

  /** @param {Line[]} lines */
  #drawn(lines) {
    const image = imageOf(lines, this.dataset);
    this.#choose(image ? { images: [image] } : { indices: [this.shelf.first] });
  }

  /** @param {Picture} image */
  #picked(image) {
    this.picked = image.pixels;
    if (this.pad) this.pad.lines = [];
    this.#choose({ indices: [image.index] });
  }

  /** @param {Chosen} image */
  #choose(image) {
    delete this.chosen.images;
    delete this.chosen.indices;
    Object.assign(this.chosen, image);
    this.redraw();
    this.#again();
  }

  /* One question at a time: while it is on its way, the drawing grows, and only the newest is asked next. */
  async #again() {
    this.wanted = true;
    this.owed = true;
    if (this.asking) return;
    this.asking = true;
    // Until the newest drawing is answered; what stands here meanwhile is about an older one.
    this.#busy(true);
    try {
      while (this.wanted) {
        this.wanted = false;
        await this.#ask(this.context());
        this.redraw();
      }
      this.#pay();
    } catch (error) {
      this.say(error);
    } finally {
      this.asking = false;
      this.#busy(false);
    }
  }

  /** @param {boolean} busy */
  #busy(busy) {
    for (const part of [this.verdicts, this.bars]) setAttribute(part, "aria-busy", busy ? "true" : null);
  }

  /** @param {{ ask: Ask }} context */
  async #ask({ ask }) {
    const started = performance.now();
    this.said = (await ask("predict", this.chosen)).lanes;
    this.milliseconds = Math.round(performance.now() - started);
  }

  /** @param {Lane[]} lanes */
  #build(lanes) {
    const signature = JSON.stringify(lanes);
    if (signature === this.signature) return;
    this.signature = signature;
    this.columns = lanes.map((lane, i) => new Answer(lane, i));
    this.verdicts.replaceChildren(...this.columns.map(({ node }) => node));
    this.bars.replaceChildren(...this.columns.map(({ bars }) => bars));
  }

  /** @param {Lane[]} lanes @param {Said[]} said */
  #fill(lanes, said) {
    lanes.forEach(({ index }, i) => this.columns[i].fill(said[index]));
    setText(this.whose, `The network sees ${this.#what()}`);
    setText(this.took, `Answered in ${this.milliseconds} ms, about ${this.#what()}.`);
    setText(this.unsure, this.chosen.images ? doubt(this.columns) : "");
    setAttribute(this.node, "data-answered", this.chosen.images ? "drawing" : "image");
  }
}

/* What one lane says: a label with a bar for each, or an angle. A phone has the bars elsewhere. */
class Answer {
  /** @type {Bar[]} */
  rows = [];
  /** How sure it is of each label; none where it gives an angle. @type {number[]} */
  shares = [];

  /** @param {Lane} lane @param {number} i */
  constructor(lane, i) {
    this.name = laneName(lane, i);
    this.verdict = el("p", {
      class: "ins-verdict",
      role: "status",
      "aria-label": `Answer of ${this.name}`,
    });
    this.bars = el("dl", { class: `ins-bars ins-lane-${i}`, "aria-label": `Shares of ${this.name}` });
    this.node = el("section", { class: "ins-answer", "data-lane": i }, laneHead(lane, i), this.verdict);
  }

  /** @param {Said} said */
  fill({ probabilities, values }) {
    this.shares = probabilities?.[0] ?? [];
    if (!probabilities) {
      setText(this.verdict, values ? degrees(45 * values[0][0]) : "diverged: says nothing");
      delete this.verdict.dataset.sure;
      this.#build(0);
      return;
    }
    const [row] = probabilities;
    const best = row.indexOf(Math.max(...row));
    setText(this.verdict, `${best}`);
    this.verdict.dataset.sure = certainty(row[best]);
    this.#build(row.length);
    row.forEach((share, i) => this.rows[i].draw(share, i === best));
  }

  /** @param {number} n */
  #build(n) {
    if (this.rows.length === n) return;
    this.rows = Array.from({ length: n }, (_, i) => new Bar(i));
    this.bars.replaceChildren(...this.rows.flatMap(({ label, node }) => [label, node]));
  }
}

/**
 * What to make of a drawing that a network is unsure about; "" where none is.
 * @param {{ name: string, shares: number[] }[]} answers none of those that give an angle have shares
 * @returns {string}
 */
export function doubt(answers) {
  const unsure = answers.filter(({ shares }) => shares.length && Math.max(...shares) < SURE);
  if (!unsure.length) return "";
  const [who, is] = unsure.length < answers.length
    ? [`“${unsure[0].name}”`, "is"]
    : [unsure.length > 1 ? "Both networks" : "The network", unsure.length > 1 ? "are" : "is"];
  return `${who} ${is} unsure: less than ${
    100 * SURE
  } % for every digit. Clear, and draw it once more, like the images below.`;
}

/** @param {Answer} answer */
function said({ name, verdict }) {
  const { sure } = verdict.dataset;
  return `${name}: ${verdict.textContent}${sure ? `, ${sure}` : ""}`;
}

/* How sure a lane is of one label. */
class Bar {
  /** @param {number} label */
  constructor(label) {
    this.label = el("dt", {}, `${label}`);
    this.words = el("span");
    this.node = el("dd", {}, el("i", { "aria-hidden": "true" }), this.words);
  }

  /** @param {number} share @param {boolean} best */
  draw(share, best) {
    setAttribute(this.node, "data-best", best ? "true" : null);
    setAttribute(this.node, "data-none", share < 2e-3 ? "true" : null);
    this.node.style.setProperty("--share", String(share));
    setText(this.words, certainty(share));
  }
}
