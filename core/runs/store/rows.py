"""Runs and their origins as rows of the store, and read from them."""

import json
import logging
from typing import cast

from core.refusals import SpecError
from core.runs.store.tables import OriginRow, RunRow
from core.runs.views import Origin, RunView, State
from core.spec import RunSpec

log = logging.getLogger(__name__)


def run_view(row: RunRow) -> RunView | None:
    """A run as its row says; None where its spec is of another version."""
    try:
        spec = RunSpec.from_json(row.spec)
    except SpecError as error:
        log.warning("run %s has a spec that cannot be read: %s", row.id, error)
        return None
    state = cast(State, row.state)
    return RunView(row.id, row.owner, spec, state, 0, row.reason, row.speed, row.created)


def run_row(view: RunView, instance: str) -> RunRow:
    """The row of a run of this server."""
    return RunRow(
        id=view.id,
        owner=view.owner,
        instance=instance,
        spec=view.spec.to_json(),
        state=view.state,
        reason=view.reason,
        speed=view.speed,
        created=view.created,
    )


def origin_row(run: str, origin: Origin) -> OriginRow:
    """The row of what a run was when it started."""
    planned = json.dumps([made.to_dict() for made in origin.planned])
    return OriginRow(
        run=run, spec=origin.spec.to_json(), parent=origin.parent, step=origin.step, planned=planned
    )
