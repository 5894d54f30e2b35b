"""Who tries many wrong codes waits longer and longer, and is never shut out."""

import time
from collections.abc import Callable

FREE = 20
"""Wrong codes a client may try within MINUTES at no cost."""

MINUTES = 5.0

FIRST, LONGEST = 0.25, 8.0
"""Seconds that the next wrong one takes, twice as many each time."""

MOST_CLIENTS = 10_000


class Throttle:
    """How long a client that typed a wrong code waits for its answer.

    A client is a browser where it has our cookie, else an address: a hall of people may share one, so
    nobody is refused for what others there did.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: dict[str, list[float]] = {}

    def wrong(self, client: str) -> float:
        """Note a wrong code; the seconds to wait before saying so."""
        since = self._clock() - 60.0 * MINUTES
        tries = [at for at in self._wrong.pop(client, []) if at > since][-2 * FREE :]
        self._wrong[client] = [*tries, self._clock()]
        while len(self._wrong) > MOST_CLIENTS:
            self._wrong.pop(next(iter(self._wrong)))
        beyond = len(tries) + 1 - FREE
        return 0.0 if beyond <= 0 else min(LONGEST, FIRST * 2.0 ** (beyond - 1))
