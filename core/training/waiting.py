"""Runs whose images are still on their way, and what they were told meanwhile."""

from collections.abc import Collection

from core.training.news import Loading
from core.training.protocol import BadLineError, Command, Start, Stop
from core.training.session import Emit

Kept = list[tuple[str, Command | BadLineError]]
"""Lines, each with its command, in order of arrival."""


class Waiting:
    """Runs that start when their dataset is there."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._datasets: dict[str, str] = {}
        self._kept: dict[str, Kept] = {}

    @property
    def runs(self) -> Collection[str]:
        """The ids of those that wait."""
        return self._datasets.keys()

    def add(self, line: str, start: Start) -> None:
        """Take in a run; its start is the first command it will obey."""
        self._datasets[start.run] = start.spec.dataset
        self._kept[start.run] = [(line, start)]

    def keep(self, line: str, command: Command) -> None:
        """Keep a command for later; a stop ends the run now."""
        if isinstance(command, Stop):
            self._forget(command.run)
            self._emit("finished", {"run": command.run, "reason": "stopped"})
        else:
            self._kept[command.run].append((line, command))

    def tell(self, news: Loading, only: str = "") -> None:
        """Write how far a dataset is, for the runs (or the one run) that wait for it."""
        for run, dataset in self._datasets.items():
            if dataset == news.dataset and only in ("", run):
                self._emit("loading", {"run": run, "text": news.text, "share": round(news.share, 4)})

    def leave(self, dataset: str) -> list[tuple[str, Kept]]:
        """Let go of the runs that waited for a dataset, with what each was told."""
        runs = [run for run, wanted in self._datasets.items() if wanted == dataset]
        return [(run, self._forget(run)) for run in runs]

    def _forget(self, run: str) -> Kept:
        del self._datasets[run]
        return self._kept.pop(run)
