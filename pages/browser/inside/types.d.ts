/* What pages/ui/inside_the_network/view.py sends, and the answers of core/inspect to our questions. */

import type { CommonData, Look, Tell } from "../shared/types.d.ts";

/** A lane of the run: its number, and what it is called by. */
export interface Lane {
  index: number;
  strength: number;
  penalty: string;
  /** The penalty's name. */
  named: string;
  prune: number;
}

export interface InsideData {
  run: string;
  /** The number of the reader's lane. */
  own: number;
  state: string;
  /** Where questions are posted, and the reader's name where the browser keeps no cookie that would say it. */
  ask: string;
  name: string;
  model: string;
  dataset: string;
  /** One or two, side by side: the one compared with, then the reader's. */
  lanes: Lane[];
  /** Those whose weights were kept. */
  steps: number[];
  part: string;
}

/** Numbers on their way: see core/inspect/packing.py. */
export interface Packed {
  shape: number[];
  encoding: "int8" | "uint8" | "sign";
  scale: number;
  /** base64, in row-major order. */
  data: string;
}

/** What made a layer's zeros: see `kinds` of core/inspect/packing.py. */
export interface ZeroKinds {
  idle: number;
  cut_off: number;
  data: string;
  /** Those that no image ever pulled on, by any weight. */
  units: number[];
  inputs: number[];
}

/** Rows of pixels. */
export type Rows = number[][];

/** What one lane says to images: probabilities of labels, or numbers; nothing where it diverged. */
export interface Said {
  probabilities?: number[][];
  values?: number[][];
}

/** Validation images on which two lanes part. */
export interface Parted {
  count: number;
  indices: number[];
  labels: number[];
  lane_answers: number[];
  other_answers: number[];
}

export type WeightImages = { kind: "weights"; maps: Rows[][] };

export type ImageMap = { kind: "occlusion" | "gradient_times_input"; map: Rows; label: number };

/** The answers, by their questions. */
export interface Answers {
  weights: { layers: Record<string, Packed & { zeros: number; kinds: ZeroKinds | null }> };
  dead_units: { layers: Record<string, { unread: number[] }> };
  predict: { lanes: Said[] };
  valid_images: { images: Packed; labels: number[]; total: number };
  feature_maps: { layers: Record<string, Packed> };
  input_map: WeightImages | ImageMap;
  confusion: { matrix: number[][]; accuracy: number };
  disagreements: { images: number; p: number; lane_wrong: Parted; other_wrong: Parted };
}

export type Question = keyof Answers;

/** Every answer says which step it is about. */
export type Answer<Name extends Question> = Answers[Name] & { step: number };

export type Ask = <Name extends Question>(question: Name, fields?: object) => Promise<Answer<Name>>;

/** What a part needs in order to ask, for the moment that is chosen now. */
export interface Context {
  ask: Ask;
  lanes: Lane[];
}

/** The image that is looked at: a validation image by its number, or a drawing. */
export interface Chosen {
  indices?: number[];
  images?: Rows[];
}

/** What a part is built with. */
export interface PartOptions {
  key: string;
  data: InsideData;
  chosen: Chosen;
  /** Ask for what is shown, then draw it; and draw what is known. */
  refresh: () => void;
  draw: () => void;
  context: () => Context;
  tell: Tell;
  say: (error: unknown) => void;
}

/** One part of the view. */
export interface Part {
  node: HTMLElement;
  /** Ask for what is drawn; `over` says when nobody waits for it any more. */
  load(context: Context, over: () => boolean): Promise<void>;
  draw(model: { look: Look; data: InsideData & CommonData }): void;
}
