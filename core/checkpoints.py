"""The files that keep a run's weights: where they lie, which one goes when there is no room, which stay.

A folder per run; the worker writes it, the web side reads it and pins. Nothing here imports torch.
"""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Self

ROOT = Path(__file__).resolve().parents[1]

DEFAULT_MB = 500.0

MAX_MODEL_BYTES = 32_000_000
MAX_JSON_BYTES = 65_536
"""Of the two files of a model that somebody brings back."""

LEFTOVER_SECONDS = 600.0
"""A half-written file nobody has written to for so long is a dead process's."""

PIN = "pinned"
"""A run with a file of this name keeps its newest weights for good, older ones as long as there is room."""

_RUN = re.compile(r"[\w-]{1,64}", re.ASCII)
_EXAMPLE = re.compile(r"example\.(\w{1,60})\.0", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][\w-]{0,99}(\.[a-z]{1,12})?", re.ASCII)
_TEMPORARY = ".half-"
_MOMENT = "*.weights.safetensors"


class NotKeptError(Exception):
    """A file could not be kept or is not there. `str()` is one sentence."""


class _File(NamedTuple):
    """A file under any of its names: when it was written (ns), which it is, its bytes."""

    written: int
    number: int
    size: int


@dataclass(frozen=True)
class Checkpoints:
    """A bounded store of files.

    Attributes:
        folder: where; it is made when the first file is written.
        limit: bytes of all files together; the oldest ones of runs that are not pinned make room first, then
            the older weights of pinned ones.
        examples: where the weights of the example run `example.NAME.0` lie, under NAME, only to be read; None
            where there are none.
    """

    folder: Path
    limit: int
    examples: Path | None = None

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, examples: Path | None = None
    ) -> Self:
        """Read SPARSITY_LAB_CHECKPOINTS and SPARSITY_LAB_CHECKPOINT_MB.

        Raises:
            ValueError: the number of megabytes is none, in one sentence.
        """
        folder = Path(environment.get("SPARSITY_LAB_CHECKPOINTS") or ROOT / "var" / "checkpoints")
        text = environment.get("SPARSITY_LAB_CHECKPOINT_MB", str(DEFAULT_MB))
        try:
            megabytes = float(text)
        except ValueError:
            megabytes = 0.0
        if not 0.0 < megabytes < float("inf"):
            raise ValueError(f"SPARSITY_LAB_CHECKPOINT_MB must be a number above zero, got '{text}'.")
        return cls(folder.expanduser().absolute(), int(megabytes * 1e6), examples)

    def of(self, run: str) -> Path:
        """The folder of a run, whatever characters its id has."""
        known = _RUN.fullmatch(run) is not None
        return self.folder / (run if known else f"run-{sha256(run.encode()).hexdigest()[:40]}")

    def steps(self, run: str) -> list[int]:
        """The steps at which the weights of a run were kept, in order."""
        names = (path.name.partition(".")[0] for path in self._shelf(run).glob(_MOMENT))
        return sorted(int(name) for name in names if name.isdecimal())

    def keep(self, run: str, name: str, data: bytes) -> None:
        """Write a file as a whole; files of other moments go where there is no room.

        Raises:
            NotKeptError: there is no room even so, or the folder cannot be written.
        """
        target = self.of(run) / self._named(name)
        try:
            self._make_room(target, len(data))
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, half = tempfile.mkstemp(prefix=_TEMPORARY, dir=target.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                os.replace(half, target)
            except BaseException:
                Path(half).unlink(missing_ok=True)
                raise
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            raise NotKeptError(f"The weights of this moment could not be kept ({why}).") from error

    def share(self, run: str, other: str, step: int) -> None:
        """Give another run the weights of a step that an equal one has kept, if they still are.

        It is one file under two names: each goes by itself, and the room it takes with the last.
        """
        name = moment_name(step)
        source, target = self.path(run, name), self.of(other) / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(source, target)
        except OSError:
            # Gone already, there already, or a file system without links: a question says it is not kept.
            return

    def read(self, run: str, name: str, most: int | None = None) -> bytes:
        """The content of a file, of which not more than `most` bytes are read. Raises NotKeptError."""
        try:
            with self.path(run, name).open("rb") as file:
                return file.read(-1 if most is None else most)
        except OSError as error:
            raise NotKeptError(
                "This file is no longer kept: older files make room for newer ones."
            ) from error

    def remove(self, run: str, name: str) -> None:
        """Let a file go, if it is there and can go."""
        try:
            (self.of(run) / self._named(name)).unlink(missing_ok=True)
        except OSError:
            return

    def forget(self, run: str) -> None:
        """Let everything of a run go, pinned or not."""
        shutil.rmtree(self.of(run), ignore_errors=True)

    def pin(self, run: str, pinned: bool = True) -> None:
        """Keep all files of a run for good, or no longer. Raises NotKeptError."""
        mark = self.of(run) / PIN
        try:
            if pinned:
                mark.parent.mkdir(parents=True, exist_ok=True)
                mark.touch()
            else:
                mark.unlink(missing_ok=True)
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            raise NotKeptError(f"The run could not be pinned ({why}).") from error

    def pinned(self, run: str) -> bool:
        """Whether the files of a run are kept for good."""
        return (self.of(run) / PIN).exists()

    def pins(self) -> list[str]:
        """The folders, named as their runs, whose files are kept for good."""
        return [path.parent.name for path in self.folder.glob(f"*/{PIN}")]

    def path(self, run: str, name: str) -> Path:
        """Where a file lies. Raises NotKeptError for a name that is none of ours."""
        return self._shelf(run) / self._named(name)

    def _shelf(self, run: str) -> Path:
        """Where the files of a run are read: an example's came with the program."""
        example = _EXAMPLE.fullmatch(run)
        return self.examples / example[1] if self.examples is not None and example else self.of(run)

    def _named(self, name: str) -> str:
        if not _NAME.fullmatch(name.replace(".weights.", ".")):
            raise NotKeptError("There is no file of this name.")
        return name

    def _make_room(self, target: Path, n_bytes: int) -> None:
        megabytes = self.limit / 1e6
        if n_bytes > self.limit:
            raise NotKeptError(
                f"The weights of this moment take {n_bytes / 1e6:.1f} MB, "
                f"more than all checkpoints may ({megabytes:g} MB)."
            )
        files = self._files()
        files.pop(target, None)
        names: dict[int, list[Path]] = {}
        for path, file in files.items():
            names.setdefault(file.number, []).append(path)
        held = {path.parent for path in self.folder.glob(f"*/{PIN}")}
        # A file of several runs makes room when none of its names is left.
        shared = [(files[paths[0]], paths) for paths in names.values()]
        newest = {max(found)[1] for folder in held if (found := _moments(files, folder))}
        # A run that is pinned while λ moves writes a file a second: it must not take everybody's room.
        free = [
            (any(path.parent in held for path in paths), file, paths)
            for file, paths in shared
            if all(path.parent not in held or (path not in newest and path.match(_MOMENT)) for path in paths)
        ]
        over = sum(file.size for file, _ in shared) + n_bytes - self.limit
        if over > sum(file.size for _, file, _ in free):
            raise NotKeptError(
                f"The checkpoints are full of pinned runs ({megabytes:g} MB): unpin one to keep newer ones."
            )
        for _, file, paths in sorted(free):
            if over <= 0:
                return
            over -= file.size
            for path in paths:
                path.unlink(missing_ok=True)
                if not any(path.parent.iterdir()):
                    path.parent.rmdir()

    def _files(self) -> dict[Path, "_File"]:
        """What is known of every file; half-written ones that are left over go."""
        found = {}
        for path in self.folder.glob("*/*"):
            try:
                status = path.stat()
                if path.name.startswith(_TEMPORARY):
                    if time.time() - status.st_mtime > LEFTOVER_SECONDS:
                        path.unlink(missing_ok=True)
                elif path.name != PIN:
                    found[path] = _File(status.st_mtime_ns, status.st_ino, status.st_size)
            except FileNotFoundError:
                continue  # Another worker has just made room.
        return found


def moment_name(step: int) -> str:
    """The file of the weights at a step."""
    return f"{step:09d}.weights.safetensors"


def _moments(files: Mapping[Path, "_File"], folder: Path) -> list[tuple["_File", Path]]:
    """The weights that lie in a folder, each with what is known of its file."""
    return [(file, path) for path, file in files.items() if path.parent == folder and path.match(_MOMENT)]
