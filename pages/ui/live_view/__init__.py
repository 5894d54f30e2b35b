"""The live view: a component that draws a run while it trains, fed by one WebSocket of ours."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.figures.theme import DOTTED, HATCH
from core.snapshots import EPSILONS
from core.spec import MODEL_LAYERS, RunSpec
from pages.ui import shared

_mount = shared.component("live_view", Path(__file__).parent / "live_view.css")


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
    return shared.data("live") | {
        "run": run_id,
        "spec": json.loads(spec.to_json()),
        "hatch": HATCH,
        "epsilons": EPSILONS,
        "layers": MODEL_LAYERS,
        "dotted": sorted(DOTTED),
        "feed": f"{shared.root()}/api/live",
        "frames": f"{shared.root()}/api/runs/{run_id}/frames",
    }


def _nothing() -> None:
    """Streamlit gives a component the attributes it has callbacks for."""
