"""Who is who: browsers' names are signed here; runs and the database know hashes, which open nothing.

A name is a random key and this server's signature under it, so that nobody can make names up. Its cookie is
called after the server's secret: cookies know no ports, and two servers on one host have one each.
"""

import hmac
import logging
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

log = logging.getLogger(__name__)

KEY_CHARS = 22
"""Of a browser's own key to its runs: 128 random bits. Hashes are longer."""

KEY = re.compile(rf"[\w-]{{{KEY_CHARS}}}", re.ASCII)

UNSIGNED = "owner"
"""The cookie of older versions, a key without a signature."""

SECRET_BYTES = 32

OWN_PREFIX = "__Host-"
"""What a browser takes over https alone, and from this very host."""

KEPT_NOWHERE = (
    "The secret that signs browsers' names cannot be kept in %s (%s): after the next start nobody is known "
    "again. Set SPARSITY_LAB_DATABASE to a place that can be written, or SPARSITY_LAB_SECRET."
)


def owner_of(key: str) -> str:
    """The owner whose browser holds this key, in hexadecimal. It is random: there is nothing to guess."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


class Names:
    """Issues names, and tells whose they are.

    Args:
        secret: what signs them; with another one every name is a stranger's.

    Attributes:
        cookies: how a browser keeps its name, over https and over http; of both the first counts.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        plain = f"owner-{self._signature('cookie')[:8]}"
        self.cookies = OWN_PREFIX + plain, plain

    def issue(self, key: str = "") -> str:
        """A new name, or the one with this key."""
        key = key or secrets.token_urlsafe(16)
        return f"{key}.{self._signature(key)}"

    def held(self, cookies: Mapping[str, str]) -> str | None:
        """The name in a browser's cookies, if one was issued here."""
        return next(
            (name for name in map(cookies.get, self.cookies) if name and self.owner_named(name)), None
        )

    def owner(self, cookies: Mapping[str, str]) -> str | None:
        """Who a browser is, by its cookies; None without a name that was issued here."""
        name = self.held(cookies)
        return None if name is None else self.owner_named(name)

    def owner_named(self, name: str) -> str | None:
        """Whose name this is; None if it was not issued here."""
        key, _, signature = name.partition(".")
        if not KEY.fullmatch(key):
            return None
        is_ours = hmac.compare_digest(signature.encode(), self._signature(key).encode())
        return owner_of(key) if is_ours else None

    def _signature(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), sha256).hexdigest()[: 2 * KEY_CHARS]


def kept_secret(file: Path) -> bytes:
    """The secret in a file that this user alone can read; made where there is none.

    Where that cannot be, one that ends with the process.
    """
    try:
        with suppress(FileExistsError):
            file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as opened:
                opened.write(secrets.token_hex(SECRET_BYTES))
        kept = file.read_bytes()
        if len(kept) < SECRET_BYTES:
            raise OSError("it is too short: delete it")
    except OSError as error:
        log.error(KEPT_NOWHERE, file, error)
        return secrets.token_bytes(SECRET_BYTES)
    return kept
