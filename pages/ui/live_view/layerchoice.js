/* The row of layers to choose one from; it follows the run's network. */

import { el, segmented } from "../shared/dom.js";

export class LayerChoice {
  /** `ui.layer` is the choice; `redraw` is called when the reader changes it. */
  constructor({ group, ui, redraw }) {
    Object.assign(this, { group, ui, redraw });
    this.node = el("div", { class: "lv-layers" });
  }

  draw({ layers }) {
    if (String(layers) === this.shown) return;
    this.shown = String(layers);
    const { node } = segmented({
      group: this.group, label: "Layer", options: layers.map((name) => [name, name]), value: this.ui.layer,
      onChange: (name) => {
        this.ui.layer = name;
        this.redraw();
      },
    });
    // One layer is no choice; the axis names it.
    this.node.replaceChildren(...(layers.length > 1 ? [node] : []));
  }
}
