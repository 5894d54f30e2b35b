"""The strip of the guided path: what to do on this page, a ring around where, a tick when it is done."""

from pathlib import Path
from typing import Any

import streamlit as st

from core.lessons.guided_path import NAMES, PAGES, Stop
from core.lessons.guided_path_progress import Progress, Seen, is_done
from core.runs import runs
from pages.ui import learner, session, shared
from pages.ui.experiment import revealed

FOLDER = Path(__file__).resolve().parents[2]
HOME = "guided_path"
KEPT = "guided_path"
TICK_SECONDS = 1.0

_mount = shared.component("guide", Path(__file__).with_name("guide.css"))


def progress() -> Progress:
    """How far the reader is."""
    return Progress.read(learner.recall(KEPT))


def keep(now: Progress) -> None:
    """Remember how far the reader is, in this browser."""
    learner.keep(KEPT, now.written())


def open_at(name: str) -> None:
    """Take the path up at a stop, on its page; ends the script."""
    now = progress().opened(name)
    keep(now)
    st.session_state.pop(_first(now.stop), None)
    link = session.link() if now.stop.page == "train_live" else {}
    st.switch_page(FOLDER / f"{now.stop.page}.py", query_params=link)


def strip(page: str) -> None:
    """On top of every page while the path is on; `page` is the stem of the page's file."""
    now = progress()
    if not now.on or page == HOME:
        return
    waits = page == now.stop.page and now.at not in now.done
    # What happens within a piece of the page, or in a run, does not run the page again: look once a second.
    st.fragment(_strip, run_every=TICK_SECONDS if waits else None)(page)


def remember(page: str) -> None:
    """After the page has run: what the stop's widget was when the stop began."""
    stop = progress().stop
    if stop.done == "changed" and page == stop.page and stop.of in st.session_state:
        st.session_state.setdefault(_first(stop), st.session_state[stop.of])


def _strip(page: str) -> None:
    now = progress()
    with st.container(key="guide_strip", horizontal=True, vertical_alignment="center", gap="small"):
        if page != now.stop.page:
            _way_back(now.stop)
        else:
            now = _look(now, page)
            _say(now)
            _onward(now)
        if st.button(
            "Leave", key="guide_leave", type="tertiary", help="Come back any time: your ticks stay."
        ):
            keep(now.left())
            st.rerun()


def _way_back(stop: Stop) -> None:
    st.markdown(f":material/route: Your way goes on at **{PAGES[stop.page]}**.")
    if st.button("Go there", key="guide_go", type="primary"):
        open_at(stop.name)


def _look(now: Progress, page: str) -> Progress:
    """Point at the control, and tick the stop off if it is done."""
    done = now.at in now.done
    told = _mount(
        key="guide_pointer",
        data=shared.data("guide")
        | {
            "stop": now.at,
            "control": now.stop.control,
            "goal": now.stop.goal,
            "done": done,
            "said": f"Done. {now.stop.afterwards}" if done else "",
        },
        on_moved_change=_nothing,
        width="content",
    )
    if not done and is_done(now.stop, _seen(now.stop, page, told)):
        keep(now.ticked())
        # All of the page: the strip stops looking.
        st.rerun()
    return now


def _seen(stop: Stop, page: str, told: Any) -> Seen:
    run = session.current()
    history = runs().history(run.id, most=2) if run and stop.done == "trained" else None
    return Seen(
        page=page,
        run_state=run.state if run else "",
        run_method=run.spec.lanes[-1].method if run else "",
        run_epochs=history.share * history.view.spec.epochs if history else 0.0,
        values=_of_widget(stop, stop.of),
        first=_of_widget(stop, _first(stop)),
        moved=told.moved == stop.name,
        revealed=frozenset({stop.of}) if stop.done == "revealed" and revealed(stop.of) else frozenset(),
        checks=frozenset(each for each in ("before", "after") if learner.recall(f"check_{each}")),
    )


def _of_widget(stop: Stop, key: str) -> dict[str, Any]:
    """What is known under a key of the stop's widget; {} for a stop without one, or before it has a value."""
    return {stop.of: st.session_state[key]} if stop.of and key in st.session_state else {}


def _say(now: Progress) -> None:
    place = f"{NAMES.index(now.at) + 1}/{len(NAMES)}"
    if now.at in now.done:
        st.markdown(f":material/check_circle: **{place}** {now.stop.afterwards}")
    else:
        st.markdown(f":material/route: **{place}** {now.stop.instruction}")


def _onward(now: Progress) -> None:
    done = now.at in now.done
    label = "Finish" if now.is_last else "Next" if done else "Skip"
    if not st.button(label, key="guide_next", type="primary" if done else "secondary"):
        return
    after = now.onward()
    keep(after)
    if not after.on:
        st.switch_page(FOLDER / f"{HOME}.py")
    open_at(after.at)


def _first(stop: Stop) -> str:
    return f"guide_first_{stop.name}"


def _nothing() -> None:
    """Streamlit gives a component the attributes it has callbacks for."""
