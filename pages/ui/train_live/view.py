"""The live view: a component that draws a run while it trains, fed by one WebSocket of ours."""

import json
from collections.abc import Callable, Collection
from typing import Any

from streamlit.components.v2.bidi_component import ComponentResult

from core.figures.theme import DOTTED, HATCH, SYMBOLS
from core.snapshots import EPSILONS
from core.spec import MODEL_LAYERS, RunSpec
from core.words import METHODS, OPTIMIZERS, PENALTIES, SMOOTH, WITHOUT_OPTIMALITY
from pages.ui import components, session

_WORDS = {
    "penalty": {kind: penalty.symbol for kind, penalty in PENALTIES.items()},
    "method": {kind: method.label for kind, method in METHODS.items()},
    "optimizer": {kind: optimizer.name for kind, optimizer in OPTIMIZERS.items()},
}
"""What stands in the formula for a lane's choices: R(w), how it enters the update, and with which rule."""

_PLAIN = {kind: method.name for kind, method in METHODS.items()}
"""The methods where no exact zeros are to be promised."""

_mount = components.component("live_view", "live/view.js", "View", "live/live_view.css")


def live_view(
    run_id: str | None,
    spec: RunSpec,
    *,
    editable: bool,
    key: str,
    state: str = "",
    held: str = "",
    hidden: Collection[str] = (),
    on_layers: Callable[[], None] | None = None,
    on_branch: Callable[[], None] | None = None,
    on_status: Callable[[], None] | None = None,
    on_mistakes: Callable[[], None] | None = None,
) -> ComponentResult:
    """Show a run live, or the empty axes of the run that Play would start.

    Args:
        run_id: the run to watch; None before there is one.
        spec: its settings; the view takes later changes from the feed.
        editable: whether the layer switches may be used.
        key: of the component, unique on the page.
        state: the state word this rerun knows; `status` fires when the run's differs from it.
        held: why a layer switch may not be used, for its tooltip.
        hidden: what is not drawn, as `core.lesson_link.PARTS` calls it.
        on_layers: called before the rerun that a switch causes; the value is in `st.session_state[key]`.
        on_branch: the same, when the reader wants to go on from an earlier moment.
        on_status: the same, for a new state word.
        on_mistakes: the same, for a press on "Which images?".

    Returns:
        The component's triggers, None except in the rerun they cause: `layers`, the list of layer
        names to penalise from now on, `branch`, the step to go on from (both from a browser: check them),
        and `status`, the run's new state word.
    """
    return _mount(
        key=key,
        data=_data(run_id, spec)
        | {"editable": editable, "state": state, "held": held, "hidden": sorted(hidden)},
        on_layers_change=on_layers or _nothing,
        on_branch_change=on_branch or _nothing,
        on_status_change=on_status or _nothing,
        on_mistakes_change=on_mistakes or _nothing,
    )


def _data(run_id: str | None, spec: RunSpec) -> dict[str, Any]:
    return {
        "run": run_id,
        "spec": json.loads(spec.to_json()),
        "words": _WORDS if spec.lanes[-1].penalty not in SMOOTH else _WORDS | {"method": _PLAIN},
        "unjudged": dict(WITHOUT_OPTIMALITY),
        "hatch": HATCH,
        "epsilons": EPSILONS,
        "layers": MODEL_LAYERS,
        "dotted": sorted(DOTTED),
        "symbols": SYMBOLS,
        "name": session.name(),
        "feed": f"{components.HERE}/api/live",
        "news": f"{components.HERE}/api/runs/{run_id}/news",
        "frames": f"{components.HERE}/api/runs/{run_id}/frames",
    }


def _nothing() -> None:
    """Streamlit gives a component the attributes it has callbacks for."""
