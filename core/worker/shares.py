"""Time shared equally: who has had less of it comes first."""

from collections.abc import Collection


class Shares:
    """The time of one thread, as those have had it who share it.

    Who joins, or comes back after a rest, has had as much as the one of the waiting who has had least:
    nothing is saved up. Who has had more waits until the others have had as much, if they want it.
    """

    def __init__(self) -> None:
        self._had: dict[str, float] = {}
        self._least = 0.0

    def turns(self, waiting: Collection[str], seconds: float) -> list[str]:
        """Those of the waiting whose turn it is, where a turn takes so many seconds or more."""
        if not waiting:
            return []
        had = {key: max(self._had.get(key, 0.0), self._least) for key in waiting}
        self._least = min(had.values())
        # Whoever does not wait and is not ahead is as one who joins.
        ahead = {key: time for key, time in self._had.items() if time > self._least}
        self._had = ahead | had
        return [key for key in waiting if had[key] <= self._least + seconds]

    def take(self, key: str, seconds: float) -> None:
        """Somebody had so much time."""
        self._had[key] = self._had.get(key, self._least) + seconds
