"""The store from a server's start to its end: opened as soon as it answers, tidied once a day."""

import logging
import time
from collections.abc import Callable

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from core.runs.store.store import UNREADABLE, Store

log = logging.getLogger(__name__)

TRY_SECONDS = 15.0
"""Between two tries to open a store that does not answer."""

DAY = 86_400.0

NEWS_SECONDS = DAY
"""That a file was set aside is said for so long."""

NO_MEMORY = (
    "The database cannot be used at the moment: what is done now is lost when the server ends before it can."
)

LOST = (
    "The file of the database was deleted or replaced while the server ran: what stood in the old one alone "
    "is lost."
)

TWICE = (
    "Another server uses the same database under the same name: end one of them, or set "
    "SPARSITY_LAB_INSTANCE for it."
)

WHAT_TO_SET = (
    "the server goes on without it and tries again; set SPARSITY_LAB_DATABASE to one that can be used, such "
    "as sqlite:////a/folder/of/yours/lab.sqlite, and SPARSITY_LAB_CHECKPOINTS to a folder for weights."
)


class Keeper:
    """Opens and tidies. Only one thread at a time may call it.

    Args:
        store: what is opened and tidied.
        keep_days: how many days ended runs stay.
        opened: called when the store has been opened; may raise SQLAlchemyError.
        removed: called with each run that was too old.
        clock: seconds that only go forward.

    Attributes:
        notice: one sentence for everybody while there is something to say of the database, else "".
        is_open: whether the store has been opened, and is not lost.
    """

    def __init__(
        self,
        store: Store,
        keep_days: float,
        opened: Callable[[], None],
        removed: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        self.notice = ""
        self._store = store
        self._keep_days = keep_days
        self._opened = opened
        self._removed = removed
        self._clock = clock
        self.is_open = False
        self._is_second = False
        self._next = float("-inf")
        self._news_until = float("-inf")

    def tick(self) -> None:
        """Do what is due: open the store, or tidy it."""
        now = self._clock()
        if self.is_open and now > self._news_until and not self._is_second:
            self.notice = ""
        lost = self.is_open and self._store.is_lost()
        if lost:
            log.error(LOST)
            self.is_open = False
        elif now < self._next:
            return
        if self.is_open and self._is_second and not self._store.is_alone():
            self._next = now + TRY_SECONDS
            return
        if not self.is_open or self._is_second:
            self._next = now + TRY_SECONDS
            self._open(now, LOST if lost else "")
        if self.is_open and not self._is_second:
            self._next = now + DAY
            self._tidy()

    def _open(self, now: float, happened: str) -> None:
        try:
            said = self._store.open()
            self._opened()
        except (OSError, CommandError, *UNREADABLE) as error:
            if not self.notice:
                log.error("The database cannot be used (%s): %s", str(error).splitlines()[0], WHAT_TO_SET)
            self.notice = NO_MEMORY
            return
        self.is_open = True
        self.notice = said or happened
        self._is_second = not self._store.is_alone()
        if self._is_second:
            log.error(TWICE)
            self.notice = TWICE
        self._news_until = now + NEWS_SECONDS

    def _tidy(self) -> None:
        try:
            old = self._store.tidy(time.time(), DAY * self._keep_days)
        except SQLAlchemyError as error:
            log.error("old runs cannot be deleted: %s", error)
            return
        for run in old:
            self._removed(run)
