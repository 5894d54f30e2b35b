"""One thread that writes what the runs gather to the store, once a second."""

import logging
from threading import Event, Lock, Thread

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from core.runs.store.batch import Batch
from core.runs.store.store import Store
from core.runs.views import Origin, RunView

log = logging.getLogger(__name__)

SECONDS = 1.0

MOMENTS_WAITING = 20_000
"""Moments kept for a database that does not answer (about 40 MB); then the oldest go."""

TROUBLE = "Results cannot be saved at the moment, so this run may be lost at a restart."


class Writer:
    """Gathers from any thread, writes from one. A database in trouble is retried, never waited for.

    Attributes:
        trouble: one sentence while the last write failed, else "".
    """

    def __init__(self, store: Store) -> None:
        self.trouble = ""
        self._store = store
        self._lock = Lock()
        self._batch = Batch()
        self._stop = Event()
        self._thread = Thread(target=self._work, name="store-writer", daemon=True)

    def start(self) -> None:
        """Write once a second from now on."""
        self._thread.start()

    def close(self) -> None:
        """Write what is left and end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5.0)
        self.flush()

    def run(self, view: RunView) -> None:
        """A run as it is now."""
        with self._lock:
            self._batch.runs[view.id] = view

    def origin(self, run: str, origin: Origin) -> None:
        """What a run is when it starts."""
        with self._lock:
            self._batch.origins[run] = origin

    def move(self, run: str, number: int, body: str) -> None:
        """A move that was made, as JSON."""
        with self._lock:
            self._batch.moves[run, number] = {"run": run, "number": number, "body": body}

    def event(self, run: str, number: int, body: str) -> None:
        """An event to keep, as JSON."""
        with self._lock:
            self._batch.events[run, number] = {"run": run, "number": number, "body": body}

    def moment(self, run: str, number: int, points: bytes, frames: bytes | None) -> None:
        """A moment to keep, packed; the same number again replaces the first."""
        row = {"run": run, "number": number, "points": points, "frames": frames}
        with self._lock:
            self._batch.moments[run, number] = row

    def thinned(self, run: str, points_stride: int, frames_stride: int) -> None:
        """Only moments whose number is a multiple of the stride are to be kept."""
        with self._lock:
            self._batch.thin(run, points_stride, frames_stride)

    def flush(self) -> None:
        """Write what has gathered; on failure keep it for the next time."""
        with self._lock:
            batch, self._batch = self._batch, Batch()
        if not batch:
            return
        try:
            self._store.write(batch)
            self.trouble = ""
        except IntegrityError:
            # Rows the database will never take: another try cannot help.
            log.exception("the store refused a batch, which is dropped")
        except SQLAlchemyError as error:
            if not self.trouble:
                log.error("the store cannot be written: %s", error)
            self.trouble = TROUBLE
            self._put_back(batch)

    def _put_back(self, batch: Batch) -> None:
        with self._lock:
            self._batch.add_under(batch)
            surplus = len(self._batch.moments) - MOMENTS_WAITING
            for key in list(self._batch.moments)[: max(surplus, 0)]:
                del self._batch.moments[key]

    def _work(self) -> None:
        while not self._stop.wait(SECONDS):
            self.flush()
