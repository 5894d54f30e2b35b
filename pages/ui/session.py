"""What a browser tab is looking at: its owner, its settings, its run; kept in the link.

The truth of a run is in `core.runs`; session state holds only what the next rerun needs, and the
link holds what a reload needs: the settings and the run's id.
"""

import re
import secrets

import streamlit as st

from core.link import LINK_FIELDS, from_link, to_link
from core.refusals import SpecError
from core.runs import RunView, runs
from core.spec import RunSpec

OWNER = re.compile(r"[\w-]{22}", re.ASCII)
"""128 random bits as the server writes them; anything else in that cookie is not ours."""


def owner() -> str:
    """Who this browser is: the cookie the server set, or this session alone where there is none."""
    cookie = st.context.cookies.get("owner")
    if isinstance(cookie, str) and OWNER.fullmatch(cookie):
        return cookie
    return str(st.session_state.setdefault("session_owner", secrets.token_urlsafe(16)))


def open_from_link() -> None:
    """On a session's first run take settings and run from the link; say what was refused."""
    if "train_spec" in st.session_state:
        return
    st.session_state.train_spec = RunSpec()
    st.session_state.train_key = secrets.token_urlsafe(8)
    given = st.query_params.to_dict()
    view = runs().view(given["run"]) if "run" in given else None
    if view is not None:
        show(view)
        return
    if "run" in given:
        notice("This run is not here any more. Its settings are: press Play to train it again.")
    try:
        spec = from_link(given)
        if len(spec.lanes) != 2:
            raise SpecError(f"lanes must be 2 on this page, got '{len(spec.lanes)}'.")
        st.session_state.train_spec = spec
    except SpecError as refused:
        notice(f"The link's settings were not used: {refused}")


def settings() -> RunSpec:
    """The settings on the screen: what the next run will be."""
    spec: RunSpec = st.session_state.train_spec
    return spec


def settle(spec: RunSpec) -> None:
    """Make `spec` the settings on the screen and in the link."""
    st.session_state.train_spec = spec
    _write_link()


def current() -> RunView | None:
    """The run on the screen, as it is now."""
    run_id = st.session_state.get("train_run")
    return runs().view(run_id) if run_id else None


def show(view: RunView) -> None:
    """Put a run on the screen: its settings, its id in the link."""
    st.session_state.train_run = view.id
    st.session_state.train_key = secrets.token_urlsafe(8)
    settle(view.spec)


def forget_run() -> None:
    """Take the run off the screen; its settings stay."""
    st.session_state.pop("train_run", None)
    _write_link()


def notice(sentence: str) -> None:
    """Say one sentence at the top of the next picture."""
    st.session_state.train_notice = sentence


def take_notice() -> str:
    """The sentence to say now, once."""
    return str(st.session_state.pop("train_notice", ""))


def link() -> dict[str, str]:
    """What a link to *Train live* has to say: the settings on its screen, and its run; {} before any."""
    if "train_spec" not in st.session_state:
        return {}
    run_id = st.session_state.get("train_run")
    return to_link(settings()) | ({"run": run_id} if run_id else {})


def _write_link() -> None:
    kept = {k: v for k, v in st.query_params.to_dict().items() if k not in LINK_FIELDS and k != "run"}
    st.query_params.from_dict(kept | link())
