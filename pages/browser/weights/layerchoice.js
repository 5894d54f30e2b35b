/* The row of layers to choose one from; it follows the run's network. */

/** @import { Model } from "../live/types.d.ts" */

import { el, segmented } from "../shared/dom.js";

export class LayerChoice {
  shown = "";

  /**
   * @param {object} parts
   * @param {string} parts.group
   * @param {{ layer: string }} parts.ui where the choice is kept
   * @param {() => void} parts.redraw called when the reader changes it
   */
  constructor({ group, ui, redraw }) {
    this.group = group;
    this.ui = ui;
    this.redraw = redraw;
    this.node = el("div", { class: "lv-layers" });
  }

  /** @param {Pick<Model, "layers">} model */
  draw({ layers }) {
    if (String(layers) === this.shown) return;
    this.shown = String(layers);
    const node = segmented({
      group: this.group,
      label: "Layer",
      options: layers.map((name) => [name, name]),
      value: this.ui.layer,
      onChange: (name) => {
        this.ui.layer = name;
        this.redraw();
      },
    });
    // One layer is no choice; the axis names it.
    this.node.replaceChildren(...(layers.length > 1 ? [node] : []));
  }
}
