/* The little of Plotly's public interface that our views use: https://plotly.com/javascript/reference/. */

export type Datum = number | string | null | undefined;

export interface Font {
  family?: string;
  size?: number;
  color?: string;
}

export interface Line {
  color?: string;
  width?: number;
  dash?: string;
  shape?: string;
}

export interface Pattern {
  shape: string;
  fgcolor: string;
  bgcolor: string;
  size: number;
  solidity: number;
}

export interface Marker {
  color?: string;
  size?: number | number[];
  symbol?: string | number;
  maxdisplayed?: number;
  line?: Line;
  pattern?: Pattern;
}

export interface HoverLabel {
  namelength?: number;
  bgcolor?: string;
  bordercolor?: string;
  font?: Font;
}

export interface Trace {
  type: string;
  name?: string;
  x?: readonly Datum[];
  y?: readonly Datum[];
  xaxis?: string;
  yaxis?: string;
  mode?: string;
  line?: Line;
  marker?: Marker;
  fill?: string;
  fillcolor?: string;
  width?: number;
  opacity?: number;
  visible?: boolean;
  showlegend?: boolean;
  legendgroup?: string;
  text?: readonly string[];
  textposition?: string;
  textfont?: Font;
  constraintext?: string;
  cliponaxis?: boolean;
  base?: readonly number[];
  customdata?: readonly Datum[];
  hoverinfo?: string;
  hoverlabel?: HoverLabel;
  hovertemplate?: string;
}

export interface AxisTitle {
  text: string;
  font?: Font;
  standoff?: number;
}

export interface Axis {
  title?: AxisTitle;
  type?: string;
  range?: readonly number[];
  domain?: readonly number[];
  side?: string;
  anchor?: string;
  fixedrange?: boolean;
  categoryorder?: string;
  categoryarray?: readonly string[];
  tickangle?: number;
  tickvals?: readonly number[];
  tickformat?: string;
  exponentformat?: string;
  separatethousands?: boolean;
  tickfont?: Font;
  tickcolor?: string;
  ticklen?: number;
  ticks?: string;
  nticks?: number;
  dtick?: number;
  showticklabels?: boolean;
  showline?: boolean;
  zeroline?: boolean;
  zerolinecolor?: string;
  gridcolor?: string;
  linecolor?: string;
  hoverformat?: string;
  unifiedhovertitle?: { text: string };
}

export type AxisName = `${"x" | "y"}axis${"" | number}`;

export interface Shape {
  type: string;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  xref?: string;
  yref?: string;
  line: Line;
}

export interface Annotation {
  text: string;
  hovertext?: string;
  x: number;
  y: number;
  xref?: string;
  yref?: string;
  xanchor?: string;
  yanchor?: string;
  yshift?: number;
  align?: string;
  showarrow?: boolean;
  borderpad?: number;
  font?: Font;
}

export interface Margin {
  l: number;
  r: number;
  t: number;
  b: number;
  autoexpand?: boolean;
}

export interface Legend {
  orientation: string;
  x: number;
  y: number;
  yanchor: string;
  traceorder: string;
}

export type Axes = { [Name in AxisName]?: Axis };

export interface Layout extends Axes {
  width?: number;
  height?: number;
  margin?: Margin;
  paper_bgcolor?: string;
  plot_bgcolor?: string;
  font?: Font;
  uirevision?: string;
  dragmode?: string | false;
  hovermode?: string;
  hoverlabel?: HoverLabel;
  barmode?: string;
  bargap?: number;
  showlegend?: boolean;
  legend?: Legend;
  shapes?: readonly Shape[];
  annotations?: readonly Annotation[];
}

/** What can be drawn: traces, and the space they lie in. */
export interface Picture {
  data: readonly Trace[];
  layout: Layout;
}

/** A drawing of ours: a picture and what it shows, in a sentence. */
export interface Drawing {
  traces: readonly Trace[];
  layout: Layout;
  label: string;
}

export interface PointEvent {
  points: { curveNumber: number; pointIndex: number; customdata?: Datum }[];
}

/** An element once something was drawn in it. `layout` follows the reader's zoom. */
export interface PlotElement extends HTMLElement {
  layout: Layout;
  on(event: "plotly_relayout", listener: (change: Record<string, unknown>) => void): void;
  on(event: "plotly_click" | "plotly_hover", listener: (event: PointEvent) => void): void;
  on(event: "plotly_afterplot" | "plotly_doubleclick", listener: () => void): void;
}

export interface Config {
  displaylogo: boolean;
  displayModeBar: boolean;
  scrollZoom: boolean;
  doubleClick: false;
  showTips: boolean;
}

export interface ImageOptions {
  format: string;
  width: number;
  height: number;
  scale: number;
}

export interface Plotly {
  react(node: HTMLElement, data: readonly Trace[], layout: Layout, config: Config): Promise<PlotElement>;
  purge(node: HTMLElement): void;
  toImage(figure: Picture, options: ImageOptions): Promise<string>;
}
