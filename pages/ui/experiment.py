"""An experiment on a lesson page: a button, its progress, and what it shows, live or prepared."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress

import streamlit as st

from core.lessons.experiments import Trained, Turn
from core.lessons.registry import EXPERIMENTS
from core.runs import Refused, RunHistory, runs
from core.runs.examples import example
from core.runs.views import GOING
from pages.ui import learner, lesson, session
from pages.ui.words import plain

TICK_SECONDS = 1.0

Draw = Callable[[Sequence[RunHistory]], None]


def experiment(
    name: str,
    draw: Draw,
    *,
    words: Callable[[], None] | None = None,
    label: str = "Run it",
    reveal: bool = False,
    before: Callable[[], None] | None = None,
) -> None:
    """Offer an experiment, follow it while it trains, and draw what there is.

    Before the reader's own run has something to show, its example is drawn and said to be one.

    Args:
        name: a key of `EXPERIMENTS`; the runs are kept in the session and in the link under it.
        draw: puts the figures of these histories on the page; called about once a second while they train.
        words: puts what the reader should know first beside the result, above the button; without it the
            result stands below.
        label: what the button says.
        reveal: keep the result back until the reader has pressed the button, or asked for the example.
        before: stands where the result will be while it is kept back.
    """
    going = any(history.view.state in GOING for history in own_results(name))
    st.fragment(_shown, run_every=TICK_SECONDS if going else None)(
        name, draw, words, label, reveal, before or _empty
    )


def pressed(name: str) -> bool:
    """Whether the reader has run this experiment, or asked for its example."""
    return bool(st.session_state.get(f"{name}_example") or _ids(name))


def own_runs(name: str) -> list[RunHistory]:
    """The reader's own runs of an experiment, as far as they have something to show."""
    return [history for history in own_results(name) if history.points[0]]


def shown(name: str) -> Sequence[RunHistory]:
    """What an experiment shows now: the reader's own runs, or those computed beforehand."""
    computed = example(name)
    return own_runs(name) or (computed.histories if computed else ())


def trained(histories: Sequence[RunHistory]) -> list[Trained]:
    """The histories whose every lane can be measured, as the lesson takes them."""
    whole = [h for h in histories if all(h.points) and all(frame is not None for frame in h.frames)]
    return [Trained(h.view.spec, h.points, [frame for frame in h.frames if frame]) for h in whole]


def revealed(name: str) -> bool:
    """Whether the reader has this experiment's result before them: their own, or the example."""
    own = own_results(name)
    over = own and all(history.view.state not in GOING for history in own)
    return bool(over or (pressed(name) and not own and example(name) is not None))


def _shown(
    name: str,
    draw: Draw,
    words: Callable[[], None] | None,
    label: str,
    reveal: bool,
    before: Callable[[], None],
) -> None:
    own = own_results(name)
    going = [history for history in own if history.view.state in GOING]
    _turn(EXPERIMENTS[name].turn, going)
    left, right = lesson.columns() if words else (st.container(), st.container())
    with left:
        if words:
            words()
        _controls(name, label, own, going, reveal)
    with right:
        if not _result(name, draw, own_runs(name), reveal, bool(going)) and reveal:
            before()
    # A button in here redraws this piece alone: the page has to start and to end the ticking.
    if bool(going) != st.session_state.get(f"{name}_ticking", False):
        st.session_state[f"{name}_ticking"] = bool(going)
        st.rerun()


def _turn(turn: Turn | None, going: Sequence[RunHistory]) -> None:
    """Change λ where it is time to and has not been done; a spectator of another's run changes nothing."""
    for history in going:
        view = history.view
        if turn is None or history.share < turn.share or view.owner != session.owner():
            continue
        for lane, spec in enumerate(view.spec.lanes):
            # It may have ended since it was looked at.
            with suppress(Refused):
                if spec.strength != turn.strength:
                    runs().change(view.owner, view.id, lane, strength=turn.strength)


def _result(name: str, draw: Draw, own: Sequence[RunHistory], reveal: bool, going: bool) -> bool:
    """Draw what there is and may be seen; whether anything was."""
    computed = example(name)
    if own and not (reveal and going):
        draw(own)
        return True
    if computed is not None and (pressed(name) or not reveal):
        st.caption(f"Computed beforehand, on {computed.date} ({computed.machine}). Yours takes its place.")
        draw(computed.histories)
        return True
    return False


def _empty() -> None:
    st.caption("The result appears here.")


def _controls(
    name: str, label: str, own: Sequence[RunHistory], going: Sequence[RunHistory], reveal: bool
) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if going:
            st.button("Stop", icon=":material/stop:", key=f"{name}_stop", on_click=_stop, args=(name,))
            st.progress(sum(history.share for history in own) / len(own), text=_said(going))
            return
        again = "Run it again" if own else label
        st.button(
            again,
            icon=":material/play_arrow:",
            type="primary",
            key=f"{name}_run",
            on_click=_start,
            args=(name,),
        )
        trouble = st.session_state.pop(f"{name}_notice", "") or next(
            (history.view.reason for history in own if history.view.reason), ""
        )
        computed = example(name)
        if trouble:
            st.markdown(f":material/error: {plain(trouble)}")
        elif computed is not None and not own:
            if reveal and not pressed(name):
                st.button("Only show the result", key=f"{name}_only", on_click=_show_example, args=(name,))
            st.caption(f"Takes about {max(1, round(computed.seconds))} s here if nobody else trains.")


def _show_example(name: str) -> None:
    st.session_state[f"{name}_example"] = True


def _said(going: Sequence[RunHistory]) -> str:
    waiting = [history.view.position for history in going if history.view.state == "queued"]
    if len(waiting) < len(going):
        return f"Training, {len(waiting)} more to come" if waiting else "Training"
    busy = [view for view in runs().active(session.owner()) if view.state in ("running", "paused")]
    return "Waiting for your other run to end" if busy else f"Waiting: place {min(waiting)} in the queue"


def _start(name: str) -> None:
    """Start the experiment's runs; those of the last time are let go."""
    _stop(name)
    key = secrets.token_urlsafe(8)
    started = []
    try:
        for number, spec in enumerate(EXPERIMENTS[name].specs):
            started.append(runs().start(session.owner(), spec, key=f"{key}{number}").id)
    except Refused as refused:
        st.session_state[f"{name}_notice"] = str(refused)
    st.session_state[f"{name}_runs"] = started
    learner.keep(f"{name}_runs", started)
    st.query_params[name] = ".".join(started)


def _stop(name: str) -> None:
    for history in own_results(name):
        if history.view.state in GOING and history.view.owner == session.owner():
            runs().stop(session.owner(), history.view.id)


def own_results(name: str) -> list[RunHistory]:
    """The reader's own runs of an experiment, of this visit, of the link, or of an earlier visit."""
    found = (runs().history(run) for run in _ids(name))
    return [
        history
        for history, spec in zip(found, EXPERIMENTS[name].specs, strict=False)
        if history is not None and len(history.view.spec.lanes) == len(spec.lanes)
    ]


def _ids(name: str) -> list[str]:
    started = st.session_state.get(f"{name}_runs")
    linked = [part for part in st.query_params.get(name, "").split(".") if part]
    ids = linked or learner.recall(f"{name}_runs", []) if started is None else started
    return list(ids)[: len(EXPERIMENTS[name].specs)]
