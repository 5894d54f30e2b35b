/* What a run's data loss and score are called, and in which units: labels to be told, or angles. */

/** @import { Maybe } from "../shared/format.js" */
/** @import { Network, Point } from "./types.d.ts" */

import { degrees, off, percent, sampling } from "../shared/format.js";

const MANY_DEGREES = 25;
/** What ± means. */
export const STANDARD_ERROR =
  "± is one standard error: how far a share of so few images is typically off by chance.";

/** Which images a score is about. @typedef {"train" | "valid" | "test"} Part */

/**
 * @typedef {object} Score
 * @property {string} title
 * @property {(point: Point | undefined, part: Part) => Maybe} of
 * @property {(value: Maybe) => string} write
 * @property {(share: number, n: number) => string} spread "± 1.1" of a value of n images, or nothing
 * @property {number} factor from the score to what is drawn; sign: the unit of that
 * @property {string} sign
 * @property {string} axis
 * @property {string} hover
 * @property {string} what is drawn
 */

/**
 * `usual`: where its axis ends at least.
 * @typedef {{ name: string, unit: string, usual: number, score: Score }} Loss
 */

/** @type {Score} */
const ACCURACY = {
  title: "Accuracy",
  of: (point, part) => point?.[`${part}_accuracy`],
  write: percent,
  spread: (share, n) => ` ${off(share, n)}`,
  factor: 100,
  sign: "\u00a0%",
  axis: "accuracy (%)",
  hover: "%{y:.1f} %",
  what: "the accuracy of both lanes",
};
/** @type {Score} */
const ERROR = {
  title: "Error",
  of: (point, part) => point?.[`${part}_error`],
  write: degrees,
  spread: () => "",
  factor: 1,
  sign: "°",
  axis: "mean error (degrees)",
  hover: "%{y:.1f}°",
  what: "how many degrees both lanes are off",
};

/** @type {Loss} */
const CROSS_ENTROPY = { name: "cross-entropy", unit: "nats", usual: 2.5, score: ACCURACY };
/** @type {Loss} */
const SQUARED_ERROR = { name: "mean squared error", unit: "units of (45°)²", usual: 0.4, score: ERROR };

/**
 * The data loss of a run on this spec.
 * @param {Pick<Network, "dataset">} spec
 * @returns {Loss}
 */
export function lossOf({ dataset }) {
  return dataset === "rotated_digits" ? SQUARED_ERROR : CROSS_ENTROPY;
}

/**
 * What the score's chart shows: when the run is done, how its test ended.
 * @param {Score} score
 * @param {Point | undefined} own
 * @returns {string}
 */
export function scoreShown(score, own) {
  const { of, factor, sign, spread } = score;
  const tested = of(own, "test");
  if (own && typeof tested === "number") {
    return `test, looked at once: ${(factor * tested).toFixed(1)}${spread(tested, own.n_test)}${sign}`;
  }
  const valid = of(own, "valid");
  // The images are a sample.
  const sampled = own && score === ACCURACY && typeof valid === "number";
  return sampled ? sampling(valid, own.n_valid) : "validation and training";
}

/**
 * Whether the images that two lanes get wrong can be looked at: a run has answers, and they are labels.
 * @param {Score} score
 * @param {{ own?: Point, other?: Point }} now
 */
export function showsMistakes(score, { own, other }) {
  return score === ACCURACY && Boolean(own && other);
}

/**
 * The y range of a score's chart: shares to 100 %; degrees to 25, where guessing ends up, or more.
 * @param {Score} score
 * @param {readonly Point[]} points
 * @param {(value: number, least: number) => number} ceiling
 * @returns {[low: number, high: number]}
 */
export function scoreRange(score, points, ceiling) {
  if (score === ACCURACY) return [0, 104];
  const errors = points.flatMap((p) => [p.train_error ?? 0, p.valid_error ?? 0]);
  return [0, ceiling(Math.max(0, ...errors), MANY_DEGREES)];
}
