"""Whatever is asked in whatever order: who runs, who waits and who is refused follows the same few rules."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.checkpoints import Checkpoints
from core.runs import Config, Refused
from core.runs.board import QUEUE_PER_SLOT, WAITING_FOR_WORKER, WORKER_LOST, Board
from core.runs.entries import MOST_LOSSES, Entry
from core.runs.live.hub import Feed
from core.spec import RunSpec
from tests.core.runs.live.test_hub import Shelf
from tests.core.runs.made import Clock, NotedWorker

WEIGHTS = Checkpoints(Path("nowhere"), 1)
OWNERS = st.sampled_from(["ann", "bob", "cid"])


class Noted:
    """Stands in for the writer."""

    trouble = ""

    def __init__(self) -> None:
        self.views = {}

    def run(self, view) -> None:
        self.views[view.id] = view

    def origin(self, run: str, spec: str) -> None:
        pass


class Asked(RuleBasedStateMachine):
    """A board of two slots, with a worker that comes and goes."""

    @initialize()
    def begin(self) -> None:
        self.clock, self.worker, self.writer = Clock(), NotedWorker(), Noted()
        limits = Config(max_runs=2, queued_per_owner=2)
        self.board = Board(limits, self.clock, self.worker, self.writer, WEIGHTS)
        self.entries: list[Entry] = []
        self.lost: Counter[str] = Counter()

    @rule(owner=OWNERS)
    def start(self, owner: str) -> None:
        run, going = f"r{len(self.entries)}", self.board.going()
        # No two alike: those are trained together.
        spec = RunSpec(seed=len(self.entries))
        entry = Entry(run, owner, spec, Feed(run, spec, Shelf(), 10, 10), 0.0, self.clock())
        full = len(going) >= (1 + QUEUE_PER_SLOT) * 2 or sum(each.owner == owner for each in going) > 2
        try:
            self.board.add(entry, key=run)
        except Refused:
            assert full
            return
        assert not full
        self.entries.append(entry)
        self.board.settle()

    @precondition(lambda self: self.board.going())
    @rule(which=st.integers(0, 20))
    def stop(self, which: int) -> None:
        going = self.board.going()
        self.board.end(going[which % len(going)], "stopped", "")
        self.board.settle()

    @precondition(lambda self: any(entry.active for entry in self.entries))
    @rule(kind=st.sampled_from([("finished", "done"), ("failed", "No data."), ("finished", "stopped")]))
    def worker_is_done_with_one(self, kind: tuple[str, str]) -> None:
        self.board.over(next(entry for entry in self.entries if entry.active), *kind)
        self.board.settle()

    @rule()
    def lose_the_worker(self) -> None:
        before = [entry for entry in self.entries if entry.active]
        self.worker.state = "lost"
        self.board.lose([entry.id for entry in self.entries])
        self.lost.update(entry.id for entry in before)
        for entry in before:
            too_often = self.lost[entry.id] > MOST_LOSSES
            assert (entry.state, entry.reason) == (("failed", WORKER_LOST) if too_often else ("queued", ""))

    @rule()
    def find_a_worker(self) -> None:
        self.worker.state = "ready"
        self.board.settle()

    @invariant()
    def slots_are_shared_fairly(self) -> None:
        active = [entry for entry in self.entries if entry.active]
        waiting = [entry for entry in self.entries if entry.state == "queued"]
        assert len(active) <= 2
        assert max(Counter(entry.owner for entry in active).values(), default=0) <= 1
        if self.worker.state == "ready" and len(active) < 2:
            # A slot is free only where everybody who waits has a run going.
            assert {entry.owner for entry in waiting} <= {entry.owner for entry in active}

    @invariant()
    def who_waits_has_a_place_in_the_order_of_arrival_and_knows_why(self) -> None:
        waiting = [entry for entry in self.entries if entry.state == "queued"]
        assert [self.board.view(entry).position for entry in waiting] == list(range(1, len(waiting) + 1))
        assert all(self.board.view(entry).position == 0 for entry in self.entries if entry not in waiting)
        if self.worker.state != "ready":
            assert all(entry.feed._status["reason"] == WAITING_FOR_WORKER for entry in waiting)

    @invariant()
    def a_worker_has_started_what_ran_once_and_again_for_each_time_it_was_lost(self) -> None:
        started = Counter(message["run"] for message in self.worker.sent if message["op"] == "start")
        assert all(n <= 1 + self.lost[run] for run, n in started.items())
        assert {entry.id for entry in self.entries if entry.active} <= set(started)

    @invariant()
    def the_store_knows_what_everybody_sees(self) -> None:
        assert self.writer.views == {entry.id: entry.view() for entry in self.entries}


TestAsked = Asked.TestCase
TestAsked.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize(
    ("kind", "said", "state", "reason"),
    [
        ("finished", "done", "finished", ""),
        ("finished", "stopped", "stopped", ""),
        ("finished", "Every lane diverged.", "finished", "Every lane diverged."),
        ("failed", "No data.", "failed", "No data."),
    ],
)
def test_how_a_run_ends_is_in_the_worker_s_last_word(kind, said, state, reason):
    board = Board(Config(), Clock(), NotedWorker(), Noted(), WEIGHTS)
    entry = Entry("r", "ann", RunSpec(), Feed("r", RunSpec(), Shelf(), 10, 10), 0.0, 0.0)
    board.add(entry, "k")
    board.settle()
    board.over(entry, kind, said)
    assert (entry.state, entry.reason, entry.ended) == (state, reason, 1000.0)
