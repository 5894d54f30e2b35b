"""Bodies made small, each once: quickly for who asks first, then as small as it gets, kept on disk."""

import gzip
import hashlib
import logging
import os
import secrets
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Literal

import brotli

log = logging.getLogger(__name__)

Coding = Literal["br", "gzip", "identity"]

CODINGS: tuple[Coding, ...] = ("br", "gzip", "identity")
"""What a body can be sent in, the smallest first."""

QUICK, SMALLEST = 5, 11
"""Brotli's qualities: of 4 MB the first takes 0.1 s, the second 8 s and a tenth fewer bytes."""


NICEST = 19


def accepted(header: str) -> Coding:
    """The coding that an Accept-Encoding likes best; of those that it likes as much, the smallest."""
    weights = dict(map(_weight, header.lower().split(",")))
    others = weights.get("*", 0.0)
    liked = {coding: weights.get(coding, others) for coding in CODINGS}
    # As it is, a body may be sent unless that was ruled out.
    liked["identity"] = weights.get("identity", 1e-3)
    return max(CODINGS, key=liked.__getitem__)


def _weight(part: str) -> tuple[str, float]:
    coding, *parameters = (word.strip() for word in part.split(";"))
    written = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return coding, float(written)
    except ValueError:
        return coding, 0.0


def _step_back() -> None:
    """Let every other thread of the machine go first: Linux counts niceness by thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICEST)


class Body:
    """What is sent, with the name of its content."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.digest = hashlib.sha256(content).hexdigest()


class Compressor:
    """Each body in each coding, the same bytes for everybody who asks. Thread-safe.

    Args:
        folder: where the smallest forms are kept from one start to the next.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._made: dict[tuple[str, Coding], bytes] = {}
        self._background = ThreadPoolExecutor(1, "compress", _step_back)

    def close(self) -> None:
        """Begin nothing more."""
        self._background.shutdown(wait=False, cancel_futures=True)

    def known(self, body: Body, coding: Coding) -> bytes | None:
        """The body in a coding, if that takes no time."""
        return body.content if coding == "identity" else self._made.get((body.digest, coding))

    def of(self, body: Body, coding: Coding) -> bytes:
        """The body in a coding; the first time this takes up to 0.2 s."""
        with self._lock:
            made = self.known(body, coding)
            if made is None:
                made = self._first(body, coding)
                self._made[body.digest, coding] = made
            return made

    def _first(self, body: Body, coding: Coding) -> bytes:
        if coding == "gzip":
            return gzip.compress(body.content, mtime=0)
        kept = self._kept(body)
        if kept is None:
            self._background.submit(self._shrink, body)
            kept = brotli.compress(body.content, quality=QUICK)
        return kept

    def _shrink(self, body: Body) -> None:
        smallest: bytes = brotli.compress(body.content, quality=SMALLEST)
        with self._lock:
            self._made[body.digest, "br"] = smallest
        self._keep(body, smallest)

    def _file(self, body: Body) -> Path:
        return self._folder / f"{body.digest}.br"

    def _kept(self, body: Body) -> bytes | None:
        """What an earlier start has made, if it is whole."""
        try:
            kept = self._file(body).read_bytes()
            return kept if brotli.decompress(kept) == body.content else None
        except (OSError, brotli.error):
            return None

    def _keep(self, body: Body, smallest: bytes) -> None:
        """Written beside, then moved in: another process never reads half a file."""
        file = self._file(body)
        beside = file.with_suffix(f".{secrets.token_hex(4)}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(smallest)
            os.replace(beside, file)
        except OSError as error:
            log.info("compressed files are not kept: %s", error)
