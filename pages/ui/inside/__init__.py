"""The view into a network: a component that asks the training process for what it draws."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.lessons.experiments import Trained
from core.runs import RunView
from core.runs.examples import example
from pages.ui import shared

_mount = shared.component("inside", Path(__file__).with_name("inside.css"))

EXAMPLE = "interpretability"
"""Of `core.runs.examples`: its first two lanes are λ = 0 and L1."""


def inside(
    view: RunView | None,
    lanes: Sequence[int],
    steps: Sequence[int],
    part: str,
    *,
    on_weight: Callable[[], None],
    on_step: Callable[[], None],
    key: str,
) -> Any:
    """Show one part of a run's network, or the example's kernels where there is no run.

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
    spec = None if view is None else view.spec
    told = {
        "run": None if view is None else view.id,
        "own": lanes[-1] if lanes else None,
        "state": "none" if view is None else view.state,
        "ask": "" if view is None else f"{shared.root()}/api/runs/{view.id}/ask",
        "model": "textbook_cnn" if spec is None else spec.model,
        "dataset": "digits" if spec is None else spec.dataset,
        "lanes": [] if spec is None else [lane_data(view, lane) for lane in lanes],
        "steps": list(steps),
        "part": part,
        "example": None if view is not None else _example(),
    }
    return _mount(
        key=key, data=shared.data("inside") | told, on_weight_change=on_weight, on_step_change=on_step
    )


def lane_data(view: RunView, lane: int) -> dict[str, Any]:
    """What the browser is told of a lane."""
    spec = view.spec.lanes[lane]
    return {"index": lane, "strength": spec.strength, "penalty": spec.penalty}


def _example() -> dict[str, Any] | None:
    computed = example(EXAMPLE)
    if computed is None:
        return None
    history = computed.histories[0]
    trained = Trained(history.view.spec, history.points, history.frames)
    lanes = [
        lane_data(history.view, lane) | {"kernels": trained.kernels(lane), "layer": history.view.spec.layer_names[0]}
        for lane in (0, 1)
    ]
    return json.loads(json.dumps({"lanes": lanes}))
