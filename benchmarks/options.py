"""What every benchmark can be asked on its command line: its sizes, and `--small`."""

import argparse
from pathlib import Path

SMALL_FOLDER = Path("var/small")
"""Where a small start writes, instead of beside the program: what it finds means nothing."""


def parser(about: str) -> argparse.ArgumentParser:
    """A parser that says the first line of a benchmark's docstring."""
    return argparse.ArgumentParser(description=about.splitlines()[0])


def asked(asks: argparse.ArgumentParser, **small: object) -> argparse.Namespace:
    """The options; with `--small` these values take the place of what was asked for.

    A small start ends within seconds. It shows that a benchmark works, and measures nothing.
    """
    asks.add_argument("--small", action="store_true", help="end within seconds: to see that it works")
    options = asks.parse_args()
    assert small.keys() <= vars(options).keys(), "a small start sets options that there are"
    if options.small:
        vars(options).update(small)
    return options
