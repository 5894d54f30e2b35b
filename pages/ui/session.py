"""What a browser tab is looking at: its owner, its settings, its run, its lane; kept in the link.

The truth of a run is in `core.runs`; session state holds only what the next rerun needs, and the
link holds what a reload needs: the settings and the run's id.

Train live has its own run, of two lanes. The other pages of the laboratory share one, in hand: the one
that was looked at last on any page, which may also be a path of many lanes.
"""

import re
import secrets
from collections.abc import Mapping

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
    """Take the run from the link, on a session's first run also the settings; say what was refused."""
    given = st.query_params.to_dict()
    first = "train_spec" not in st.session_state
    if first:
        st.session_state.train_spec = RunSpec()
        st.session_state.train_key = secrets.token_urlsafe(8)
    elif given.get("run", "") in ("", shown_run()):
        return
    view = runs().view(given["run"]) if "run" in given else None
    if view is not None and can_show(view):
        show(view)
    elif first:
        _take_settings(given, lost="run" in given and view is None)


def _take_settings(given: Mapping[str, str], *, lost: bool) -> None:
    if lost:
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
    write_link()


def current() -> RunView | None:
    """The run on the screen, as it is now."""
    run_id = st.session_state.get("train_run")
    return runs().view(run_id) if run_id else None


def shown_run() -> str:
    """The id of the run on Train live's screen; "" when there is none."""
    return str(st.session_state.get("train_run", ""))


def can_show(view: RunView) -> bool:
    """Whether Train live can show a run: two lanes, not the many of a λ path."""
    return len(view.spec.lanes) == 2


def show(view: RunView) -> None:
    """Put a run on the screen: its settings, its id in the link."""
    st.session_state.train_run = view.id
    st.session_state.train_key = secrets.token_urlsafe(8)
    take_in_hand(view)
    settle(view.spec)


def take_in_hand(view: RunView) -> None:
    """Make a run the one that the pages open on, and keep the link's lane of it."""
    if st.session_state.get("session_run") != view.id:
        st.session_state.session_run = view.id
        st.session_state.pop("session_lane", None)
    given = st.query_params.get("lane", "")
    if st.query_params.get("run") != view.id:
        # Another run's lane.
        st.query_params.pop("lane", None)
    elif given.isascii() and given.isdigit() and int(given) in range(len(view.spec.lanes)):
        st.session_state.session_lane = int(given)


def looked_at() -> RunView | None:
    """The run to look at: the link's, or the one in hand; from now on it is both."""
    open_from_link()
    link = st.query_params.get("run", "")
    if link and runs().view(link) is None:
        del st.query_params["run"]
        notice("This run is not here any more: train one now, or choose one on Train live.")
    view = runs().view(st.query_params.get("run") or run_in_hand())
    if view is not None:
        take_in_hand(view)
        st.query_params["run"] = view.id
    return view


def let_go(run: str) -> None:
    """A run that was deleted is no longer the one in hand."""
    if run_in_hand() == run:
        st.session_state.session_run = ""


def run_in_hand() -> str:
    """The id of the run that was looked at last; "" when there is none."""
    return str(st.session_state.get("session_run", ""))


def choose_lane(lane: int) -> None:
    """Look at a lane of the run in hand, on every page."""
    st.session_state.session_lane = lane
    st.query_params["lane"] = str(lane)


def lane_in_hand(view: RunView) -> int | None:
    """The lane that was chosen of a run, if it is the one in hand."""
    lane = st.session_state.get("session_lane") if view.id == run_in_hand() else None
    return lane if lane in range(len(view.spec.lanes)) else None


def run_link(view: RunView) -> dict[str, str]:
    """What a link to another page of the laboratory has to say: the run and its chosen lane."""
    lane = lane_in_hand(view)
    return {"run": view.id} | ({} if lane is None else {"lane": str(lane)})


def forget_run() -> None:
    """Take the run off the screen; its settings stay."""
    st.session_state.pop("train_run", None)
    write_link()


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


def write_link() -> None:
    """Keep settings and run of Train live in the link: the menu has emptied it, and a reload needs them."""
    kept = {k: v for k, v in st.query_params.to_dict().items() if k not in LINK_FIELDS and k != "run"}
    if st.query_params.to_dict() != kept | link():
        st.query_params.from_dict(kept | link())
