"""The view into a network: a component that asks the training process for what it draws."""

from collections.abc import Callable, Sequence
from typing import Any

from streamlit.components.v2.bidi_component import ComponentResult

from core.runs import RunView
from core.words import PENALTIES
from pages.ui import components, session

_mount = components.component("inside", "inside/inside.js", "Inside", "inside/inside.css")


def inside(
    view: RunView,
    lanes: Sequence[int],
    steps: Sequence[int],
    part: str,
    *,
    on_weight: Callable[[], None],
    on_step: Callable[[], None],
    on_asked: Callable[[], None],
    key: str,
) -> ComponentResult:
    """Show one part of a run's network.

    Args:
        view: the run.
        lanes: one or two of its lanes, side by side.
        steps: those whose weights were kept.
        part: `weights`, `draw`, `mistakes` or `sees`; any other shows the choice of the moment alone.
        on_weight: called before the rerun that a click on a weight causes; `st.session_state[key].weight` is
            {"layer", "index"}, from a browser: check it.
        on_step: the same for a moment that was chosen: `step`, None for the latest.
        on_asked: called once both lanes have answered a drawing, or an image that was picked.
        key: of the component, unique on the page.
    """
    props = {
        "run": view.id,
        "name": session.name(),
        "own": lanes[-1],
        "state": view.state,
        "ask": f"{components.HERE}/api/runs/{view.id}/ask",
        "model": view.spec.model,
        "dataset": view.spec.dataset,
        "lanes": [lane_data(view, lane) for lane in lanes],
        "steps": list(steps),
        "part": part,
    }
    return _mount(
        key=key,
        data=props,
        on_weight_change=on_weight,
        on_step_change=on_step,
        on_asked_change=on_asked,
    )


def lane_data(view: RunView, lane: int) -> dict[str, Any]:
    """What the browser gets of a lane."""
    spec = view.spec.lanes[lane]
    return {
        "index": lane,
        "strength": spec.strength,
        "penalty": spec.penalty,
        "named": PENALTIES[spec.penalty].name,
        "prune": spec.prune,
    }
