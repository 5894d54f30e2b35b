/* The board: accuracy against exact zeros, a mark for each setting, its spread by seed, its size by seats. */

/** @import { Dot, Question, Shown } from "./types.d.ts" */
/** @import { Room } from "./chart.js" */

import { SavedDrawing } from "../saving/saved_drawing.js";
import { Saving } from "../saving/saving.js";
import { figure, svg } from "./chart.js";
import { found, number, say } from "./words.js";

/** In a file, as wide as the files of other figures. */
const FILE = { width: 860, height: 480, type: 15 };
const STEPS = [0.5, 1, 2, 5, 10, 20];
/** Points below the best from which on a dot is no longer on the axis. */
const FAR = 40;

/**
 * @param {Shown} scene
 * @param {Room} room
 * @param {string} [file] the name of the files it is saved as; "": it is not
 */
export function board(scene, room, file = "") {
  const { dots = [], question } = scene;
  if (!question) return figure("", svg("svg"), [[""]]);
  const settings = bySetting(dots);
  const [first, second] = [...settings].sort((a, b) => b.seats - a.seats);
  const tie = first?.seats && first.seats === second?.seats;
  const leads = first?.seats && !tie ? first.choice : null;
  const most = scene.most === undefined ? leads : scene.most;
  const sentence = say(
    most === null ? `board.sentence.${scene.most === null || tie ? "few" : "nobody"}` : "board.sentence",
    {
      n: settings.length,
      seeds: settings[0]?.dots.length ?? 0,
      most: most === null ? "" : name(question, most),
    },
  );
  const head = ["board.setting", "board.seed", "board.x", "board.y", "board.seats"].map((each) => say(each));
  const rows = dots.map(([choice, seed, zeros, accuracy, seats]) => [
    name(question, choice),
    seed,
    number(zeros),
    number(accuracy),
    seats ?? say("few"),
  ]);
  const said = `${sentence}${outside(dots)} ${found(scene)}`;
  return figure(said, picture(room), [head, ...rows], file ? saving(file, said, () => picture(FILE)) : null);

  /** @param {Room} room */
  function picture({ width, height, type }) {
    const { floor, ceiling, step, below } = band(dots.map(([, , , accuracy]) => accuracy));
    const left = type * (below.length ? 4.2 : 3.4);
    const [right, top, bottom] = [width - type * 1.2, type * 1.4, height - type * 3.2];
    // What is far below has a strip of its own under a broken line.
    const base = below.length ? bottom - 2.4 * type : bottom;
    const x = (/** @type {number} */ zeros) => left + (right - left) * zeros / 100;
    const y = (/** @type {number} */ accuracy) =>
      accuracy < floor ? (base + bottom) / 2 : base - (base - top) * (accuracy - floor) / (ceiling - floor);
    const radius = (/** @type {number | null} */ seats) =>
      seats ? Math.min(type * 1.6, type * (0.4 + 0.16 * Math.sqrt(seats))) : type * 0.32;
    const parts = [];
    for (let tick = 0; tick <= 100; tick += 20) {
      parts.push(svg("line", { x1: x(tick), x2: x(tick), y1: top, y2: bottom, class: "grid" }));
      parts.push(svg("text", { x: x(tick), y: bottom + type * 1.3, "text-anchor": "middle" }, String(tick)));
    }
    for (let tick = floor; tick <= ceiling; tick += step) {
      parts.push(svg("line", { x1: left, x2: right, y1: y(tick), y2: y(tick), class: "grid" }));
      parts.push(
        svg("text", { x: left - type * 0.5, y: y(tick) + type * 0.35, "text-anchor": "end" }, number(tick)),
      );
    }
    if (below.length) {
      parts.push(
        svg("line", { x1: left, x2: right, y1: base, y2: base, class: "axis is-broken" }),
        svg(
          "text",
          { x: left - type * 0.5, y: y(-1) + type * 0.35, "text-anchor": "end" },
          `< ${number(floor)}`,
        ),
      );
    }
    const middle = (top + bottom) / 2;
    const turned = `rotate(-90 ${type} ${middle})`;
    parts.push(
      svg(
        "text",
        { x: (left + right) / 2, y: bottom + type * 2.8, "text-anchor": "middle", class: "axis-name" },
        say("board.x"),
      ),
      svg(
        "text",
        { x: type, y: middle, "text-anchor": "middle", transform: turned, class: "axis-name" },
        ceiling - floor < 100
          ? say("board.y.band", { from: number(floor), to: number(ceiling) })
          : say("board.y"),
      ),
    );
    for (const setting of settings) {
      const points = setting.dots.map(([, , zeros, accuracy]) => `${x(zeros)},${y(accuracy)}`);
      parts.push(svg("polyline", { points: points.join(" "), class: "spread" }));
      for (const [choice, , zeros, accuracy, seats] of setting.dots) {
        const kind = choice < 0 ? "dot is-zero" : seats ? "dot" : "dot is-empty";
        parts.push(svg("circle", { cx: x(zeros), cy: y(accuracy), r: radius(seats), class: kind }));
      }
    }
    parts.push(...labels());
    return svg(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": sentence, "font-size": type },
      ...parts,
    );

    /** The settings' names: each at the first place around its mark that nothing else has. */
    function labels() {
      /** @type {[number, number, number, number][]} */
      const taken = dots.map(([, , zeros, accuracy, seats]) => {
        const r = radius(seats);
        return [x(zeros) - r, y(accuracy) - r, x(zeros) + r, y(accuracy) + r];
      });
      return [...settings].sort((a, b) => b.seats - a.seats).map((setting) => {
        const text = name(question, setting.choice);
        const [w, h] = [text.length * type * 0.55, type * 1.1];
        const r = Math.max(...setting.dots.map(([, , , , seats]) => radius(seats))) + type * 0.3;
        const heights = setting.dots.map(([, , , accuracy]) => y(accuracy));
        const [cx, cy] = [x(setting.zeros), heights.reduce((sum, each) => sum + each, 0) / heights.length];
        // Beside it, then above and below it, then a line further, and so on.
        const rows = [0, 1, 2, 3, 4].flatMap((k) => [-r - (1 + k) * h, r + k * h]);
        const sides = [0, -w / 2, w / 2, -r - w / 2, r + w / 2];
        const places = [
          [r + w / 2, -h / 2],
          [-r - w / 2, -h / 2],
          ...rows.flatMap((dy) => sides.map((dx) => [dx, dy])),
        ];
        const boxes = places.map(([dx, dy]) => {
          const from = Math.min(Math.max(cx + dx - w / 2, left), right - w);
          return /** @type {[number, number, number, number]} */ ([from, cy + dy, from + w, cy + dy + h]);
        });
        const free = boxes.find((box) =>
          box[1] >= 0 && box[3] <= bottom && taken.every((t) => apart(box, t))
        );
        const box = free ?? boxes[0];
        taken.push(box);
        const kind = setting.choice < 0 ? "dot-name is-zero" : "dot-name";
        return svg(
          "text",
          { x: (box[0] + box[2]) / 2, y: box[1] + type * 0.85, "text-anchor": "middle", class: kind },
          text,
        );
      });
    }
  }
}

