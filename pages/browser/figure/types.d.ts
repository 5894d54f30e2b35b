/* A figure as pages/ui/figure.py sends it. */

import type { Layout, Picture, Trace } from "../shared/plotly.d.ts";

/** A row of the numbers: every cell is text already, the first names the row. */
export type Row = Record<string, string>;

/** Where the slider stands: see core/figures/traces.py. */
export interface Position {
  label: string;
  /** What the slider moves: its value and symbol, and the value as the label writes it; where there are such. */
  value?: number;
  term?: string;
  said?: string;
}

/** What one position of the slider adds to the figure, and says. */
export interface Frame {
  at: Position;
  traces: Trace[];
  summary: string;
  layout?: Layout;
  table?: Row[];
}

export interface Series {
  name: string;
  frames: Frame[];
}

export interface FigureData {
  /** What its files are called. */
  name: string;
  figure: Picture;
  summary: string;
  table: Row[];
  height: number;
  clickable: boolean;
  series: Series[];
  /** What the slider moves, and where it starts. */
  slider: string;
  start: number;
  /** What the figures share whose sliders move as one; "" for a slider of its own. */
  together: string;
}
