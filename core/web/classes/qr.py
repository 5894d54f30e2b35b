"""QR codes: of where a phone joins a class, of its console, and of any other address."""

from io import BytesIO
from typing import Literal
from urllib.parse import urlsplit

import segno

from core.refusals import SpecError, shown

MOST_CHARS = 200

MOST_BYTES = 800
"""Of an address: its code has 97 modules a side, 109 with more error correction."""


def qr(at: str, code: str) -> bytes:
    """An SVG, black on white with its quiet zone, of where a phone joins.

    Args:
        at: the address of the app as the projector's browser has it: behind a proxy only that one knows.
        code: of the class.

    Raises:
        SpecError: `at` is no address.
    """
    return drawn(f"{_app(at)}/seat?c={code}", "m")


def key(at: str, code: str, secret: str) -> bytes:
    """An SVG of a console with its secret, which opens the class: for the lecturer's own screen alone.

    Args:
        at: the address of the app, as for `qr`.
        code: of the class.
        secret: the presenter's. It stands behind the #: a browser that comes by the code sends it to nobody.

    Raises:
        SpecError: `at` is no address.
    """
    return drawn(f"{_app(at)}/console#{code}.{secret}", "m")


def _app(at: str) -> str:
    parts = urlsplit(at) if len(at) <= MOST_CHARS else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise SpecError(f"at must be the address of the app, got {shown(at)}.")
    return at.rstrip("/")


def drawn(address: str, error: Literal["l", "m"]) -> bytes:
    """An SVG of an address, black on white with its quiet zone.

    Args:
        address: whole.
        error: how much of the code may be hidden or dirty; less of it makes a code of fewer modules.

    Raises:
        SpecError: the address has more than MOST_BYTES.
    """
    if len(address.encode()) > MOST_BYTES:
        raise SpecError(f"address must be at most {MOST_BYTES} bytes for a QR code, got {shown(address)}.")
    picture = BytesIO()
    made = segno.make(address, error=error, micro=False)
    made.save(picture, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True)
    return picture.getvalue()
