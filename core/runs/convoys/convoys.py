"""Which runs follow which: found when they start, and seen to whenever one of them leaves."""

import secrets
import time
from collections.abc import Callable
from typing import Any, Protocol

from core.runs.config import Config
from core.runs.convoys.alike import fresh, key, past_of, unmoved
from core.runs.convoys.convoy import Convoy, Follower, Share
from core.runs.convoys.record import Item, Kept, Record
from core.runs.entries import Entry
from core.runs.live.hub import Feed
from core.runs.live.moments import Moment
from core.runs.views import Origin
from core.snapshots import Event

SHORTEST_WAIT = 0.05
"""Seconds between two looks at who is due: what comes closer together is shown together."""

LONGEST_WAIT = 0.5


class Nowhere:
    """A sink of a pacemaker's feed: its moments are kept by those who are shown them."""

    def moment(self, run: str, number: int, points: bytes, frames: bytes | None) -> None:
        """Let it go."""

    def event(self, run: str, number: int, body: str) -> None:
        """Let it go."""

    def thinned(self, run: str, points_stride: int, frames_stride: int) -> None:
        """Nothing is kept."""


class Tower(Protocol):
    """Where runs are started and ended: the board."""

    def put(self, entry: Entry) -> None:
        """Take in a run of nobody's."""

    def send(self, entry: Entry, op: str, **values: Any) -> None:
        """Send an order to the worker."""

    def drop(self, run: str) -> None:
        """Forget a run."""

    def get(self, run: str) -> Entry | None:
        """A run in memory."""

    def settle(self) -> None:
        """Start what can start, and tell what has changed."""


