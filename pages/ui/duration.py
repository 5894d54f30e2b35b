"""How long something takes, in words that hold on a slower or a shared machine too."""

WORDS = ((15.0, "less than a minute"), (60.0, "a minute or two"), (180.0, "a few minutes"))
"""Up to so many seconds on the machine that computed the examples; others took one to three times as long."""


def takes(seconds: float) -> str:
    """The sentence beside a button that starts training.

    Args:
        seconds: measured, or reckoned, on the machine that computed the examples, with nobody else on it.
    """
    words = next((words for most, words in WORDS if seconds <= most), "many minutes")
    return f"Takes {words} if nobody else trains."
