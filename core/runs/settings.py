"""What an operator may set, read once from the environment; every value has a working default."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
"""The repository: the worker is started here, and `var/` lies here."""


def _default_database() -> str:
    return f"sqlite:///{(ROOT / 'var' / 'sparsity_lab.sqlite').as_posix()}"


def _default_worker() -> tuple[str, ...]:
    return (sys.executable, "-m", "core.training.worker")


@dataclass(frozen=True)
class Settings:
    """How the runs room behaves.

    Attributes:
        database: an SQLAlchemy URL (SPARSITY_LAB_DATABASE).
        max_runs: how many runs, running or paused, share the worker; others queue (SPARSITY_LAB_MAX_RUNS).
        idle_minutes: a run nobody watches for so long is stopped (SPARSITY_LAB_IDLE_MINUTES).
        run_minutes: a run lasts at most so long, pauses included (SPARSITY_LAB_RUN_MINUTES).
        keep_days: ended runs older than this are deleted at the next start (SPARSITY_LAB_KEEP_DAYS).
        instance: the name of this server among several on one database: at its start it marks only
            its own left-over runs as interrupted (SPARSITY_LAB_INSTANCE).
        queued_per_owner: runs one owner may have waiting, beside the one that is active.
        evict_minutes: an ended run nobody watches leaves the memory after so long; the store has it.
        points_kept: moments of a run's curves that are kept at most; then every other one goes.
        frames_kept: the same for histograms and kernels, which are thirty times as large.
        worker: the command that starts the worker.
    """

    database: str = field(default_factory=_default_database)
    max_runs: int = 50
    idle_minutes: float = 10.0
    run_minutes: float = 120.0
    keep_days: float = 30.0
    instance: str = "main"
    queued_per_owner: int = 2
    evict_minutes: float = 5.0
    points_kept: int = 1000
    frames_kept: int = 120
    worker: tuple[str, ...] = field(default_factory=_default_worker)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the variables named above.

        Raises:
            ValueError: a variable is not a number above zero, in one sentence.
        """
        default = cls()
        return cls(
            database=environment.get("SPARSITY_LAB_DATABASE", default.database),
            max_runs=int(_positive(environment, "SPARSITY_LAB_MAX_RUNS", default.max_runs)),
            idle_minutes=_positive(environment, "SPARSITY_LAB_IDLE_MINUTES", default.idle_minutes),
            run_minutes=_positive(environment, "SPARSITY_LAB_RUN_MINUTES", default.run_minutes),
            keep_days=_positive(environment, "SPARSITY_LAB_KEEP_DAYS", default.keep_days),
            instance=environment.get("SPARSITY_LAB_INSTANCE", default.instance),
        )


def _positive(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name, str(default))
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < float("inf") or (isinstance(default, int) and value != int(value)):
        kind = "whole number" if isinstance(default, int) else "number"
        raise ValueError(f"{name} must be a {kind} above zero, got '{text}'.")
    return value
