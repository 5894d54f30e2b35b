"""The server's log: each line with its time and how bad it is; what concerns a run names it."""

import logging

FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def write_log() -> None:
    """Write what this program says to the server's log from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORM))
    for room in ("core", "pages"):
        logger = logging.getLogger(room)
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
