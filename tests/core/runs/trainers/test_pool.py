"""Who gets a run, who is asked about it, and how many trainers there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.runs.trainers import trainer as module
from core.runs.trainers.pool import CROWDED, IDLE_SECONDS, STARTING_SECONDS, Pool
from core.runs.trainers.trainer import HUNG_SECONDS, SILENT_SECONDS
from core.version import version
from tests.core.runs.made import Clock, config


@dataclass(eq=False)
class Process:
    """Stands in for one that was started: takes notes, and says what the test says."""

    command: Sequence[str]
    on_message: Callable[[dict[str, Any]], None]
    on_exit: Callable[[], None]
    settings: Mapping[str, str]
    sent: list[dict[str, Any]] = field(default_factory=list)
    closed: bool = False
    killed: bool = False
    pid: int = 0

    def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    def end_input(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def kill(self) -> None:
        self.killed = True

    def beat(self) -> None:
        self.say("alive", worked=1.0)

    def hello(self, **fields: Any) -> None:
        said = {
            "device": "cpu",
            "name": f"place {self.number}",
            "version": version(),
            "torch": "2",
            "trainers": 1,
        }
        self.say("hello", **said | fields)

    def say(self, event: str, **fields: Any) -> None:
        self.on_message({"event": event} | fields)

    @property
    def number(self) -> int:
        return int(self.settings["SPARSITY_LAB_TRAINER"])

    @property
    def runs(self) -> list[str]:
        return [message["run"] for message in self.sent if message["op"] == "start"]


class Hall:
    """A pool whose processes are made up."""

    def __init__(self, patch: pytest.MonkeyPatch, folder, **fields: Any) -> None:
        self.processes: list[Process] = []
        patch.setattr(module, "TrainerProcess", self._process)
        self.clock, self.said, self.lost = Clock(), [], []
        self.pool = Pool(config(folder, **fields), self.clock)
        self.pool.start(self.said.append, lambda *lost: self.lost.append(lost))

    def _process(self, *arguments: Any) -> Process:
        self.processes.append(Process(*arguments, pid=len(self.processes)))
        return self.processes[-1]

    def start(self, run: str) -> bool:
        return self.pool.send({"op": "start", "run": run})

    def wait(self, seconds: float) -> None:
        self.clock.now += seconds
        self.pool.tick()

    def listen(self, seconds: float, *beating: Process) -> None:
        """Let time pass tick by tick, each with a beat of these."""
        for _ in range(round(seconds)):
            for process in beating:
                process.beat()
            self.wait(1.0)


@pytest.fixture
def hall(monkeypatch, tmp_path):
    """Two trainers, both there, with nothing to do since just now."""
    made = Hall(monkeypatch, tmp_path, trainers=2)
    made.processes[0].hello()
    made.start("first")
    made.processes[1].hello()
    made.processes[0].say("finished", run="first", reason="done")
    for process in made.processes:
        process.sent.clear()
    return made


def test_the_first_trainer_says_how_many_pay_off_and_each_is_told_its_number(monkeypatch, tmp_path):
    hall = Hall(monkeypatch, tmp_path)
    assert (len(hall.processes), hall.pool.state, hall.pool.open) == (1, "starting", False)
    hall.processes[0].hello(trainers=3)
    assert (hall.pool.state, hall.pool.open) == ("ready", True)
    for run in "abcd":
        hall.start(run)
    assert [process.number for process in hall.processes] == [0, 1, 2]


@pytest.mark.parametrize("said", [1, 8])
def test_a_setting_says_how_many_there_are_whatever_pays_off(monkeypatch, tmp_path, said):
    hall = Hall(monkeypatch, tmp_path, trainers=2)
    hall.processes[0].hello(trainers=said)
    for run in "abcd":
        hall.start(run)
    assert len(hall.processes) == 2


def test_one_more_than_there_are_runs_is_started_before_anybody_needs_it(monkeypatch, tmp_path):
    hall = Hall(monkeypatch, tmp_path, trainers=3)
    hall.processes[0].hello()
    hall.wait(100)
    assert len(hall.processes) == 1
    hall.start("a")
    assert len(hall.processes) == 2


def test_a_run_goes_to_the_trainer_with_the_fewest(hall):
    for run in "abcd":
        hall.start(run)
    one, other = hall.processes
    assert (one.runs, other.runs) == (["a", "c"], ["b", "d"])
    for run in "bd":
        other.say("finished", run=run, reason="done")
    hall.start("e")
    hall.start("f")
    assert other.runs == ["b", "d", "e", "f"]


def test_while_another_is_starting_a_crowd_waits_for_it_a_moment(monkeypatch, tmp_path):
    hall = Hall(monkeypatch, tmp_path, trainers=2)
    hall.processes[0].hello()
    for i in range(CROWDED):
        assert hall.start(str(i))
    assert not hall.pool.open
    assert not hall.start("late")
    hall.clock.now += STARTING_SECONDS
    assert hall.start("late")


def test_an_order_goes_to_the_trainer_that_has_the_run(hall):
    for run in "ab":
        hall.start(run)
    assert hall.pool.send({"op": "pause", "run": "b"})
    assert not hall.pool.send({"op": "pause", "run": "unknown"})
    assert [message["op"] for message in hall.processes[0].sent] == ["start"]
    assert [message["op"] for message in hall.processes[1].sent] == ["start", "pause"]
    assert (hall.pool.pid("a"), hall.pool.pid("b"), hall.pool.pid("unknown")) == (0, 1, None)
    assert hall.pool.device("b") == "CPU · place 1"


def ask(hall: Hall, run: str, id: str, **fields: str) -> bool:
    return hall.pool.send({"op": "ask", "run": run, "id": id, **fields})


def test_a_question_goes_to_who_has_the_run_or_had_it_else_to_who_has_the_fewest(hall):
    for run in "ab":
        hall.start(run)
    one, other = hall.processes
    ask(hall, "b", "1")
    other.say("finished", run="b", reason="done")
    ask(hall, "b", "2")
    for id in "3456":
        ask(hall, "long gone", id)
    asked = [[message["id"] for message in each.sent if message["op"] == "ask"] for each in (one, other)]
    assert asked == [["3", "4", "5"], ["1", "2", "6"]]


def test_who_follows_a_twin_is_asked_about_where_the_twin_is_and_begins_there_unless_it_is_crowded(hall):
    for run in "ab":
        hall.start(run)
    one, other = hall.processes
    for id in "12":
        ask(hall, "follower", id, twin="b")
    assert [message["id"] for message in other.sent if message["op"] == "ask"] == ["1", "2"]
    for run in "cde":
        assert hall.pool.send({"op": "start", "run": run, "twin": "b"})
    # It takes one more while it has one more than the other at most.
    assert [message["run"] for message in other.sent if message["op"] == "start"] == ["b", "c", "d"]
    assert [message["run"] for message in one.sent if message["op"] == "start"] == ["a", "e"]


def test_an_answer_makes_room_and_a_withdrawal_goes_where_the_question_went(hall):
    one, other = hall.processes
    ask(hall, "gone", "1")
    one.say("answer", id="1")
    ask(hall, "gone", "2")
    ask(hall, "gone", "3")
    for id in ("3", "2"):
        assert hall.pool.send({"op": "withdraw", "run": "gone", "id": id})
    assert not hall.pool.send({"op": "withdraw", "run": "gone", "id": "1"})
    assert [message["id"] for message in one.sent] == ["1", "2", "2"]
    assert [message["id"] for message in other.sent] == ["3", "3"]


def test_a_trainer_that_dies_loses_its_own_runs_and_questions_alone(hall):
    for run in "abc":
        hall.start(run)
    ask(hall, "a", "1")
    ask(hall, "b", "2")
    hall.processes[0].on_exit()
    assert hall.lost == [({"a", "c"}, {"1"})]
    assert hall.pool.pid("b") == 1
    # It has lived for no time, so that the next one waits.
    assert len(hall.processes) == 2
    hall.wait(1.0)
    assert [process.number for process in hall.processes] == [0, 1, 0]
    hall.processes[0].say("finished", run="b", reason="done")
    assert hall.said[-1]["event"] == "finished"
    assert hall.pool.pid("b") == 1


def test_what_a_dead_trainer_had_goes_to_the_other_one(hall):
    hall.start("a")
    hall.processes[0].on_exit()
    assert hall.start("a")
    assert hall.processes[1].runs == ["a"]


def test_who_has_had_nothing_to_do_for_long_is_ended_and_one_is_kept(hall):
    hall.wait(IDLE_SECONDS - 1)
    assert not any(process.closed for process in hall.processes)
    hall.wait(2)
    hall.wait(IDLE_SECONDS)
    assert sum(process.closed for process in hall.processes) == 1
    assert (len(hall.pool.pids), len(hall.processes)) == (1, 2)
    hall.start("a")
    assert len(hall.processes) == 3
    assert hall.lost == []


@pytest.mark.parametrize("work", [{"op": "start", "run": "a"}, {"op": "ask", "run": "a", "id": "1"}])
def test_who_has_something_to_do_is_not_ended(hall, work):
    hall.clock.now += IDLE_SECONDS
    hall.pool.send(work)
    hall.wait(IDLE_SECONDS)
    busy = next(process for process in hall.processes if process.sent)
    assert not busy.closed


def test_the_last_words_of_one_that_was_ended_are_nobody_s(hall):
    hall.wait(IDLE_SECONDS + 1)
    ended = next(process for process in hall.processes if process.closed)
    n_said = len(hall.said)
    ended.say("finished", run="a", reason="stopped")
    ended.on_exit()
    assert (len(hall.said), hall.lost) == (n_said, [])


def test_closed_nothing_is_started_any_more(hall):
    hall.pool.close()
    assert all(process.closed for process in hall.processes)
    hall.wait(100)
    assert not hall.start("a")
    assert len(hall.processes) == 2


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"version": "other"}, "its program is other"),
        ({"version": None}, "None"),
        ({"torch": "1"}, "PyTorch is 1"),
    ],
)
def test_a_trainer_of_another_version_is_refused_in_a_line_and_gets_no_work(
    monkeypatch, tmp_path, caplog, said, why
):
    hall = Hall(monkeypatch, tmp_path, trainers=2)
    hall.processes[0].hello()
    hall.start("a")
    n_heard, stranger = len(hall.said), hall.processes[1]
    stranger.hello(**said)
    stranger.say("event", run="a")
    stranger.on_exit()
    for run in "bcd":
        assert hall.start(run)
    assert not ask(hall, "b", "1") or not stranger.sent
    hall.wait(1000)
    assert (stranger.sent, len(hall.processes), len(hall.said), hall.lost) == ([], 2, n_heard, [])
    (line,) = [each.getMessage() for each in caplog.records if "refused" in each.getMessage()]
    assert why in line


def test_the_torch_of_the_first_is_that_of_all_and_a_refused_first_is_no_measure(monkeypatch, tmp_path):
    hall = Hall(monkeypatch, tmp_path, commands=(("ssh", "a"), ("ssh", "b"), ("ssh", "c")))
    hall.processes[0].hello(version="other", torch="1", trainers=9)
    assert (len(hall.processes), hall.pool.state) == (2, "starting")
    hall.processes[1].hello(trainers=9)
    for run in "abcd":
        hall.start(run)
    assert [tuple(process.command) for process in hall.processes] == [
        ("ssh", "a"),
        ("ssh", "b"),
        ("ssh", "c"),
    ]
    assert hall.processes[1].runs == ["a", "b", "c", "d"]


def test_a_silent_trainer_is_told_and_gets_nothing_new_and_one_that_is_heard_again_does(hall):
    one, other = hall.processes
    hall.start("a")
    one.beat()
    hall.listen(SILENT_SECONDS - 1, other)
    assert (hall.pool.silent, hall.pool.silent_runs) == (False, frozenset())
    hall.listen(1, other)
    assert (hall.pool.silent, hall.pool.silent_runs) == (True, {"a"})
    hall.start("b")
    hall.start("c")
    assert (one.runs, other.runs) == (["a"], ["b", "c"])
    # What is known of its run the other one reads in the files.
    ask(hall, "a", "1")
    assert [message["id"] for message in other.sent if message["op"] == "ask"] == ["1"]
    one.beat()
    assert (hall.pool.silent, hall.pool.silent_runs) == (False, frozenset())
    hall.start("d")
    assert one.runs == ["a", "d"]
    assert not any(message["event"] == "alive" for message in hall.said)


def test_a_trainer_that_stays_silent_is_killed_and_loses_its_runs_once(hall):
    one, other = hall.processes
    hall.start("a")
    ask(hall, "a", "1")
    one.beat()
    hall.listen(HUNG_SECONDS - 1, other)
    assert (one.killed, hall.lost) == (False, [])
    hall.listen(1, other)
    assert (one.killed, other.killed, hall.lost) == (True, False, [({"a"}, {"1"})])
    # Its last words, and that it is gone, are known already.
    one.beat()
    one.on_exit()
    assert (len(hall.lost), hall.pool.silent) == (1, False)
    hall.start("a")
    hall.start("b")
    assert [process.number for process in hall.processes] == [0, 1, 0]


def test_a_trainer_that_beats_is_never_silent_however_long_it_says_nothing_else(hall):
    hall.start("a")
    hall.listen(10 * HUNG_SECONDS, *hall.processes)
    assert not hall.pool.silent
    assert not any(process.killed for process in hall.processes)


def test_a_server_that_was_not_there_itself_lays_it_on_no_trainer(hall):
    for process in hall.processes:
        process.beat()
    hall.wait(8 * 3600)
    hall.wait(100)
    assert (hall.pool.silent, hall.lost) == (False, [])
