"""Your run as code: which run, its script to read and to take away, and the way back to Train live."""

from collections.abc import Mapping

import streamlit as st

from core.link import to_link
from core.refusals import SpecError
from core.runs import RunHistory, runs
from core.script.assemble import notebook, script, sections
from core.script.recipe import Change, as_started
from core.snapshots import Frame, Point, ScoreKind
from core.spec import PRESETS, LaneSpec, RunSpec, strength_text
from core.words import zeros_text
from pages.ui import menu, session
from pages.ui.markdown import plain

OTHER_FORMS = (
    "Training, validation and test digits stand on forms of their own, by other writers but for one at most: "
    "how far the test is from validation is also how much easier or harder those hands are to read."
)

UNITS: Mapping[ScoreKind, str] = {"accuracy": "", "error": " (°)"}
"""What a column of scores adds to its name."""
CHOICES = {
    "yours": "The run on Train live",
    "textbook_recipe": "Textbook recipe",
    "exact_zeros": "Exact zeros",
}


def train_button(name: str, key: str) -> None:
    """Leave for Train live with a preset's settings."""
    if st.button("Train this live", icon=":material/play_circle:", key=key):
        train_live(PRESETS[name])


def train_live(spec: RunSpec) -> None:
    """Open Train live with these settings, ready to play."""
    session.forget_run()
    session.settle(spec)
    menu.go("train_live", to_link(spec))


def own_run() -> tuple[RunSpec, tuple[Change, ...], RunHistory | None]:
    """The run on Train live as it started, with what was changed, or its settings when there is none."""
    view = session.current()
    history = runs().history(view.id) if view is not None else None
    if history is None:
        return session.settings(), (), None
    return *as_started(history.view.spec, history.events), history


def your_run() -> None:
    """A script and a notebook of a run."""
    st.header("Your run as code", anchor=False)
    st.markdown(
        "One file, with only what your run uses. It needs PyTorch and scikit-learn (torchvision for MNIST, "
        "Fashion-MNIST and CIFAR-10) and prints the numbers that you see in the app."
    )
    chosen = st.segmented_control(
        "Which run", list(CHOICES), default="yours", format_func=CHOICES.__getitem__, key="pytorch_which"
    )
    spec, changes, history = (PRESETS[chosen], (), None) if chosen in PRESETS else own_run()
    try:
        code, cells = script(spec, changes), notebook(spec, changes)
    except SpecError as refused:
        st.markdown(f":material/info: {plain(str(refused))}")
        return
    with st.container(horizontal=True, gap="small"):
        downloads(code, cells)
        if history is None and st.button("Train it live", icon=":material/play_circle:", key="pytorch_train"):
            train_live(spec)
    if history is not None:
        compare(history)
    elif chosen not in PRESETS:
        st.caption("You have no run there yet: this is what Play would train.")
    pieces = sections(spec, changes)
    all_of_it, *tabs = st.tabs(["Everything", *(piece.title for piece in pieces)], default=pieces[0].title)
    all_of_it.code(code, wrap_lines=True)
    for tab, piece in zip(tabs, pieces, strict=True):
        tab.code(piece.code, wrap_lines=True)


def downloads(code: str, cells: str) -> None:
    """The script and the notebook as files."""
    for label, data, kind in (("Script", code, "py"), ("Notebook", cells, "ipynb")):
        st.download_button(
            f"{label} (.{kind})",
            data,
            f"l1_run.{kind}",
            icon=":material/download:",
            key=f"pytorch_{kind}",
            on_click="ignore",
        )


def compare(history: RunHistory) -> None:
    """What the app says at the end of a finished run: the script's last lines say it too."""
    if history.view.state != "finished":
        return
    st.markdown("Your run ended with these numbers; the script's last lines are to say the same.")
    ends = zip(history.view.spec.lanes, history.points, history.frames, strict=True)
    st.table(
        [_end(lane, points[-1], frame) for lane, points, frame in ends if points],
        border="horizontal",
        hide_index=True,
    )
    if history.view.spec.dataset in ("digits", "rotated_digits"):
        st.caption(OTHER_FORMS)


def _end(lane: LaneSpec, point: Point, frame: Frame | None) -> dict[str, str]:
    """A network's last line, in the script's words and digits; what made its zeros only the app knows."""
    score, unit = point.score, UNITS[point.score.kind]
    kinds = zeros_text(frame.kinds.by_kind, frame.weights, lane.prune > 0.0) if frame else ""
    return {
        "network": f"λ = {strength_text(lane.strength)}",
        "step": f"{point.step}",
        "data loss": f"{point.data_loss:.6g}",
        "penalty": f"{point.penalty:.6g}",
        "total": f"{point.total:.6g}",
        f"train{unit}": f"{score.train:.4f}",
        f"validation{unit}": f"{score.valid:.4f}",
        f"test{unit}": "–" if score.test is None else f"{score.test:.4f}",
        "exact zeros": f"{point.n_zeros}",
        "of all weights": kinds or "–",
    }
