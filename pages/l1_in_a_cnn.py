"""L1 in a CNN: where the weights are, which layers to penalise, and what can go wrong with it."""

import streamlit as st

from core.lessons.l1_in_a_cnn import layers as lesson
from core.lessons.l1_in_a_cnn import results
from core.lessons.l1_in_a_cnn import results_figures as figures
from pages.ui import components
from pages.ui.experiment.offer import experiment, later
from pages.ui.experiment.runs import measured
from pages.ui.l1_in_a_cnn import drawings
from pages.ui.l1_in_a_cnn.network import network_section
from pages.ui.l1_in_a_cnn.own import GUESS, TARGETS, guess, rescale_check
from pages.ui.lesson import coloured, columns, page, picture, words

FIRST_FACTOR = results.FACTORS.index(1.0)


def target_words() -> None:
    """Which layers, why mostly fully connected ones, and the reader's guess."""
    st.header("Which layers to penalise?", anchor=False)
    conv1 = lesson.network(8)[0]
    st.markdown(
        f"{len(lesson.TARGETS)} networks on digits, same start, same λ, each with other layers penalised. "
        "Usually the **fully connected** layers are chosen: most weights are there. A weight of fc1 is used "
        f"once per image, one of conv1 at all {conv1.places} places of an 8 × 8 image. On average a weight "
        "of conv1 gets the larger gradient, so it is harder to hold at zero."
    )
    smaller = f"{components.HERE}/does_it_deliver#generalization"
    st.markdown(f"L1 raises accuracy most where labels are wrong: [see it measured]({smaller}).")
    st.markdown("**Predict** (if you like): λ acts on fc1 alone. How many of *all* weights become zero?")
    guess()


def rescale_words() -> None:
    """The penalty of one layer alone can be paid by another."""
    words(
        "One layer alone can be gamed",
        [
            r"c\cdot\mathrm{ReLU}\!\left(\tfrac{1}{c}\,k*x\right) = \mathrm{ReLU}(k*x), \quad c > 0",
        ],
        "Divide conv1, weights and biases, by c and multiply the weights of conv2 by c: the outputs stay, "
        "and the penalty on conv1 is c times smaller. With both layers penalised there is a best c: where "
        "both Σ|w| are equal, their sum is 2√(AB), with A and B the two before.",
        "Slide c. The weights are those of the network whose conv1 alone is penalised.",
    )


def rescale_section() -> None:
    """Rescaling of real weights."""
    left, right = columns()
    with left:
        rescale_words()
        rescale_check()
    with right:
        if runs := measured(TARGETS):
            picture(
                figures.rescaling(runs[0], 0),
                "l1_in_a_cnn_rescaling",
                slider="factor c",
                start=FIRST_FACTOR,
                height=340,
            )
            st.markdown(f"**Did training do it?** {results.gaming_verdict(runs)}")
        else:
            later()


def norm_words() -> None:
    """BatchNorm divides out what its convolution is multiplied by."""
    st.header("With BatchNorm", anchor=False)
    st.latex(r"z = k*x")
    st.latex(r"\mathrm{BN}(c\,z) = \mathrm{BN}(z) = \gamma\,\frac{z-\bar z}{\sigma_z} + \beta")
    st.markdown(
        "BatchNorm divides by the spread of its input z, so the *size* of the kernel before it means "
        "nothing: it can shrink, and its penalty with it, while the outputs stay. (c > 0, and c z not so "
        "small that the ε under the root counts.) L1 works on any layer that learns: put it on the "
        f"**scale γ**, and a channel with γ = 0 is dead. {lesson.normalized_settings()}"
    )
    st.markdown(":material/science: **Try it.** Compare what the two targets do to Σ|w| and to the channels.")


def group_words() -> None:
    """Single weights against whole filters."""
    st.header("Single weights or whole filters?", anchor=False)
    single, groups = _penalty(r"\lambda\sum_i |w_i|"), _penalty(r"\lambda\sum_g \sqrt{n_g}\,\|w_g\|_2")
    st.latex(rf"\text{{L1: }} {single} \qquad \text{{group lasso: }} {groups}")
    st.markdown(
        "L1 counts every weight by itself, and leaves holes in filters that stay. The group lasso counts a "
        "filter's n weights as one: they reach zero together. At the same λ it pulls harder, as √n·‖w‖₂ is "
        "at least Σ|w|. A dense network gets smaller only by whole filters and units that "
        "are dead, or that nothing reads."
    )
    st.markdown(
        ":material/science: **Try it.** Slide from network to network. Green weights are positive, purple "
        "ones negative, hatched ones exactly zero."
    )


def _penalty(latex: str) -> str:
    return coloured("penalty", latex)


with page("l1_in_a_cnn"):
    network_section()
    experiment(
        TARGETS,
        drawings.targets,
        words=target_words,
        reveal=True,
        before=drawings.possible,
        guess=GUESS,
    )
    rescale_section()
    experiment("batch_norm_target", drawings.batch_norm, words=norm_words)
    experiment("interpretability", drawings.kernels, words=group_words)
