"""The class: one lecture, up to 600 seats; its phases, answers and board, without a network or a screen."""

from functools import cache

from core.classes.hall import Hall
from core.runs import Runs

__all__ = ["Hall", "hall"]


@cache
def hall(service: Runs) -> Hall:
    """The classes that are kept and trained with these runs. The lifespan opens and closes them."""
    return Hall(service)
