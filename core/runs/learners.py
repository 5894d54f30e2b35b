"""What the lesson remembers of each owner: how far they are, what they predicted and answered."""

import json
import logging
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from core.runs.store import Store

log = logging.getLogger(__name__)

MOST_CHARS = 4_000
"""Of one value as JSON: progress of all stops takes 600."""


class Learners:
    """Small values by owner and name. A database in trouble costs the memory, never the page."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def kept(self, owner: str) -> Mapping[str, Any]:
        """Everything remembered of an owner, by name; empty when the store does not answer."""
        try:
            rows = self._store.kept(owner)
        except SQLAlchemyError as error:
            log.error("the store cannot be read: %s", error)
            return {}
        return {name: json.loads(value) for name, value in rows.items()}

    def keep(self, owner: str, name: str, value: Any) -> None:
        """Remember a value, in place of the one under this name.

        Raises:
            ValueError: the value is not JSON, or longer than MOST_CHARS.
        """
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
        if len(text) > MOST_CHARS:
            raise ValueError(f"{name} must have at most {MOST_CHARS} characters, got {len(text)}.")
        try:
            self._store.keep(owner, name, text, time.time())
        except SQLAlchemyError as error:
            log.error("the store cannot be written: %s", error)
