"""What the lesson remembers of the reader in this browser, read once a session and written at once."""

import time
from collections.abc import MutableMapping
from typing import Any

import streamlit as st

from core.runs import runs
from pages.ui import session


def recall(name: str, default: Any = None) -> Any:
    """The value kept under a name, on this visit or an earlier one."""
    return _kept().get(name, default)


def keep(name: str, value: Any) -> None:
    """Keep a JSON value for this visit and the next."""
    if _kept().get(name) != value:
        _kept()[name] = value
        runs().learners.keep(session.owner(), name, value)


def did(deed: str) -> None:
    """Note that the reader has done something now, on this visit."""
    st.session_state[f"learner_did_{deed}"] = time.time()


def did_since(deed: str, moment: float) -> bool:
    """Whether they have done it on this visit since a moment, in seconds since 1970."""
    return float(st.session_state.get(f"learner_did_{deed}", float("-inf"))) >= moment


def _kept() -> MutableMapping[str, Any]:
    if "learner_kept" not in st.session_state:
        st.session_state.learner_kept = dict(runs().learners.kept(session.owner()))
    kept: MutableMapping[str, Any] = st.session_state.learner_kept
    return kept
