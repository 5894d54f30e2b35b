"""The runs on Compare runs: which there are, what they are called, which are laid over each other."""

from dataclasses import dataclass

import streamlit as st

from core.lab.compare_runs.curves import Compared
from core.lab.compare_runs.settings import changes, detailed, distinct, fork, moved_title, phrase, settings
from core.lab.smaller_model.questions import dense_lane
from core.runs import RunHistory, RunView, runs
from core.runs.examples.histories import EXAMPLE, example_run, example_runs
from core.runs.store.marks import Mark
from core.runs.store.shelf import MOST_PINNED
from core.runs.views import GOING
from core.snapshots import Event
from pages.ui import session

TABLE = "compare_table"

FIRST_PINS = 3
"""Runs laid over each other before anybody has pinned one."""

TELLING = ("method", "strength", "penalty")
"""Settings that tell runs of one name apart, most telling first; after them the seed."""

SKETCH = 30
"""Moments of a curve as small as a word."""

DRAWN = 300
"""Moments of a curve in a chart."""


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
    def moves(self) -> list[Event]:
        """What was changed in its lane while it trained."""
        return changes(self.history.events, self.lane)

    @property
    def fork(self) -> Event | None:
        """Where it branched from another run, if it did."""
        return fork(self.history.events)

    @property
    def marks(self) -> list[Event]:
        """What its curves are marked with."""
        return [*filter(None, [self.fork]), *self.moves]

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
    # A database that does not answer has no runs to show: then there are the examples.
    return _readable(_found()) or _readable(_examples())


def _readable(found: list[tuple[RunView, Mark]]) -> list[Item]:
    pins = pinned(found)
    return [
        Item(
            view=view,
            name=mark.name or moved_title(view.spec, changes(history.events, lane_of(view))),
            history=history,
            lane=lane_of(view),
            slot=pins.index(view.id) if view.id in pins else None,
            baseline=mark.baseline and view.id in pins,
        )
        for view, mark in found
        if (history := _history(view, DRAWN if view.id in pins else SKETCH)) is not None
    ]


def going() -> bool:
    """Whether any of them has not ended."""
    linked = runs().view(st.query_params.get("run", ""))
    return bool(runs().active(session.owner())) or (linked is not None and linked.state in GOING)


def pinned(found: list[tuple[RunView, Mark]] | None = None) -> list[str]:
    """The ids of the pinned runs in their order; the first few while nobody has said anything."""
    found = _found() if found is None else found
    pins = {view.id: mark.pinned for view, mark in found if mark.pinned is not None}
    if pins:
        return sorted((run for run, at in pins.items() if at), key=lambda run: pins[run] or 0.0)[:MOST_PINNED]
    return [view.id for view, _ in found][:FIRST_PINS]


def chosen(every: list[Item]) -> Item:
    """The run whose actions are on the page: the link's, the last one looked at, or the first pinned."""
    wanted = (st.query_params.get("run"), st.session_state.get("compare_example"), session.run_in_hand())
    by_id = {item.id: item for item in every}
    first = next((item for item in every if item.slot == 0), every[0])
    return next((by_id[run] for run in wanted if run in by_id), first)


def take_in_hand() -> None:
    """Make the link's run, which is also the one that was pressed, the one that the other pages open on."""
    view = runs().view(st.query_params.get("run", ""))
    if view is not None:
        session.take_in_hand(view)


def compared(every: list[Item]) -> list[Compared]:
    """The pinned runs' lanes, in the order of pinning, with labels no two share."""
    of_slot = sorted((item for item in every if item.slot is not None), key=lambda item: item.slot or 0)
    names = [item.name for item in of_slot]
    labels = distinct(names, [_details(item, *TELLING, "seed") for item in of_slot])
    families = detailed(names, [_details(item, *TELLING) for item in of_slot])
    return [
        Compared(
            label,
            item.slot or 0,
            item.view.spec,
            item.lane,
            item.history.points[item.lane],
            item.history.frames[item.lane],
            family,
            tuple(event.step for event in item.marks),
            _beside(item),
        )
        for label, family, item in zip(labels, families, of_slot, strict=True)
    ]


def _beside(item: Item) -> Compared | None:
    lane, spec = dense_lane(item.view.spec, item.lane), item.view.spec
    if lane is None:
        return None
    return Compared(
        item.name, item.slot or 0, spec, lane, item.history.points[lane], item.history.frames[lane]
    )


def _details(item: Item, *fields: str) -> list[str]:
    own = settings(item.view.spec, item.lane)
    return [phrase(field, own[field]) for field in fields]


def _found() -> list[tuple[RunView, Mark]]:
    listed = runs().shelf.listed(session.owner())
    marks = runs().shelf.marks(session.owner())
    found = [(each.view, each.mark) for each in listed]
    linked = runs().view(st.query_params.get("run", ""))
    if linked is not None and linked.owner != session.owner():
        found.append((linked, marks.get(linked.id, Mark())))
    return found or _examples()


def _examples() -> list[tuple[RunView, Mark]]:
    marks = runs().shelf.marks(session.owner())
    return [(each.view, marks.get(run, Mark())) for run, each in example_runs().items()]


def _history(view: RunView, most: int) -> RunHistory | None:
    if view.id.startswith(EXAMPLE):
        return example_run(view.id)
    if view.state in GOING:
        return runs().history(view.id, most)
    try:
        return _ended(view.id, most)
    except LookupError:
        return None


@st.cache_resource(max_entries=200, show_spinner=False)
def _ended(run: str, most: int) -> RunHistory:
    # Read once: an ended run stays as it is. A database that does not answer may do so the next time, and
    # what raises is not kept.
    history = runs().history(run, most)
    if history is None:
        raise LookupError(run)
    return history


def lane_of(view: RunView) -> int:
    """Which lane of a run is compared: the chosen one, or the last."""
    last = len(view.spec.lanes) - 1
    in_hand = session.lane_in_hand(view)
    lane = st.session_state.get("compare_lanes", {}).get(view.id, last) if in_hand is None else in_hand
    return lane if lane in range(last + 1) else last
