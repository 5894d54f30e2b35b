"""Whatever is done to equal runs in whatever order: each shows what it would have shown alone."""

import json
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.spec import LaneSpec
from tests.core.runs.made import Lab, snapshot

SPACING = 10
END = 120
STOPS = st.sampled_from([1e-3, 3e-3, 1e-2])
WHICH = st.integers(0, 50)


def history(moves: list[tuple[int, float]], step: int) -> float:
    """What stands for a run's numbers: they depend on the moves made by then, and on nothing else."""
    return float(sum(1 + strength * (1 + at) for at, strength in moves if at < step))


class Job:
    """A run in a made-up worker."""

    def __init__(self, start: dict) -> None:
        self.step = start.get("until", 0)
        self.moves = [(made["step"], made["move"]["strength"]) for made in start.get("moves", [])]
        self.paused = start["paused"]
        self.shows = "until" not in start


class Convoy(RuleBasedStateMachine):
    """Runs of one spec, and a worker in which numbers depend on moves and steps."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.lab = Lab(Path(self.folder.name), max_runs=3)
        self.runs: dict[str, str] = {}
        self.jobs: dict[str, Job] = {}
        self.heard = 0
        self.shown: dict[str, int] = {}

    def teardown(self) -> None:
        self.lab.runs.close()
        self.folder.cleanup()

    def going(self) -> list[str]:
        return [run for run in self.runs if self.lab.state(run) in ("queued", "running", "paused")]

    def one(self, which: int) -> tuple[str, str]:
        run = self.going()[which % len(self.going())]
        return run, self.runs[run]

    @rule(paused=st.booleans())
    def start(self, paused: bool) -> None:
        owner = f"owner {len(self.runs)}"
        if len(self.going()) < 12:
            run = self.lab.start(owner=owner, paused=paused)
            self.runs[run] = owner
        self.listen()

    @precondition(lambda self: self.going())
    @rule(which=WHICH, strength=STOPS)
    def move(self, which: int, strength: float) -> None:
        run, owner = self.one(which)
        self.lab.runs.steering.change(owner, run, 1, LaneSpec(strength=strength))
        self.listen()

    @precondition(lambda self: self.going())
    @rule(which=WHICH, what=st.sampled_from(["pause", "resume", "stop", "step"]))
    def steer(self, which: int, what: str) -> None:
        run, owner = self.one(which)
        steering = self.lab.runs.steering
        if what == "step":
            steering.step(owner, run, "update")
        else:
            getattr(steering, what)(owner, run)
        self.listen()

    @rule(seconds=st.sampled_from([0.1, 0.5, 3.0]))
    def train(self, seconds: float) -> None:
        """Every job that goes shows its next step; then time passes."""
        for run, job in list(self.jobs.items()):
            if not job.paused:
                self.update(run, job)
        self.pass_time(seconds)

    @rule()
    def lose_the_worker(self) -> None:
        self.jobs.clear()
        self.lab.worker.die()
        self.listen()

    def update(self, run: str, job: Job) -> None:
        job.step += SPACING
        self.say_shown(run, job)
        if job.step >= END:
            del self.jobs[run]
            self.lab.worker.say({"event": "finished", "run": run, "reason": "done"})
            self.listen()

    def say_shown(self, run: str, job: Job) -> None:
        for lane in range(2):
            made = snapshot(run, lane, job.step).model_copy(update={"norm": history(job.moves, job.step)})
            self.lab.worker.say({"event": "snapshot", **made.model_dump(mode="json")})

    def pass_time(self, seconds: float) -> None:
        self.lab.clock.now += seconds
        with self.lab.runs._lock:
            self.lab.runs._board.convoys.advance()
        self.listen()

    def listen(self) -> None:
        """The worker does what it was told, in order."""
        while self.heard < len(self.lab.worker.sent):
            message = self.lab.worker.sent[self.heard]
            self.heard += 1
            self.obey(message["op"], message["run"], message)

    def obey(self, op: str, run: str, message: dict) -> None:
        if op == "start":
            assert run not in self.jobs, "the worker has it already"
            job = self.jobs[run] = Job(message)
            if job.shows:
                self.say_shown(run, job)
            else:
                self.lab.worker.say({"event": "resumed", "run": run, "step": job.step, "kept": 0})
            return
        job = self.jobs[run]
        if op in ("pause", "resume"):
            job.paused = op == "pause"
        elif op == "step":
            job.paused = True
            self.update(run, job)
        elif op == "stop":
            del self.jobs[run]
            self.lab.worker.say({"event": "finished", "run": run, "reason": "stopped"})
        elif "strength" in message:
            move = {"strength": message["strength"]}
            job.moves.append((job.step, message["strength"]))
            self.lab.worker.say({"event": "moved", "run": run, "step": job.step, "lane": 1, "move": move})

    def points(self, run: str) -> list[tuple[int, float]]:
        shown = json.loads(self.lab.runs.attach(run).feed.update(0, False)[1])["points"]
        return [(point["step"], point["norm"]) for point in shown if point["lane"] == 1]

    def moves(self, run: str) -> list[tuple[int, float]]:
        return [(made.step, made.move.strength) for made in self.lab.runs.branches.moves(run)]

    @invariant()
    def every_run_has_shown_what_it_would_have_shown_alone(self) -> None:
        for run in self.runs:
            points, moves = self.points(run), self.moves(run)
            assert points == [(step, float(f"{history(moves, step):.6g}")) for step, _ in points]
            assert [step for step, _ in points] == sorted(step for step, _ in points)

    @invariant()
    def nothing_shown_is_taken_back(self) -> None:
        for run in self.runs:
            now = self.lab.runs.attach(run).feed.shown or 0
            assert now >= self.shown.get(run, 0)
            self.shown[run] = now

    @invariant()
    def whoever_goes_and_follows_has_a_leader_that_goes_and_is_not_behind(self) -> None:
        for run in self.runs:
            entry = self.lab.runs._board.get(run)
            if entry.leader is None or entry.state != "running":
                continue
            ended = entry.leader.state in ("finished", "failed")
            assert ended or (entry.leader.id in self.jobs and not self.jobs[entry.leader.id].paused)
            assert not entry.moves
            assert (entry.leader.feed.shown or 0) >= (entry.feed.shown or 0)

    @invariant()
    def what_is_held_is_held_and_nothing_is_trained_for_nobody(self) -> None:
        for run in self.jobs:
            entry = self.lab.runs._board.get(run)
            if entry.pacemaker:
                assert any(each.leader is entry for each in map(self.lab.runs._board.get, self.runs))

    @invariant()
    def what_is_kept_of_them_ends_with_them(self) -> None:
        convoys = self.lab.runs._board.convoys
        assert set(convoys._following) == {
            run for run in self.runs if self.lab.runs._board.get(run).leader is not None
        }


TestConvoy = Convoy.TestCase
TestConvoy.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
