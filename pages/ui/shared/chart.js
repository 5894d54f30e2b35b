/* One Plotly chart that is redrawn in place and keeps the reader's zoom, legend choice and hover. */

let library = null;

/** Load Plotly once per page, from this host. */
export function loadPlotly(url) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      library = null;
      reject(new Error("The charts could not be loaded."));
    };
    document.head.append(script);
  });
  return library;
}

const CONFIG = { displaylogo: false, displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false };
const coarse = () => matchMedia("(pointer: coarse)").matches;

export class Chart {
  /** `build(model)` gives {traces, layout, label}; `redraw` asks for a drawing soon. */
  constructor({ node, legend, build, redraw }) {
    Object.assign(this, { node, legend, build, redraw });
    this.zoom = {};
    legend.onReset = () => this.#unzoom();
    this.visible = true;
    this.sizes = new ResizeObserver(redraw);
    this.sizes.observe(node);
    this.sight = new IntersectionObserver((crossings) => {
      // Crossings come in batches: only the last says where the chart is now.
      this.visible = crossings.at(-1).isIntersecting;
      if (this.visible && this.stale) redraw();
    }, { rootMargin: "200px" });
    this.sight.observe(node);
  }

  draw(Plotly, model) {
    this.stale = !this.visible;
    if (this.stale || !this.node.clientWidth) return;
    const { traces, layout, label } = this.build(model);
    this.Plotly = Plotly;
    this.node.setAttribute("aria-label", label);
    this.picture = { data: this.legend.apply(traces), layout: this.#framed(layout, model) };
    Plotly.react(this.node, this.picture.data, this.picture.layout, CONFIG);
    if (!this.listening) this.#listen();
  }

  close() {
    this.sizes.disconnect();
    this.sight.disconnect();
    this.Plotly?.purge(this.node);
  }

  #framed(layout, model) {
    const touch = coarse();
    const framed = {
      width: this.node.clientWidth,
      height: this.node.clientHeight,
      uirevision: "kept",
      dragmode: touch ? false : "zoom",
      ...base(model.look, getComputedStyle(this.node).fontFamily),
      ...layout,
    };
    for (const axis of Object.keys(layout).filter((key) => /^[xy]axis/.test(key))) {
      framed[axis] = {
        ...axisStyle(model.look),
        ...layout[axis],
        fixedrange: touch || layout[axis].fixedrange === true,
        range: this.zoom[axis] ?? layout[axis].range,
      };
    }
    return framed;
  }

  /* Plotly drops a zoom when the range given to it changes, and ours grows: so we keep it. */
  #listen() {
    this.listening = true;
    this.node.on("plotly_relayout", (change) => {
      for (const [key, value] of Object.entries(change)) {
        const part = key.match(/^([xy]axis\d?)\.range(\[[01]\])?$/);
        if (!part) continue;
        const range = this.node.layout[part[1]]?.range ?? value;
        this.zoom[part[1]] = [...range];
      }
      this.legend.showReset(Object.keys(this.zoom).length > 0);
    });
    this.node.on("plotly_doubleclick", () => this.#unzoom());
  }

  #unzoom() {
    this.zoom = {};
    this.legend.showReset(false);
    this.redraw();
  }
}

function base(look, family) {
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family, size: 13, color: look.ink },
    hovermode: "x unified",
    hoverlabel: { bgcolor: look.surface, bordercolor: look.border, font: { size: 13, color: look.ink } },
    margin: { l: 52, r: 12, t: 19, b: 40, autoexpand: false },
    showlegend: false,
  };
}

function axisStyle(look) {
  return {
    gridcolor: look.grid,
    zerolinecolor: look.grid,
    linecolor: look.border,
    tickfont: { size: 12.5, color: look.muted },
    showline: true,
    ticks: "outside",
    ticklen: 4,
    tickcolor: look.border,
  };
}

/** An axis title in the chart's own type. */
export function axisTitle(text, look) {
  return { text, font: { size: 13, color: look.muted }, standoff: 5 };
}
