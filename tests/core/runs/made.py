"""Made-up snapshots, a clock to turn by hand and a worker that only takes notes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.runs import Runs, Settings
from core.snapshots import BINS, Event, LayerSnapshot, Snapshot
from core.spec import MODEL_LAYERS, RunSpec


def layer(step: int = 0) -> LayerSnapshot:
    return LayerSnapshot(
        weights=100,
        zeros=min(step, 100),
        targeted=True,
        norm=1.23456789,
        below=(0.1, 0.2, 0.3, 0.4, 0.5),
        units=10,
        dead=1,
        limit=0.5,
        counts=(1,) * BINS,
    )


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
        train_accuracy=0.5,
        test_accuracy=0.5,
        test_step=step,
        layers={name: layer(step) for name in MODEL_LAYERS["textbook_cnn"]},
        kernels=((0.0, 0.123456, -1e-9),),
    )


def event(run: str = "r", lane: int = 1, step: int = 0, **fields: Any) -> Event:
    return Event(run=run, lane=lane, step=step, **({"kind": "change", "text": "λ 0 → 1"} | fields))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class NotedWorker:
    """Stands in for `Worker`: what is sent is noted, what it says is said by the test."""

    def __init__(self, command: Sequence[str]) -> None:
        self.state = "ready"
        self.device = "CPU · test"
        self.pid = None
        self.sent: list[dict[str, Any]] = []
        self.say: Callable[[dict[str, Any]], None]
        self.die: Callable[[], None]

    def start(self, on_message: Callable[[dict[str, Any]], None], on_lost: Callable[[], None]) -> None:
        self.say, self.die = on_message, on_lost

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


def settings(folder: Path, **fields: Any) -> Settings:
    return replace(Settings(database=f"sqlite:///{folder / 'runs.sqlite'}"), **fields)


class Lab:
    """Opened runs with a noted worker and a hand-turned clock; no thread but the store's writes by hand."""

    def __init__(self, folder: Path, **fields: Any) -> None:
        self.clock = Clock()
        self.runs = Runs(settings(folder, **fields), clock=self.clock, make_worker=NotedWorker)  # type: ignore[arg-type]
        self.worker: NotedWorker = self.runs._worker  # type: ignore[assignment]
        self.runs.open()

    def start(self, owner: str = "ann", key: str = "k", **fields: Any) -> str:
        return self.runs.start(owner, RunSpec(), key=key, **fields).id

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
