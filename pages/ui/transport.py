"""Play, pause, step, reset: what a press does to the run on the screen."""

import secrets
import time

import streamlit as st

from core.runs import Refused, RunView, runs
from core.spec import LIVE_FIELDS, PRESETS, RunSpec
from pages.ui import learner, session

ACTIVE = ("queued", "running", "paused")

DOUBLE_CLICK_SECONDS = 0.4
"""The second press of a double click on Play lands on the Pause that replaced it: it is no pause."""

STALE_SECONDS = 1.0
"""The guided path asks once a second, and with it a browser sends its widgets: for a moment after a preset
those of before, which would undo it."""


def play() -> None:
    """Go on with a paused run, or start one from the settings."""
    view = session.current()
    if view is not None and view.state == "paused":
        _ask("resume", view)
    elif view is None or view.state not in ACTIVE:
        start()


def pause() -> None:
    """Hold the run where it is."""
    view = session.current()
    if view is not None and time.time() - view.created > DOUBLE_CLICK_SECONDS:
        _ask("pause", view)


def step(unit: str) -> None:
    """Train one `update` or one `epoch`, then hold."""
    view = session.current()
    if view is None or view.state not in ACTIVE:
        view = start(paused=True)
    if view is not None:
        _ask("step", view, unit)


def leave_queue() -> None:
    """Give up the place in the queue."""
    view = session.current()
    if view is not None:
        _ask("stop", view)


def reset() -> None:
    """Start again from the same weights with the settings on the screen, held at step 0."""
    _stop_current()
    start(paused=True)


def preset(name: str) -> None:
    """Take a preset's settings and train them at once."""
    st.session_state.train_before = (time.monotonic(), session.settings())
    _stop_current()
    session.settle(PRESETS[name])
    start()


def start(*, paused: bool = False) -> RunView | None:
    """Start a run from the settings on the screen; a second press with the same key is the same run."""
    key = st.session_state.setdefault("train_key", secrets.token_urlsafe(8))
    speed = st.session_state.get("train_speed_now", 0)
    try:
        view = runs().start(session.owner(), session.settings(), key=key, paused=paused, speed=speed)
    except Refused as refused:
        session.notice(str(refused))
        return None
    session.show(view)
    learner.keep("train_run", view.id)
    return view


def change(spec: RunSpec) -> None:
    """Make `spec` the settings, and give a going run of ours what it can take without a restart."""
    if _is_stale(spec):
        return
    session.settle(spec)
    view = session.current()
    if view is None or view.owner != session.owner() or view.state not in ACTIVE:
        return
    lane = len(spec.lanes) - 1
    wanted, now = spec.lanes[lane], view.spec.lanes[lane]
    fields = {
        name: getattr(wanted, name) for name in LIVE_FIELDS if getattr(wanted, name) != getattr(now, name)
    }
    if fields:
        _ask("change", view, lane=lane, **fields)


def set_speed(speed: int) -> None:
    """Updates per second from now on; 0 is as fast as possible."""
    st.session_state.train_speed_now = speed
    view = session.current()
    if view is not None and view.owner == session.owner() and view.state in ACTIVE:
        _ask("set_speed", view, speed)


def follow(view: RunView) -> None:
    """Take over what another tab of the same owner changed in a going run."""
    lane = len(view.spec.lanes) - 1
    mine = session.settings()
    now = view.spec.lanes[lane]
    wanted = mine.lanes[lane].changed(**{name: getattr(now, name) for name in LIVE_FIELDS})
    if wanted != mine.lanes[lane]:
        session.settle(RunSpec.checked(mine.model_dump() | {"lanes": (*mine.lanes[:lane], wanted)}))


def _is_stale(spec: RunSpec) -> bool:
    """Whether a change only brings back what a preset has just replaced."""
    at, before = st.session_state.get("train_before", (0.0, None))
    if before is None or time.monotonic() - at > STALE_SECONDS:
        return False
    lane, now, old = spec.lanes[-1], session.settings().lanes[-1], before.lanes[-1]
    changed = [name for name in type(lane).model_fields if getattr(lane, name) != getattr(now, name)]
    return bool(changed) and all(getattr(lane, name) == getattr(old, name) for name in changed)


def needs_restart(view: RunView | None) -> bool:
    """Whether the settings differ from the run in something only a restart can change."""
    return view is not None and view.owner == session.owner() and view.spec != session.settings()


def _stop_current() -> None:
    view = session.current()
    if view is not None and view.owner == session.owner() and view.state in ACTIVE:
        _ask("stop", view)
    session.forget_run()


def _ask(verb: str, view: RunView, *values: object, **fields: object) -> None:
    try:
        getattr(runs(), verb)(session.owner(), view.id, *values, **fields)
    except Refused as refused:
        session.notice(str(refused))
