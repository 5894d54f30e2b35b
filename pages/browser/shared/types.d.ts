/* What every view is told, as pages/ui/components.py sends it. */

/** The colours of one theme: see core/figures/theme.py. */
export interface Palette {
  background: string;
  surface: string;
  ink: string;
  muted: string;
  reference: string;
  border: string;
  grid: string;
  data_loss: string;
  penalty: string;
  layers: Record<string, string>;
  hatch: string;
  negative: string;
  neutral: string;
  positive: string;
  good: string;
  alert: string;
}

export type ThemeName = "light" | "dark";

export type Palettes = Record<ThemeName, Palette>;

/** The palette of the theme in force. */
export interface Look extends Palette {
  name: ThemeName;
}

/** What every view gets beside its own data. */
export interface CommonData {
  palettes: Palettes;
  /** Where our modules are served, and Plotly. */
  assets: string;
  plotly: string;
  zeros: ZerosWords;
}

/** What made each kind of zeros, in a sentence or two: ZEROS of core/words.py. */
export type ZerosWords = Record<"selected" | "cut_off" | "idle", string>;

/** What Streamlit hands over at every call: https://docs.streamlit.io/develop/concepts/custom-components. */
export interface Component<Data> {
  data: Data & CommonData;
  key: string;
  parentElement: HTMLElement;
  /** Tell the page: it runs again, and has the value in that run only. */
  setTriggerValue: Tell;
}

export type Tell = (trigger: string, value: unknown) => void;

export interface View<Data> {
  update(component: Component<Data>): void;
  close(): void;
}

/** What an element builder takes: attributes, and listeners under their `on…` name. */
export interface Attributes {
  [name: string]: string | number | boolean | null | undefined | ((event: never) => unknown);
  onchange?: (event: Event) => unknown;
  onclick?: (event: MouseEvent) => unknown;
  oninput?: (event: Event) => unknown;
  onpointercancel?: (event: PointerEvent) => unknown;
  onpointerdown?: (event: PointerEvent) => unknown;
  onpointerleave?: (event: PointerEvent) => unknown;
  onpointermove?: (event: PointerEvent) => unknown;
  onpointerup?: (event: PointerEvent) => unknown;
  ontoggle?: (event: Event) => unknown;
}

/** A choice of a row: its value and its text. */
export type Option = readonly [value: string, text: string];

/** Build a row of choices kept under a field of the view's `ui`. */
export type Choose<Field extends string> = (
  field: Field,
  label: string,
  options: readonly Option[],
) => HTMLElement;
