"""Questions in the worker: piece by piece, the longest waiting first, half of the time for the runs."""

from types import SimpleNamespace

import pytest
import torch

from core.checkpoints import Checkpoints, moment_name
from core.data.images import digits
from core.data.loader import Loader
from core.inspect.moment import QuestionError, to_file
from core.spec import LaneSpec, RunSpec
from core.training import pieces
from core.training.pieces import Pieces
from core.training.run import Run
from core.worker import asking as module
from core.worker.asking import MOST_PENDING, READ_KEPT, WATCHES_KEPT, Asking
from core.worker.job import Job
from core.worker.protocol import Ask, Start

CPU = torch.device("cpu")
SPEC = RunSpec(model="small_cnn", train_size=128, lanes=(LaneSpec(),))


class Clock:
    """Time that passes when told to."""

    def __init__(self):
        self.now = 100.0

    def perf_counter(self):
        return self.now


class Lab:
    """What was asked, and what was said."""

    def __init__(self, folder):
        self.out = []
        self.store = Checkpoints(folder, 10**9)
        self.asking = Asking(self.store, Loader(CPU, lambda news: None), self.emit)

    def emit(self, event, record):
        self.out.append((event, record))

    def ask(self, question="predict", id="1", run="a", step=None, job=None, **fields):
        before = len(self.out)
        self.asking.take(Ask(run, id, question, step, fields), job)
        return self.out[before:]

    def job(self):
        return Job(Start("a", SPEC, True, 0.0), CPU, lambda *_: None, digits(), self.store)

    def keep(self, *steps, run="a"):
        """Weights of these steps, each by another seed."""
        for step in steps:
            net = Run(SPEC.model_copy(update={"seed": step}), CPU).lanes[0].net
            self.store.keep(run, moment_name(step), to_file(SPEC, step, [net]))


@pytest.fixture
def lab(tmp_path):
    return Lab(tmp_path / "weights")


def long_work(log, name, n, clock=None, seconds=0.0):
    for i in range(n):
        log.append(name)
        if clock is not None:
            clock.now += seconds
        if i + 1 < n:
            yield
    return {"name": name}


def test_what_takes_one_piece_is_answered_at_once(lab):
    ((event, said),) = lab.ask(indices=[0], job=lab.job())
    assert event == "answer"
    assert (said["id"], said["run"], said["question"], said["step"], said["live"]) == (
        "1",
        "a",
        "predict",
        0,
        True,
    )
    assert not lab.asking.busy


def test_long_ones_take_turns_and_each_is_answered_once(lab, monkeypatch):
    log, job = [], lab.job()
    lengths = {"long": 4, "short": 2}
    monkeypatch.setattr(
        module, "begin", lambda question, *_: Pieces(long_work(log, question, lengths[question]))
    )
    for name in lengths:
        assert lab.ask(name, id=name, job=job) == []
    while lab.asking.busy:
        lab.asking.advance(training=False)
    # A piece each when asked, then by turns.
    assert log == ["long", "short", "long", "short", "long", "long"]
    assert [said["id"] for _, said in lab.out] == ["short", "long"]


def test_a_short_one_is_answered_beside_many_long_ones_which_come_one_after_another(lab, monkeypatch):
    log, job = [], lab.job()
    monkeypatch.setattr(module, "begin", lambda question, *_: Pieces(long_work(log, question, 3)))
    for number in range(48):
        assert lab.ask("refit", id=str(number), job=job) == []
    # None of their work is done while they are taken in: there may be many.
    assert log == []
    lab.ask("confusion", id="short", job=job)
    for _ in range(9):
        lab.asking.advance(training=False)
    assert [said["id"] for _, said in lab.out] == ["short", "0", "1"]


def test_what_nobody_waits_for_is_not_worked_out(lab, monkeypatch):
    log, job = [], lab.job()
    monkeypatch.setattr(module, "begin", lambda question, *_: Pieces(long_work(log, question, 3)))
    for name in ("confusion", "refit"):
        lab.ask(name, id=name, job=job)
    for id in ("confusion", "refit", "unknown"):
        lab.asking.withdraw(id)
    assert not lab.asking.busy
    assert log == ["confusion"]
    assert [(event, said["id"]) for event, said in lab.out] == [
        ("refused", "confusion"),
        ("refused", "refit"),
    ]


def test_while_runs_train_they_get_as_long_as_each_piece_took(lab, monkeypatch):
    clock, log = Clock(), []
    monkeypatch.setattr(pieces, "time", clock)
    lab = Lab(lab.store.path("a", moment_name(0)).parent / "more")
    monkeypatch.setattr(module, "begin", lambda *_: Pieces(long_work(log, "x", 5, clock, 0.2)))
    lab.ask("x", job=lab.job())
    lab.asking.advance(training=True)
    assert (len(log), lab.asking.wait()) == (2, pytest.approx(0.2))
    lab.asking.advance(training=True)
    assert len(log) == 2
    clock.now += 0.2 + 1e-9
    lab.asking.advance(training=False)
    lab.asking.advance(training=False)
    assert (len(log), lab.asking.wait()) == (4, 0.0)