class Convoys:
    """Not thread-safe: `Runs` holds its lock around every call.

    Args:
        board: where the runs are.
        config: how much of a run's past is kept.
        clock: seconds that only go forward.
        share: gives a run the weights that another has kept.

    Attributes:
        heard: called when there may be somebody to show something to, from any thread; must not block.
    """

    def __init__(self, board: Tower, config: Config, clock: Callable[[], float], share: Share) -> None:
        self.heard: Callable[[], None] = lambda: None
        self._board = board
        self._config = config
        self._clock = clock
        self._share = share
        self._open: dict[tuple[str, int], Convoy] = {}
        self._led: dict[str, Convoy] = {}
        self._following: dict[str, Convoy] = {}

    def joined(self, entry: Entry) -> bool:
        """Let a run that is to start follow an equal one, if there is one; whether it does."""
        convoy = self._open.get(key(entry)) if self._config.together and fresh(entry) else None
        if convoy is None or not convoy.open:
            return False
        now = self._clock()
        entry.origin, entry.leader, entry.started = Origin(entry.spec), convoy.leader, now
        entry.state = "paused" if entry.paused else "running"
        convoy.followers[entry.id] = Follower(entry, now, now if entry.paused else None)
        self._following[entry.id] = convoy
        self._say_followed(convoy)
        self._see_to(convoy)
        self._heard()
        return True

    def leads(self, entry: Entry) -> None:
        """A run is about to start in the worker: equal ones may follow it from now on."""
        if not (self._config.together and fresh(entry)):
            return
        kept = self._config.points_kept, self._config.frames_kept
        record = Record(self._clock, *kept, entry.speed)
        convoy = Convoy(entry, record)
        entry.feed.tape = record
        before = self._open.get(key(entry))
        self._open[key(entry)] = self._led[entry.id] = convoy
        if before is not None and not before.followers:
            self._dissolve(before)

    def cannot_lead(self, entry: Entry) -> None:
        """There was no trainer for it after all; nobody has followed it yet."""
        if (convoy := self._led.get(entry.id)) is not None and not convoy.followers:
            self._dissolve(convoy)

    def bring_back(self, entries: list[Entry]) -> None:
        """Let runs that were equal when the server ended follow the one that has shown most of them."""
        if not self._config.together:
            return
        alike: dict[tuple[str, int], list[Entry]] = {}
        for entry in entries:
            if entry.state == "queued" and unmoved(entry) and entry.feed.shown is not None:
                alike.setdefault(key(entry), []).append(entry)
        for several in alike.values():
            if len(several) > 1:
                self._regroup(several)

    def _regroup(self, entries: list[Entry]) -> None:
        leader = max(entries, key=lambda entry: entry.feed.shown or 0)
        past, now = past_of(leader.feed), self._clock()
        record = Record(self._clock, self._config.points_kept, self._config.frames_kept, leader.speed)
        record.restore(past)
        convoy = Convoy(leader, record)
        leader.feed.tape = record
        self._open[key(leader)] = self._led[leader.id] = convoy
        items = record.since(0)
        for entry in entries:
            if entry is leader:
                continue
            shown = entry.feed.shown or 0
            known = [item for item in items if isinstance(item.what, Kept) or item.what.step <= shown]
            follower = Follower(
                entry, now - (known[-1].after if known else 0.0), now if entry.paused else None
            )
            follower.taken = known[-1].number + 1 if known else 0
            convoy.followers[entry.id] = follower
            self._following[entry.id] = convoy
            entry.leader, entry.started = leader, now
            entry.state = "paused" if entry.paused else "running"
        self._say_followed(convoy)
        self._see_to(convoy)
        self._heard()

    def order(self, entry: Entry, op: str, values: dict[str, Any]) -> bool:
        """A run is about to be told something; whether that is all, as the worker does not have it."""
        if (convoy := self._following.get(entry.id)) is not None:
            self._of_follower(convoy, entry, op, values)
            return True
        if op != "resume" and (convoy := self._led.get(entry.id)) is not None:
            self._leader_leaves(convoy, op)
        return False

    def leave(self, entry: Entry) -> None:
        """Let a follower go on as a run of its own: it makes the way to where it is again, unseen."""
        convoy = self._following[entry.id]
        self._leave(convoy, entry)
        entry.state, entry.twin = "queued", convoy.leader.id
        entry.feed.look_back_on(convoy.leader.feed)
        self._see_to(convoy)

    def kept(self, entry: Entry, step: int) -> None:
        """The weights of a run were kept at a step."""
        if (convoy := self._led.get(entry.id)) is not None:
            convoy.record.kept(entry.id, step)

    def tick(self) -> None:
        """Once a second: forget convoys that nobody can follow any more."""
        for convoy in list(self._led.values()):
            if convoy.followers:
                convoy.leader.watched = self._clock()
            elif self._board.get(convoy.leader.id) is None or convoy.leader.state in ("stopped", "failed"):
                self._dissolve(convoy)

    def advance(self) -> float | None:
        """Show every follower what is due; seconds until more is, None where nobody follows."""
        ended, waits = False, []
        for convoy in list(self._led.values()):
            if not convoy.followers:
                continue
            self._see_to(convoy)
            now = self._clock()
            for follower in list(convoy.followers.values()):
                for item in convoy.due(follower, now):
                    self._show(follower.entry, item)
                if (wait := convoy.wait(follower, now)) is not None:
                    waits.append(wait)
                elif convoy.over and follower.held is None:
                    self._end(convoy, follower.entry)
                    ended = True
        if ended:
            self._board.settle()
        if not self._following:
            return None
        return min(max(min(waits, default=LONGEST_WAIT), SHORTEST_WAIT), LONGEST_WAIT)

    def _of_follower(self, convoy: Convoy, entry: Entry, op: str, values: dict[str, Any]) -> None:
        now = self._clock()
        if op == "pause":
            convoy.followers[entry.id].hold(now)
        elif op == "resume":
            convoy.followers[entry.id].go(now)
            self._heard()
        elif op == "stop":
            self._leave(convoy, entry)
            entry.feed.finish()
        else:
            self.leave(entry)
            if op == "step":
                entry.steps = [{"op": "step", "run": entry.id, **values}]
        self._see_to(convoy)

    def _leader_leaves(self, convoy: Convoy, op: str) -> None:
        if convoy.leader.pacemaker or (op == "pause" and not convoy.goes):
            return
        if convoy.followers:
            self._put_pacemaker(convoy)
        elif op != "pause":
            self._dissolve(convoy)

    def _see_to(self, convoy: Convoy) -> None:
        """Let a convoy have a leader that trains as long as somebody goes who follows it."""
        leader = convoy.leader
        if leader.pacemaker and not convoy.followers:
            if leader.going:
                self._board.send(leader, "stop")
                leader.state, leader.ended = "stopped", self._clock()
                self._dissolve(convoy)
        elif leader.pacemaker:
            self._hold_pacemaker(leader, held=not convoy.goes)
        elif convoy.goes and not convoy.over and not convoy.led:
            self._put_pacemaker(convoy)

    def _hold_pacemaker(self, leader: Entry, held: bool) -> None:
        if leader.paused == held or not leader.going:
            return
        leader.paused = held
        if leader.active:
            self._board.send(leader, "pause" if held else "resume")
            leader.state = "paused" if held else "running"

    def _put_pacemaker(self, convoy: Convoy) -> None:
        """Let a run of nobody's take the place of the leader, who may then do what it likes."""
        before, run, now = convoy.leader, secrets.token_urlsafe(16), self._clock()
        assert before.origin is not None, "what leads has started"
        spec = before.origin.spec
        feed = Feed(run, spec, Nowhere(), 1, 1)
        feed.go_on_from(before.feed)
        entry = Entry(run, run, spec, feed, time.time(), now, before.speed, paused=not convoy.goes)
        entry.origin, entry.twin = Origin(spec), before.id
        entry.followed = entry.pacemaker = True
        before.followed, before.feed.tape, feed.tape = False, None, convoy.record
        del self._led[before.id]
        self._led[run] = convoy
        convoy.leader = entry
        for follower in convoy.followers.values():
            follower.entry.leader = entry
        self._board.put(entry)

    def _show(self, entry: Entry, item: Item) -> None:
        match item.what:
            case Moment() as moment:
                entry.feed.show(moment)
            case Event() as event:
                entry.feed.add_event(event.model_copy(update={"run": entry.id}))
            case Kept(run, step):
                self._share(run, entry.id, step)

    def _end(self, convoy: Convoy, entry: Entry) -> None:
        """It has been shown everything: it ends as the leader did."""
        self._leave(convoy, entry)
        entry.feed.finish()
        entry.state, entry.reason, entry.ended = convoy.leader.state, convoy.leader.reason, self._clock()
        self._see_to(convoy)

    def _leave(self, convoy: Convoy, entry: Entry) -> None:
        del convoy.followers[entry.id], self._following[entry.id]
        entry.leader = None
        self._say_followed(convoy)

    def _say_followed(self, convoy: Convoy) -> None:
        """Tell the leader's job whether to keep what followers begin with who leave."""
        followed = bool(convoy.followers)
        if convoy.leader.followed == followed or convoy.leader.pacemaker:
            return
        convoy.leader.followed, convoy.record.heard = followed, self._heard
        self._board.send(convoy.leader, "followed", value=followed)

    def _dissolve(self, convoy: Convoy) -> None:
        convoy.leader.feed.tape = None
        self._led.pop(convoy.leader.id, None)
        self._open = {key: each for key, each in self._open.items() if each is not convoy}

    def _heard(self) -> None:
        self.heard()
