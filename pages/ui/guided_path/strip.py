"""The strip of the guided path: what to do on this page, a ring around where, a tick when it is done."""

import time
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core.lessons.course.check import QUESTIONS, score
from core.runs import runs
from pages.ui import components, learner, menu, session, widgets
from pages.ui.check.answers import answered
from pages.ui.experiment.runs import hide_example, revealed
from pages.ui.guided_path.progress import Progress, Seen, is_begun, is_done
from pages.ui.guided_path.stops import NAMES, Stop
from pages.ui.markdown import unbroken
from pages.ui.ticking import ticking

OVERVIEW = "guided_path"
"""The page that lists the stops."""

KEPT = "guided_path"

TWICE = 0.6
"""Seconds within which a second press belongs to the first, which opened the stop: it skips nothing."""

STUCK_SECONDS = 20.0
"""Who has not done a stop's deed by then may have found the control where it has to be moved to."""

FINISHED = "guide_finished"
"""Whether the reader has come to the overview by Finish."""

_mount = components.component("guide", "guide/pointer.js", "Pointer", "guide/guide.css")


def progress() -> Progress:
    """How far the reader is."""
    kept = learner.recall(KEPT)
    if isinstance(kept, dict) and "since" not in kept:
        # Kept before stops had a beginning: this one begins now.
        keep(replace(Progress.read(kept), since=time.time()))
    return Progress.read(learner.recall(KEPT))


def keep(now: Progress) -> None:
    """Remember how far the reader is, in this browser."""
    learner.keep(KEPT, now.written())


def open_at(name: str) -> None:
    """Take the path up at a stop, on its page; ends the script."""
    now = progress().opened(name, time.time())
    keep(now)
    st.session_state.guide_opened = time.monotonic()
    st.session_state.pop(_first(now.stop), None)
    if now.stop.done == "answered":
        # What was answered before is asked again.
        st.session_state.pop(now.stop.of, None)
    elif now.stop.done == "revealed":
        hide_example(now.stop.of)
    menu.go(now.stop.page, session.link() if now.stop.page == "train_live" else {})


def show(page: str) -> None:
    """On top of every page while the path is on; `page` is the stem of the page's file."""
    now = progress()
    if page != OVERVIEW:
        st.session_state.pop(FINISHED, None)
    if not now.on or now.is_over or page == OVERVIEW:
        return
    # What happens within a piece of the page, or in a run, does not run the page again: look once a second.
    ticking(partial(_strip, page), going=lambda: _waits(page), around=progress)


def _waits(page: str) -> bool:
    now = progress()
    return page == now.stop.page and now.at not in now.done


def remember(page: str) -> None:
    """After the page has run: what the stop's widget was when the stop began."""
    stop = progress().stop
    key = widgets.key(stop.of)
    if stop.done in ("changed", "answered") and page == stop.page and key in st.session_state:
        st.session_state.setdefault(_first(stop), st.session_state[key])


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


def _way_back(stop: Stop) -> None:
    st.markdown(f":material/route: Your way goes on at **{menu.PAGES[stop.page].title}**.")
    if st.button("Go there", key="guide_go", type="primary"):
        open_at(stop.name)


def _look(now: Progress, page: str) -> Progress:
    """Point at the control, and tick the stop off if it is done."""
    done = now.at in now.done
    seen = _seen(now.stop, page)
    pointer = _mount(
        key="guide_pointer",
        data={
            "stop": now.at,
            "control": widgets.key(now.stop.control),
            "goal": now.stop.goal,
            "done": done,
            "said": f"Done. {now.stop.afterwards}" if done else "",
            "watch": now.stop.watch if done or is_begun(now.stop, seen) else "",
        },
        on_moved_change=_nothing,
        width="content",
    )
    if not done and is_done(now.stop, replace(seen, moved=pointer.moved == now.at)):
        now = now.ticked()
        keep(now)
    return now


def _seen(stop: Stop, page: str) -> Seen:
    run, since = session.current(), progress().since
    history = runs().history(run.id, most=2) if run and stop.done in ("started", "trained") else None
    is_new = run is not None and run.owner == session.owner() and run.created >= since
    return Seen(
        page=page,
        played=is_new or learner.did_since("play", since),
        is_new=is_new,
        run_method=run.spec.lanes[-1].method if run else "",
        run_epochs=history.share * history.view.spec.epochs if history else 0.0,
        values=_of_widget(stop, widgets.key(stop.of)),
        first=_of_widget(stop, _first(stop)),
        asked=learner.did_since("ask_networks", since),
        revealed=frozenset({stop.of} if stop.done == "revealed" and revealed(stop.of, since) else ()),
        checks=frozenset(each for each in QUESTIONS if learner.did_since(f"check_{each}", since)),
    )


def _of_widget(stop: Stop, key: str) -> dict[str, Any]:
    """What is known under a key of the stop's widget; {} for a stop without one, or before it has a value."""
    return {stop.of: st.session_state[key]} if stop.of and key in st.session_state else {}


def look_up(control: str) -> None:
    """Who comes by Finish stands where the last page was left: bring a part of this one into view."""
    if st.session_state.get(FINISHED):
        _mount(
            key="guide_pointer",
            data={"stop": OVERVIEW, "control": control, "goal": None, "done": True, "said": "", "watch": ""},
            on_moved_change=_nothing,
            width="content",
        )


def _say(now: Progress) -> None:
    place = f"{NAMES.index(now.at) + 1}/{len(NAMES)}"
    if now.at in now.done:
        st.markdown(unbroken(f":material/check_circle: **{place}** {_scores(now.stop)}{now.stop.afterwards}"))
    else:
        waited = time.monotonic() - st.session_state.get("guide_opened", float("-inf"))
        stuck = now.stop.done == "moved" and waited > STUCK_SECONDS
        there = " If it is there already, move it away and back." if stuck else ""
        st.markdown(unbroken(f":material/route: **{place}** {now.stop.instruction}{there}"))


def _scores(stop: Stop) -> str:
    """What the reader had right before and after, where that stop is done; else nothing."""
    before, after = (answered(moment) for moment in QUESTIONS)
    if (stop.done, stop.of) != ("checked", "after") or before is None or after is None:
        return ""
    return f"Before **{score('before', before)}**, after **{score('after', after)}** of {len(after)} right. "


def _onward(now: Progress) -> None:
    done = now.at in now.done
    label = "Finish" if now.is_last else "Next" if done else "Skip"
    # A key of its own: the second press of two on Next is none on Skip, which comes to stand in its place.
    key = "guide_skip" if label == "Skip" else "guide_next"
    pressed = st.button(label, key=key, type="secondary" if label == "Skip" else "primary")
    # Not by when the stop began: a clock that is set back would leave Skip without effect for as long.
    since = time.monotonic() - st.session_state.get("guide_opened", float("-inf"))
    if not pressed or (label == "Skip" and since < TWICE):
        return
    if now.is_last:
        keep(now.finished())
        st.session_state[FINISHED] = True
        menu.go(OVERVIEW)
    open_at(now.following)


def _first(stop: Stop) -> str:
    return f"guide_first_{stop.name}"


def _nothing() -> None:
    """Streamlit gives a component the attributes it has callbacks for."""
