/* Right and wrong: both confusion matrices, and the images on which the lanes part. */

/** @import { Picture } from "./thumbs.js" */
/** @import { CommonData, Look } from "../shared/types.d.ts" */
/** @import { Answers, Ask, Context, InsideData, Lane, Part, Parted } from "./types.d.ts" */

import { el, setText } from "../shared/dom.js";
import { count, percent, sampling } from "../shared/format.js";
import { countsOf } from "../saving/redrawn.js";
import { SavedCanvas } from "../saving/saved_canvas.js";
import { Saving } from "../saving/saving.js";
import { drawTiles } from "../saving/tiles.js";
import { laneHead, laneName } from "./lanes.js";
import { drawImage, validImages } from "./thumbs.js";

const SHOWN = 12;
const THUMB = 56;
const SAVED = 96; // px of an image in a file, whose words stand above it.
const SURE = 0.05;

/** @implements {Part} */
export class Mistakes {
  /** One for each lane. @type {Answers["confusion"][]} */
  found = [];
  /** @type {Answers["disagreements"] | null} */
  parted = null;

  constructor() {
    this.matrices = el("div", { class: "ins-two" });
    this.wrong = new Gallery();
    this.right = new Gallery();
    this.pairs = el("p", { class: "ins-caption ins-pairs" });
    this.node = el("div", {}, this.matrices, this.pairs, this.wrong.node, this.right.node);
  }

  /** @param {Context} context @param {() => boolean} over */
  async load({ ask, lanes }, over) {
    const found = [];
    for (const { index } of lanes) {
      found.push(await ask("confusion", { lane: index }));
      if (over()) return;
    }
    this.found = found;
    if (lanes.length < 2) return;
    const [other, own] = lanes;
    const parted = await ask("disagreements", { lane: own.index, other: other.index });
    if (over()) return;
    this.parted = parted;
    await this.wrong.load(ask, parted.lane_wrong);
    if (!over()) await this.right.load(ask, parted.other_wrong);
  }

  /** @param {{ look: Look, data: InsideData & CommonData }} model */
  draw({ look, data: { lanes, palettes } }) {
    if (!this.found.length) return;
    const most = mostOf(this.found);
    this.matrices.replaceChildren(...this.found.map((answer, i) => {
      const [node, words] = [matrix(answer, most, lanes[i], i), sentenceOf(answer)];
      const saving = new Saving(
        new SavedCanvas({
          empty: () => false,
          draw: (canvas, paper) => {
            const counts = countsOf(answer.matrix, most, paper);
            drawTiles(canvas, [{ canvas: counts, words: laneName(lanes[i], i) }], paper);
          },
        }),
      );
      saving.draw({ name: `mistakes_lane_${i}`, palettes, sentence: `${laneName(lanes[i], i)}. ${words}` });
      node.append(saving.node);
      return node;
    }));
    if (lanes.length < 2) return;
    const [other, own] = lanes.map((lane, i) => laneName(lane, i));
    if (this.parted) setText(this.pairs, pairsText(this.parted, other, own));
    this.wrong.draw(look, `Wrong in “${own}”, right in “${other}”`);
    this.right.draw(look, `Wrong in “${other}”, right in “${own}”`);
    [this.wrong, this.right].forEach((gallery, i) => {
      const sentence = gallery.title.textContent ?? "";
      gallery.saving.draw({ name: `mistakes_apart_${i}`, palettes, sentence });
    });
  }
}

/**
 * Two lanes compared image by image, as McNemar does.
 * @param {Pick<Answers["disagreements"], "images" | "p"> & Record<"lane_wrong" | "other_wrong", { count: number }>} parted
 * @param {string} other
 * @param {string} own
 */
