/* A figure as a file: what is on the screen now, with its legend and sentence, made in the browser. */

import { el, setAttribute } from "../shared/dom.js";

const WIDTH = 900;
const LINE = 18;

export class Saving {
  /** `picture()` gives the {data, layout} on the screen; `key` names the file. */
  constructor({ key, picture }) {
    Object.assign(this, { key, picture });
    this.node = el(
      "div", { class: "fig-saving", role: "group", "aria-label": "Save this figure" },
      ...["png", "svg"].map((format) => this.#button(format)),
    );
  }

  draw(Plotly, look, summary) {
    Object.assign(this, { Plotly, look, summary });
    setAttribute(this.node, "hidden", !this.picture()?.data.length);
  }

  #button(format) {
    const text = format.toUpperCase();
    const save = () => this.#save(format);
    return el("button", { type: "button", class: "fig-save", "aria-label": `Save as ${text}`, onclick: save }, text);
  }

  async #save(format) {
    const { data, layout } = this.picture();
    const height = layout.height + 90 + upper(layout);
    const figure = { data: plain(data), layout: { ...plain(layout), ...this.#framed(layout, height) } };
    const url = await this.Plotly.toImage(figure, { format, width: WIDTH, height, scale: 2 });
    const name = (this.key ?? "figure").replace(/[^\w-]+/g, "_");
    el("a", { href: url, download: `${name}.${format}` }).click();
  }

  #framed(layout, height) {
    const words = broken(this.summary);
    const [top, bottom] = [60 + upper(layout), 50 + LINE * words.length];
    return {
      width: WIDTH,
      height,
      paper_bgcolor: this.look.background,
      plot_bgcolor: this.look.background,
      showlegend: true,
      legend: { orientation: "h", x: 0, y: 1 + upper(layout) / (height - top - bottom), yanchor: "bottom" },
      margin: { ...layout.margin, t: top, b: bottom, autoexpand: true },
      annotations: [...(layout.annotations ?? []), this.#sentence(words)],
    };
  }

  #sentence(words) {
    return {
      text: words.join("<br>"), showarrow: false, xref: "paper", yref: "paper", x: 0, y: 0, yshift: -44,
      xanchor: "left", yanchor: "top", align: "left", font: { size: 13, color: this.look.ink },
    };
  }
}

/* Pixels that an axis on top takes. */
function upper(layout) {
  return layout.xaxis2?.side === "top" ? layout.margin.t : 0;
}

/* Plotly writes into what it is given, and the screen goes on using it. */
function plain(value) {
  return JSON.parse(JSON.stringify(value));
}

function broken(sentence, most = 120) {
  const lines = [""];
  for (const word of sentence.replaceAll("&", "&amp;").replaceAll("<", "&lt;").split(" ")) {
    if (lines.at(-1).length + word.length > most) lines.push("");
    lines[lines.length - 1] += `${lines.at(-1) ? " " : ""}${word}`;
  }
  return lines;
}
