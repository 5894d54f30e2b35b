"""A run whose process has died goes on in another one as if nothing had happened, and says nothing twice."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.checkpoints import Checkpoints
from core.data.images import load
from core.spec import LaneSpec, Move, Moved, RunSpec
from core.training.run import Run
from core.worker import standby
from core.worker.job import Job
from core.worker.protocol import ChangeLane, Pause, Start, Step, Stop
from tests.core.worker.process import Process, finished, spec

CPU = torch.device("cpu")
SPEC = RunSpec(
    model="small_cnn",
    train_size=96,
    batch_size=32,
    epochs=20,
    lanes=(LaneSpec(polish=0.2, freeze=0.4), LaneSpec(strength=1e-3, prune=0.5)),
)
TOTAL = 60


class Story:
    """A run as the web side knows it, whatever process it is in."""

    def __init__(self, folder):
        self.store = Checkpoints(folder, 10**9)
        self.lines, self.moves, self.shown, self.resumed = [], [], None, []
        self.job = self._job()

    def _job(self):
        start = Start("a", SPEC, False, 0.0, self.shown, tuple(self.moves))
        return Job(start, CPU, self._hear, load(SPEC, CPU), self.store)

    def _hear(self, event, record):
        if event == "moved":
            self.moves.append(Moved.checked({k: v for k, v in record.items() if k != "run"}))
        elif event == "snapshot":
            self.shown = record.step
            self.lines.append((event, record.step, record.lane))
        elif event == "event":
            self.lines.append((record.kind, record.step, record.lane, record.field, record.new))
        elif event == "resumed":
            self.resumed.append((record["kept"], record["step"]))

    def train(self, n_updates, interval=0.0):
        for _ in range(n_updates):
            if not self.job.ended:
                self.job.turn(0.0, interval)

    def finish(self):
        for _ in range(100 * TOTAL):
            if self.job.ended:
                return
            self.job.turn(0.0, 0.0)
        raise AssertionError("it does not end")

    def lose(self, n_states):
        for name in standby.NAMES[:n_states]:
            self.store.remove("a", name)

    def kill(self):
        """Only what was written outlives it."""
        self.job = self._job()


@pytest.fixture(autouse=True)
def keen(monkeypatch):
    """Every state that may be kept is, and nobody waits for a look at optimality."""
    monkeypatch.setattr(standby, "GAP", 0.0)
    monkeypatch.setattr(standby, "SHARE", 1e9)
    monkeypatch.setattr("core.training.looks.ASKED_SECONDS", 0.0)


STEERED = st.one_of(
    st.tuples(st.just("train"), st.integers(1, 12)),
    st.tuples(st.just("unseen"), st.integers(1, 6)),
    st.tuples(st.just("move"), st.sampled_from((0.0, 1e-3, 0.03))),
    st.tuples(st.just("kill"), st.none()),
    st.tuples(st.just("lose"), st.integers(0, 2)),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(STEERED, max_size=12))
def test_whenever_it_is_killed_its_weights_are_those_of_a_run_that_was_not(tmp_path_factory, steered):
    story = Story(tmp_path_factory.mktemp("kept"))
    for what, value in steered:
        if what in ("train", "unseen"):
            story.train(value, interval=0.0 if what == "train" else 1e9)
        elif what == "move" and not story.job.ending and not story.job.resuming:
            story.job.obey(ChangeLane("a", 1, Move.checked({"strength": value})))
        elif what == "kill" and not story.job.ended:
            story.kill()
        elif what == "lose":
            story.lose(value)
    story.finish()
    whole = Run(SPEC, CPU)
    moves = list(story.moves)
    while not whole.done:
        while moves and moves[0].step == whole.step:
            whole.change(moves[0].lane, moves.pop(0).move)
        whole.advance()
    for one, other in zip(whole.lanes, story.job.run.lanes, strict=True):
        assert all(map(torch.equal, one.net.state_dict().values(), other.net.state_dict().values()))
        assert one.recent() == other.recent()
    steps = [line[1:] for line in story.lines if line[0] == "snapshot"]
    moved = [line for line in story.lines if line[0] == "change"]
    assert [step for step, _ in steps] == sorted(step for step, _ in steps)
    assert len(moved) <= len(story.moves)
    # A change shows the same step again; nothing else does.
    assert len(steps) - len(set(steps)) <= 2 * len(story.moves)


def test_it_goes_on_from_what_was_kept_and_says_from_where(tmp_path):
    story = Story(tmp_path)
    story.train(10)
    story.kill()
    assert story.job.resuming is False
    assert story.resumed == [(10, 10)]


def test_without_a_kept_state_it_begins_anew_and_comes_to_the_same(tmp_path):
    story = Story(tmp_path)
    story.train(10)
    story.lose(2)
    story.kill()
    shown = len(story.lines)
    story.train(10)
    assert story.resumed == [(0, 10)]
    assert len(story.lines) == shown


def test_a_state_beyond_what_was_shown_is_not_used(tmp_path):
    story = Story(tmp_path)
    story.train(10)
    story.shown = 4
    story.kill()
    story.train(4)
    assert story.resumed == [(0, 4)]


def test_what_it_is_told_on_its_way_waits_until_it_is_there(tmp_path):
    story = Story(tmp_path)
    story.train(10)
    story.lose(2)
    story.kill()
    for order in (ChangeLane("a", 1, Move.checked({"strength": 0.5})), Pause("a"), Step("a", "update")):
        story.job.obey(order)
    story.train(30)
    assert [made.step for made in story.moves] == [10]
    assert story.job.run.step == 11
    assert story.job.waiting


def test_stopped_on_its_way_it_shows_nothing_older(tmp_path):
    story = Story(tmp_path)
    story.train(10)
    story.lose(2)
    story.kill()
    shown = len(story.lines)
    story.job.obey(Stop("a"))
    assert story.job.ended
    assert len(story.lines) == shown


def test_killed_between_its_last_moment_and_its_last_word_it_ends_there(tmp_path):
    story = Story(tmp_path)
    story.shown = TOTAL
    story.kill()
    story.finish()
    assert story.job.run.step == TOTAL
    assert {line[1] for line in story.lines if line[0] == "snapshot"} == {0, TOTAL}


def test_at_its_end_nothing_is_kept_to_go_on_from(tmp_path):
    story = Story(tmp_path)
    story.finish()
    assert not list(tmp_path.glob("a/state*"))


def test_a_branch_is_the_same_run_up_to_there_and_shows_itself_there(tmp_path):
    story = Story(tmp_path)
    story.train(8)
    story.job.obey(ChangeLane("a", 1, Move.checked({"strength": 0.03})))
    story.train(8)
    lines = []
    moves = tuple(story.moves)
    start = Start("b", SPEC, True, 0.0, 12, moves, branch=True)
    branch = Job(
        start, CPU, lambda event, record: lines.append((event, record)), load(SPEC, CPU), story.store
    )
    while branch.resuming or not branch.waiting:
        branch.turn(0.0, 0.0)
    assert [event for event, _ in lines] == ["resumed", "snapshot", "snapshot"]
    assert [record.step for event, record in lines if event == "snapshot"] == [12, 12]
    whole = Run(SPEC, CPU)
    while whole.step < 12:
        for made in moves:
            if made.step == whole.step:
                whole.change(made.lane, made.move)
        whole.advance()
    for one, other in zip(whole.lanes, branch.run.lanes, strict=True):
        assert all(map(torch.equal, one.net.state_dict().values(), other.net.state_dict().values()))


def test_planned_moves_are_made_at_their_steps_and_told_like_others(tmp_path):
    story = Story(tmp_path)
    planned = tuple(
        Moved.checked({"step": n, "lane": 1, "move": {"strength": n / 1000}}) for n in (0, 5, 5, 9)
    )
    start = Start("a", SPEC, False, 0.0, planned=planned)
    story.job = Job(start, CPU, story._hear, load(SPEC, CPU), story.store)
    story.train(20)
    assert story.moves == list(planned)
    assert story.job.spec.lanes[1].strength == 0.009


@pytest.mark.parametrize("field", [{"until": -1}, {"until": True}, {"moves": 3}, {"moves": [{"step": -1}]}])
def test_a_bad_past_is_refused_in_a_sentence(field):
    process = Process()
    try:
        process.send(op="start", run="a", spec=spec(), **field)
        (error,) = process.until(lambda line: line["event"] == "error")[-1:]
        assert next(iter(field)) in error["message"] or "step" in error["message"]
    finally:
        process.popen.kill()
        process.close()


def test_a_killed_process_and_the_next_one_tell_one_story(tmp_path, monkeypatch):
    monkeypatch.setenv("SPARSITY_LAB_CHECKPOINTS", str(tmp_path))
    settings_ = spec(2, epochs=40)
    whole = Process()
    whole.send(op="start", run="whole", spec=settings_)
    end = [each for each in whole.until(finished("whole")) if each["event"] == "snapshot"][-2:]
    whole.close()

    first = Process()
    first.send(op="start", run="a", spec=settings_)
    shown = first.until_snapshots("a", 2, lambda line: line["step"] > 20)
    first.popen.kill()
    first.close()
    while not first.lines.empty():
        line = first.lines.get()
        shown = [line] if line["event"] == "snapshot" and line["lane"] == 1 else shown
    second = Process()
    second.send(op="start", run="a", spec=settings_, until=shown[-1]["step"], moves=[])
    told = second.until(finished("a"))
    second.close()
    last = [each for each in told if each["event"] == "snapshot"][-2:]
    assert next(each["event"] for each in told if each["event"] not in ("hello", "checkpoint")) == "resumed"
    for one, other in zip(end, last, strict=True):
        same = ("step", "data_loss", "norm", "penalty", "layers", "kernels")
        assert [one[name] for name in same] == [other[name] for name in same]