export function pairsText({ images, p, lane_wrong: lost, other_wrong: won }, other, own) {
  const only = `${count(lost.count)} of ${count(images)} images are right only in “${other}”, `
    + `${count(won.count)} only in “${own}”`;
  if (lost.count + won.count === 0) return `${only}: on these images both make the same mistakes.`;
  const better = lost.count > won.count ? other : own;
  const verdict = p < SURE ? `“${better}” is better` : `no difference that ${count(images)} images can show`;
  const chance = p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`;
  return `${only}: ${verdict} (McNemar’s exact test of the pairs, ${chance}).`;
}

/**
 * The commonest mistake of any lane: one mistake has the same colour in all.
 * @param {Answers["confusion"][]} answers
 */
function mostOf(answers) {
  const mistakes = answers.flatMap(({ matrix: rows }) =>
    rows.flatMap((row, label) => row.filter((_, given) => given !== label))
  );
  return Math.max(1, ...mistakes);
}

/**
 * A row for each true label, a column for each answer; mistakes in the colour of mistakes.
 * @param {Answers["confusion"]} answer
 * @param {number} most times a mistake was made
 * @param {Lane} lane
 * @param {number} i
 */
function matrix(answer, most, lane, i) {
  const { matrix: rows } = answer;
  const head = el("tr", {}, el("td", {}), ...rows.map((_, given) => el("th", { scope: "col" }, `${given}`)));
  const body = rows.map((row, label) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, `${label}`),
      ...row.map((n, given) => cell(n, given === label, n / most)),
    )
  );
  return el(
    "section",
    { class: "ins-matrix", "data-lane": i },
    laneHead(lane, i),
    el("p", { class: "ins-caption" }, sentenceOf(answer)),
    el(
      "table",
      { class: "ins-confusion" },
      el("caption", { class: "sl-hidden" }, "How often each digit got each answer"),
      el("thead", {}, head),
      el("tbody", {}, ...body),
    ),
  );
}

/** @param {Answers["confusion"]} answer */
function sentenceOf({ matrix: rows, accuracy }) {
  const n = sumOf(rows.flat());
  return `${percent(accuracy)} of the validation images right, ${sampling(accuracy, n)}. `
    + "Rows: the true digit; columns: the answer.";
}

/** @param {number[]} counts */
function sumOf(counts) {
  return counts.reduce((sum, each) => sum + each, 0);
}

/** @param {number} n @param {boolean} right @param {number} share */
function cell(n, right, share) {
  const node = el("td", { class: right ? "ins-right" : n ? "ins-wrong" : "ins-none" }, n ? count(n) : "·");
  if (!right && n) node.style.setProperty("--share", `${Math.round(15 + 55 * share)}%`);
  return node;
}

/* Validation images with what each lane said. */
class Gallery {
  /** @type {Picture[]} */
  images = [];
  /** @type {Parted | null} */
  parted = null;

  constructor() {
    this.title = el("h3", { class: "ins-name" });
    this.row = el("ul", { class: "ins-gallery" });
    this.saving = new Saving(
      new SavedCanvas({
        empty: () => !this.images.length,
        draw: (canvas, look) => drawTiles(canvas, this.#tiles(look), look),
      }),
    );
    this.node = el("section", { class: "ins-parted" }, this.title, this.row, this.saving.node);
  }

  /** @param {Ask} ask @param {Parted} parted */
  async load(ask, parted) {
    const indices = parted.indices.slice(0, SHOWN);
    this.images = indices.length ? (await validImages(ask, indices)).images : [];
    this.parted = parted;
  }

  /** @param {Look} look @param {string} title */
  draw(look, title) {
    if (!this.parted) return;
    const { count: n } = this.parted;
    const more = n > SHOWN ? `, the first ${SHOWN} of them` : "";
    setText(this.title, `${title}: ${n ? `${count(n)} image${n === 1 ? "" : "s"}${more}` : "none"}`);
    this.row.replaceChildren(...this.images.map((image, i) => {
      const canvas = el("canvas", { role: "img", "aria-label": `Validation image ${image.index + 1}` });
      drawImage(canvas, image.pixels, THUMB, look);
      return el("li", {}, canvas, el("span", {}, this.#read(image, i)));
    }));
  }

  /** @param {Picture} image @param {number} i */
  #read({ label }, i) {
    const [said, other] = [this.parted?.lane_answers[i], this.parted?.other_answers[i]];
    return `${label}, read as ${said === label ? other : said}`;
  }

  /** @param {Look} look */
  #tiles(look) {
    return this.images.map((image, i) => {
      const canvas = el("canvas");
      drawImage(canvas, image.pixels, SAVED, look);
      return { canvas, words: this.#read(image, i) };
    });
  }
}
