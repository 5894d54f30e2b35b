"""An experiment on a lesson page: a button, its progress, and what it shows, live or prepared."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from functools import partial

import streamlit as st

from core.experiments import Turn
from core.registry import EXPERIMENTS
from core.runs import Refused, RunHistory, runs
from core.runs.examples.histories import example
from core.runs.views import GOING
from pages.ui import lesson, session
from pages.ui.duration import left, takes
from pages.ui.experiment import runs as own_runs
from pages.ui.markdown import NO_BREAK, plain
from pages.ui.ticking import ticking

Draw = Callable[[Sequence[RunHistory]], None]


def experiment(
    name: str,
    draw: Draw,
    *,
    words: Callable[[], None] | None = None,
    label: str = "Run it",
    reveal: bool = False,
    before: Callable[[], None] | None = None,
    guess: str = "",
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
        guess: key of the widget of the reader's prediction, in `words`; the press that asks for the result
            keeps it under the same name. Such a widget and the buttons are one form: what is typed, and not
            yet confirmed, comes with the press.
    """
    own_runs.write_link(name)
    shown = partial(_shown, name, draw, words, label, reveal, before or _empty, guess)
    ticking(shown, going=partial(own_runs.is_going, name))


def _shown(
    name: str,
    draw: Draw,
    words: Callable[[], None] | None,
    label: str,
    reveal: bool,
    before: Callable[[], None],
    guess: str,
) -> None:
    own_runs.go_on(name)
    own = own_runs.own_results(name)
    going = [history for history in own if history.view.state in GOING]
    _turn(EXPERIMENTS[name].turn, going)
    left, right = lesson.columns() if words else (st.container(), st.container())
    with left, st.form(f"{name}_form", enter_to_submit=False, border=False) if guess else nullcontext():
        if words:
            words()
        _controls(name, label, own, going, reveal, guess)
        st.caption(EXPERIMENTS[name].described().replace(" = ", f"{NO_BREAK}={NO_BREAK}"))
    with right:
        if not _result(name, draw, own_runs.drawn(name, own), reveal, bool(going)) and reveal:
            before()


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
                    runs().steering.change(view.owner, view.id, lane, spec.changed(strength=turn.strength))


def _result(name: str, draw: Draw, own: Sequence[RunHistory], reveal: bool, going: bool) -> bool:
    """Draw what there is and may be seen; whether anything was."""
    computed = example(name)
    if own and not (reveal and going):
        draw(own)
        return True
    # While one's own run is on its way, what was computed beforehand would tell how it ends.
    if computed is not None and (not reveal or (own_runs.saw_example(name) and not going)):
        st.caption(f"Computed beforehand, on {computed.date} ({computed.machine}). Yours takes its place.")
        draw(computed.histories)
        return True
    return False


def later() -> None:
    """Where another part of the page tells what an experiment has measured, while the reader's runs go."""
    st.caption("Here, once the networks above are trained.")


def _empty() -> None:
    st.caption("The result appears here.")


def _controls(
    name: str, label: str, own: Sequence[RunHistory], going: Sequence[RunHistory], reveal: bool, guess: str
) -> None:
    button = st.form_submit_button if guess else st.button
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if going:
            button("Stop", icon=":material/stop:", key=f"{name}_stop", on_click=own_runs.stop, args=(name,))
            n_runs = len(EXPERIMENTS[name].specs)
            done = sum(history.share for history in own) / n_runs
            st.progress(done, text=_said(own, going, n_runs - len(own), done))
            if _waits_for_own(going):
                button("Stop the other run", key=f"{name}_instead", on_click=_stop_others, args=(name,))
            return
        again = "Run it again" if own else label
        button(
            again,
            icon=":material/play_arrow:",
            type="primary",
            key=f"{name}_run",
            on_click=own_runs.start,
            args=(name, guess),
        )
        trouble = st.session_state.pop(f"{name}_notice", "") or next(
            (history.view.reason for history in own if history.view.reason), ""
        )
        computed = example(name)
        if trouble:
            st.markdown(f":material/error: {plain(trouble)}")
        whole = own_runs.is_whole(name, own)
        if own and not whole:
            st.markdown(unfinished(own, len(EXPERIMENTS[name].specs)))
        if computed is not None and not whole:
            if reveal and not own_runs.saw_example(name):
                button(
                    "Only show the result",
                    key=f"{name}_only",
                    on_click=own_runs.show_example,
                    args=(name, guess),
                )
            st.caption(takes(computed.seconds))


def unfinished(own: Sequence[RunHistory], n_runs: int) -> str:
    """How far an experiment of `n_runs` runs came that has ended before its last update."""
    n_updates = sum(history.points[0][-1].step for history in own if history.points[0])
    share = sum(history.share for history in own) / n_runs
    word = "Stopped" if any(history.view.state == "stopped" for history in own) else "Ended"
    if share == 0.0:
        return f"{word} before the first update: no result."
    return f"{word} after {n_updates:,} of {round(n_updates / share):,} updates: no result."


def _said(own: Sequence[RunHistory], going: Sequence[RunHistory], unstarted: int, done: float) -> str:
    waiting = [history.view.position for history in going if history.view.state == "queued"]
    if len(waiting) < len(going):
        more = len(waiting) + unstarted
        more_runs = f"{more} more run{'' if more == 1 else 's'} to come"
        training = f"Training, {more_runs}" if more else "Training"
        time_left = left(done, min(history.view.created for history in own), "")
        return f"{training}: {time_left}" if time_left else training
    if _waits_for_own(going):
        return "Waiting for your other run to end"
    return f"Waiting: place {min(waiting)} in the queue"


def _waits_for_own(going: Sequence[RunHistory]) -> bool:
    """Whether none of these runs can begin before another run of the reader's has ended."""
    waiting = all(history.view.state == "queued" for history in going)
    return waiting and any(view.state in ("running", "paused") for view in runs().active(session.owner()))


def _stop_others(name: str) -> None:
    """Stop the reader's runs that an experiment waits for."""
    own = own_runs.ids(name)
    for view in runs().active(session.owner()):
        if view.state in ("running", "paused") and view.id not in own:
            # It may have ended since the button was drawn.
            with suppress(Refused):
                runs().steering.stop(session.owner(), view.id)
