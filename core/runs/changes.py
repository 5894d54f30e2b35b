"""What may change in a run's settings while it goes."""

from collections.abc import Mapping
from typing import Any

from core.refusals import SpecError
from core.runs.views import Refused
from core.spec import LIVE_FIELDS, RunSpec


def changed(spec: RunSpec, lane: int, fields: Mapping[str, Any]) -> RunSpec:
    """The settings with other values for one lane. Raises Refused."""
    if lane not in range(len(spec.lanes)):
        raise Refused(f"lane must be from 0 to {len(spec.lanes) - 1}, got '{lane}'.")
    if not fields.keys() <= set(LIVE_FIELDS):
        raise Refused("Only strength, layers and include_bias can change while a run goes.")
    try:
        new = spec.lanes[lane].changed(**fields)
    except SpecError as error:
        raise Refused(str(error)) from None
    return spec.model_copy(update={"lanes": (*spec.lanes[:lane], new, *spec.lanes[lane + 1 :])})
