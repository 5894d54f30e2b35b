"""L1 in a CNN: where the weights are, which layers to penalise, and what can go wrong with it."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from core.figures import l1_in_a_cnn as figures
from core.figures import l1_in_a_cnn_runs as run_figures
from core.lessons import l1_in_a_cnn as lesson
from core.lessons import l1_in_a_cnn_runs as results
from core.link import to_link
from core.runs import Refused, RunHistory, runs
from pages.ui import session, shared
from pages.ui.experiment import experiment, own_runs, pressed, shown, trained
from pages.ui.lesson import coloured, columns, page, picture, words
from pages.ui.words import plain

LAYERS = [layer.name for layer in lesson.network(8)]
CHOICE = "l1_in_a_cnn_layers"
GUESS = "l1_in_a_cnn_guess"
KEPT = "l1_in_a_cnn_kept_guess"
TARGETS = "zeros_by_target"
NETWORK = "l1_in_a_cnn_network"


@st.fragment
def network_section() -> None:
    """The network to scale; a click on a layer, or the buttons, choose what is penalised."""
    term = _penalty(r"\lambda\sum_{\text{chosen layers}} |w|")
    left, right = columns()
    with left:
        words(
            "Where are the weights?",
            [
                rf"\text{{total loss}} = {_data('L')} + {term}",
                r"\text{weights: conv } 3\cdot3\cdot\text{in}\cdot\text{out},\ \ "
                r"\text{fc } \text{in}\cdot\text{out}",
            ],
            "Each square is as large as its layer has weights: two convolutions and two fully connected "
            "layers for 28 × 28 images, the textbook CNN. L1 makes zeros only in the layers you choose, so "
            "they set the limit.",
            "Click layers to choose them. Then shrink the image to the 8 × 8 of digits: which square "
            "shrinks, and why?",
        )
        st.session_state.setdefault(CHOICE, ["fc1"])
        chosen = st.pills("Penalised layers", LAYERS, selection_mode="multi", key=CHOICE)
        address = f"{shared.root()}/?{urlencode(to_link(lesson.live(chosen)))}"
        st.link_button("Train this choice live", address, disabled=not chosen)
    with right:
        drawing = figures.to_scale(chosen)
        picture(
            drawing,
            NETWORK,
            slider="image",
            start=len(figures.SIZES) - 1,
            height=420,
            on_click=_layer_clicked,
        )


def _layer_clicked() -> None:
    click = st.session_state[NETWORK].click
    name = click.get("customdata") if isinstance(click, dict) else None
    if name in LAYERS:
        chosen = set(st.session_state.get(CHOICE, ())) ^ {name}
        st.session_state[CHOICE] = [layer for layer in LAYERS if layer in chosen]


def target_words() -> None:
    """Which layers, why mostly fully connected ones, and the reader's guess."""
    st.header("Which layers to penalise?", anchor=False)
    conv1 = lesson.network(8)[0]
    st.markdown(
        "Five networks on digits, same start, same λ, another target each. Usually the **fully connected** "
        "layers are chosen. Most weights are there, and each is used once per image. A weight of conv1 works "
        f"at all {conv1.places} places of an 8 × 8 image: {conv1.places} gradients add up against λ, "
        "so it is harder to hold at zero."
    )
    smaller = f"{shared.root()}/does_it_deliver#generalization"
    st.markdown(f"L1 helps most where images are few for so many weights: [see it measured]({smaller}).")
    st.markdown("**Predict** (if you like): λ acts on fc1 alone. How many of *all* weights become zero?")
    st.session_state.setdefault(GUESS, st.session_state.get(KEPT))
    st.session_state[KEPT] = st.number_input(
        "Your prediction (%)",
        0.0,
        100.0,
        value=None,
        step=1.0,
        format="%g",
        key=GUESS,
        disabled=pressed(TARGETS),
        placeholder="0 to 100",
        width=260,
    )


def draw_possible() -> None:
    """What is possible, before it is measured."""
    picture(run_figures.by_target(None), "l1_in_a_cnn_possible", height=380)


def draw_targets(histories: Sequence[RunHistory]) -> None:
    """The guess, zeros by target, and the sentence on biases."""
    for run in trained(histories):
        guessed = results.guess_sentence(run, st.session_state.get(KEPT))
        if guessed:
            st.markdown(guessed)
        picture(run_figures.by_target(run), "l1_in_a_cnn_targets", height=420)
        st.markdown(f"**And the biases?** {results.biases_verdict(run)} The textbook recipe penalises them.")


