/* Right and wrong: both confusion matrices, and the images on which the lanes part. */

import { el, setText } from "../shared/dom.js";
import { count, percent } from "../shared/format.js";
import { laneHead, laneName } from "./lanes.js";
import { drawImage, testImages } from "./thumbs.js";

const SHOWN = 12;
const THUMB = 56;

export class Mistakes {
  constructor() {
    this.matrices = el("div", { class: "ins-two" });
    this.wrong = new Gallery();
    this.right = new Gallery();
    this.node = el("div", {}, this.matrices, this.wrong.node, this.right.node);
    this.follows = true;
  }

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
    await this.wrong.load(ask, parted.lane_wrong);
    if (!over()) await this.right.load(ask, parted.other_wrong);
  }

  draw({ look, data: { lanes } }) {
    if (!this.found) return;
    this.matrices.replaceChildren(...this.found.map((answer, i) => matrix(answer, lanes[i], i)));
    if (lanes.length < 2) return;
    const [other, own] = lanes.map((lane, i) => laneName(lane, i));
    this.wrong.draw(look, `Wrong in “${own}”, right in “${other}”`);
    this.right.draw(look, `Wrong in “${other}”, right in “${own}”`);
  }
}

/* A row for each true label, a column for each answer; mistakes in the colour of mistakes. */
function matrix({ matrix: rows, accuracy }, lane, i) {
  const most = Math.max(1, ...rows.flatMap((row, label) => row.filter((_, given) => given !== label)));
  const head = el("tr", {}, el("td", {}), ...rows.map((_, given) => el("th", { scope: "col" }, `${given}`)));
  const body = rows.map((row, label) =>
    el("tr", {}, el("th", { scope: "row" }, `${label}`), ...row.map((n, given) => cell(n, given === label, n / most))),
  );
  return el(
    "section", { class: "ins-matrix", "data-lane": i }, laneHead(lane, i),
    el("p", { class: "ins-caption" }, `${percent(accuracy)} of the test images right. Rows: the true digit; columns: the answer.`),
    el("table", { class: "ins-confusion" }, el("caption", { class: "lv-hidden" }, "How often each digit got each answer"), el("thead", {}, head), el("tbody", {}, ...body)),
  );
}

function cell(n, right, share) {
  const node = el("td", { class: right ? "ins-right" : n ? "ins-wrong" : "ins-none" }, n ? count(n) : "·");
  if (!right && n) node.style.setProperty("--share", `${Math.round(15 + 55 * share)}%`);
  return node;
}

/* Test images with what each lane said. */
class Gallery {
  constructor() {
    this.title = el("h3", { class: "ins-name" });
    this.row = el("ul", { class: "ins-gallery" });
    this.node = el("section", { class: "ins-parted" }, this.title, this.row);
    this.images = [];
  }

  async load(ask, parted) {
    const indices = parted.indices.slice(0, SHOWN);
    const found = indices.length ? await testImages(ask, indices) : { images: [] };
    Object.assign(this, found, { parted });
  }

  draw(look, title) {
    if (!this.parted) return;
    const { count: n, lane_answers: said, other_answers: others } = this.parted;
    const more = n > SHOWN ? `, the first ${SHOWN} of them` : "";
    setText(this.title, `${title}: ${n ? `${count(n)} image${n === 1 ? "" : "s"}${more}` : "none"}`);
    this.row.replaceChildren(...this.images.map(({ index, label, pixels }, i) => {
      const canvas = el("canvas", { role: "img", "aria-label": `Test image ${index + 1}` });
      const wrong = said[i] === label ? others[i] : said[i];
      const node = el("li", {}, canvas, el("span", {}, `${label}, read as ${wrong}`));
      drawImage(canvas, pixels, this.side, THUMB, look);
      return node;
    }));
  }
}
