"""A press is done whole, also when a newer rerun waits: Reset once stopped a run and showed no other."""

import pytest
from streamlit.runtime.state.safe_session_state import SafeSessionState

from pages.ui import whole_callbacks


class NewerError(Exception):
    """Stands in for what Streamlit raises where a newer rerun takes over."""


class Pressed:
    """Stands in for Streamlit's session state: a rerun begins with a callback that writes twice."""

    def __init__(self) -> None:
        self.kept: dict[str, int] = {}
        self.safe: SafeSessionState

    def __setitem__(self, key: str, value: int) -> None:
        self.kept[key] = value

    def on_script_will_rerun(self, states, **_: object) -> None:
        self.waits = True
        self.safe["first"], self.safe["second"] = 1, 2

    waits = False

    def look(self) -> None:
        if self.waits:
            raise NewerError


@pytest.fixture
def pressed(monkeypatch) -> Pressed:
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", SafeSessionState.on_script_will_rerun)
    pressed = Pressed()
    pressed.safe = SafeSessionState(pressed, pressed.look)  # type: ignore[arg-type]
    return pressed


def test_streamlit_alone_lets_a_newer_rerun_end_a_callback(pressed):
    if hasattr(SafeSessionState.on_script_will_rerun, "__wrapped__"):
        SafeSessionState.on_script_will_rerun = SafeSessionState.on_script_will_rerun.__wrapped__
    with pytest.raises(NewerError):
        pressed.safe.on_script_will_rerun(None)
    assert pressed.kept == {}


def test_a_callback_is_done_whole_and_then_the_newer_rerun_takes_over(pressed):
    whole_callbacks.install()
    whole_callbacks.install()
    pressed.safe.on_script_will_rerun(None)
    assert pressed.kept == {"first": 1, "second": 2}
    with pytest.raises(NewerError):
        pressed.safe["third"] = 3


def test_what_waits_before_a_callback_begins_comes_first(pressed):
    whole_callbacks.install()
    pressed.waits = True
    with pytest.raises(NewerError):
        pressed.safe.on_script_will_rerun(None)
    assert pressed.kept == {}
