"""The runs room: experiments are started, steered, watched and kept here; trained elsewhere."""

import atexit
from functools import cache

from core.runs.config import Config
from core.runs.service import Runs, StartError
from core.runs.store.owners import Names
from core.runs.views import Refused, RunHistory, RunView

__all__ = ["Config", "Names", "Refused", "RunHistory", "RunView", "Runs", "StartError", "runs"]


@cache
def runs() -> Runs:
    """The runs of this process. They are opened by the lifespan, or by the first start."""
    service = Runs(Config.from_environment())
    atexit.register(service.close)
    return service
