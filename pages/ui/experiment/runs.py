"""The reader's runs of an experiment: which they are, how far, started, stopped; or its example instead."""

import secrets
from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from core.experiments import MAX_RUNS, Trained
from core.registry import EXPERIMENTS
from core.runs import Refused, RunHistory, RunView, runs
from core.runs.examples.histories import example
from core.runs.views import GOING
from pages.ui import learner, session


def pressed(name: str) -> bool:
    """Whether the reader has started this experiment, or asked for its example."""
    return bool(saw_example(name) or ids(name))


def saw_example(name: str) -> bool:
    """Whether the reader has asked for the example of this experiment, on this visit or an earlier one."""
    return bool(learner.recall(f"{name}_example", False))


def of(run: str) -> str | None:
    """The experiment that the reader started a run for; None when it was another wish."""
    return next((name for name in EXPERIMENTS if run in learner.recall(f"{name}_runs", [])), None)


def begun(own: Sequence[RunHistory]) -> list[RunHistory]:
    """The runs that have something to show."""
    return [history for history in own if history.points[0]]


def finished(name: str) -> list[RunHistory]:
    """The reader's own runs of an experiment once every one of them has made its last update, else none.

    What was stopped half-way is no measurement: the card's sentences are about the whole experiment.
    """
    own = own_results(name)
    return own if is_whole(name, own) else []


def is_whole(name: str, own: Sequence[RunHistory]) -> bool:
    """Whether these are all runs of an experiment, and each has made its last update."""
    return len(own) == len(EXPERIMENTS[name].specs) and all(h.view.state == "finished" for h in own)


def shown(name: str) -> Sequence[RunHistory]:
    """What an experiment shows now: the reader's own runs, or those computed beforehand."""
    computed = example(name)
    return drawn(name, own_results(name)) or (computed.histories if computed else ())


def measured(name: str) -> list[Trained]:
    """What an experiment has measured, for another part of the page: nothing while the reader's runs go."""
    if is_going(name):
        return []
    return trained(shown(name))


def drawn(name: str, own: Sequence[RunHistory]) -> list[RunHistory]:
    """Those of the reader's own runs that are drawn: while they train, and when all of them are finished."""
    going = any(history.view.state in GOING for history in own)
    return begun(own) if going or is_whole(name, own) else []


def is_going(name: str) -> bool:
    """Whether one of the reader's own runs has not ended."""
    return any(view.state in GOING for view in _own(name))


def trained(histories: Sequence[RunHistory]) -> list[Trained]:
    """The histories whose every lane can be measured, as the lesson takes them."""
    whole = [h for h in histories if all(h.points) and all(frame is not None for frame in h.frames)]
    return [Trained(h.view.spec, h.points, [frame for frame in h.frames if frame]) for h in whole]


def revealed(name: str, since: float) -> bool:
    """Whether the reader has asked for this experiment's result since a moment, and has it before them.

    It is their own, or the example.
    """
    own = finished(name)
    measured = bool(own) and all(history.view.created >= since for history in own)
    return measured or (not is_going(name) and learner.did_since(f"show_{name}", since))


def _keep(name: str, guess: str) -> None:
    """Keep the prediction, which the first press fixes; a piece that ends early drops its widgets' state."""
    if guess and not pressed(name):
        learner.keep(guess, st.session_state.get(guess))


def hide_example(name: str) -> None:
    """Hold back again what was computed beforehand: it can be asked for anew."""
    learner.keep(f"{name}_example", False)


def show_example(name: str, guess: str = "") -> None:
    """Show what was computed beforehand, in place of runs of the reader's own."""
    _keep(name, guess)
    learner.keep(f"{name}_example", True)
    learner.did(f"show_{name}")


def start(name: str, guess: str = "") -> None:
    """Start the experiment's runs; those of the last time are let go."""
    _keep(name, guess)
    stop(name)
    started: list[str] = []
    try:
        _start(name, started, secrets.token_urlsafe(8), MAX_RUNS)
    except Refused as refused:
        st.session_state[f"{name}_notice"] = str(refused)
    _note(name, started)


def go_on(name: str) -> None:
    """Start what had no room yet, as the reader's own runs before it end; none once one has been stopped.

    What an earlier visit left unfinished stays so. Two tabs that show the same experiment start the same run:
    its key is of the first one's id.
    """
    started, own = ids(name), _own(name)
    n_going = sum(view.state in GOING for view in own)
    if not (n_going or st.session_state.get(f"{name}_runs")) or not _goes_well(own):
        return
    room = MAX_RUNS - n_going
    if room > 0 and len(own) == len(started) < len(EXPERIMENTS[name].specs):
        # What else the reader has going may fill the room: then later.
        with suppress(Refused):
            _start(name, started, started[0], room)
            st.session_state.pop(f"{name}_notice", None)
        _note(name, started)


def _goes_well(own: Sequence[RunView]) -> bool:
    return all(view.owner == session.owner() and view.state in (*GOING, "finished") for view in own)


def _start(name: str, started: list[str], key: str, room: int) -> None:
    """Start the next runs of an experiment, at most `room`, and note each. Raises Refused."""
    first = len(started)
    for number, spec in enumerate(EXPERIMENTS[name].specs[first : first + room], first):
        started.append(runs().start(session.owner(), spec, key=f"{key}{number}").id)


def _note(name: str, started: list[str]) -> None:
    st.session_state[f"{name}_runs"] = started
    learner.keep(f"{name}_runs", started)


def stop(name: str) -> None:
    """Stop those runs of an experiment that have not ended and are the reader's."""
    for history in own_results(name):
        if history.view.state in GOING and history.view.owner == session.owner():
            runs().steering.stop(session.owner(), history.view.id)


def own_results(name: str) -> list[RunHistory]:
    """The reader's own runs of an experiment, of this visit, of the link, or of an earlier visit."""
    found = (runs().history(view.id) for view in _own(name))
    return [history for history in found if history is not None]


def _own(name: str) -> list[RunView]:
    """The runs as they are now; one that is no run of this experiment is left out."""
    found = zip(map(runs().view, ids(name)), EXPERIMENTS[name].specs, strict=False)
    return [view for view, spec in found if view is not None and len(view.spec.lanes) == len(spec.lanes)]


def write_link(name: str) -> None:
    """Keep the runs started on this visit in the link; not in the press, which a newer run would leave."""
    started = ".".join(st.session_state.get(f"{name}_runs", []))
    if started and st.query_params.get(name) != started:
        st.query_params[name] = started


def ids(name: str) -> list[str]:
    """The ids of an experiment's runs: started on this visit, in the link, or of an earlier visit."""
    started = st.session_state.get(f"{name}_runs")
    linked = [part for part in st.query_params.get(name, "").split(".") if part]
    ids = linked or learner.recall(f"{name}_runs", []) if started is None else started
    return list(ids)[: len(EXPERIMENTS[name].specs)]
