"""The reader's λ path: its grid, its runs, how long they take; kept in the session and in the link."""

import secrets
from collections.abc import Callable, Sequence

import streamlit as st

from core.experiments import MAX_RUNS
from core.lab.lambda_path.choice import choosing
from core.lab.lambda_path.path import EXPERIMENTS, LINEAR_GRID, Grid, specs
from core.refusals import SpecError
from core.runs import Refused, RunHistory, RunView, runs
from core.runs.examples.histories import example
from core.runs.views import GOING
from core.spec import LaneSpec, RunSpec
from pages.ui import session, transport

MOST_MOMENTS = 2
"""Points asked for of each lane: only the latest counts."""

LOOKING = ("inside_the_network", "smaller_model")
"""Pages that look at one lane of a run."""


def grid() -> Grid:
    """The grid on the screen: as set, as in the link, or what suits the network."""
    linear = session.settings().model == "linear"
    if "path_grid" not in st.session_state:
        st.session_state.path_grid = _linked_grid() or _usual()
    elif linear != st.session_state.path_for_linear:
        # The network was changed on Train live: its λs are others.
        st.session_state.path_grid = _usual()
    st.session_state.path_for_linear = linear
    kept: Grid = st.session_state.path_grid
    return kept


def _linked_grid() -> Grid | None:
    try:
        return Grid.from_text(st.query_params["grid"]) if "grid" in st.query_params else None
    except SpecError as refused:
        session.notice(f"The link's grid was not used: {refused}")
        return None


def _usual() -> Grid:
    return LINEAR_GRID if session.settings().model == "linear" else Grid()


def set_grid(**values: object) -> None:
    """Change some of the grid's values; one that cannot be leaves it as it is, and is said."""
    now = grid()
    fields = {name: getattr(now, name) for name in ("low", "high", "n", "seeds", "epochs")}
    try:
        st.session_state.path_grid = Grid(**{**fields, **values})
    except SpecError as refused:
        session.notice(str(refused))


def take(spec: RunSpec) -> None:
    """Take other settings, with the grid that suits them."""
    session.forget_run()
    session.settle(spec)
    st.session_state.path_grid = _usual()
    st.session_state.path_choosing = False
    _show([])


def own() -> list[RunHistory]:
    """The runs of the path in the link, or else of the reader's last one."""
    found = (runs().history(view.id, most=MOST_MOMENTS) for view in _own())
    return [history for history in found if history is not None]


def going() -> bool:
    """Whether anything of the path has not ended."""
    return any(view.state in GOING for view in _own())


def _own() -> list[RunView]:
    ids, linked = st.session_state.setdefault("path_runs", []), _linked()
    if linked and linked != ids:
        st.session_state.path_runs = ids = linked
        if not any(map(_path, ids)):
            session.notice("This path is not here any more: train it again.")
    found = [view for view in map(_path, ids) if view is not None]
    return [each for each in found if each.spec.lanes == found[0].spec.lanes]


def _linked() -> list[str]:
    ids = [part for part in st.query_params.get("path", "").split(".") if part][:3]
    run = st.query_params.get("run", "")
    return ids or ([run] if run and _path(run) else [])


def _path(run: str) -> RunView | None:
    view = runs().view(run)
    if view is None:
        return None
    strengths = [lane.strength for lane in view.spec.lanes]
    rising = strengths == sorted(set(strengths))
    return view if len(strengths) >= 3 and rising and strengths[0] == 0.0 else None


def start() -> None:
    """Train a path with the settings and the grid on the screen."""
    st.session_state.path_choosing = False
    _train(lambda: specs(session.settings(), grid()))


def choose() -> None:
    """Choose λ on the path of the settings and the grid on the screen; it is trained if it is not there."""
    st.session_state.path_choosing = True
    if tuple(view.spec for view in _ended() or _example()) != _wanted():
        _train(lambda: choosing(session.settings(), grid()))


def _wanted() -> tuple[RunSpec, ...]:
    try:
        return choosing(session.settings(), grid())
    except SpecError:
        return ()  # It is said when they are to be trained.


def _ended() -> list[RunView]:
    return [view for view in _own() if view.state == "finished"]


def _example() -> list[RunView]:
    kept = None if _own() else example(example_name())
    return [history.view for history in kept.histories] if kept else []


