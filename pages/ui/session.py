"""What a browser tab is looking at: its owner, its settings, its run, its lane; kept in the link.

The truth of a run is in `core.runs`; session state holds only what the next rerun needs, and the
link holds what a reload needs: the settings and the run's id.

A callback changes the session's state alone and the page writes the link: to write is a moment at which
Streamlit lets a newer rerun take over, which would leave a Reset half done.

Train live has its own run, of two lanes. The other pages of the laboratory share one, in hand: the one
that was looked at last on any page, which may also be a path of many lanes.
"""

import secrets
from collections.abc import Mapping

import streamlit as st

from core.link import LINK_FIELDS, from_link, misnamed, to_link
from core.refusals import SpecError
from core.runs import RunView, runs
from core.spec import RunSpec

WHO = ("session_owner", "session_name")
"""What the session knows of who it is, where the browser keeps no cookie."""


def owner() -> str:
    """Who this browser is: a hash of the name in its cookie, or this session alone where it keeps none."""
    known = runs().names.owner(cookies())
    if known is not None:
        return known
    if "session_owner" not in st.session_state:
        names = runs().names
        st.session_state.session_name = names.issue()
        st.session_state.session_owner = names.owner_named(st.session_state.session_name)
    return str(st.session_state.session_owner)


def name() -> str:
    """What this session's scripts say in place of a cookie; "" where the browser keeps one."""
    return "" if runs().names.held(cookies()) else own_name()


def own_name() -> str:
    """The name that makes this browser, or this session, the owner of its runs: nothing to show to others."""
    owner()
    return runs().names.held(cookies()) or str(st.session_state.get("session_name", ""))


def cookies() -> dict[str, str]:
    """What the browser sent with the page."""
    return dict(st.context.cookies)


def link_later(**parameters: str) -> None:
    """In a callback: what the link is to say from now on; "" takes a parameter out."""
    st.session_state.link_wanted = st.session_state.get("link_wanted", {}) | parameters


def link_now() -> None:
    """At the top of a page, before it reads the link: say there what callbacks have asked for."""
    given = st.query_params.to_dict()
    wanted = st.session_state.get("link_wanted", {})
    # What is empty in the link itself says something: of `layers=`, that none is penalised.
    kept = {name: value for name, value in (given | wanted).items() if value or name not in wanted}
    if kept != given:
        st.query_params.from_dict(kept)
    # A newer run that takes over in the write finds it still asked for.
    st.session_state.pop("link_wanted", None)


def open_from_link() -> None:
    """Take the run from the link, on a session's first run also the settings; say what was refused."""
    link_now()
    given = st.query_params.to_dict()
    first = "train_spec" not in st.session_state
    if first:
        st.session_state.train_spec = RunSpec()
        st.session_state.train_key = secrets.token_urlsafe(8)
    elif _is_stale(given.get("run", "")) or given.get("run", "") in ("", shown_run()):
        return
    view = runs().view(given["run"]) if "run" in given else None
    if view is not None and can_show(view):
        _put_on_screen(view)
    elif first:
        _take_settings(given, lost="run" in given and view is None)


def _is_stale(linked: str) -> bool:
    """Whether the link names a run that this tab has taken off its screen since the browser last heard.

    A browser sends its link with every rerun, and may send the one of before it has heard of the next: a
    look of the guided path or news of the run that is on its way when Reset is pressed. Once the link has
    come back as it was written, another run in it is the reader's own wish: the Back button, say.
    """
    written_here = st.session_state.pop("link_written", False)
    if linked == shown_run() and not written_here:
        st.session_state.link_replaced = frozenset()
    return linked in st.session_state.get("link_replaced", frozenset())


def _replace(run: str) -> None:
    """The tab itself puts another run, or none (""), on its screen: the link may lag behind."""
    before = st.session_state.get("link_replaced", frozenset()) | {shown_run()}
    st.session_state.link_replaced = before - {run, ""}


def _take_settings(given: Mapping[str, str], *, lost: bool) -> None:
    if lost:
        notice("This run is not here any more. Its settings are: press Play to train it again.")
    try:
        spec = from_link(given)
        if len(spec.lanes) != 2:
            raise SpecError(f"lanes must be 2 on this page, got '{len(spec.lanes)}'.")
        st.session_state.train_spec = spec
        if said := misnamed(given):
            notice(said)
    except SpecError as refused:
        notice(f"The link's settings were not used: {refused}")


def settings() -> RunSpec:
    """The settings on the screen: what the next run will be."""
    spec: RunSpec = st.session_state.train_spec
    return spec


def settle(spec: RunSpec) -> None:
    """Make `spec` the settings on the screen; the page writes them into the link."""
    st.session_state.train_spec = spec


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
    _replace(view.id)
    _put_on_screen(view)


def _put_on_screen(view: RunView) -> None:
    st.session_state.train_run = view.id
    st.session_state.train_key = secrets.token_urlsafe(8)
    take_in_hand(view)
    settle(view.spec)


def take_in_hand(view: RunView) -> None:
    """Make a run the one that the pages open on, with the link's lane of it."""
    if st.session_state.get("session_run") != view.id:
        st.session_state.session_run = view.id
        st.session_state.pop("session_lane", None)
    given = st.query_params.get("lane", "")
    if st.query_params.get("run") != view.id:
        return  # Another run's lane.
    if given.isascii() and given.isdigit() and int(given) in range(len(view.spec.lanes)):
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
        look_at(view)
        link_now()
    return view


def look_at(view: RunView) -> None:
    """Make a run the one in hand and the link's, without the lane of another one."""
    take_in_hand(view)
    if st.query_params.get("run") != view.id:
        link_later(run=view.id, lane="")


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
    link_later(lane=str(lane))


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
    _replace("")
    st.session_state.pop("train_run", None)


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
    given = st.query_params.to_dict()
    kept = {name: value for name, value in given.items() if name not in LINK_FIELDS and name != "run"}
    if given.get("run", "") != shown_run():
        kept.pop("lane", None)  # Another run's.
    if st.query_params.to_dict() != kept | link():
        st.query_params.from_dict(kept | link())
        st.session_state.link_written = True
