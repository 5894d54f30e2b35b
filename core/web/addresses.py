"""Where the browser finds what never changes: an address names its content, so it may be kept for ever."""

import hashlib
from functools import cache
from pathlib import Path

PLOTLY = next((Path(__file__).parent / "plotly").glob("*.min.js"))
"""Plotly's script as its authors publish it, with the traces of plane axes alone: a third of the whole."""

PLOTLY_PATH = f"/assets/{PLOTLY.name}"

DIGITS = 12
"""Hexadecimal digits of a hash in an address."""


@cache
def modules_path(folder: Path) -> str:
    """Where a folder of browser modules is served: another address for other modules."""
    told = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        told.update(file.relative_to(folder).as_posix().encode())
        told.update(hashlib.sha256(file.read_bytes()).digest())
    return f"/assets/{told.hexdigest()[:DIGITS]}"
