/* The live view's data and the messages of its feed: see core/runs/live/encoding.py and hub.py. */

import type { Look, ZerosWords } from "../shared/types.d.ts";
import type { History } from "./history.js";

/** A network's objective and how it is trained: the part of core/spec.py's LaneSpec that is shown. */
export interface Lane {
  penalty: string;
  strength: number;
  layers: string[];
  multipliers: Record<string, number>;
  method: string;
  optimizer: string;
  polish: number;
  prune: number;
}

/** What a run trains, and on what. */
export interface Network {
  model: "textbook_cnn" | "textbook_cnn_bn" | "small_cnn" | "linear";
  dataset: string;
}

/** A run's settings: the part of core/spec.py's RunSpec that is shown. */
export interface Spec extends Network {
  epochs: number;
  lanes: Lane[];
}

/** How near a lane is to an optimum: see core/snapshots.py. */
export interface Optimality {
  step: number;
  strength: number;
  kkt_max: number;
  kkt_mean: number;
  noise: number;
  gap: number | null;
  strength_max: number | null;
}

/** A lane's place on the curves. */
export interface Point {
  lane: number;
  step: number;
  epoch: number;
  strength: number;
  norm: number;
  data_loss: number;
  penalty: number;
  total: number;
  /** Shares of right answers where labels are told, degrees where angles are. */
  train_accuracy?: number;
  valid_accuracy?: number;
  /** Null until the run is done. */
  test_accuracy?: number | null;
  train_error?: number;
  valid_error?: number;
  test_error?: number | null;
  valid_step: number;
  /** How many images these are of. */
  n_valid: number;
  n_test: number;
  zeros: Record<string, number>;
  dead: Record<string, number>;
  /** Among the zeros; none where nobody knows: see core/snapshots.py. */
  idle?: Record<string, number> | null;
  cut_off?: Record<string, number> | null;
  optimality: Optimality | null;
  /** What just happened, in a sentence; may be empty. */
  text: string;
}

/** One layer's weights at one step. */
export interface LayerState {
  weights: number;
  zeros: number;
  /** Among the zeros; none where nobody knows. */
  idle?: number | null;
  cut_off?: number | null;
  targeted: boolean;
  norm: number;
  below: number[];
  units: number;
  dead: number;
  limit: number;
  counts: number[];
}

/** A lane's weights at one step: histograms of every layer, and the first layer's own. */
export interface Frame {
  lane: number;
  step: number;
  layers: Record<string, LayerState>;
  kernels: number[][];
  /** What made each of their zeros, a digit for each weight; "" where nobody knows: see core/snapshots.py. */
  kernel_kinds?: string;
}

/** Something that happened to a lane between two steps. */
export interface RunEvent {
  run: string;
  lane: number;
  step: number;
  kind: "change" | "diverged" | "collapsed" | "recovered" | "resumed" | "branched";
  text: string;
  /** For a change: what was changed, from what to what, as the spec writes it. */
  field: string;
  old: string;
  new: string;
}

export type RunState =
  | "connecting"
  | "queued"
  | "running"
  | "paused"
  | "finished"
  | "stopped"
  | "failed"
  | "interrupted";

export interface Status {
  state: RunState;
  /** In the queue, from 1. */
  position: number;
  reason: string;
  /** Of a download that is under way, in [0, 1]. */
  share: number | null;
  speed: number;
  device: string;
  /** How many runs train on the server, where they are more than a few; else 0. */
  sharing: number;
  shared: boolean;
}

/** One message of the feed: what is new since `since`, or with `reset` everything. */
export interface Update {
  type: "update";
  run: string;
  seq: number;
  reset: boolean;
  spec?: Spec;
  mine: boolean;
  status: Status;
  points: Point[];
  events: RunEvent[];
  frames: Frame[];
}

export interface FeedError {
  type: "error";
  message: string;
}

/** What the page tells the live view. */
export interface LiveData {
  /** The run to watch; null before there is one. */
  run: string | null;
  spec: Spec;
  editable: boolean;
  /** Why a layer's switch may not be used; empty where nobody says so. */
  held: string;
  /** What is not drawn: PARTS of core/lesson_link.py. */
  hidden: string[];
  /** The state word the page knows. */
  state: string;
  hatch: string;
  epsilons: number[];
  /** The layers of each model. */
  layers: Record<string, string[]>;
  /** What is written for each penalty, method and optimizer: core/words.py. */
  words: Words;
  /** Of models that have no optimality: why. */
  unjudged: Record<string, string>;
  dotted: string[];
  /** The layers' symbols. */
  symbols: Record<string, string>;
  /** Of the reader, where the browser keeps no cookie that would say it. */
  name: string;
  /** Where the feed, its messages one by one, and the frames of the past are served. */
  feed: string;
  news: string;
  frames: string;
}

/** What is written for the choices of a lane, by their kinds in the spec. */
export interface Words {
  penalty: Record<string, string>;
  method: Record<string, string>;
  optimizer: Record<string, string>;
}

export type Connection = "connecting" | "open" | "lost" | "refused";

/** What the reader has chosen in the live view. */
export interface Ui {
  lossScale: string;
  histogramScale: string;
  layer: string;
  kernels: string;
  /** The place of ε in the row of `epsilons`. */
  epsilon: number;
}

/** Of the reader's lane, and of the λ = 0 lane beside it. */
export interface Both<Each> {
  own: Each | undefined;
  other: Each | undefined;
}

/** Everything that is drawn, at one moment. */
export interface Model {
  history: History;
  /** The step that is looked at; null for now. */
  at: number | null;
  ui: Ui;
  look: Look;
  layers: string[];
  /** Of the reader's lane: R(w), its method, its optimizer. */
  words: Record<keyof Words, string>;
  /** Why there is no optimality; empty where there is. */
  unjudged: string;
  dotted: string[];
  /** The layers' symbols. */
  symbols: Record<string, string>;
  /** What made each kind of zeros: core/words.py. */
  zeros: ZerosWords;
  hatch: string;
  epsilons: number[];
  now: Both<Point>;
  frames: Both<Frame>;
  /** Weights of each layer; empty until a run starts. */
  sizes: Record<string, number>;
  /** The layers that are penalised from now on. */
  targeted: string[];
  editable: boolean;
  held: string;
  connection: Connection;
  /** Why a run cannot be watched, and why charts cannot be drawn. */
  message: string;
  broken: string;
}
