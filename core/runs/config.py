"""What an operator may set, read once from the environment; every value has a working default."""

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from sqlalchemy import URL
from sqlalchemy.engine import make_url

from core.runs.examples import FOLDER
from core.runs.store.owners import SECRET_BYTES

ROOT = Path(__file__).resolve().parents[2]
"""The repository: trainers are started here, and `var/` lies here."""


def _default_database() -> URL:
    # In parts: in one text, a ? in a folder's name would end it.
    return URL.create("sqlite", database=(ROOT / "var" / "sparsity_lab.sqlite").as_posix())


def _default_worker() -> tuple[str, ...]:
    return (sys.executable, "-m", "core.worker", str(FOLDER))


COMMANDS = "SPARSITY_LAB_TRAINER_COMMANDS"


@dataclass(frozen=True)
class Config:
    """How the runs room behaves.

    Attributes:
        database: an SQLAlchemy URL (SPARSITY_LAB_DATABASE).
        max_runs: how many runs, running or paused, share the trainers; others queue (SPARSITY_LAB_MAX_RUNS).
        idle_minutes: a run nobody watches for so long is stopped (SPARSITY_LAB_IDLE_MINUTES).
        run_minutes: a run lasts at most so long, pauses included (SPARSITY_LAB_RUN_MINUTES).
        keep_days: ended runs older than this are deleted, looked for once a day (SPARSITY_LAB_KEEP_DAYS).
        secret: what signs browsers' names, the same for all servers on one database (SPARSITY_LAB_SECRET);
            "": one in a file beside the database, see `secret_file`.
        instance: the name of this server among several on one database: at its start it marks only
            its own left-over runs as interrupted (SPARSITY_LAB_INSTANCE).
        update_budget: billions of multiply–adds that an update of all lanes of a run may take: so long nobody
            else's run gets on (SPARSITY_LAB_UPDATE_BUDGET).
        together: whether equal runs are trained once for all who start them (SPARSITY_LAB_TOGETHER, 1 or 0).
        queued_per_owner: runs one owner may have waiting, beside the one that is active.
        starts_per_minute: how many runs an owner may begin within a minute.
        evict_minutes: an ended run nobody watches leaves the memory after so long; the store has it.
        points_kept: moments of a run's curves that are kept at most; then every other one goes.
        frames_kept: the same for histograms and kernels, which are thirty times as large.
        worker: the command that starts a trainer on this machine.
        trainers: how many there are at most; 0 for one per GPU or core (SPARSITY_LAB_TRAINERS).
        commands: that start a trainer each, on any machine, instead of those of this one
            (SPARSITY_LAB_TRAINER_COMMANDS).
    """

    database: str | URL = field(default_factory=_default_database)
    max_runs: int = 300
    idle_minutes: float = 10.0
    run_minutes: float = 120.0
    keep_days: float = 30.0
    secret: str = field(default="", repr=False)
    instance: str = "main"
    update_budget: float = 15.0
    together: bool = True
    queued_per_owner: int = 2
    starts_per_minute: int = 30
    evict_minutes: float = 5.0
    points_kept: int = 1000
    frames_kept: int = 120
    worker: tuple[str, ...] = field(default_factory=_default_worker)
    trainers: int = 0
    commands: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the variables named above.

        Raises:
            ValueError: a variable is not what it must be, in one sentence.
        """
        default = cls()
        trainers = int(_positive(environment, "SPARSITY_LAB_TRAINERS", 1))
        counted, commands = "SPARSITY_LAB_TRAINERS" in environment, _commands(environment)
        if counted and commands:
            raise ValueError(f"SPARSITY_LAB_TRAINERS must be left out beside {COMMANDS}, got '{trainers}'.")
        return cls(
            database=environment.get("SPARSITY_LAB_DATABASE", default.database),
            max_runs=int(_positive(environment, "SPARSITY_LAB_MAX_RUNS", default.max_runs)),
            idle_minutes=_positive(environment, "SPARSITY_LAB_IDLE_MINUTES", default.idle_minutes),
            run_minutes=_positive(environment, "SPARSITY_LAB_RUN_MINUTES", default.run_minutes),
            keep_days=_positive(environment, "SPARSITY_LAB_KEEP_DAYS", default.keep_days),
            secret=_secret(environment),
            instance=environment.get("SPARSITY_LAB_INSTANCE", default.instance),
            together=_switch(environment, "SPARSITY_LAB_TOGETHER", default.together),
            update_budget=_positive(environment, "SPARSITY_LAB_UPDATE_BUDGET", default.update_budget),
            trainers=trainers if counted else default.trainers,
            commands=commands,
        )

    @property
    def secret_file(self) -> Path:
        """Where the secret lies that was made here: beside an SQLite file, else under `var`."""
        url = make_url(self.database)
        is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
        return Path(str(url.database)).with_suffix(".secret") if is_file else ROOT / "var" / "owners.secret"


def _secret(environment: Mapping[str, str]) -> str:
    secret = environment.get("SPARSITY_LAB_SECRET", "")
    if secret and len(secret) < SECRET_BYTES:
        # What it was is nobody's business.
        raise ValueError(
            f"SPARSITY_LAB_SECRET must have {SECRET_BYTES} characters or more, got {len(secret)}."
        )
    return secret


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


def _switch(environment: Mapping[str, str], name: str, default: bool) -> bool:
    text = environment.get(name, str(int(default)))
    if text not in ("0", "1"):
        raise ValueError(f"{name} must be 0 or 1, got '{text}'.")
    return text == "1"


def _commands(environment: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Commands, a line each or with ; between them, which may stand in quotes within one."""
    text = environment.get(COMMANDS, "")
    found: list[list[str]] = [[]]
    try:
        for line in text.splitlines():
            words = shlex.shlex(line, posix=True, punctuation_chars=";")
            words.whitespace_split, words.commenters = True, ""
            for word in [*words, ";"]:
                found[-1:] = [found[-1], []] if set(word) == {";"} else [[*found[-1], word]]
    except ValueError:
        raise ValueError(f"{COMMANDS} must be commands, a line each, got '{text}'.") from None
    return tuple(tuple(words) for words in found if words)
