"""The live view: a component that draws a run while it trains, fed by one WebSocket of ours."""

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import streamlit as st

from core.figures.theme import HATCH, PALETTES
from core.snapshots import EPSILONS
from core.spec import RunSpec

FOLDER = Path(__file__).parent
"""The ES modules, served by `core.web` under /assets/live/."""

# Inline scripts of a component run from a blob: URL, which has no host to resolve a path against.
# Outdated calls are told apart in main.js.
_STUB = """
export default async function (component) {
  const { default: mount } = await import(new URL(component.data.module, document.baseURI).href);
  const { data } = component;
  const here = (path) => new URL(path, document.baseURI).href;
  const feed = here(data.feed).replace(/^http/, "ws");
  const [frames, plotly] = [here(data.frames), here(data.plotly)];
  return mount({ ...component, data: { ...data, feed, frames, plotly } });
}
"""

_mount = st.components.v2.component(
    "live_view",
    js=_STUB,
    css=(FOLDER / "live_view.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def live_view(
    run_id: str | None,
    spec: RunSpec,
    *,
    editable: bool,
    key: str,
    state: str = "",
    on_layers: Callable[[], None] | None = None,
    on_status: Callable[[], None] | None = None,
) -> Any:
    """Show a run live, or the empty axes of the run that Play would start.

    Args:
        run_id: the run to watch; None before there is one.
        spec: its settings; the view takes later changes from the feed.
        editable: whether the layer switches may be used.
        key: of the component, unique on the page.
        state: the state word this rerun knows; `status` fires when the run's differs from it.
        on_layers: called before the rerun that a switch causes; the value is in `st.session_state[key]`.
        on_status: the same, for a new state word.

    Returns:
        The component's triggers, None except in the rerun they cause: `layers`, the list of layer
        names to penalise from now on (from a browser: check it), and `status`, the run's new state word.
    """
    return _mount(
        key=key,
        data=_data(run_id, spec) | {"editable": editable, "state": state},
        on_layers_change=on_layers or _nothing,
        on_status_change=on_status or _nothing,
    )


def _data(run_id: str | None, spec: RunSpec) -> dict[str, Any]:
    base = "/" + str(st.get_option("server.baseUrlPath")).strip("/")
    root = base.rstrip("/")
    return {
        "run": run_id,
        "spec": json.loads(spec.to_json()),
        "palettes": {name: palette.model_dump() for name, palette in PALETTES.items()},
        "hatch": HATCH,
        "epsilons": EPSILONS,
        "module": f"{root}/assets/live/main.js",
        "plotly": f"{root}/assets/plotly-{version('plotly')}.min.js",
        "feed": f"{root}/api/live",
        "frames": f"{root}/api/runs/{run_id}/frames",
    }


def _nothing() -> None:
    """Streamlit gives a component the attributes it has callbacks for."""
