"""The keys of widgets that show a setting: what a browser says of one that was overwritten counts no more.

With whatever it asks, a browser sends all widgets as it shows them. It asks once a second on the guided path;
right after a preset it still shows, and says, what was before. So a setting that something else than its
widget has changed gets another widget, under the key of the next version.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st


def key(name: str) -> str:
    """The key of a setting's widget as it is now; the name itself where there is no newer version."""
    _, version = st.session_state.get("widget_versions", {}).get(name, (None, 0))
    return _key(name, version)


def showing(name: str, value: Any) -> str:
    """The key to draw a setting's widget under, after which it shows `value`.

    Written in every run: a preset, a link or a refused value must move the widget too, and a widget in a
    closed popover mounts later and takes only what the last run wrote.
    """
    versions = st.session_state.setdefault("widget_versions", {})
    before, version = versions.get(name, (value, 0))
    # A refused value leaves the setting as it was; one that was accepted is what the widget says itself.
    if value not in (before, st.session_state.get(_key(name, version), value)):
        version += 1
    versions[name] = value, version
    st.session_state[_key(name, version)] = value
    return _key(name, version)


def heard(name: str, drawn: str, take: Callable[[Any], None]) -> None:
    """What a widget calls when it has changed: take its value, unless it was `drawn` as an older version."""
    if drawn == key(name):
        take(st.session_state[drawn])


def _key(name: str, version: int) -> str:
    return f"{name}_{version}" if version else name
