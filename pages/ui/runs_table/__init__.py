"""The table of runs: sorted in the browser; what is pressed in it comes back as {verb, run}."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pages.ui import shared

VERBS = ("pin", "unpin", "baseline", "no_baseline", "choose", "open")
"""What can be pressed in a row."""

_mount = shared.component("runs_table", Path(__file__).with_name("runs_table.css"))


def runs_table(rows: Sequence[dict[str, Any]], *, key: str, on_act: Callable[[], None], presses: int) -> None:
    """Draw the table; it stands in place over reruns, sorted as the reader left it.

    Args:
        rows: as `pages.ui.comparing.row` makes them.
        key: of the component.
        on_act: called before the rerun that a press causes. What was pressed is
            `st.session_state[key].act`: {"verb", "run"}, from a browser: check it.
        presses: how many there have been: the browser shows what came of each, also when it was refused.
    """
    _mount(
        key=key,
        data=shared.data("runs_table") | {"rows": list(rows), "presses": presses},
        on_act_change=on_act,
    )
