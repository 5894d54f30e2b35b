"""A browser tab as a page's functions find it: session state, link, cookies, theme; no script runs."""

from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

OWNER = "o" * 22


class State(dict[str, Any]):
    """A session's state, whose keys are also attributes."""

    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


class Link(dict[str, str]):
    """The query of the address."""

    def to_dict(self) -> dict[str, str]:
        return dict(self)

    def from_dict(self, link: dict[str, str]) -> None:
        self.clear()
        self.update(link)


class Tab:
    """Takes the place of what Streamlit knows of a tab.

    Attributes:
        state: what the session remembers.
        link: the query of its address.
        cookies: that the browser sends.
        theme: the theme in force.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.state, self.link, self.cookies = State(session_owner=OWNER), Link(), dict[str, str]()
        self.theme = SimpleNamespace(type="light")
        patch.setattr(st, "session_state", self.state)
        patch.setattr(st, "query_params", self.link)
        patch.setattr(st, "context", SimpleNamespace(cookies=self.cookies, theme=self.theme))

    def reload(self) -> None:
        """A new session with the same link."""
        self.state.clear()
        self.state.session_owner = OWNER