/** @param {string} file @param {string} sentence @param {() => SVGElement} draw */
function saving(file, sentence, draw) {
  const light = JSON.parse(document.getElementById("paper")?.textContent ?? "{}");
  const saves = new Saving(new SavedDrawing(draw));
  saves.draw({ name: file, palettes: { light, dark: light }, sentence });
  return saves.node;
}

/**
 * Where the accuracies are: the narrowest axis of round numbers with all of them inside but those `below`, of
 * networks that only guess: with these on it the others would lie on each other.
 * @param {number[]} accuracies
 */
export function band(accuracies) {
  const highest = Math.max(...accuracies);
  const inside = accuracies.filter((each) => each >= highest - FAR);
  const lowest = Math.min(...inside);
  const step = STEPS.find((each) => (highest - lowest) / each <= 4) ?? 20;
  return {
    floor: Math.max(0, step * (Math.ceil(lowest / step) - 1)),
    ceiling: Math.min(100, step * (Math.floor(highest / step) + 1)),
    step,
    below: accuracies.filter((each) => each < highest - FAR),
  };
}

/**
 * What is said of dots that are not on the axis.
 * @param {Dot[]} dots
 */
function outside(dots) {
  const { below } = band(dots.map(([, , , accuracy]) => accuracy));
  if (!below.length) return "";
  const [low, high] = [number(Math.min(...below)), number(Math.max(...below))];
  return ` ${say(low === high ? "board.below.same" : "board.below", { n: below.length, low, high })}`;
}

/** @param {number[]} a @param {number[]} b */
function apart(a, b) {
  return a[0] >= b[2] || b[0] >= a[2] || a[1] >= b[3] || b[1] >= a[3];
}

/** @param {Question | undefined} question @param {number} choice */
function name(question, choice) {
  return choice < 0 ? say("board.zero") : question?.choices?.[choice] ?? "";
}

/** @param {Dot[]} dots */
function bySetting(dots) {
  const choices = [...new Set(dots.map(([choice]) => choice))];
  return choices.map((choice) => {
    const own = dots.filter((dot) => dot[0] === choice);
    const mean = (/** @type {number} */ i) => own.reduce((sum, dot) => sum + Number(dot[i]), 0) / own.length;
    return { choice, dots: own, zeros: mean(2), accuracy: mean(3), seats: own.length * mean(4) };
  });
}
