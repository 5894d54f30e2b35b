"""How long something takes, in words that hold on a slower or a shared machine too; how much is left."""

import time

SURE_FROM = 0.02
"""Share of the work from which on the time it took says how long the rest takes."""

WORDS = ((15.0, "less than a minute"), (60.0, "a minute or two"), (180.0, "a few minutes"))
"""Up to so many seconds on the machine that computed the examples; others took one to three times as long."""


def takes(seconds: float) -> str:
    """The sentence beside a button that starts training.

    Args:
        seconds: measured, or reckoned, on the machine that computed the examples, with nobody else on it.
    """
    words = next((words for most, words in WORDS if seconds <= most), "many minutes")
    return f"Takes {words} if nobody else trains."


def seconds_left(share: float, began: float) -> float | None:
    """Seconds until all is done, as it went so far; None while that says nothing.

    Args:
        share: of the work that is done, in [0, 1].
        began: when, in seconds since 1970.
    """
    return None if share < SURE_FROM else (time.time() - began) * (1.0 - share) / share


def left(share: float, began: float, before: str) -> str:
    """`before` until that is known, then "about 40 s left"."""
    seconds = seconds_left(share, began)
    return before if seconds is None else f"about {max(1, round(seconds))} s left"
