"""The chosen λ: which it is and by what rule, the way to train it, and one look at the test images."""

from collections.abc import Sequence

import streamlit as st

from core.experiments import Trained
from core.lab.lambda_path import words
from core.lab.lambda_path.choice import last_look
from core.lab.lambda_path.path import Path
from pages.ui.lambda_path import runs
from pages.ui.markdown import unbroken


def said(path: Path, trained_runs: Sequence[Trained]) -> None:
    """What was chosen, in a sentence with its formula and its buttons.

    Args:
        path: with its choice.
        trained_runs: what it is made of.
    """
    choice = path.choice
    if choice is None:
        return
    with st.container(border=True, key="path_chosen", gap="small"):
        st.markdown(unbroken(words.chosen(path, choice)))
        st.caption(words.by_which_error(path, _images(path, trained_runs)))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(
                "Train live with this λ",
                icon=":material/play_arrow:",
                key="path_train_chosen",
                on_click=runs.leave,
                args=(trained_runs[0].spec, choice.chosen),
            )
            _test(path, trained_runs, choice.chosen)


def _test(path: Path, trained_runs: Sequence[Trained], lane: int) -> None:
    """The button to look at the test images; once pressed, what they said."""
    found = last_look(trained_runs, lane)
    if found is None:
        return
    about = [(run.spec.to_json(), lane) for run in trained_runs]
    if st.session_state.get("path_tested") == about:
        st.markdown(unbroken(words.on_test(path, found)))
    else:
        st.button("Look at the test images, once", key="path_test", on_click=_look, args=(about,))


def _look(about: list[tuple[str, int]]) -> None:
    st.session_state.path_tested = about


def _images(path: Path, trained_runs: Sequence[Trained]) -> int:
    """How many images the scores are measured on: those of all thirds, or the same for every seed."""
    each = [run.points[0][-1].score.n_valid for run in trained_runs]
    return sum(each) if path.in_folds else each[0]