def rescale_words() -> None:
    """The penalty of one layer alone can be paid by another."""
    words(
        "One layer alone can be gamed",
        [
            r"c\cdot\mathrm{ReLU}\!\left(\tfrac{1}{c}\,k*x\right) = \mathrm{ReLU}(k*x), \quad c > 0",
        ],
        "Divide conv1 by c and multiply conv2 by c: the outputs stay, and the penalty on conv1 is c times "
        "smaller. The formula allows it. Penalise both layers, and what one saves the other pays.",
        "Slide c. The weights are those of the network whose conv1 alone is penalised.",
    )


def rescale_check() -> None:
    """Ask the reader's own network, all of it, as it is in the worker."""
    own = own_runs(TARGETS)
    pressed = st.button("Rescale my own network by 100", disabled=not own, key="l1_in_a_cnn_rescale")
    if not own:
        st.caption("Run the experiment above first; then this asks your own network.")
    elif pressed:
        try:
            answer = runs().ask(session.owner(), own[0].view.id, "rescale", lane=0, factor=100.0)
            st.markdown(results.rescale_sentence(answer))
        except Refused as refused:
            st.markdown(f":material/error: {plain(str(refused))}")


def rescale_section() -> None:
    """Rescaling of real weights."""
    left, right = columns()
    with left:
        rescale_words()
        rescale_check()
    with right:
        for run in trained(shown(TARGETS)):
            picture(run_figures.rescaling(run, 0), "l1_in_a_cnn_rescaling", slider="factor c", height=340)
            st.markdown(f"**Did training do it?** {results.gaming_verdict(run)}")


def norm_words() -> None:
    """BatchNorm divides out what its convolution is multiplied by."""
    st.header("With BatchNorm", anchor=False)
    st.latex(r"z = k*x")
    st.latex(r"\mathrm{BN}(c\,z) = \mathrm{BN}(z) = \gamma\,\frac{z-\bar z}{\sigma_z} + \beta")
    st.markdown(
        "BatchNorm divides by the spread of its input z, so the *size* of the kernel before it means "
        "nothing: it can shrink, and its penalty with it, for free. L1 works on any layer that learns: put "
        "it on the **scale γ**, and a channel with γ = 0 is off. λ is 1e-3 on kernels, 1e-2 on γ."
    )
    st.markdown(":material/science: **Try it.** Compare what the two targets do to Σ|w| and to the channels.")


def draw_norm(histories: Sequence[RunHistory]) -> None:
    """Convolutions against normalizations as targets."""
    for run in trained(histories):
        picture(run_figures.batch_norm(run), "l1_in_a_cnn_batch_norm", height=320)


def group_words() -> None:
    """Single weights against whole filters."""
    st.header("Single weights or whole filters?", anchor=False)
    single, groups = _penalty(r"\lambda\sum_i |w_i|"), _penalty(r"\lambda\sum_g \sqrt{n_g}\,\|w_g\|_2")
    st.latex(rf"\text{{L1: }} {single} \qquad \text{{group lasso: }} {groups}")
    st.markdown(
        "L1 counts every weight by itself, and leaves holes in filters that stay. The group lasso counts a "
        "filter's n weights as one: they reach zero together. Only a whole filter that is off makes the "
        "network smaller."
    )
    st.markdown(
        ":material/science: **Try it.** Slide from network to network. Green weights are positive, purple "
        "ones negative, hatched ones exactly zero."
    )


def draw_groups(histories: Sequence[RunHistory]) -> None:
    """The kernels of three networks."""
    for run in trained(histories):
        picture(run_figures.kernels(run), "l1_in_a_cnn_kernels", slider="network", start=1, height=330)


def _data(latex: str) -> str:
    return coloured("data_loss", latex)


def _penalty(latex: str) -> str:
    return coloured("penalty", latex)


with page("L1 in a CNN", "l1_in_a_cnn"):
    network_section()
    experiment(TARGETS, draw_targets, words=target_words, reveal=True, before=draw_possible)
    rescale_section()
    experiment("batch_norm_target", draw_norm, words=norm_words)
    experiment("interpretability", draw_groups, words=group_words)
