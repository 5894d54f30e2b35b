/* Draw a digit, or pick a test image: both lanes answer. */

import { el, setAttribute, setText } from "../shared/dom.js";
import { degrees, percent } from "../shared/format.js";
import { laneHead, laneName } from "./lanes.js";
import { Pad } from "./pad.js";
import { drawable, imageOf, treatment } from "./strokes.js";
import { Shelf, drawImage } from "./thumbs.js";

const SEEN = 88;

export class Draw {
  constructor({ data, chosen, refresh, draw, context, say }) {
    Object.assign(this, { chosen, redraw: draw, context, say, follows: true });
    this.dataset = data.dataset;
    this.pad = drawable(data.dataset) ? new Pad({ onChange: (lines) => this.#drawn(lines) }) : null;
    this.shelf = new Shelf({ refresh, onPick: (image) => this.#picked(image) });
    this.seen = el("canvas", { role: "img", "aria-label": "What the network is given" });
    this.note = el("p", { class: "ins-caption" }, this.pad ? treatment(data.dataset) : "Pick a test image: a drawing is nothing this network has learnt.");
    this.took = el("p", { class: "ins-caption", role: "status" });
    this.answers = el("div", { class: "ins-answers" });
    this.node = el(
      "div", { class: "ins-draw" },
      el(
        "div", { class: "ins-give" },
        el("div", { class: "ins-hand" }, this.pad?.node, el("div", { class: "ins-seen" }, el("span", { class: "ins-label" }, "The network sees"), this.seen)),
        this.note, this.shelf.node,
      ),
      el("div", { class: "ins-take" }, this.answers, this.took),
    );
  }

  async load(context, over) {
    await this.shelf.load(context);
    if (!over()) await this.#ask(context);
  }

  draw({ look, data }) {
    this.look = look;
    this.pad?.draw(look);
    const index = this.chosen.indices?.[0];
    this.shelf.draw(look, index);
    const pixels = this.chosen.images?.[0].flat() ?? this.shelf.at(index)?.pixels ?? this.picked;
    if (pixels) drawImage(this.seen, pixels, Math.sqrt(pixels.length > 2000 ? pixels.length / 3 : pixels.length), SEEN, look);
    this.#build(data.lanes);
    if (this.said) this.#fill(data.lanes);
  }

  #drawn(lines) {
    const image = imageOf(lines, this.dataset);
    this.#choose(image ? { images: [image] } : { indices: [this.shelf.first] });
  }

  #picked(image) {
    this.picked = image.pixels;
    if (this.pad) this.pad.lines = [];
    this.#choose({ indices: [image.index] });
  }

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
    if (this.asking) return;
    this.asking = true;
    // Until the newest drawing is answered; what stands here meanwhile is about an older one.
    setAttribute(this.answers, "aria-busy", "true");
    try {
      while (this.wanted) {
        this.wanted = false;
        await this.#ask(this.context());
        this.redraw();
      }
    } catch (error) {
      this.say(error.message);
    } finally {
      this.asking = false;
      setAttribute(this.answers, "aria-busy", null);
    }
  }

  async #ask({ ask }) {
    const started = performance.now();
    this.said = (await ask("predict", this.chosen)).lanes;
    this.milliseconds = Math.round(performance.now() - started);
  }

  #build(lanes) {
    const signature = JSON.stringify(lanes);
    if (signature === this.signature) return;
    this.signature = signature;
    this.columns = lanes.map((lane, i) => new Answer(lane, i));
    this.answers.replaceChildren(...this.columns.map(({ node }) => node));
  }

  #fill(lanes) {
    lanes.forEach(({ index }, i) => this.columns[i].fill(this.said[index]));
    setText(this.took, `Answered in ${this.milliseconds} ms.`);
    setAttribute(this.node, "data-answered", this.chosen.images ? "drawing" : "image");
  }
}

/* What one lane says: a bar for each label, or an angle. */
class Answer {
  constructor(lane, i) {
    this.verdict = el("p", { class: "ins-verdict", role: "status", "aria-label": `Answer of ${laneName(lane, i)}` });
    this.bars = el("dl", { class: "ins-bars" });
    this.node = el("section", { class: `ins-answer ins-lane-${i}`, "data-lane": i }, laneHead(lane, i), this.verdict, this.bars);
  }

  fill({ probabilities, values }) {
    if (!probabilities) {
      setText(this.verdict, values ? degrees(45 * values[0][0]) : "diverged: says nothing");
      this.bars.replaceChildren();
      return;
    }
    const [row] = probabilities;
    const best = row.indexOf(Math.max(...row));
    setText(this.verdict, `${best}`);
    this.verdict.dataset.sure = percent(row[best]);
    if (this.bars.childElementCount !== 2 * row.length) this.#build(row.length);
    row.forEach((share, i) => {
      const bar = this.bars.children[2 * i + 1];
      setAttribute(bar, "data-best", i === best ? "true" : null);
      setAttribute(bar, "data-none", share < 2e-3 ? "true" : null);
      bar.style.setProperty("--share", share);
      setText(bar.lastChild, percent(share < 5e-5 ? 0 : share));
    });
  }

  #build(n) {
    const pairs = Array.from({ length: n }, (_, i) => [el("dt", {}, `${i}`), el("dd", {}, el("i", { "aria-hidden": "true" }), el("span"))]);
    this.bars.replaceChildren(...pairs.flat());
  }
}