def example_name() -> str:
    """The example of the kind of network on the screen."""
    return "lambda_path_linear" if session.settings().model == "linear" else "lambda_path"


def chosen_by(specs_: Sequence[RunSpec]) -> bool:
    """Whether λ is to be chosen on the screen, and these are three whole runs to choose it by."""
    asked = st.session_state.setdefault("path_choosing", "choose" in st.query_params)
    whole = all(view.state == "finished" for view in _own())
    return asked and whole and len(specs_) == MAX_RUNS


def _train(wanted: Callable[[], Sequence[RunSpec]]) -> None:
    """Train these runs; a going one of ours is stopped."""
    stop()
    key = secrets.token_urlsafe(8)
    started: list[RunView] = []
    try:
        for i, spec in enumerate(wanted()):
            started.append(runs().start(session.owner(), spec, key=f"{key}{i}"))
    except (Refused, SpecError) as refused:
        session.notice(str(refused))
    # What was there stays on the screen until there is something new.
    if started:
        session.take_in_hand(started[0])
        _show([view.id for view in started])


def stop() -> None:
    """End what is going of the path; what it has come to stays."""
    for history in own():
        if history.view.state in GOING and history.view.owner == session.owner():
            try:
                runs().steering.stop(session.owner(), history.view.id)
            except Refused:
                continue  # It has ended in this moment.


def _show(ids: Sequence[str]) -> None:
    st.session_state.path_runs = list(ids)
    # The link is about this path now, not about one it came with.
    session.link_later(run="", lane="", path=".".join(ids))


def write_link() -> None:
    """Keep path and grid in the link: a page switch has emptied it, and a reload needs them."""
    ids = ".".join(st.session_state.get("path_runs", []))
    choose_ = "1" if st.session_state.get("path_choosing") else ""
    for name, text in (("grid", grid().to_text()), ("path", ids), ("choose", choose_)):
        if text and st.query_params.get(name) != text:
            st.query_params[name] = text
        elif not text and name in st.query_params:
            del st.query_params[name]


def share(histories: Sequence[RunHistory]) -> float:
    """How much of the path is trained, in [0, 1]."""
    return sum(1.0 if h.view.state not in GOING else h.share for h in histories) / len(histories)


def since(histories: Sequence[RunHistory]) -> float:
    """When the path was begun, in seconds since 1970."""
    return min(history.view.created for history in histories)


def seconds_expected() -> float | None:
    """Seconds the path on the screen would take on the machine that computed the examples."""
    base, now = session.settings(), grid()
    for name, experiment in EXPERIMENTS.items():
        known, kept = experiment.specs[0], example(name)
        same = all(getattr(known, each) == getattr(base, each) for each in ("dataset", "model", "train_size"))
        if kept is not None and same:
            amount = len(experiment.specs) * len(known.lanes) * known.epochs
            return kept.seconds * now.seeds * now.n * now.epochs / amount
    return None


def leave(spec: RunSpec, lane: object) -> None:
    """Take one λ to Train live, as a run of its own; while the reader trains something, as settings only."""
    if isinstance(lane, bool) or not isinstance(lane, int) or not 0 <= lane < len(spec.lanes):
        session.notice(f"There is no such λ on this path: '{str(lane)[:20]}'.")
        return
    at: LaneSpec = spec.lanes[-1].changed(strength=spec.lanes[lane].strength)
    # What is chosen by a part of the training images is trained on all.
    alone = RunSpec.beside_zero(at, **spec.model_dump(exclude={"lanes", "fold"}))
    now, going = session.current(), runs().active(session.owner())
    # A double click is one run.
    if now is None or now.spec != alone or all(now.id != view.id for view in going):
        session.forget_run()
        session.settle(alone)
        if not going:
            transport.start()
    st.session_state.path_leave = True


def look(view: RunView, asked: object) -> None:
    """Take the path's run with one of its λs to another page that looks at a lane; a browser asks."""
    page, lane = (asked.get("page"), asked.get("lane")) if isinstance(asked, dict) else (None, None)
    if page not in LOOKING or type(lane) is not int or not 0 <= lane < len(view.spec.lanes):
        session.notice("There is no such λ on this path.")
        return
    session.take_in_hand(view)
    session.choose_lane(lane)
    st.session_state.path_look = page
