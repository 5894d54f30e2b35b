"""Which run the page looks into, which of its lanes, and starting one where there is none."""

import math
import secrets
import time

import streamlit as st

from core.lab.inside_the_network.first_run import FIRST, FIRST_WATCHED
from core.runs import Refused, RunView, runs
from core.runs.examples.answers import INSIDE_RUN
from core.runs.views import GOING
from core.spec import TRAIN_IMAGES, RunSpec
from pages.ui import session

SLOWLY = 12.0
"""Seconds that a run with a watched weight is stretched to, so that its fate can be followed."""

PATIENCE = 8.0
"""Seconds; an idle machine needs a tenth of one, a busy one starts a run later."""


def chosen() -> RunView:
    """The run to look into: the one in hand, or the example."""
    view = session.looked_at()
    if view is not None:
        st.session_state.inside_run = view.id
        return view
    example = runs().view(INSIDE_RUN)
    assert example is not None, "the example comes with the program"
    return example


def is_example(view: RunView) -> bool:
    """Whether it is the run that everybody may look into, not one of somebody's own."""
    return view.id == INSIDE_RUN


def lanes_of(view: RunView) -> tuple[int, ...]:
    """The lanes shown side by side: the one compared with, then the reader's."""
    last = len(view.spec.lanes) - 1
    return (0, session.lane_in_hand(view) or last) if last else (0,)


def alone(view: RunView) -> RunSpec:
    """The settings of a run with no more than the two lanes that are looked at: of a path, the chosen λ."""
    lanes = tuple(view.spec.lanes[lane] for lane in lanes_of(view))
    return view.spec.model_copy(update={"lanes": lanes})


def train_now() -> None:
    """Train the first network, and watch one of its weights from the start."""
    st.session_state.inside_layer, st.session_state.inside_index = FIRST_WATCHED
    again(FIRST, *FIRST_WATCHED, slowly=False)


def again(spec: RunSpec, layer: str, index: int, *, slowly: bool = True) -> None:
    """Train these settings once more from the same weights, with one weight watched."""
    try:
        view = _fresh(spec)
        watch(view, layer, index)
        if slowly:
            runs().steering.set_speed(session.owner(), view.id, _speed(spec))
        runs().steering.resume(session.owner(), view.id)
    except Refused as refused:
        session.notice(str(refused))


def hold_after_an_epoch(spec: RunSpec) -> None:
    """Train these settings once more, and hold after the first epoch."""
    try:
        runs().steering.step(session.owner(), _fresh(spec).id, "epoch")
    except Refused as refused:
        session.notice(str(refused))


def step(run: str, unit: str) -> None:
    """Train one more update or epoch, then hold."""
    try:
        runs().steering.step(session.owner(), run, unit)
    except Refused as refused:
        session.notice(str(refused))


def watch(view: RunView, layer: str, index: int) -> None:
    """Note a weight's fate from now on, in both lanes. Raises Refused."""
    for lane in lanes_of(view):
        _patiently(view.id, lane=lane, layer=layer, index=index)


def _patiently(run: str, lane: int, layer: str, index: int) -> None:
    # A run that was started just now may have to wait for its images.
    end = time.monotonic() + PATIENCE
    while True:
        try:
            runs().ask(session.owner(), run, "watch", lane=lane, layer=layer, index=index)
        except Refused:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def _fresh(spec: RunSpec) -> RunView:
    """A new run of one's own, held at step 0; the one before it ends. Raises Refused."""
    before = runs().view(st.session_state.get("inside_run", ""))
    if before is not None and before.owner == session.owner() and before.state in GOING:
        runs().steering.stop(session.owner(), before.id)
    view = runs().start(session.owner(), spec, key=secrets.token_urlsafe(8), paused=True)
    st.session_state.inside_run = view.id
    if session.can_show(view):
        session.show(view)
    session.look_at(view)
    return view


def _speed(spec: RunSpec) -> int:
    """Updates a second at which the run lasts a while; only digits train faster than one can look."""
    if "digits" not in spec.dataset:
        return 0
    images = spec.train_size or TRAIN_IMAGES[spec.dataset]
    return math.ceil(spec.epochs * math.ceil(images / spec.batch_size) / SLOWLY)
