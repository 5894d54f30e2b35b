"""What opens a class: a code for everybody, a secret for the lecturer; and what a seat is called."""

import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters that nobody takes for another on a pale projector: no 0 and O, no 1 and I."""

LENGTH = 6

COLOURS = (
    "Blue",
    "Green",
    "Red",
    "Violet",
    "Orange",
    "Silver",
    "Golden",
    "Pink",
    "Brown",
    "Indigo",
    "White",
    "Amber",
)
"""First words of names of seats."""


def new_code() -> str:
    """A code that nobody can guess: one of a thousand million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: str) -> str:
    """A code as somebody typed it, in capitals and without blanks or dashes; "" if it cannot be one."""
    code = "".join(text.upper().replace("-", " ").split())
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def new_secret() -> str:
    """The presenter's secret, 128 random bits."""
    return secrets.token_urlsafe(16)


def hashed(secret: str) -> str:
    """What of a secret is kept. It is random: there is nothing to guess."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def opens(secret: str, kept: str) -> bool:
    """Whether a secret is the one whose hash was kept."""
    return hmac.compare_digest(hashed(secret), kept)


def seat_of(code: str, owner: str) -> str:
    """A browser's seat in a class: the same each time, in no other class, and no way back to the browser."""
    return sha256(f"{code} {owner}".encode()).hexdigest()[:24]


def name_of(number: int, colours: Sequence[str] = COLOURS) -> str:
    """The name of the seat with a number, from 0: unique in its class."""
    return f"{colours[number % len(colours)]} {number // len(colours) + 1}"
