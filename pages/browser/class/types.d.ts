/* What core/classes/views.py tells screens of a class. */

export type Phase = "lobby" | "predict" | "closed" | "reveal" | "discuss" | "done";

export interface Question {
  title: string;
  question: string;
  unit: string;
  choices?: string[];
  low?: number;
  high?: number;
}

export interface Tally {
  n: number;
  /** null: a group too small to be told. */
  counts: (number | null)[];
  mean?: number | null;
  /** There are a few more, in groups too small to be told. */
  more?: boolean;
}

/** [index of the choice, −1 for λ = 0; seed; zeros in %; accuracy in %; seats, null: too few to be told] */
export type Dot = [choice: number, seed: number, zeros: number, accuracy: number, seats: number | null];

/** What was asked, what was answered, what it is held against. */
export interface Shown {
  card: number;
  question?: Question;
  rounds?: Tally[];
  answer?: number | null;
  said?: string;
  /** What was trained. */
  setup?: string;
  /** The answer is right or wrong, not measured. */
  right?: boolean;
  dots?: Dot[];
  /** The choice that most seats made, where `dots` do not tell; null: too few to be told. */
  most?: number | null;
}

/** A card as the report has it: see core/classes/report.py. */
export interface Reported extends Shown {
  question: Question;
  rounds: Tally[];
  gain?: { kind: "lesson" | "right" | "off"; before: number; after: number };
}

export interface Report {
  code: string;
  /** Seconds since 1970. */
  opened: number;
  seats: number;
  cards: Reported[];
}

/** The same for all screens of a class. */
export interface Scene extends Shown {
  n: number;
  phase: Phase;
  paused: boolean;
  joining: boolean;
  /** Laboratories that were opened from the class take their settings from it. */
  follow?: true;
  cards: number;
  round: number;
  gain?: { before: number; after: number };
  /** The dot that the projector shows in the laboratory, and the link there. */
  lab?: { dot: [choice: number, seed: number]; link: string };
  rows?: [name: string, mean: number, error: number][];
  measure?: { title: string; unit: string };
}

export interface Tick {
  n: number;
  count: number;
  joined: number;
  progress?: number;
  /** About how many seconds the training still takes. */
  left?: number;
}

/** What a seat knows of itself. */
export interface Own {
  joined: boolean;
  name?: string;
  /** null: it has not said. */
  tempo?: string | null;
  card?: number;
  answers?: (number | null)[];
  seed?: number;
}

/** What the lecturer is told besides. */
export interface Desk {
  tempo: Record<string, number>;
  titles: string[];
  here: number;
  /** The phase that `next` leads to. */
  ahead: Phase | null;
  /** When the first question was asked and when this one, by the server's clock in seconds; null in the lobby. */
  began: number | null;
  came: number | null;
  /** The answer to this one comes with another card. */
  waits: boolean;
}

/** What a lecturer says to a card: see core/classes/guide/notes.py. */
export interface Planned {
  minutes: number;
  predict: string;
  discuss: string;
  terms: [term: string, text: string][];
  wrong: string[];
}

/** The plan of a class. */
export interface Plan {
  /** The server's clock, in seconds. */
  now: number;
  /** Minutes until all are in. */
  joining: number;
  cards: Planned[];
}

export interface State {
  scene: Scene | null;
  tick: Tick | null;
  own: Own | null;
  desk: Desk | null;
  /** Whether news come in. */
  link: "wait" | "open" | "lost" | "gone";
  /** When something was heard last, in milliseconds of `performance.now()`. */
  heard: number;
}

export type Frame =
  | Scene
  | Tick
  | { own: Own }
  | { console: Desk }
  | { gone: true };

/** An answer to what was posted, or why there is none. */
export interface Told {
  ok: boolean;
  status: number;
  body: Record<string, unknown>;
}
