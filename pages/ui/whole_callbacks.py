"""Callbacks that run to their end: what a press does is done whole, or not at all."""

from functools import wraps
from typing import Any

from streamlit.runtime.state.safe_session_state import SafeSessionState


def install() -> None:
    """Let no newer rerun take over while callbacks run; it follows right after them.

    Streamlit looks for one at every touch of the session's state, in callbacks as well. Reset stops a run,
    the live view tells so at once, and that news ended the rest of Reset: the new run went on no screen.
    Relies on Streamlit's internals, as the pinned version has them. Once; later calls do nothing.
    """
    before = SafeSessionState.on_script_will_rerun
    if hasattr(before, "__wrapped__"):
        return

    @wraps(before)
    def undisturbed(state: SafeSessionState, *args: Any, **kwargs: Any) -> None:
        look = state._yield_callback
        look()
        # Not by assignment, which the class takes for a write to the session's state.
        object.__setattr__(state, "_yield_callback", lambda: None)
        try:
            before(state, *args, **kwargs)
        finally:
            object.__setattr__(state, "_yield_callback", look)

    SafeSessionState.on_script_will_rerun = undisturbed  # type: ignore[assignment, method-assign]
