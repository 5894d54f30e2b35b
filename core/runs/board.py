"""Which runs go, which wait and which are over; decided in one place, told to everyone concerned."""

from collections.abc import Callable
from typing import Any

from core.runs.entries import Entry
from core.runs.settings import Settings
from core.runs.views import Refused, RunView, State
from core.runs.worker_process import Worker
from core.runs.writer import Writer

QUEUE_PER_SLOT = 4
"""Waiting runs per slot before a start is refused: more would wait longer than anybody does."""

WORKER_LOST = "Worker lost: the training process ended unexpectedly."
WAITING_FOR_WORKER = "Waiting for the training process to start."


class Board:
    """The runs in memory. Not thread-safe: `Runs` holds its lock around every call."""

    def __init__(
        self, settings: Settings, clock: Callable[[], float], worker: Worker, writer: Writer
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._worker = worker
        self._writer = writer
        self._entries: dict[str, Entry] = {}
        self._keys: dict[tuple[str, str], Entry] = {}

    def get(self, run: str) -> Entry | None:
        """A run in memory."""
        return self._entries.get(run)

    def by_key(self, owner: str, key: str) -> Entry | None:
        """The run an owner started with this key."""
        return self._keys.get((owner, key))

    def add(self, entry: Entry, key: str) -> None:
        """Take a new run in, if its owner and the queue have room. Raises Refused."""
        going = self.going()
        own = sum(other.owner == entry.owner for other in going)
        if own > self._settings.queued_per_owner:
            raise Refused(f"You already have {own} runs going or waiting: stop one of them first.")
        if len(going) >= (1 + QUEUE_PER_SLOT) * self._settings.max_runs:
            raise Refused(f"The queue is full, {len(going)} runs: try again in a few minutes.")
        self._entries[entry.id] = entry
        self._keys[entry.owner, key] = entry

    def going(self) -> list[Entry]:
        """Runs that have not ended, oldest first."""
        return [entry for entry in self._entries.values() if entry.going]

    def view(self, entry: Entry) -> RunView:
        """A run as others see it now."""
        return entry.view(self._positions().get(entry.id, 0))

    def tell(self, entry: Entry, op: str, **values: Any) -> None:
        """Send an order to the worker, if it has the run."""
        if entry.active:
            self._worker.send({"op": op, "run": entry.id, **values})

    def end(self, entry: Entry, state: State, reason: str) -> None:
        """End a run for everybody; the worker is told where it has it."""
        self.tell(entry, "stop")
        entry.state, entry.reason, entry.ended = state, reason, self._clock()

    def over(self, entry: Entry, kind: str, reason: str) -> None:
        """Take in that the worker is done with a run: `finished` or `failed`, and its reason."""
        state: State = "failed" if kind == "failed" else "stopped" if reason == "stopped" else "finished"
        reason = "" if reason in ("done", "stopped") else reason
        entry.state, entry.reason, entry.ended = state, reason, self._clock()

    def settle(self) -> None:
        """Start what can start, and tell viewers and the store what has changed."""
        self._start_waiting()
        positions = self._positions()
        for entry in self._entries.values():
            view = entry.view()
            if view != entry.written:
                self._writer.run(view)
                entry.written = view
            reason = self._general_reason(entry)
            entry.feed.set_status(entry.status(positions.get(entry.id, 0), reason, self._worker.device))

    def tick(self) -> None:
        """End runs that are over time, forget those that are over."""
        now = self._clock()
        for entry in list(self._entries.values()):
            if entry.watchers:
                entry.watched = now
            if entry.going:
                self._end_over_time(entry, now)
            elif self._forgettable(entry, now):
                del self._entries[entry.id]
        self._keys = {key: entry for key, entry in self._keys.items() if entry.id in self._entries}
        self.settle()

    def lose_worker(self) -> None:
        """End what the worker had; what waits goes on waiting."""
        for entry in self._entries.values():
            entry.feed.finish()
            if entry.active:
                entry.state, entry.reason, entry.ended = "failed", WORKER_LOST, self._clock()
        self.settle()

    def _start_waiting(self) -> None:
        if self._worker.state != "ready":
            return
        active = [entry for entry in self._entries.values() if entry.active]
        free = self._settings.max_runs - len(active)
        busy = {entry.owner for entry in active}
        for entry in self.going():
            if free > 0 and entry.state == "queued" and entry.owner not in busy:
                self._start(entry)
                busy.add(entry.owner)
                free -= 1

    def _start(self, entry: Entry) -> None:
        self._worker.send(entry.start_message())
        for message in entry.steps:
            self._worker.send(message)
        entry.state = "paused" if entry.paused else "running"
        entry.started = self._clock()

    def _positions(self) -> dict[str, int]:
        waiting = (entry for entry in self._entries.values() if entry.state == "queued")
        return {entry.id: place for place, entry in enumerate(waiting, start=1)}

    def _general_reason(self, entry: Entry) -> str:
        if entry.state == "queued" and self._worker.state != "ready":
            return WAITING_FOR_WORKER
        return (self._writer.trouble or entry.unkept) if entry.going else ""

    def _end_over_time(self, entry: Entry, now: float) -> None:
        idle, longest = self._settings.idle_minutes, self._settings.run_minutes
        if now - entry.watched > 60 * idle:
            self.end(entry, "stopped", f"Stopped because nobody watched this run for {idle:g} minutes.")
        elif entry.active and now - entry.started > 60 * longest:
            self.end(entry, "stopped", f"Stopped because a run may last {longest:g} minutes at most.")

    def _forgettable(self, entry: Entry, now: float) -> bool:
        # While the store cannot be written, this memory is the only copy.
        seconds = 60 * self._settings.evict_minutes
        since = max(entry.ended, entry.watched)
        return not entry.watchers and now - since > seconds and not self._writer.trouble