def test_the_moment_is_the_nearest_known_one(lab):
    lab.keep(100, 200, 300)
    steps = [lab.ask(step=step, indices=[0])[0][1]["step"] for step in (None, 0, 149, 151, 10**6)]
    assert steps == [300, 100, 100, 200, 300]
    # Equally near: the running one, which is at 0.
    ((_, said),) = lab.ask(step=50, indices=[0], job=lab.job())
    assert (said["step"], said["live"]) == (0, True)
    ((_, said),) = lab.ask(step=60, indices=[0], job=lab.job())
    assert (said["step"], said["live"]) == (100, False)


def test_only_a_few_moments_stay_in_memory(lab):
    lab.keep(*range(READ_KEPT + 2))
    for step in range(READ_KEPT + 2):
        lab.ask(step=step, indices=[0])
    assert len(lab.asking._read) == READ_KEPT
    assert (*lab.asking._read,)[-1][1] == READ_KEPT + 1


def test_a_file_written_anew_is_read_anew(lab):
    lab.keep(5)
    first = lab.ask(indices=[0])[0][1]["answer"]
    net = Run(SPEC.model_copy(update={"seed": 99}), CPU).lanes[0].net
    lab.store.keep("a", moment_name(5), to_file(SPEC, 5, [net]))
    assert lab.ask(indices=[0])[0][1]["answer"] != first


@pytest.mark.parametrize(
    ("error", "said", "retry"),
    [
        (QuestionError("That cannot be asked."), "That cannot be asked.", False),
        (QuestionError("Not now.", retry=True), "Not now.", True),
        (MemoryError(), "The device has not enough memory to answer this.", False),
        (KeyError("x"), "This could not be worked out: an unexpected KeyError.", False),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_what_goes_wrong_is_one_sentence_now_or_later(lab, monkeypatch, error, said, retry, late):
    def begin(*_):
        def work():
            yield
            raise error

        if not late:
            raise error
        return Pieces(work())

    monkeypatch.setattr(module, "begin", begin)
    lab.ask(job=lab.job())
    if late:
        assert lab.asking.busy
        lab.asking.advance(training=False)
    assert lab.out == [("refused", {"id": "1", "run": "a", "message": said, "retry": retry})]
    assert not lab.asking.busy


def test_nobody_reading_is_not_a_refusal(lab, monkeypatch):
    def broken(*_):
        raise BrokenPipeError

    job = lab.job()
    monkeypatch.setattr(lab.asking, "_emit", broken)
    with pytest.raises(BrokenPipeError):
        lab.ask(indices=[0], job=job)


def test_too_many_are_refused(lab, monkeypatch):
    monkeypatch.setattr(module, "begin", lambda *_: Pieces(long_work([], "x", 3)))
    job = lab.job()
    for number in range(MOST_PENDING):
        assert lab.ask(id=str(number), job=job) == []
    ((event, said),) = lab.ask(id="one more", job=job)
    assert event == "refused"
    assert "ask again in a moment" in said["message"]
    assert said["retry"]


def test_a_run_nothing_is_known_of_is_refused(lab):
    ((event, said),) = lab.ask(run="never")
    assert (event, said["retry"]) == ("refused", False)
    assert said["message"] == "No weights of this run are kept: start it again to look inside."


def test_images_that_are_not_there_yet_are_fetched_and_asked_for_again(lab, monkeypatch):
    begun = []
    loader = SimpleNamespace(has=lambda dataset: False, begin=begun.append)
    lab.asking = Asking(lab.store, loader, lab.emit)
    lab.keep(1)
    monkeypatch.setattr(module, "spec_in", lambda path: (SPEC.model_copy(update={"dataset": "mnist"}), 1))
    ((event, said),) = lab.ask(indices=[0])
    assert (event, said["retry"], begun) == ("refused", True, ["mnist"])
    assert said["message"] == "MNIST is being loaded: ask again in a moment."


def test_watched_weights_are_remembered_for_the_latest_runs(lab):
    for number in range(WATCHES_KEPT + 3):
        lab.keep(1, run=f"r{number}")
        lab.ask(run=f"r{number}", indices=[0])
    assert len(lab.asking._watches) == WATCHES_KEPT
    assert "r2" not in lab.asking._watches


def test_of_a_run_that_is_trained_in_another_s_place_the_weights_are_asked_and_not_what_it_watches(lab):
    job = lab.job()
    lab.asking.take(Ask("b", "1", "predict", None, {"indices": [0]}, "a"), None, job)
    lab.asking.take(Ask("b", "2", "fate", None, {"lane": 0, "layer": "conv1", "index": 0}, "a"), None, job)
    (event, answer), (refused, why) = lab.out
    assert (event, answer["run"], answer["live"]) == ("answer", "b", True)
    assert (refused, "not noted" in why["message"]) == ("refused", True)
