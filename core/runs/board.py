"""Which runs go, which wait and which are over; decided in one place, told to everyone concerned."""

import json
import logging
from collections.abc import Callable, Collection
from typing import Any

from core.checkpoints import Checkpoints
from core.cost import too_heavy
from core.runs.config import Config
from core.runs.convoys.convoys import Convoys
from core.runs.entries import Entry
from core.runs.store.writer import Writer
from core.runs.trainers.pool import Pool
from core.runs.views import Refused, RunView, State
from core.spec import Moved

log = logging.getLogger(__name__)

QUEUE_PER_SLOT = 4
"""Waiting runs per slot before a start is refused: more would wait longer than anybody does."""

MINUTE = 60.0


FEW = 2
"""Training runs for each trainer of which nobody needs to know."""

WORKER_LOST = "Worker lost: the training process ended unexpectedly, again and again at the same step."
TRAINER_SILENT = "The training process does not answer: unless it does soon, this run goes on in another one."
WAITING_FOR_WORKER = "Waiting for the training process to start."


class Board:
    """The runs in memory. Not thread-safe: `Runs` holds its lock around every call.

    Attributes:
        convoys: those of them that are trained together.
    """

    def __init__(
        self,
        config: Config,
        clock: Callable[[], float],
        pool: Pool,
        writer: Writer,
        weights: Checkpoints,
    ) -> None:
        self._config = config
        self._clock = clock
        self._pool = pool
        self._writer = writer
        self._entries: dict[str, Entry] = {}
        self._keys: dict[tuple[str, str], Entry] = {}
        self._starts: dict[str, list[float]] = {}
        self._sharing = 0
        self._weights = weights
        self.convoys = Convoys(self, config, clock, weights.share)

    def get(self, run: str) -> Entry | None:
        """A run in memory."""
        return self._entries.get(run)

    def by_key(self, owner: str, key: str) -> Entry | None:
        """The run an owner started with this key."""
        return self._keys.get((owner, key))

    def add(self, entry: Entry, key: str) -> None:
        """Take a new run in, if its updates are short and there is room for it. Raises Refused."""
        if why := too_heavy(entry.spec, int(1e9 * self._config.update_budget)):
            raise Refused(why)
        going = self.going()
        own = sum(other.owner == entry.owner for other in going)
        if own > self._config.queued_per_owner:
            raise Refused(f"You already have {own} runs going or waiting: stop one of them first.")
        own_training = sum(other.leader is None for other in going)
        if own_training >= (1 + QUEUE_PER_SLOT) * self._config.max_runs:
            raise Refused(f"The queue is full, {own_training} runs: try again in a few minutes.")
        self._brake(entry.owner)
        self._entries[entry.id] = entry
        self._keys[entry.owner, key] = entry

    def _brake(self, owner: str) -> None:
        """Note that an owner starts a run, unless there were too many within a minute. Raises Refused."""
        now, most = self._clock(), self._config.starts_per_minute
        self._starts = {
            each: recent
            for each, times in self._starts.items()
            if (recent := [t for t in times if t > now - MINUTE])
        }
        own = self._starts.setdefault(owner, [])
        if len(own) >= most:
            raise Refused(f"You have started {most} runs within a minute: wait a moment.", retry=True)
        own.append(now)

    def bring_back(self, entry: Entry) -> None:
        """Take a run in that was going when the server ended."""
        self._entries[entry.id] = entry

    def place(self, run: str, question: str) -> tuple[str, int | None] | None:
        """The run that is trained in a run's place, and the step it has shown itself; None where none is.

        Whoever watches single weights has them noted in a training of their own.
        """
        entry = self._entries.get(run)
        if entry is None or entry.leader is None:
            return None
        if question == "watch":
            self.convoys.leave(entry)
            self.settle()
            return None
        return entry.leader.id, entry.feed.shown

    def put(self, entry: Entry) -> None:
        """Take in a run of nobody's, which others follow: it waits for no slot."""
        self._entries[entry.id] = entry
        if self._pool.open:
            self._start(entry)

    def keep_again(self) -> None:
        """Tell the store all that is known once more: it may have lost it."""
        for entry in self._owned():
            entry.written = None
            entry.feed.keep_again()
            if entry.origin is not None:
                self._writer.origin(entry.id, entry.origin)
                self.keep_moves(entry)

    def keep_moves(self, entry: Entry) -> None:
        """Note the moves of a run that has them from another."""
        for number, made in enumerate(entry.moves):
            self._writer.move(entry.id, number, json.dumps(made.to_dict()))

    def moved(self, entry: Entry, made: Moved) -> None:
        """Take in that a move was made."""
        self._writer.move(entry.id, len(entry.moves), json.dumps(made.to_dict()))
        entry.moves.append(made)
        if entry.origin is not None and made in entry.origin.planned:
            # Nobody has asked for it just now: the settings follow.
            entry.spec = entry.feed.spec = entry.spec.after([made])
            self.settle()

    def going(self) -> list[Entry]:
        """Runs that have not ended, oldest first."""
        return [entry for entry in self._entries.values() if entry.going]

    @property
    def viewers(self) -> int:
        """Open pictures of runs in memory."""
        return sum(entry.watchers for entry in self._entries.values())

    def of(self, owner: str) -> list[Entry]:
        """An owner's runs in memory, oldest first."""
        return [entry for entry in self._entries.values() if entry.owner == owner]

    def drop(self, run: str) -> None:
        """Forget a run, which has ended."""
        self._entries.pop(run, None)
        self._keys = {key: entry for key, entry in self._keys.items() if entry.id != run}

    def view(self, entry: Entry) -> RunView:
        """A run as others see it now."""
        return entry.view(self._positions().get(entry.id, 0))

    def tell(self, entry: Entry, op: str, **values: Any) -> None:
        """Send an order to the trainer that has the run; see to those who are trained together with it."""
        if not self.convoys.order(entry, op, values):
            self.send(entry, op, **values)

    def send(self, entry: Entry, op: str, **values: Any) -> None:
        """Send an order to the trainer that has the run, if one has it."""
        if entry.trained:
            self._pool.send({"op": op, "run": entry.id, **values})

    def end(self, entry: Entry, state: State, reason: str) -> None:
        """End a run for everybody; a trainer that has it is told."""
        self.tell(entry, "stop")
        entry.state, entry.reason, entry.ended = state, reason, self._clock()

    def over(self, entry: Entry, kind: str, reason: str) -> None:
        """Take in that a trainer is done with a run: `finished` or `failed`, and its reason."""
        state: State = "failed" if kind == "failed" else "stopped" if reason == "stopped" else "finished"
        if state == "failed":
            log.warning("run %s failed: %s", entry.id, reason)
        reason = "" if reason in ("done", "stopped") else reason
        entry.state, entry.reason, entry.ended = state, reason, self._clock()

    def settle(self) -> None:
        """Start what can start, and tell viewers and the store what has changed."""
        self._start_waiting()
        positions, silent = self._positions(), self._pool.silent_runs
        for entry in self._entries.values():
            view = entry.view()
            if view != entry.written and not entry.pacemaker:
                self._writer.run(view)
                entry.written = view
            reason, device = self._general_reason(entry, silent), self._pool.device(entry.id)
            entry.feed.set_status(entry.status(positions.get(entry.id, 0), reason, device, self._sharing))

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
                if entry.pacemaker:
                    self._weights.forget(entry.id)
        self.convoys.tick()
        self._keys = {key: entry for key, entry in self._keys.items() if entry.id in self._entries}
        # Here and not in `settle`: it is news to all, and once a second is often enough.
        training = sum(entry.trained and entry.state == "running" for entry in self._entries.values())
        self._sharing = training if training > FEW * max(1, len(self._pool.pids)) else 0
        self.settle()

    def lose(self, runs: Collection[str]) -> None:
        """What a trainer had when it died goes on in another one, unless it has lost too many."""
        for entry in filter(None, map(self._entries.get, runs)):
            if entry.trained and entry.lose():
                entry.state = "queued"
            elif entry.trained:
                entry.feed.finish()
                entry.state, entry.reason, entry.ended = "failed", WORKER_LOST, self._clock()
        self.settle()

    def _start_waiting(self) -> None:
        active = [entry for entry in self._entries.values() if entry.active]
        free = self._config.max_runs - sum(entry.trained for entry in active)
        busy = {entry.owner for entry in active}
        for entry in self.going():
            if entry.state != "queued" or entry.owner in busy:
                continue
            if self.convoys.joined(entry):
                busy.add(entry.owner)
                self._keep_origin(entry)
                continue
            if (free <= 0 and not entry.pacemaker) or not self._pool.open or not self._start(entry):
                continue
            busy.add(entry.owner)
            free -= 1

    def _start(self, entry: Entry) -> bool:
        """Hand a run to a trainer; False when there is none to take it."""
        self.convoys.leads(entry)
        start, *orders = entry.start_messages()
        if not self._pool.send(start):
            self.convoys.cannot_lead(entry)
            return False
        for order in orders:
            self._pool.send(order)
        entry.steps = []
        self._keep_origin(entry)
        entry.state = "paused" if entry.paused else "running"
        entry.started = self._clock()
        return True

    def _keep_origin(self, entry: Entry) -> None:
        if entry.origin is not None and not entry.pacemaker:
            self._writer.origin(entry.id, entry.origin)

    def _owned(self) -> list[Entry]:
        return [entry for entry in self._entries.values() if not entry.pacemaker]

    def _positions(self) -> dict[str, int]:
        waiting = (entry for entry in self._entries.values() if entry.state == "queued")
        return {entry.id: place for place, entry in enumerate(waiting, start=1)}

    def _general_reason(self, entry: Entry, silent: Collection[str]) -> str:
        if entry.state == "queued" and not self._pool.open:
            return WAITING_FOR_WORKER
        if entry.state == "queued" and (own := self._in_its_way(entry)):
            how = "paused" if own.state == "paused" else "training"
            return f"Waiting for another run of yours, which is {how}."
        if entry.active and (entry.leader or entry).id in silent:
            return TRAINER_SILENT
        return (self._writer.trouble or entry.unkept) if entry.going else ""

    def _in_its_way(self, entry: Entry) -> Entry | None:
        """The run of the same owner that has to end first: one trains at a time."""
        owns = (each for each in self._entries.values() if each.active and each.owner == entry.owner)
        return next(owns, None)

    def _end_over_time(self, entry: Entry, now: float) -> None:
        idle, longest = self._config.idle_minutes, self._config.run_minutes
        if entry.pacemaker:
            return
        if now - entry.watched > 60 * idle:
            self.end(entry, "stopped", f"Stopped because nobody watched this run for {idle:g} minutes.")
        elif entry.active and now - entry.started > 60 * longest:
            self.end(entry, "stopped", f"Stopped because a run may last {longest:g} minutes at most.")

    def _forgettable(self, entry: Entry, now: float) -> bool:
        # While the store cannot be written, this memory is the only copy.
        seconds = 60 * self._config.evict_minutes
        since = max(entry.ended, entry.watched)
        return not entry.watchers and now - since > seconds and not self._writer.trouble
