/* The table's rows as pages/ui/compare_runs/rows.py makes them. */

/** A text, and whether it differs from the baseline's. */
export type Word = [text: string, differs: boolean];

/** A curve as small as a word, and its last value. */
export interface Curve {
  label: string;
  values: number[];
  text: string;
  /** What made the zeros; may be empty. */
  told: string;
}

export interface Run {
  id: string;
  name: string;
  note: string;
  /** When it was made, in seconds. */
  created: number;
  pinned: boolean;
  baseline: boolean;
  chosen: boolean;
  example: boolean;
  /** Role and dash of its line in the charts; null where it has none. */
  stroke: [role: string, dash: string] | null;
  strength: Word;
  seed: Word;
  settings: Word[];
  curves: Curve[];
  /** What a column is sorted by; null for a run without it. */
  order: Record<"strength" | "seed" | "loss" | "accuracy" | "zeros", number | null>;
}

/** What is pressed in a row: a verb, and the run's id. */
export type Act = (verb: string, run: string) => void;
