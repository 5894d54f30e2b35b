"""The table of runs: sorted in the browser; what is pressed in it comes back as {verb, run}."""

from collections.abc import Callable, Sequence
from typing import Any

from pages.ui import components

VERBS = ("pin", "unpin", "baseline", "no_baseline", "choose", "open")
"""What can be pressed in a row."""

_mount = components.component("runs_table", "table/table.js", "RunsTable", "table/runs_table.css")


def runs_table(rows: Sequence[dict[str, Any]], *, key: str, on_act: Callable[[], None], presses: int) -> None:
    """Draw the table; it stands in place over reruns, sorted as the reader left it.

    Args:
        rows: as `pages.ui.compare_runs.items.row` makes them.
        key: of the component.
        on_act: called before the rerun that a press causes. What was pressed is
            `st.session_state[key].act`: {"verb", "run"}, from a browser: check it.
        presses: how many there have been: the browser shows what came of each, also when it was refused.
    """
    _mount(
        key=key,
        data={"rows": list(rows), "presses": presses},
        on_act_change=on_act,
    )
