"""The file of an SQLite database: this user's alone, and set aside where it cannot be ours."""

import errno
import logging
import os
import sqlite3
import sys
import time
from contextlib import closing, suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""A file is looked through for so long at most, at about 500 MB a second."""

HEADER = b"SQLite format 3\0"

BESIDE = ("", "-wal", "-shm")
"""What SQLite appends to a file's name: the parts of one database."""

MUCH, LARGE_SHARE = 10_000_000, 0.25
"""Empty bytes, and their share of a file, from which on it is written anew without them."""

RUNS = frozenset({"id", "owner", "instance", "spec", "state", "reason", "speed", "created"})
"""Columns of the table "runs" in every version of this program."""


def ready(file: Path) -> str:
    """Make the file unless it is there; one that cannot be ours is set aside, and a new one begun.

    Returns a sentence where one was set aside, else "". Raises OSError.
    """
    _for_this_user_alone(file)
    wrong = _fault(file)
    if not wrong:
        return ""
    aside = _set_aside(file)
    _for_this_user_alone(file)
    log.error("The database %s was %s: it is now called %s, and a new one was begun.", file, wrong, aside)
    return f"The database was {wrong}: it was set aside as {aside.name}, and a new one was begun."


class Claim:
    """That a process has a database under a server's name; it ends with the process.

    Args:
        file: of the database.
        instance: the server's name.
    """

    def __init__(self, file: Path, instance: str) -> None:
        self._file = file.with_name(f"{file.name}-{sha256(instance.encode()).hexdigest()[:8]}.lock")
        self._lock: int | None = None

    def take(self) -> bool:
        """Whether no other process has it. Where nobody can say, none has."""
        if self._lock is not None or sys.platform == "win32":
            return True
        import fcntl

        try:
            lock = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return True
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            return error.errno not in (errno.EACCES, errno.EAGAIN)
        self._lock = lock
        return True

    def give_back(self) -> None:
        """Let another have it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def inode(file: Path) -> int:
    """Which file has this name, as a number; 0 when none has, or nobody can say."""
    try:
        return file.stat().st_ino
    except OSError:
        return 0


def shrink(file: Path) -> None:
    """Give back what deleted rows have left empty, where that is much. Raises sqlite3.Error."""
    with closing(sqlite3.connect(file, timeout=LOOK_SECONDS)) as connection:
        pages, empty, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        if empty * size >= MUCH and empty >= pages * LARGE_SHARE:
            connection.execute("VACUUM")
            # The file itself follows when what was written beside it is brought in.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _for_this_user_alone(file: Path) -> None:
    """Make the file unless it is there. SQLite gives those beside it the same rights."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_dir():
        raise IsADirectoryError(f"{file} is a folder")
    file.touch(mode=0o600)
    file.chmod(0o600)


def _fault(file: Path) -> str:
    """What keeps a file that is there from being our database; "" when nothing does, or nobody can say."""
    with file.open("rb") as opened:
        if opened.read(len(HEADER)) not in (b"", HEADER):
            # SQLite itself would throw away what lies beside it.
            return "damaged"
    try:
        with closing(sqlite3.connect(file, timeout=LOOK_SECONDS)) as connection:
            end = time.monotonic() + LOOK_SECONDS
            connection.set_progress_handler(lambda: time.monotonic() > end, 1000)
            tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            columns = connection.execute("SELECT name FROM pragma_table_info('runs')").fetchall()
            if tables and not {name for (name,) in columns} >= RUNS:
                return "another program's"
            sound = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            return "" if sound else "damaged"
    except sqlite3.DatabaseError as error:
        # The lower byte is the kind. Locked, not to be opened, not looked through in time: no damage.
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return "damaged" if kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) else ""


def _set_aside(file: Path) -> Path:
    """Give a database a dated name beside its own, whole; nothing is deleted. Raises OSError."""
    day = date.today().isoformat()
    names = (f"{file.stem}-set-aside-{day}{n}{file.suffix}" for n in ("", *(f"-{i}" for i in range(2, 1000))))
    aside = next(path for path in map(file.with_name, names) if not path.exists())
    file.rename(aside)
    for ending in BESIDE[1:]:
        with suppress(FileNotFoundError):
            Path(f"{file}{ending}").rename(f"{aside}{ending}")
    return aside
