"""The λ path's rivals: pruning by size, L2, and stopping early, on the axes of the path."""

from collections.abc import Sequence

import streamlit as st

from core.lab.lambda_path import rivals as lesson
from core.lab.lambda_path import rivals_figures as figures
from core.lab.lambda_path.path import path
from core.runs import RunHistory
from core.runs.examples.histories import example
from core.spec import PRUNE_ROUNDS, PRUNED_BY
from pages.ui.experiment.offer import experiment
from pages.ui.experiment.runs import trained
from pages.ui.lesson import picture


def rivals() -> None:
    """Words, button and figure."""
    experiment(lesson.NAME, _draw, words=_words)


def _words() -> None:
    st.subheader("Rivals at as many zeros", anchor=False)
    st.markdown(
        "**Zeros can be had without a penalty.** Magnitude pruning sets the smallest weights to zero, at "
        f"once or in {PRUNE_ROUNDS} rounds, the last of which comes at {100 * PRUNED_BY:.0f} % of the run, "
        "and refits the others. L1 is shown as on the path, and with its zeros refitted as long. For "
        "accuracy alone there are L2 and stopping early."
    )
    st.markdown(
        "All train for as many updates from the same weights. λ of L2 and the epoch to stop at are chosen by "
        "these same validation images: a little too good, both."
    )


def _draw(histories: Sequence[RunHistory]) -> None:
    runs, kept = trained(histories), example("lambda_path")
    if runs and kept is not None:
        line, found = path(trained(kept.histories)), lesson.rivals(runs)
        picture(figures.rivals(line, found, lesson.conclusion(runs)), "path_rivals", height=380)
