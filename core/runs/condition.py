"""How the server is, in numbers and words that tell nothing of anybody."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.runs.trainers.pool import PoolState

LITTLE_BYTES = 200_000_000
"""Of free disk: a class writes as much in an hour."""

STARTING = "The training process is starting."
LOST = "The training process has ended and is started again."
TRAINER_SILENT = "A training process does not answer: if it goes on so, it is replaced and its runs go on."
SILENT = "The database does not answer: what is done now is lost when the server ends before it does."
NO_ROOM = "Less than 200 MB of disk are free."


@dataclass(frozen=True)
class Condition:
    """How the server is now.

    Attributes:
        worker: whether runs can be trained.
        silent: whether a trainer may be hung.
        database: whether it answers, and takes what is written.
        running, queued: runs that have a place (paused ones have, too), and runs that wait for one.
        viewers: open pictures of runs.
        free_bytes: of the disk that weights are written to.
    """

    worker: PoolState
    silent: bool
    database: bool
    running: int
    queued: int
    viewers: int
    free_bytes: int

    @property
    def why(self) -> list[str]:
        """What is not as it should be, in sentences."""
        worker = {"starting": [STARTING], "lost": [LOST], "ready": []}[self.worker]
        worker += [TRAINER_SILENT] * self.silent
        return worker + [SILENT] * (not self.database) + [NO_ROOM] * (self.free_bytes < LITTLE_BYTES)

    @property
    def status(self) -> Literal["ready", "degraded", "not ready"]:
        """Not ready: nothing can be trained. Degraded: everything can be done, but something may be lost."""
        return "not ready" if self.worker != "ready" else "degraded" if self.why else "ready"


def free_bytes(folder: Path) -> int:
    """How much fits on the disk of a folder, which may not be there yet."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    return shutil.disk_usage(there).free
