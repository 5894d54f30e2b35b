"""The view into a network: a component that asks the training process for what it draws."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.runs import RunView
from pages.ui import shared

_mount = shared.component("inside", Path(__file__).with_name("inside.css"))


def inside(
    view: RunView,
    lanes: Sequence[int],
    steps: Sequence[int],
    part: str,
    *,
    on_weight: Callable[[], None],
    on_step: Callable[[], None],
    key: str,
) -> Any:
    """Show one part of a run's network.

    Args:
        view: the run.
        lanes: one or two of its lanes, side by side.
        steps: those whose weights were kept.
        part: `weights`, `draw`, `mistakes` or `sees`; any other shows the choice of the moment alone.
        on_weight: called before the rerun that a click on a weight causes; `st.session_state[key].weight` is
            {"layer", "index"}, from a browser: check it.
        on_step: the same for a moment that was chosen: `step`, None for the latest.
        key: of the component, unique on the page.
    """
    told = {
        "run": view.id,
        "own": lanes[-1],
        "state": view.state,
        "ask": f"{shared.root()}/api/runs/{view.id}/ask",
        "model": view.spec.model,
        "dataset": view.spec.dataset,
        "lanes": [lane_data(view, lane) for lane in lanes],
        "steps": list(steps),
        "part": part,
    }
    return _mount(
        key=key, data=shared.data("inside") | told, on_weight_change=on_weight, on_step_change=on_step
    )


def lane_data(view: RunView, lane: int) -> dict[str, Any]:
    """What the browser is told of a lane."""
    spec = view.spec.lanes[lane]
    return {"index": lane, "strength": spec.strength, "penalty": spec.penalty}
