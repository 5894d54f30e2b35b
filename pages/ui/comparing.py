"""The runs on Compare runs: which there are, which are laid over each other, and what a press does to them."""

import secrets
import time
from dataclasses import dataclass
from typing import Any, get_args

import streamlit as st

from core.lessons.compare_runs import Compared
from core.lessons.compare_settings import distinct, lane_title, title, told
from core.lessons.compare_settings import settings as words
from core.refusals import SpecError
from core.runs import Refused, RunHistory, RunView, runs
from core.runs.examples import EXAMPLE, example_run, example_runs
from core.runs.marks import Mark
from core.runs.shelf import MOST_PINNED
from core.runs.views import GOING
from core.spec import MethodKind, RunSpec
from pages.ui import session
from pages.ui.runs_table import VERBS

TABLE = "compare_table"

FIRST_PINS = 3
"""Runs laid over each other before anybody has pinned one."""

SKETCH = 30
"""Moments of a curve as small as a word."""

DRAWN = 300
"""Moments of a curve in a chart."""

DOUBLE_CLICK_SECONDS = 0.5


@dataclass(frozen=True)
class Item:
    """A run on the page.

    Attributes:
        name: what its owner calls it, or else its settings.
        lane: which of its lanes is compared.
        slot: its stroke, None when it is not pinned.
        baseline: whether the others are compared with it.
    """

    view: RunView
    name: str
    history: RunHistory
    lane: int
    slot: int | None
    baseline: bool

    @property
    def id(self) -> str:
        """Of the run, or of the example."""
        return self.view.id

    @property
    def is_example(self) -> bool:
        """Whether it was computed beforehand."""
        return self.id.startswith(EXAMPLE)

    @property
    def mine(self) -> bool:
        """Whether who looks may name and delete it."""
        return self.view.owner == session.owner()


def items() -> list[Item]:
    """The visitor's runs, newest first; then one of somebody else's, if the link has it, and the examples."""
    found = _found()
    pins = pinned(found)
    return [
        Item(
            view=view,
            name=mark.name or title(view.spec),
            history=history,
            lane=_lane(view),
            slot=pins.index(view.id) if view.id in pins else None,
            baseline=mark.baseline and view.id in pins,
        )
        for view, mark in found
        if (history := _history(view, DRAWN if view.id in pins else SKETCH)) is not None
    ]


def pinned(found: list[tuple[RunView, Mark]] | None = None) -> list[str]:
    """The ids of the pinned runs in their order; the first few while nobody has said anything."""
    found = _found() if found is None else found
    said = {view.id: mark.pinned for view, mark in found if mark.pinned is not None}
    if said:
        return sorted((run for run, at in said.items() if at), key=lambda run: said[run] or 0.0)[:MOST_PINNED]
    prepared = f"{EXAMPLE}compare_runs."
    own = [view.id for view, _ in found if not view.id.startswith(EXAMPLE)]
    return (own or [view.id for view, _ in found if view.id.startswith(prepared)])[:FIRST_PINS]


def chosen(every: list[Item]) -> Item:
    """The run whose actions are on the page: the link's, the last one looked at, or the first pinned."""
    wanted = st.session_state.get("compare_run") or st.query_params.get("run")
    wanted = wanted or st.session_state.get("train_run")
    by_id = {item.id: item for item in every}
    first = next((item for item in every if item.slot == 0), every[0])
    return by_id.get(str(wanted), first)


def compared(every: list[Item]) -> list[Compared]:
    """The pinned runs' lanes, in the order of pinning, with labels no two share."""
    of_slot = sorted((item for item in every if item.slot is not None), key=lambda item: item.slot or 0)
    details = []
    for item in of_slot:
        said = words(item.view.spec, item.lane)
        details.append([told(field, said[field]) for field in ("method", "strength", "penalty", "seed")])
    labels = distinct([item.name for item in of_slot], details)
    return [
        Compared(
            label, item.slot or 0, item.view.spec, item.lane, item.history.points[item.lane], _frame(item)
        )
        for label, item in zip(labels, of_slot, strict=True)
    ]


def acted() -> None:
    """Something was pressed in the table."""
    pressed = st.session_state[TABLE].act
    st.session_state.compare_acts = st.session_state.get("compare_acts", 0) + 1
    verb, run = (pressed.get("verb"), pressed.get("run")) if isinstance(pressed, dict) else (None, None)
    if verb in VERBS and isinstance(run, str):
        attempt(verb, run)


def attempt(verb: str, run: str, *more: Any) -> None:
    """Do what a press asks for; a refusal is said at the top of the next picture."""
    try:
        _ACTS[verb](run, *more)
    except (Refused, SpecError) as refused:
        notice(str(refused))


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


def _found() -> list[tuple[RunView, Mark]]:
    listed = runs().shelf.listed(session.owner())
    marks = runs().shelf.marks(session.owner())
    found = [(each.view, each.mark) for each in listed]
    linked = runs().view(st.query_params.get("run", ""))
    if linked is not None and linked.owner != session.owner():
        found.append((linked, marks.get(linked.id, Mark())))
    if not found or st.session_state.get("compare_examples"):
        found += [(each.view, marks.get(run, Mark())) for run, each in example_runs().items()]
    return found


def _history(view: RunView, most: int) -> RunHistory | None:
    if view.id.startswith(EXAMPLE):
        return example_run(view.id)
    return runs().history(view.id, most) if view.state in GOING else _ended(view.id, most)


@st.cache_resource(max_entries=200, show_spinner=False)
def _ended(run: str, most: int) -> RunHistory | None:
    # Read once: an ended run stays as it is.
    return runs().history(run, most)


def _frame(item: Item) -> dict[str, Any] | None:
    return item.history.frames[item.lane]


def _lane(view: RunView) -> int:
    last = len(view.spec.lanes) - 1
    lane = st.session_state.get("compare_lanes", {}).get(view.id, last)
    return lane if lane in range(last + 1) else last


def choose_lane(run: str, widget: str) -> None:
    """Compare another lane of a run."""
    lanes = st.session_state.get("compare_lanes", {})
    st.session_state.compare_lanes = lanes | {run: st.session_state[widget]}


def lane_titles(item: Item) -> list[str]:
    """What each lane of a run is called."""
    spec = item.view.spec
    named = [lane_title(spec, lane) for lane in range(len(spec.lanes))]
    return distinct(named, [()] * len(named))


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
    st.session_state.compare_run = run
    if run.startswith(EXAMPLE):
        st.query_params.pop("run", None)
    else:
        st.query_params["run"] = run


def _open(run: str) -> None:
    """Put a run on Train live; of an example, its settings."""
    example = example_run(run)
    view = example.view if example is not None else runs().view(run)
    if view is None:
        raise Refused("This run is not here any more.")
    _choose(run)
    if example is None:
        session.show(view)
    else:
        kept = view.spec.model_dump(exclude={"lanes"})
        session.forget_run_for(RunSpec.beside_zero(view.spec.lanes[-1], **kept))
    st.session_state.compare_go = True


def _rename(run: str, name: str) -> None:
    runs().shelf.rename(session.owner(), run, name)


def _delete(run: str) -> None:
    _keep_first_pins()
    runs().shelf.delete(session.owner(), run)
    st.session_state.pop("compare_run", None)
    st.query_params.pop("run", None)


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


_ACTS = {
    "pin": _pin,
    "unpin": _unpin,
    "baseline": _baseline,
    "no_baseline": _no_baseline,
    "choose": _choose,
    "open": _open,
    "rename": _rename,
    "delete": _delete,
    "undo": _undo,
    "another_seed": _another_seed,
    "another_method": _another_method,
}
