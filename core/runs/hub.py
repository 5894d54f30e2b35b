"""The live tail of each run: what happened, numbered, so that a viewer can ask for what it missed."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from threading import Lock
from typing import Any, Protocol

from core.narration import describe
from core.runs import encoding
from core.runs.history import Tail, Thinned
from core.snapshots import Event, Snapshot
from core.spec import RunSpec

log = logging.getLogger(__name__)

RING = 256
"""Recent items a viewer can catch up on: a minute at 4 Hz. Who was away longer gets the whole past."""

EVENTS_KEPT = 500


class Sink(Protocol):
    """Who keeps a run's past beyond this process. None of these calls may block or raise."""

    def moment(self, run: str, number: int, points: bytes, frames: bytes | None) -> None:
        """A moment to keep, packed; the same number again replaces the first."""

    def event(self, run: str, number: int, body: str) -> None:
        """An event to keep, as JSON."""

    def thinned(self, run: str, points_stride: int, frames_stride: int) -> None:
        """Only moments whose number is a multiple of the stride are to be kept."""


class Feed:
    """One run's news.

    Each item (a moment: the snapshots of all lanes at one step; an event; a change of status) has a
    sequence number. The first number is the clock's milliseconds, so a number from an earlier life
    of this feed is always too old, and whoever has it gets everything anew.

    Thread-safe: the worker's reader, page scripts and the event loop all call it.
    """

    def __init__(self, run: str, spec: RunSpec, sink: Sink, points_kept: int, frames_kept: int) -> None:
        self.run = run
        self.spec = spec
        self.on_change: Callable[[str], None] = lambda run: None
        self._sink = sink
        self._lock = Lock()
        self._seq = time.time_ns() // 1_000_000
        self._ring: deque[tuple[str, str]] = deque(maxlen=RING)
        self._messages: dict[tuple[int, bool], str] = {}
        self._status: dict[str, Any] = {}
        self._events: list[Event] = []
        self._n_events = 0
        self._diverged: set[int] = set()
        self._pending: dict[int, Snapshot] = {}
        self._tail = Tail(spec)
        self._moments = 0
        self._points: Thinned[str] = Thinned(points_kept)
        self._frames: Thinned[bytes] = Thinned(frames_kept)
        self._latest: dict[int, tuple[int, str]] = {}

    @property
    def seq(self) -> int:
        """The number of the latest item."""
        return self._seq

    def set_status(self, status: dict[str, Any]) -> None:
        """Tell viewers the run's state, if it is news."""
        with self._lock:
            if status == self._status:
                return
            self._status = status
            self._number("", "")
        self.on_change(self.run)

    def add_event(self, event: Event) -> None:
        """Take an event in."""
        with self._lock:
            self._events = [*self._events, event][-EVENTS_KEPT:]
            if event.kind == "diverged":
                self._diverged.add(event.lane)
                self._publish_if_complete()
            body = encoding.event(event)
            self._sink.event(self.run, self._n_events, body)
            self._n_events += 1
            self._number("", body)
        self.on_change(self.run)

    def add_snapshot(self, snapshot: Snapshot) -> None:
        """Take one lane's snapshot in; viewers see it when the last lane of its step is there.

        Raises:
            IndexError: the run has no such lane.
        """
        with self._lock:
            before = self._seq
            self._tail.add(snapshot)
            if self._pending and (snapshot.lane in self._pending or self._step() != snapshot.step):
                self._publish()
            self._pending[snapshot.lane] = snapshot
            self._publish_if_complete()
            changed = self._seq != before
        if changed:
            self.on_change(self.run)

    def finish(self) -> None:
        """Show and keep what is still waiting: no more snapshots come."""
        with self._lock:
            self._publish()
            number = self._moments - 1
            if number >= 0 and not self._frames.holds(number):
                last = self._points.items()[-1]
                self._sink.moment(self.run, number, encoding.packed([last]), self._latest_packed())
        self.on_change(self.run)

    def restore(self, moments: Sequence[tuple[int, bytes, bytes | None]], events: Sequence[Event]) -> None:
        """Become the feed of an ended run, from what a store has kept, oldest first."""
        with self._lock:
            self._events = list(events)
            self._points.restore([(n, encoding.unpacked(points)) for n, points, _ in moments])
            frames = [(n, packed) for n, _, packed in moments if packed is not None]
            self._frames.restore(frames)
            self._moments = frames[-1][0] + 1 if frames else 0
            for lane, text in encoding.frames_by_lane(self._frames.kept()[-1:]).items():
                self._latest[lane] = (self._seq, text)

    def update(self, since: int, mine: bool) -> tuple[int, str] | None:
        """The message for a viewer who has everything up to `since`, and up to where it goes.

        None when there is no news. Viewers who have the same get the same text: it is built once.
        """
        with self._lock:
            if since == self._seq:
                return None
            first = self._seq - len(self._ring)
            since = since if first <= since <= self._seq else 0
            key = (since, mine)
            if key not in self._messages:
                self._messages[key] = self._message(since, mine)
            return self._seq, self._messages[key]

    def picture(self, most: int) -> tuple[list[str], list[str], list[Event]]:
        """At most about `most` moments' points, each lane's latest frame, and the events, as JSON texts."""
        with self._lock:
            points = self._points.items()
            # Counted from the end, so that the last moment is always among them.
            return (
                points[:: -max(1, -(-len(points) // most))][::-1],
                [text for _, text in self._latest.values()],
                self._events,
            )

    def frames(self) -> bytes:
        """Gzipped JSON of the kept frames, oldest first, and the latest."""
        with self._lock:
            kept = self._frames.kept()
            has_last = self._frames.holds(self._moments - 1)
            latest = [] if has_last else [text for _, text in self._latest.values()]
        return encoding.frames_answer(self.run, [*map(encoding.unpacked, kept), *latest])

    def latest(self) -> bytes:
        """Gzipped JSON of each lane's latest frame, as `frames` has it."""
        with self._lock:
            texts = [text for _, text in self._latest.values()]
        return encoding.frames_answer(self.run, texts)

    def _step(self) -> int:
        return next(iter(self._pending.values())).step

    def _number(self, points: str, event: str) -> None:
        self._seq += 1
        self._ring.append((points, event))
        self._messages.clear()

    def _publish_if_complete(self) -> None:
        # A diverged lane has stopped: nobody waits for it.
        if len(self._pending) >= len(self.spec.lanes) - len(self._diverged):
            self._publish()

    def _publish(self) -> None:
        if not self._pending:
            return
        lanes = sorted(self._pending)
        text = self._sentence()
        points = ",".join(encoding.point(self._pending[i], text if i == lanes[-1] else "") for i in lanes)
        frames = {i: encoding.frame(self._pending[i]) for i in lanes}
        self._pending = {}
        self._number(points, "")
        self._latest |= {i: (self._seq, frames[i]) for i in lanes}
        self._keep(points, frames.values())

    def _keep(self, points: str, frames: Iterable[str]) -> None:
        number = self._moments
        self._moments += 1
        blob = encoding.packed(frames) if self._frames.wants(number) else None
        if self._points.wants(number):
            self._sink.moment(self.run, number, encoding.packed([points]), blob)
        thinned = self._points.add(number, points)
        if blob is not None:
            thinned |= self._frames.add(number, blob)
        if thinned:
            self._sink.thinned(self.run, self._points.stride, self._frames.stride)

    def _latest_packed(self) -> bytes:
        return encoding.packed(text for _, text in self._latest.values())

    def _sentence(self) -> str:
        try:
            return describe(self.spec, self._tail.lanes, self._events)
        except Exception:
            # The sentence is worth less than the curves: a mistake in it must not stop them.
            log.exception("describe failed")
            return ""

    def _message(self, since: int, mine: bool) -> str:
        items: list[tuple[str, str]]
        if since:
            items = list(islice(self._ring, len(self._ring) - (self._seq - since), None))
            events = [event for _, event in items if event]
        else:
            items = [(points, "") for points in self._points.items()]
            events = [encoding.event(event) for event in self._events]
        points = ",".join(points for points, _ in items if points)
        frames = ",".join(text for seq, text in self._latest.values() if seq > since)
        spec = "" if since else f'"spec":{self.spec.to_json()},'
        return (
            f'{{"type":"update","run":"{self.run}","seq":{self._seq},"reset":{_json(not since)},{spec}'
            f'"mine":{_json(mine)},"status":{encoding.dumps(self._status)},'
            f'"points":[{points}],"events":[{",".join(events)}],"frames":[{frames}]}}'
        )


def _json(value: bool) -> str:
    return "true" if value else "false"
