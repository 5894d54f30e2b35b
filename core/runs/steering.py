"""Steering a run that goes: other settings, another speed, hold, step, stop; by its owner alone."""

from threading import RLock

from core.runs.board import Board
from core.runs.entries import Entry, live_difference
from core.runs.views import Refused, State, check_speed
from core.spec import LaneSpec

MOST_MOVES = 5000
"""Of one run: they are all made again when its process dies."""


class Steering:
    """What an owner can do to a run after its start.

    Args:
        lock: guards the board.
        board: the runs in memory.
    """

    def __init__(self, lock: RLock, board: Board) -> None:
        self._lock = lock
        self._board = board

    def change(self, owner: str, run: str, lane: int, wanted: LaneSpec) -> None:
        """Give a lane the strength, layers and include_bias of `wanted`; its weights stay.

        What else is wanted takes another run.

        Raises:
            Refused: not this owner's run, it has ended, or a value that cannot be.
        """
        with self._lock:
            entry = self._steerable(owner, run)
            old, new = entry.spec, entry.changed(lane, wanted)
            if new == old:
                return
            if len(entry.moves) >= MOST_MOVES:
                raise Refused(f"This run has been changed {MOST_MOVES} times: start a new one.")
            news = live_difference(old.lanes[lane], new.lanes[lane])
            entry.spec = entry.feed.spec = new
            self._board.tell(entry, "change", lane=lane, **news)
            self._board.settle()

    def set_speed(self, owner: str, run: str, speed: int) -> None:
        """Train at most `speed` updates a second; 0 is as fast as possible. Raises Refused."""
        check_speed(speed)
        with self._lock:
            entry = self._steerable(owner, run)
            if entry.speed == speed:
                return
            entry.speed = speed
            self._board.tell(entry, "change", speed=speed)
            self._board.settle()

    def pause(self, owner: str, run: str) -> None:
        """Hold a run where it is. Raises Refused."""
        self._hold(owner, run, "pause", "paused")

    def resume(self, owner: str, run: str) -> None:
        """Go on with a paused run. Raises Refused."""
        self._hold(owner, run, "resume", "running")

    def step(self, owner: str, run: str, unit: str) -> None:
        """Train one `update` or one `epoch`, then hold; a queued run does so when it starts.

        Raises:
            Refused: another unit, not this owner's run, or it has ended.
        """
        if unit not in ("update", "epoch"):
            raise Refused(f"unit must be 'update' or 'epoch', got '{unit}'.")
        with self._lock:
            entry = self._steerable(owner, run)
            entry.paused = True
            if entry.active:
                entry.state = "paused"
                self._board.tell(entry, "step", unit=unit)
            else:
                entry.steps = [{"op": "step", "run": run, "unit": unit}]
            self._board.settle()

    def stop(self, owner: str, run: str) -> None:
        """End a run and keep its history. Raises Refused."""
        with self._lock:
            self._board.end(self._steerable(owner, run), "stopped", "")
            self._board.settle()

    def _steerable(self, owner: str, run: str) -> Entry:
        entry = self._board.get(run)
        if entry is not None and entry.owner != owner:
            raise Refused("This run is someone else's: only who started it can steer it.")
        if entry is None or not entry.going:
            raise Refused("This run has ended or is not known here: start a new one.")
        return entry

    def _hold(self, owner: str, run: str, op: str, state: State) -> None:
        with self._lock:
            entry = self._steerable(owner, run)
            entry.paused = state == "paused"
            entry.steps = []
            if entry.active and entry.state != state:
                self._board.tell(entry, op)
                entry.state = state
            self._board.settle()
