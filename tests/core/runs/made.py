"""Made-up snapshots, a clock to turn by hand and trainers that only take notes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.runs import Config, Runs
from core.runs.trainers.pool import Lost
from core.snapshots import BINS, Event, Frame, LayerSnapshot, Point, Score, ScoreKind, Snapshot
from core.spec import MODEL_LAYERS, RunSpec


def layer(step: int = 0, **fields: Any) -> LayerSnapshot:
    known = {
        "weights": 100,
        "zeros": min(step, 100),
        "idle": min(step, 100) // 2,
        "cut_off": min(step, 100) // 7,
        "targeted": True,
        "norm": 1.23456789,
        "below": (0.1, 0.2, 0.3, 0.4, 0.5),
        "units": 10,
        "dead": 1,
        "limit": 0.5,
        "counts": (1,) * BINS,
    }
    return LayerSnapshot.model_validate(known | fields)


def snapshot(run: str = "r", lane: int = 0, step: int = 0) -> Snapshot:
    return Snapshot(
        run=run,
        lane=lane,
        step=step,
        epoch=step / 23,
        strength=1e-4,
        norm=400.0,
        data_loss=2.0,
        penalty=0.04,
        total=2.04,
        score=Score("accuracy", 0.5, 0.5, n_valid=258),
        valid_step=step,
        layers={name: layer(step) for name in MODEL_LAYERS["textbook_cnn"]},
        kernels=((0.0, 0.123456, -1e-9),),
    )


def point(step: int = 0, valid: float = 0.5, kind: ScoreKind = "accuracy", **fields: Any) -> Point:
    return replace(Point.of(snapshot(step=step)), score=Score(kind, 0.5, valid, n_valid=258), **fields)


def frame(layers: Mapping[str, LayerSnapshot], kernels: Sequence[Sequence[float]] = ()) -> Frame:
    return Frame(lane=0, step=0, layers=layers, kernels=kernels)


def event(run: str = "r", lane: int = 1, step: int = 0, **fields: Any) -> Event:
    return Event(run=run, lane=lane, step=step, **({"kind": "change", "text": "λ 0 → 1"} | fields))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class NotedWorker:
    """Stands in for a `Pool` of one: what is sent is noted, what it says is said by the test."""

    def __init__(self, config: Config | None = None, clock: Callable[[], float] | None = None) -> None:
        self.state = "ready"
        self.silent = False
        self.silent_runs: frozenset[str] = frozenset()
        self.pids: list[int] = []
        self.sent: list[dict[str, Any]] = []
        self.say: Callable[[dict[str, Any]], None]
        self._lose: Lost

    @property
    def open(self) -> bool:
        return self.state == "ready"

    def device(self, run: str) -> str:
        return "CPU · test"

    def pid(self, run: str) -> None:
        return None

    def start(self, on_message: Callable[[dict[str, Any]], None], on_lost: Lost) -> None:
        self.say, self._lose = on_message, on_lost

    def die(self) -> None:
        """It had all that it was ever told of."""
        runs = {message["run"] for message in self.sent}
        self._lose(runs, {message["id"] for message in self.sent if message["op"] == "ask"})

    def send(self, message: dict[str, Any]) -> bool:
        self.sent.append(message)
        return True

    def ops(self, run: str) -> list[str]:
        return [message["op"] for message in self.sent if message["run"] == run]

    def show(self, run: str, step: int, lanes: int = 2) -> None:
        for lane in range(lanes):
            self.say({"event": "snapshot", **snapshot(run, lane, step).model_dump(mode="json")})

    def tick(self) -> None:
        pass

    def close(self) -> None:
        pass


def url(folder: Path) -> str:
    """Of the database in a folder; the store's tests put one elsewhere in its place."""
    return f"sqlite:///{folder / 'runs.sqlite'}"


def config(folder: Path, **fields: Any) -> Config:
    return replace(Config(database=url(folder)), **fields)


class Lab:
    """Opened runs with a noted worker and a hand-turned clock; no thread but the store's writes by hand."""

    def __init__(self, folder: Path, **fields: Any) -> None:
        self.clock = Clock()
        self.runs = Runs(config(folder, **fields), clock=self.clock, make_pool=NotedWorker)  # type: ignore[arg-type]
        self.worker: NotedWorker = self.runs._pool  # type: ignore[assignment]
        self.runs.open()

    def start(self, owner: str = "ann", key: str = "k", spec: RunSpec | None = None, **fields: Any) -> str:
        return self.runs.start(owner, spec or RunSpec(), key=key, **fields).id

    def cookie(self, key: str = "k" * 22) -> str:
        """What a browser sends that was given the name with this key."""
        return f"{self.runs.names.cookies[1]}={self.runs.names.issue(key)}"

    def starts(self, *owners: str) -> list[str]:
        """A run of each owner, no two alike."""
        return [self.start(owner=owner, spec=RunSpec(seed=seed)) for seed, owner in enumerate(owners)]

    def pass_minutes(self, minutes: float) -> None:
        self.clock.now += 60 * minutes
        self.runs.tick()

    def state(self, run: str) -> str:
        view = self.runs.view(run)
        assert view is not None
        return view.state


def ended(lab: Lab, key: str, owner: str = "ann", steps: int = 3) -> str:
    """A run that has been trained for some steps."""
    run = lab.start(owner=owner, key=key)
    for step in range(steps):
        lab.worker.show(run, step)
    lab.worker.say({"event": "finished", "run": run, "reason": "done"})
    return run


def ids(lab: Lab, owner: str = "ann") -> list[str]:
    """The runs on an owner's list, in its order."""
    return [each.view.id for each in lab.runs.shelf.listed(owner)]
