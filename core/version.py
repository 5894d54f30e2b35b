"""Which program trains: a run goes on bit for bit only where the same one does."""

from functools import cache
from hashlib import sha256
from pathlib import Path

CORE = Path(__file__).resolve().parent

FILES = ("checkpoints.py", "cost.py", "refusals.py", "snapshots.py", "spec.py", "uncertainty.py")
ROOMS = ("data", "inspect", "maths", "smaller", "training", "worker")
"""What of this folder decides about numbers, and about what is said of them."""


@cache
def version() -> str:
    """A few characters that are others as soon as a line of the trainer's rooms is."""
    files = [CORE / name for name in FILES]
    for room in ROOMS:
        files += (CORE / room).rglob("*.py")
    digest = sha256()
    for file in sorted(files):
        # Read as text: Git may have ended the lines in another way.
        digest.update(f"{file.relative_to(CORE).as_posix()}\n{file.read_text(encoding='utf-8')}".encode())
    return digest.hexdigest()[:12]
