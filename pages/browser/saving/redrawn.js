/* What stands on the page as text and boxes, as a canvas for a file: bars of shares, and a table of counts. */

/** @import { Look } from "../shared/types.d.ts" */

import { EVERYWHERE } from "../shared/chart.js";
import { el } from "../shared/dom.js";
import { count, percent } from "../shared/format.js";
import { mix } from "../shared/look.js";
import { sized } from "../shared/mosaic.js";

const ROW = 22;
const LABEL = 24;
const BARS = 240;
const SHARES = 70;
const CELL = 34;

/**
 * A bar for each label, the largest share in bold.
 * @param {number[]} shares
 * @param {{ look: Look, dashed: boolean }} how `dashed`: the stroke of the lane that is compared with
 */
export function barsOf(shares, { look, dashed }) {
  const canvas = el("canvas");
  const pen = sized(canvas, LABEL + BARS + SHARES, Math.max(1, ROW * shares.length));
  const best = Math.max(...shares);
  pen.textBaseline = "middle";
  shares.forEach((share, label) => {
    const middle = ROW * (label + 0.5);
    pen.font = `${share === best ? "bold " : ""}13px ${EVERYWHERE}`;
    pen.fillStyle = look.ink;
    pen.fillText(`${label}`, 4, middle);
    pen.fillText(percent(share < 5e-5 ? 0 : share), LABEL + BARS + 8, middle);
    if (share < 2e-3) return;
    if (!dashed) {
      pen.fillRect(LABEL, middle - 7, BARS * share, 14);
      return;
    }
    pen.setLineDash([4, 3]);
    pen.strokeStyle = look.reference;
    pen.lineWidth = 2;
    pen.strokeRect(LABEL + 1, middle - 6, Math.max(1, BARS * share - 2), 12);
  });
  return canvas;
}

/**
 * A row for each true label, a column for each answer; the more often a mistake, the more of its colour.
 * @param {number[][]} rows
 * @param {number} most times a mistake was made
 * @param {Look} look
 */
export function countsOf(rows, most, look) {
  const canvas = el("canvas");
  const side = LABEL + CELL * rows.length;
  const pen = sized(canvas, side, LABEL + ROW * rows.length);
  pen.textBaseline = "middle";
  pen.textAlign = "center";
  rows.forEach((row, label) => {
    const middle = LABEL + ROW * (label + 0.5);
    pen.font = `bold 13px ${EVERYWHERE}`;
    pen.fillStyle = look.muted;
    pen.fillText(`${label}`, LABEL / 2, middle);
    pen.fillText(`${label}`, LABEL + CELL * (label + 0.5), LABEL / 2);
    row.forEach((n, given) => {
      const right = given === label;
      const left = LABEL + CELL * given;
      pen.fillStyle = right || !n
        ? (right ? look.surface : look.background)
        : mix(look.background, look.alert, 0.15 + (0.55 * n) / most);
      pen.fillRect(left + 1, middle - ROW / 2 + 1, CELL - 2, ROW - 2);
      pen.font = `${right || n ? "bold " : ""}13px ${EVERYWHERE}`;
      pen.fillStyle = right || n ? look.ink : look.muted;
      pen.fillText(right || n ? count(n) : "·", left + CELL / 2, middle);
    });
  });
  return canvas;
}
