"""What has gathered for the database since the last write."""

from typing import Any

from core.runs.views import Origin, RunView

Row = dict[str, Any]


class Batch:
    """What has gathered since the last write; a later word on the same thing replaces the earlier."""

    def __init__(self) -> None:
        self.runs: dict[str, RunView] = {}
        self.origins: dict[str, Origin] = {}
        self.moves: dict[tuple[str, int], Row] = {}
        self.events: dict[tuple[str, int], Row] = {}
        self.moments: dict[tuple[str, int], Row] = {}
        self.thinned: dict[str, tuple[int, int]] = {}

    def __bool__(self) -> bool:
        return any((self.runs, self.origins, self.moves, self.events, self.moments, self.thinned))

    def thin(self, run: str, points_stride: int, frames_stride: int) -> None:
        """Drop the moments so far whose number is no multiple of the stride, here and in the store."""
        self.thinned[run] = (points_stride, frames_stride)
        for key in [key for key in self.moments if key[0] == run]:
            if key[1] % points_stride:
                del self.moments[key]
            elif key[1] % frames_stride:
                self.moments[key]["frames"] = None

    def add_under(self, older: "Batch") -> None:
        """Take an older batch in; this one's words win."""
        for run, strides in self.thinned.items():
            older.thin(run, *strides)
        self.runs = older.runs | self.runs
        self.origins = older.origins | self.origins
        self.moves = older.moves | self.moves
        self.events = older.events | self.events
        self.moments = older.moments | self.moments
        self.thinned = older.thinned | self.thinned
