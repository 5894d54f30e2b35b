/* What a run's data loss and score are called, and in which units: labels to be told, or angles. */

import { degrees, percent } from "../shared/format.js";

const MANY_DEGREES = 25;

const ACCURACY = {
  title: "Accuracy", of: (point, part) => point?.[`${part}_accuracy`], write: percent,
  factor: 100, axis: "right answers (%)", hover: "%{y:.1f} %", what: "right answers of both lanes",
};
const ERROR = {
  title: "Error", of: (point, part) => point?.[`${part}_error`], write: degrees,
  factor: 1, axis: "mean error (degrees)", hover: "%{y:.1f}°", what: "how many degrees both lanes are off",
};

const LOSSES = {
  cross_entropy: { name: "cross-entropy", unit: "nats", usual: 2.5, score: ACCURACY },
  mean_squared_error: { name: "mean squared error", unit: "units of (45°)²", usual: 0.4, score: ERROR },
};

/** The data loss of a run on this spec: name, unit, what its axis reaches at least, and its score. */
export function lossOf(spec) {
  return LOSSES[spec.dataset === "rotated_digits" ? "mean_squared_error" : "cross_entropy"];
}

/** The y range of a score's chart: shares to 100 %; degrees to 25, where guessing ends up, or more. */
export function scoreRange(score, points, ceiling) {
  if (score === ACCURACY) return [0, 104];
  return [0, ceiling(Math.max(0, ...points.flatMap((p) => [p.train_error, p.test_error])), MANY_DEGREES)];
}
