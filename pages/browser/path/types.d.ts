/* A λ path as pages/ui/lambda_path/view.py sends it. */

import type { Row } from "../figure/types.d.ts";
import type { Both, Frame, Network } from "../live/types.d.ts";
import type { Picture } from "../shared/plotly.d.ts";
import type { CommonData, Look } from "../shared/types.d.ts";

/** What lies along the accuracy figure: zeros in percent, or weights left on a log axis. */
export type Across = "zeros" | "left";

/** One λ of the path. */
export interface Stop extends Record<Across, number> {
  label: string;
  score: number;
  summary: string;
}

export interface PathData {
  figures: Record<Across, Picture>;
  stops: Stop[];
  title: string;
  /** Scores near the one at λ = 0. */
  near: [low: number, high: number];
  /** The stop that is shown first. */
  start: number;
  /** The stop that was chosen; −1 where none was. */
  choice: number;
  summary: string;
  table: Row[];
  layers: string[];
  /** Of which run the weights are, in a sentence; may be empty. */
  whose: string;
  spec: Network;
  hatch: string;
  /** Where the weights of every λ are served; another version asks for them again. */
  frames: string;
  version: string;
  /** Whether there is a run of the reader's to look at. */
  own: boolean;
}

/** What the reader has chosen. */
export interface Ui {
  across: string;
  down: string;
  histogramScale: string;
  layer: string;
}

/** Everything that is drawn, at one λ. */
export interface Model {
  look: Look;
  ui: Ui;
  data: PathData & CommonData;
  layers: string[];
  /** The place of the λ that is shown. */
  chosen: number;
  /** Its weights, and those at λ = 0. */
  frames: Both<Frame>;
  /** Why something is not there; may be empty. */
  trouble: string;
}
