"""The runs room: experiments are started, steered, watched and kept here; trained elsewhere."""

import atexit
from functools import cache

from core.runs.service import Runs
from core.runs.settings import Settings
from core.runs.views import Refused, RunHistory, RunView

__all__ = ["Refused", "RunHistory", "RunView", "Runs", "Settings", "runs"]


@cache
def runs() -> Runs:
    """The runs of this process. They are opened by the lifespan, or by the first start."""
    service = Runs(Settings.from_environment())
    atexit.register(service.close)
    return service
