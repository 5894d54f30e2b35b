"""Runs that wait for their images: told how far they are, stopped at once, started with what came then."""

import pytest

from core.data.loader import Loading
from core.spec import RunSpec
from core.worker.protocol import Line, Pause, Resume, Start, Stop
from core.worker.waiting import Waiting


class Lab:
    """Runs that wait, and what was written."""

    def __init__(self):
        self.out = []
        self.waiting = Waiting(lambda event, record: self.out.append((event, record)))

    def add(self, run, dataset="mnist"):
        start = Start(run, RunSpec(dataset=dataset, train_size=100), False, 0.0)
        line = Line(f"start {run}", start)
        self.waiting.add(line, start)
        return line

    def keep(self, order):
        line = Line(type(order).__name__, order)
        self.waiting.keep(line, order)
        return line


@pytest.fixture
def lab():
    return Lab()


def test_a_run_starts_with_its_start_and_what_came_after_it(lab):
    lines = [lab.add("a"), lab.keep(Pause("a")), lab.keep(Resume("a"))]
    assert lab.waiting.leave("mnist") == [("a", lines)]
    assert not lab.waiting.runs
    assert lab.waiting.leave("mnist") == []


def test_each_dataset_lets_its_own_runs_go(lab):
    one, other, third = lab.add("a"), lab.add("b", "cifar10"), lab.add("c")
    assert lab.waiting.leave("mnist") == [("a", [one]), ("c", [third])]
    assert set(lab.waiting.runs) == {"b"}
    assert lab.waiting.leave("cifar10") == [("b", [other])]


def test_a_stop_ends_the_wait_at_once(lab):
    lab.add("a")
    lab.add("b")
    lab.keep(Stop("a"))
    assert lab.out == [("finished", {"run": "a", "reason": "stopped"})]
    assert set(lab.waiting.runs) == {"b"}


def test_who_waits_for_it_hears_how_far_a_dataset_is(lab):
    lab.add("a")
    lab.add("b", "cifar10")
    lab.add("c")
    lab.waiting.tell(Loading("mnist", "Downloading MNIST: 33 %", 1 / 3))
    assert lab.out == [
        ("loading", {"run": run, "text": "Downloading MNIST: 33 %", "share": 0.3333}) for run in ("a", "c")
    ]
    lab.out.clear()
    lab.waiting.tell(Loading("mnist", "Reading MNIST", 1.0), only="c")
    assert [record["run"] for _, record in lab.out] == ["c"]
