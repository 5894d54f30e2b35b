"""The live tail of each run: what happened, numbered, so that a viewer can ask for what it missed."""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice, takewhile
from threading import Lock
from typing import Any

from core.narration import describe
from core.runs.live import encoding
from core.runs.live.encoding import Sent
from core.runs.live.history import Tail, Thinned
from core.runs.live.moments import Moment, Sink, Tape
from core.snapshots import Event, Snapshot
from core.spec import RunSpec

log = logging.getLogger(__name__)

RING = 256
"""Recent items a viewer can catch up on: a minute at 4 Hz. Who was away longer gets the whole past."""

EVENTS_KEPT = 500

FRAMES_APART = 4
"""Of so many moments of an equal run one keeps its frames: a class would have them written 300 times."""


class Feed:
    """One run's news.

    Each item (a moment: the snapshots of all lanes at one step; an event; a change of status) has a
    sequence number. The first number is the clock's milliseconds, so a number from an earlier life
    of this feed is always too old, and whoever has it gets everything anew.

    Thread-safe: the worker's reader, page scripts and the event loop all call it.

    Attributes:
        tape: what else takes its moments and events in.
    """

    def __init__(self, run: str, spec: RunSpec, sink: Sink, points_kept: int, frames_kept: int) -> None:
        self.run = run
        self.spec = spec
        self.on_change: Callable[[str], None] = lambda run: None
        self.tape: Tape | None = None
        self._sink = sink
        self._lock = Lock()
        self._seq = time.time_ns() // 1_000_000
        self._ring: deque[tuple[str, str]] = deque(maxlen=RING)
        self._messages: dict[tuple[int, bool], str] = {}
        self._sent: dict[tuple[str, Sent | None], Sent] = {}
        self._status: dict[str, Any] = {}
        self._events: list[Event] = []
        self._n_events = 0
        self._diverged: set[int] = set()
        self._pending: dict[int, Snapshot] = {}
        self._shown: int | None = None
        self._tail = Tail(spec)
        self._moments = 0
        self._points: Thinned[str] = Thinned(points_kept)
        self._frames: Thinned[bytes] = Thinned(frames_kept)
        self._latest: dict[int, tuple[int, str]] = {}

    @property
    def seq(self) -> int:
        """The number of the latest item."""
        return self._seq

    @property
    def shown(self) -> int | None:
        """The step that was shown last; None before the first."""
        return self._shown

    def set_status(self, status: dict[str, Any]) -> None:
        """Tell viewers the run's state, if it is news."""
        with self._lock:
            if status == self._status:
                return
            self._status = status
            self._number("", "")
        self.on_change(self.run)

    def add_event(self, event: Event) -> None:
        """Take an event in; an alarm that is known was only given again by the next process."""
        with self._lock:
            if event.kind != "change" and event in self._events:
                return
            self._events = [*self._events, event][-EVENTS_KEPT:]
            if event.kind == "diverged":
                self._diverged.add(event.lane)
                self._publish_if_complete()
            body = encoding.event(event)
            self._sink.event(self.run, self._n_events, body)
            self._n_events += 1
            self._number("", body)
            if self.tape is not None:
                self.tape.event(event)
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

    def show(self, moment: Moment) -> None:
        """Take a whole moment in, that of an equal run."""
        with self._lock:
            self._show(moment, FRAMES_APART)
        self.on_change(self.run)

    def interrupt(self) -> None:
        """Its process is gone: what is incomplete will be said again by the next one."""
        with self._lock:
            self._pending = {}

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
        """Become the feed of a run that has ended or goes on, from what a store has kept, oldest first."""
        with self._lock:
            self._events = list(events)[-EVENTS_KEPT:]
            self._n_events = len(events)
            self._diverged = {event.lane for event in events if event.kind == "diverged"}
            self._points.restore([(n, encoding.unpacked(points)) for n, points, _ in moments])
            frames = [(n, packed) for n, _, packed in moments if packed is not None]
            self._frames.restore(frames)
            if moments:
                self._moments = moments[-1][0] + 1
                # A lane that has diverged goes on being shown as it was, in moments of its own.
                last = moments[-1 - len(self.spec.lanes) :]
                self._shown = max(encoding.step(encoding.unpacked(points)) for _, points, _ in last)
            for lane, text in encoding.frames_by_lane(self._frames.kept()[-1:]).items():
                self._latest[lane] = (self._seq, text)

    def keep_again(self) -> None:
        """Tell the store all that is known once more: it may have lost it."""
        with self._lock:
            frames = self._frames.numbered()
            for number, text in self._points.numbered().items():
                self._sink.moment(self.run, number, encoding.packed([text]), frames.get(number))
            for number, event in enumerate(self._events, self._n_events - len(self._events)):
                self._sink.event(self.run, number, encoding.event(event))

    def adopt(self, parent: "Feed", step: int, events: Sequence[Event]) -> None:
        """Begin with another run's past up to a step, and these events as one's own."""
        with parent._lock:
            # What it was at that step it shows itself, in full.
            points = list(takewhile(lambda text: encoding.step(text) < step, parent._points.items()))
            frames = list(
                takewhile(
                    lambda packed: encoding.step(encoding.unpacked(packed)) < step, parent._frames.kept()
                )
            )
        with self._lock:
            for number, text in enumerate(points):
                self._points.add(number, text)
                last = number == len(points) - 1
                blob = frames[-1] if frames and last else None
                self._sink.moment(self.run, number, encoding.packed([text]), blob)
                if blob is not None:
                    self._frames.add(number, blob)
            self._moments = len(points)
            self._shown = max(map(encoding.step, points[-1 - len(self.spec.lanes) :]), default=None)
            for lane, text in encoding.frames_by_lane(frames[-1:]).items():
                self._latest[lane] = (self._seq, text)
        for event in events:
            self.add_event(event)

    def go_on_from(self, other: "Feed") -> None:
        """Begin where an equal run is, with none of its curves: with what its next sentence looks back on."""
        with other._lock:
            events, diverged, shown = other._events, set(other._diverged), other._shown
        with self._lock:
            self._events, self._diverged, self._shown = events, diverged, shown
        self.look_back_on(other)

    def look_back_on(self, other: "Feed") -> None:
        """Let the next sentence look back on what an equal run has shown up to here."""
        with other._lock:
            lanes = [list(lane) for lane in other._tail.lanes]
        with self._lock:
            shown = -1 if self._shown is None else self._shown
            self._tail.lanes = [[each for each in lane if each.step <= shown] for lane in lanes]

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

    def sent(self, since: int, mine: bool, before: Sent | None) -> tuple[int, Sent] | None:
        """What `update` has, packed, for a viewer who got the message `before` last.

        Viewers who have the same get the same object: it is packed once.
        """
        news = self.update(since, mine)
        if news is None:
            return None
        seq, text = news
        with self._lock:
            known = self._sent.get((text, before))
        # Packed while the trainer's news may come in.
        sent = known or Sent.of(text, before)
        with self._lock:
            return seq, self._sent.setdefault((text, before), sent)

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
        self._sent.clear()

    def _publish_if_complete(self) -> None:
        # A diverged lane has stopped: nobody waits for it.
        if len(self._pending) >= len(self.spec.lanes) - len(self._diverged):
            self._publish()

    def _publish(self) -> None:
        if not self._pending:
            return
        moment = Moment.of(self._pending, self._sentence())
        self._pending = {}
        self._show(moment)
        if self.tape is not None:
            self.tape.moment(moment)

    def _show(self, moment: Moment, frames_apart: int = 1) -> None:
        self._shown = max(self._shown or 0, moment.step)
        self._number(moment.points, "")
        self._latest |= {lane: (self._seq, text) for lane, text in moment.frames.items()}
        self._keep(moment, frames_apart)

    def _keep(self, moment: Moment, frames_apart: int) -> None:
        number = self._moments
        self._moments += 1
        wanted = moment.frames and number % frames_apart == 0 and self._frames.wants(number)
        blob = moment.packed_frames if wanted else None
        if self._points.wants(number):
            self._sink.moment(self.run, number, moment.packed_points, blob)
        thinned = self._points.add(number, moment.points)
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
            log.exception("run %s: its sentence cannot be made", self.run)
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
