"""Runs whose images are still on their way, and what they were told meanwhile."""

from collections.abc import Collection

from core.data.loader import Loading
from core.worker.job import Emit
from core.worker.protocol import Line, Order, Start, Stop


class Waiting:
    """Runs that start when their dataset is there."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._datasets: dict[str, str] = {}
        self._kept: dict[str, list[Line]] = {}

    @property
    def runs(self) -> Collection[str]:
        """The ids of those that wait."""
        return self._datasets.keys()

    def add(self, line: Line, start: Start) -> None:
        """Take in a run; its start is the first command it will obey."""
        self._datasets[start.run] = start.spec.dataset
        self._kept[start.run] = [line]

    def keep(self, line: Line, order: Order) -> None:
        """Keep an order for later; a stop ends the run now."""
        if isinstance(order, Stop):
            self._forget(order.run)
            self._emit("finished", {"run": order.run, "reason": "stopped"})
        else:
            self._kept[order.run].append(line)

    def tell(self, news: Loading, only: str = "") -> None:
        """Write how far a dataset is, for the runs (or the one run) that wait for it."""
        for run, dataset in self._datasets.items():
            if dataset == news.dataset and only in ("", run):
                self._emit("loading", {"run": run, "text": news.text, "share": round(news.share, 4)})

    def leave(self, dataset: str) -> list[tuple[str, list[Line]]]:
        """Let go of the runs that waited for a dataset, with what each was told."""
        runs = [run for run, wanted in self._datasets.items() if wanted == dataset]
        return [(run, self._forget(run)) for run in runs]

    def _forget(self, run: str) -> list[Line]:
        del self._datasets[run]
        return self._kept.pop(run)
