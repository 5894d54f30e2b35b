/* A drawing of our own, an SVG that the style sheet colours, as a file: in the colours of paper, its sentence under it. */

/** @import { Paper, Savable } from "./saving.js" */

import { EVERYWHERE } from "../shared/chart.js";
import { el } from "../shared/dom.js";
import { rendered, SHARPNESS } from "./saved_canvas.js";
import { broken } from "./saving.js";

const EDGE = 20;
const LINE = 18;
/** What a file, which has no style sheet, is to say itself. */
const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "font-weight",
  "paint-order",
];

/** @implements {Savable} */
export class SavedDrawing {
  /** @param {() => SVGElement} draw it anew, in the size of a file */
  constructor(draw) {
    this.draw = draw;
  }

  empty() {
    return false;
  }

  /** @param {string} format @param {Paper} paper */
  async file(format, { look, sentence }) {
    const drawing = this.draw();
    const host = el("div", { class: "drawing", "data-theme": "light", style: "position:fixed;left:-9999px" });
    host.append(drawing);
    document.body.append(host);
    const [, , wide, high] = (drawing.getAttribute("viewBox") ?? "").split(" ").map(Number);
    for (const part of drawing.querySelectorAll("*")) inline(part);
    host.remove();
    const lines = broken(sentence, Math.floor(wide / 7.2));
    const [width, height] = [wide + 2 * EDGE, high + 3 * EDGE + LINE * lines.length];
    const rows = lines.map((line, i) =>
      `<text x="${EDGE}" y="${high + 2 * EDGE + LINE * (i + 1)}">${line}</text>`
    );
    const size = drawing.getAttribute("font-size");
    const parts = [...drawing.childNodes].map((node) => new XMLSerializer().serializeToString(node)).join("");
    const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" `
      + `viewBox="0 0 ${width} ${height}" font-family="${EVERYWHERE}">`
      + `<rect width="100%" height="100%" fill="${look.background}"/>`
      + `<g transform="translate(${EDGE} ${EDGE})" font-size="${size}">${parts}</g>`
      + `<g font-size="13" fill="${look.ink}">${rows.join("")}</g></svg>`;
    const url = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    return format === "svg" ? url : await rendered(url, SHARPNESS * width, SHARPNESS * height);
  }
}

/** @param {Element} part */
function inline(part) {
  const style = getComputedStyle(part);
  for (const name of STYLES) part.setAttribute(name, style.getPropertyValue(name));
  part.removeAttribute("class");
}
