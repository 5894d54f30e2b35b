"""Many runs in one thread: what one of them does or suffers leaves the others alone."""

import queue
import threading
import weakref
from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from core.checkpoints import Checkpoints
from core.data.images import digits
from core.spec import LaneSpec, RunSpec
from core.training.looks import MIN_CHUNKS
from core.training.measures import EVALUATION_CHUNK
from core.training.run import Run
from core.worker import rounds
from core.worker.inbox import END_OF_INPUT
from core.worker.protocol import Line, Pause, Resume, Start, Stop
from core.worker.rounds import Rounds

CPU = torch.device("cpu")
SMALL = {"model": "small_cnn", "train_size": 128, "lanes": (LaneSpec(),)}
N_CHUNKS = 6


def record_of(record):
    return record if isinstance(record, dict) else record.model_dump()


class FakeInbox:
    """Commands by hand; none needs a thread."""

    def __init__(self):
        self.commands, self.trained = queue.SimpleQueue(), threading.Event()

    def next(self, wait_seconds):
        return self.commands.get(timeout=wait_seconds)


class Lab:
    """Rounds one at a time, and what they wrote. Runs named `many…` have many validation images."""

    def __init__(self, patch, folder):
        few = digits()
        repeats = -(-N_CHUNKS * EVALUATION_CHUNK // len(few.valid_y))
        parts = {"valid_x": few.valid_x.repeat(repeats, 1, 1, 1), "valid_y": few.valid_y.repeat(repeats)}
        self.many = replace(few, **{name: p[: N_CHUNKS * EVALUATION_CHUNK] for name, p in parts.items()})
        self.runs, self.kinds = {}, {}
        patch.setattr("core.worker.job.Run", self._run)
        self.inbox, self.out = FakeInbox(), []
        self.rounds = Rounds(self.inbox, CPU, self._emit, Checkpoints(folder, 10**9))

    def _emit(self, event, record):
        # What is kept of the weights is not what these tests are about.
        if event not in ("checkpoint", "unkept"):
            self.out.append((event, record))

    def _run(self, spec, device, id, images):
        run = self.kinds.get(id, Run)(spec, device, id, self.many if id.startswith("many") else images)
        self.runs[id] = weakref.ref(run)
        return run

    def start(self, run, paused=False, **fields):
        self.tell(Start(run, RunSpec(**SMALL | {"epochs": 1000} | fields), paused, 0.0))

    def tell(self, *commands):
        for command in commands:
            self.inbox.commands.put(Line("", command))

    def turn(self):
        """One round; what it wrote, by run."""
        before = len(self.out)
        self.rounds._rest()
        self.rounds._round()
        return [(record_of(record).get("run"), event) for event, record in self.out[before:]]

    def turn_until(self, run, event):
        """Rounds until one wrote this event of this run; all that they wrote."""
        written = []
        while (run, event) not in written:
            written += self.turn()
        return written

    def advance(self, run, step):
        """Rounds until so many updates are made."""
        while not self.runs or self.step(run) < step:
            self.turn()

    def alive(self, run):
        return run in self.runs and self.runs[run]() is not None

    def step(self, run):
        return self.runs[run]().step


@pytest.fixture
def lab(monkeypatch, tmp_path):
    monkeypatch.setattr(rounds, "TURN_SECONDS", 0.0)  # one update, or one chunk of validation images, a turn
    for name in (
        "worker.rounds.IDLE_FOR_LOOKS",
        "training.run.LOOK_BUDGET",
        "training.looks.EVENTFUL_ALLOWANCE",
    ):
        monkeypatch.setattr(f"core.{name}", 0.0)  # no look but the first and those asked for
    return Lab(monkeypatch, tmp_path)


def test_other_runs_train_while_one_looks_at_many_test_images(lab):
    lab.start("few")
    lab.turn()
    lab.start("many", paused=True)
    steps = []
    while ("many", "snapshot") not in lab.turn():
        steps.append(lab.step("few"))
    assert len(steps) >= N_CHUNKS - 3
    assert all(later == earlier + 1 for earlier, later in pairwise(steps))


def test_other_runs_train_while_one_is_asked_how_near_an_optimum_it_is(lab, monkeypatch):
    monkeypatch.setattr("core.training.looks.ASKED_SECONDS", 60.0)  # However slow the machine is.
    lab.start("few")
    lab.start("asked")
    lab.advance("asked", 5)
    lab.tell(Pause("asked"))
    steps = []
    while ("asked", "snapshot") not in lab.turn():
        steps.append(lab.step("few"))
    # Ten parts of the training images, one a turn, after the validation images.
    assert len(steps) >= MIN_CHUNKS - 2
    assert all(later == earlier + 1 for earlier, later in pairwise(steps))
    shown = [record for event, record in lab.out if event == "snapshot" and record.run == "asked"][-1]
    assert shown.optimality.step == shown.step == lab.step("asked")


def test_the_look_in_turns_finds_what_the_look_at_once_finds(lab):
    lab.start("many", epochs=1)
    while not lab.out or lab.out[-1][0] != "finished":
        lab.turn()
    shown = [record for event, record in lab.out if event == "snapshot"]
    alone = Run(RunSpec(**SMALL, epochs=1), CPU, "many", lab.many)
    at_once = {0: alone.snapshot(asked=True)[0][0].score.valid}
    while not alone.done:
        alone.advance()
        at_once[alone.step] = alone.snapshot(asked=True)[0][0].score.valid
    assert {each.valid_step: each.score.valid for each in shown}.items() <= at_once.items()
    assert (shown[0].valid_step, shown[-1].valid_step, shown[-1].step) == (0, 19, 19)


def test_no_update_comes_in_between_and_the_run_goes_on_after_it(lab):
    lab.start("many")
    lab.advance("many", 5)
    lab.tell(Pause("many"))
    lab.turn()
    held = lab.step("many")
    lab.tell(Resume("many"))
    n_rounds = 0
    while ("many", "snapshot") not in lab.turn():
        n_rounds += 1
        assert lab.step("many") == held
    assert n_rounds >= N_CHUNKS - 3
    lab.turn()
    assert lab.step("many") > held


def test_a_run_that_is_stopped_looks_once_more_and_obeys_no_more(lab):
    lab.start("many")
    lab.advance("many", 5)
    lab.tell(Stop("many"), Resume("many"))
    assert lab.turn_until("many", "finished") == [(None, "error"), ("many", "snapshot"), ("many", "finished")]
    assert lab.out[-1] == ("finished", {"run": "many", "reason": "stopped"})
    assert lab.out[-2][1].valid_step == lab.out[-2][1].step >= 5


def test_the_end_of_the_input_waits_for_the_last_look(lab):
    lab.start("many", paused=True)
    lab.inbox.commands.put(END_OF_INPUT)
    lab.rounds.serve()
    assert [event for event, _ in lab.out] == ["snapshot", "snapshot", "finished"]


def test_a_device_without_bfloat16_ends_the_run_in_one_sentence(lab, monkeypatch):
    monkeypatch.setattr("core.maths.precision._has_bfloat16", lambda device: False)
    lab.start("a", precision="bfloat16")
    lab.turn_until("a", "failed")
    reason = "This device does not compute in bfloat16: choose the precision float32."
    assert lab.out == [("failed", {"run": "a", "reason": reason})]


class Greedy(Run):
    """Needs more memory than there is, at its third update."""

    def advance(self):
        self.ballast = torch.zeros(1000)
        if self.step == 2:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.\nAnd more lines.")
        return super().advance()


class TooLarge(Run):
    """Does not even fit before its first update."""

    def __init__(self, *arguments):
        raise torch.OutOfMemoryError("CUDA out of memory.")


@pytest.mark.parametrize("kind", [Greedy, TooLarge])
def test_out_of_memory_ends_that_run_in_one_sentence_and_frees_its_memory(lab, monkeypatch, kind):
    released = []
    monkeypatch.setattr(rounds, "release_device_memory", lambda device: released.append(lab.alive("greedy")))
    lab.start("few")
    lab.turn()
    lab.kinds["greedy"] = kind
    lab.start("greedy")
    lab.turn_until("greedy", "failed")
    (reason,) = [record["reason"] for event, record in lab.out if event == "failed"]
    assert reason == "The device has not enough memory for this run: choose a smaller batch or fewer lanes."
    before = lab.step("few")
    lab.turn()
    assert lab.step("few") == before + 1
    # Asked to give memory back once, and only when nothing of the run was left to hold it.
    assert released == [False]
    lab.kinds.clear()
    lab.start("greedy")
    lab.turn_until("greedy", "snapshot")
