"""What a press on Compare runs does to a run: pin, name, delete, open, repeat; refusals are said once."""

import secrets
import time
from collections.abc import Callable
from typing import get_args

import streamlit as st

from core.refusals import SpecError
from core.runs import Refused, runs
from core.runs.examples.histories import EXAMPLE, example_run
from core.runs.store.marks import Mark
from core.runs.store.shelf import MOST_PINNED
from core.spec import MethodKind, RunSpec
from pages.ui import session
from pages.ui.compare_runs.items import TABLE, lane_of, pinned
from pages.ui.compare_runs.table import VERBS

DOUBLE_CLICK_SECONDS = 0.5


def presses() -> int:
    """How often something was pressed in a piece of the page that is drawn again alone."""
    return int(st.session_state.get("compare_presses", 0))


def acted() -> None:
    """Something was pressed in the table."""
    st.session_state.compare_presses = presses() + 1
    pressed = st.session_state[TABLE].act
    verb, run = (pressed.get("verb"), pressed.get("run")) if isinstance(pressed, dict) else (None, None)
    if verb in VERBS and isinstance(run, str):
        attempt(verb, run)


def undo(run: str) -> None:
    """Take a deletion back."""
    st.session_state.compare_presses = presses() + 1
    attempt("undo", run)


def attempt(verb: str, run: str | RunSpec, *more: object) -> None:
    """Do what a press asks for; a refusal is said at the top of the next picture."""
    # The line about a deletion stays until the next press: nothing moves by itself.
    st.session_state.pop("compare_deleted", None)
    try:
        _ACTS[verb](run, *more)
    except (Refused, SpecError) as refused:
        notice(str(refused))


def rename(run: str, name: str) -> None:
    """Call a run something; a refusal is said beside the field."""
    try:
        runs().shelf.rename(session.owner(), run, name)
    except Refused as refused:
        st.session_state.compare_refused_name = str(refused)


def notice(sentence: str) -> None:
    """Say one sentence at the top of the next picture."""
    st.session_state.compare_notice = sentence


def methods(spec: RunSpec, lane: int) -> list[MethodKind]:
    """The methods a run can be repeated with: all but its own that can train it."""
    return [
        kind
        for kind in get_args(MethodKind)
        if kind != spec.lanes[lane].method and spec.lanes[lane].penalty != "none" and _can(spec, kind)
    ]


def with_method(spec: RunSpec, kind: MethodKind) -> RunSpec:
    """The same run with another method in every lane that has a penalty. Raises SpecError."""
    lanes = [lane if lane.penalty == "none" else lane.changed(method=kind) for lane in spec.lanes]
    return RunSpec.checked(spec.model_dump() | {"lanes": tuple(lanes)})


def start(spec: RunSpec) -> None:
    """Start a run, pin it and choose it. Raises Refused."""
    now = time.monotonic()
    if now - st.session_state.get("compare_started", -1.0) < DOUBLE_CLICK_SECONDS:
        return
    st.session_state.compare_started = now
    _keep_first_pins()
    view = runs().start(session.owner(), spec, key=secrets.token_urlsafe(8))
    if len(pinned()) < MOST_PINNED:
        runs().shelf.pin(session.owner(), view.id, True)
    else:
        notice("Your run has started. Six runs are pinned: take one off to see it in the figures.")
    _choose(view.id)


def choose_lane(run: str, widget: str) -> None:
    """Compare another lane of a run."""
    lanes = st.session_state.get("compare_lanes", {})
    st.session_state.compare_lanes = lanes | {run: st.session_state[widget]}
    session.choose_lane(st.session_state[widget])


def _can(spec: RunSpec, kind: MethodKind) -> bool:
    try:
        with_method(spec, kind)
    except SpecError:
        return False
    return True


def _keep_first_pins() -> None:
    """What is laid over each other without being asked stays there when the first pin is set by hand."""
    shelf, owner = runs().shelf, session.owner()
    for run in pinned():
        if shelf.marks(owner).get(run, Mark()).pinned is None:
            shelf.pin(owner, run, True)


def _pin(run: str) -> None:
    _keep_first_pins()
    runs().shelf.pin(session.owner(), run, True)


def _unpin(run: str) -> None:
    _keep_first_pins()
    runs().shelf.pin(session.owner(), run, False)


def _baseline(run: str) -> None:
    if run not in pinned():
        _pin(run)
    runs().shelf.set_baseline(session.owner(), run, True)


def _no_baseline(run: str) -> None:
    runs().shelf.set_baseline(session.owner(), run, False)


def _choose(run: str) -> None:
    if run.startswith(EXAMPLE):
        st.session_state.compare_example = run
        session.link_later(run="", lane="")
    else:
        session.link_later(run=run, lane="")


def _open(run: str) -> None:
    """Put a run on Train live; of an example, and of a run of many lanes, one lane's settings."""
    example = example_run(run)
    view = example.view if example is not None else runs().view(run)
    if view is None:
        raise Refused("This run is not here any more.")
    lane = view.spec.lanes[lane_of(view)]
    _choose(run)
    if example is None and session.can_show(view):
        session.show(view)
    else:
        session.forget_run()
        session.settle(RunSpec.beside_zero(lane, **view.spec.model_dump(exclude={"lanes"})))
    st.session_state.compare_go = True


def _delete(run: str) -> None:
    _keep_first_pins()
    runs().shelf.delete(session.owner(), run)
    st.session_state.compare_deleted = True
    session.let_go(run)
    session.link_later(run="")


def _undo(run: str) -> None:
    runs().shelf.undo(session.owner(), run)
    _choose(run)


def _another_seed(run: str) -> None:
    spec = _spec(run)
    alike = spec.model_copy(update={"seed": 0})
    others = [each.view.spec for each in runs().shelf.listed(session.owner())]
    seeds = [other.seed for other in others if other.model_copy(update={"seed": 0}) == alike]
    start(RunSpec.checked(spec.model_dump() | {"seed": max([spec.seed, *seeds]) + 1}))


def _another_method(run: str, kind: MethodKind) -> None:
    start(with_method(_spec(run), kind))


def _spec(run: str) -> RunSpec:
    example = example_run(run)
    view = example.view if example is not None else runs().view(run)
    if view is None:
        raise Refused("This run is not here any more.")
    return view.spec


_ACTS: dict[str, Callable[..., None]] = {
    "pin": _pin,
    "unpin": _unpin,
    "baseline": _baseline,
    "no_baseline": _no_baseline,
    "choose": _choose,
    "open": _open,
    "delete": _delete,
    "undo": _undo,
    "train": start,
    "another_seed": _another_seed,
    "another_method": _another_method,
}
