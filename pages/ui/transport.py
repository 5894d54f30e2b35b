"""Play, pause, step, reset: what a press does to the run on the screen."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import streamlit as st

from core.runs import Refused, RunView, runs
from core.runs.views import ACTIVE, GOING
from core.spec import PRESETS, RunSpec
from pages.ui import learner, session
from pages.ui.experiment import runs as experiment_runs

DEFAULT_SPEED = 60
"""Updates per second, unless somebody has asked for others."""

DOUBLE_CLICK_SECONDS = 0.4
"""The second press of a double click on Play lands on the Pause that replaced it: it is no pause."""


def play() -> None:
    """Go on with a paused run, or start one from the settings."""
    view = session.current()
    if view is not None and view.state == "paused":
        with _refusal_said():
            runs().steering.resume(session.owner(), view.id)
            learner.did("play")
    elif view is None or view.state not in GOING:
        start()


def pause() -> None:
    """Hold the run where it is."""
    view = session.current()
    # Not by the run's date: a clock that is set back would leave Pause without effect for as long.
    since = time.monotonic() - st.session_state.get("train_started", float("-inf"))
    if view is not None and since > DOUBLE_CLICK_SECONDS:
        with _refusal_said():
            runs().steering.pause(session.owner(), view.id)


def step(unit: str) -> None:
    """Train one `update` or one `epoch`, then hold."""
    view = session.current()
    if view is None or view.state not in GOING:
        view = start(paused=True)
    if view is not None:
        with _refusal_said():
            runs().steering.step(session.owner(), view.id, unit)


def leave_queue() -> None:
    """Give up the place in the queue."""
    view = session.current()
    if view is not None:
        with _refusal_said():
            runs().steering.stop(session.owner(), view.id)


def in_its_way(view: RunView) -> list[RunView]:
    """The runs of its owner that a waiting run waits for; none when it waits for others, or not at all."""
    if view.state != "queued":
        return []
    own = runs().active(view.owner)
    place = next((i for i, each in enumerate(own) if each.id == view.id), 0)
    return [each for i, each in enumerate(own) if each.state in ACTIVE or i < place]


def stop_others() -> None:
    """Stop the reader's runs that come before the one on the screen, so that it can start."""
    view = session.current()
    if view is None or view.owner != session.owner():
        return
    for other in in_its_way(view):
        with _refusal_said():
            runs().steering.stop(session.owner(), other.id)


def stop(run: str) -> None:
    """Stop one of the reader's runs, unless it has ended since it was drawn."""
    with suppress(Refused):
        runs().steering.stop(session.owner(), run)


def let_go_unseen() -> None:
    """Stop what waits in the queue for Train live and is on no screen, so that it cannot start unseen.

    What waits for another page, an experiment or a path, was asked for there: it stays, and is listed.
    """
    for each in runs().glances(session.owner()):
        of_this_page = session.can_show(each.view) and experiment_runs.of(each.view.id) is None
        if each.view.state == "queued" and not each.watched and of_this_page:
            stop(each.view.id)


def reset() -> None:
    """Start again from the same weights with the settings on the screen, held at step 0."""
    _stop_current()
    start(paused=True)


def preset(name: str) -> None:
    """Take a preset's settings and train them at once."""
    _stop_current()
    session.settle(PRESETS[name])
    start()


def start(*, paused: bool = False) -> RunView | None:
    """Start a run from the settings on the screen; a second press with the same key is the same run."""
    key = st.session_state.setdefault("train_key", secrets.token_urlsafe(8))
    let_go_unseen()
    try:
        view = runs().start(session.owner(), session.settings(), key=key, paused=paused, speed=speed_now())
    except Refused as refused:
        session.notice(str(refused))
        return None
    _begin(view)
    return view


def branch(step: Any) -> None:
    """Begin a run with the past of the one on the screen up to a step, held there."""
    view = session.current()
    if view is None:
        return
    key = f"{st.session_state.setdefault('train_key', secrets.token_urlsafe(8))}.{step}"
    let_go_unseen()
    with _refusal_said():
        branch_of = runs().branches.branch(session.owner(), view.id, step, key, speed_now())
        _begin_instead_of(view, branch_of)


def same_moves() -> None:
    """Start the settings on the screen, and make the moves of the run that is there at the same steps."""
    view = session.current()
    if view is None:
        return
    key = st.session_state.setdefault("train_key", secrets.token_urlsafe(8))
    let_go_unseen()
    with _refusal_said():
        again = runs().branches.again(session.owner(), view.id, session.settings(), key, speed_now())
        _begin_instead_of(view, again)


def _begin_instead_of(before: RunView, view: RunView) -> None:
    """One run of an owner trains at a time: the one that was on the screen ends where it is."""
    if before.owner == session.owner() and before.state in GOING:
        stop(before.id)
    _begin(view)


def _begin(view: RunView) -> None:
    st.session_state.train_started = time.monotonic()
    learner.keep("train_run", view.id)
    session.show(view)


def change(spec: RunSpec) -> None:
    """Make `spec` the settings, and give a going run of ours what it can take without a restart."""
    session.settle(spec)
    view = session.current()
    if view is None or view.owner != session.owner() or view.state not in GOING:
        return
    with _refusal_said():
        runs().steering.change(session.owner(), view.id, len(spec.lanes) - 1, spec.lanes[-1])


def speed_now() -> int:
    """Updates per second that are wanted; 0 is as fast as possible."""
    return int(st.session_state.get("train_speed_now", DEFAULT_SPEED))


def set_speed(speed: int) -> None:
    """Updates per second from now on; 0 is as fast as possible."""
    st.session_state.train_speed_now = speed
    view = session.current()
    if view is not None and view.owner == session.owner() and view.state in GOING:
        with _refusal_said():
            runs().steering.set_speed(session.owner(), view.id, speed)


def follow(view: RunView) -> None:
    """Take over what another tab of the same owner changed in a going run."""
    mine = session.settings()
    *others, lane = mine.lanes
    wanted = lane.steered(view.spec.lanes[-1])
    if wanted != lane:
        session.settle(RunSpec.checked(mine.model_dump() | {"lanes": (*others, wanted)}))


def needs_restart(view: RunView | None) -> bool:
    """Whether the settings differ from the run in something only a restart can change."""
    return view is not None and view.owner == session.owner() and view.spec != session.settings()


def _stop_current() -> None:
    view = session.current()
    if view is not None and view.owner == session.owner() and view.state in GOING:
        with _refusal_said():
            runs().steering.stop(session.owner(), view.id)
    session.forget_run()


@contextmanager
def _refusal_said() -> Iterator[None]:
    """Say it in the next picture when what is asked for within is refused."""
    try:
        yield
    except Refused as refused:
        session.notice(str(refused))
