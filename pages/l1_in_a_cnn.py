"""L1 in a CNN: where the weights are, which layers to penalise, and what can go wrong with it."""

from collections.abc import Sequence

import streamlit as st

from core.figures import l1_in_a_cnn as figures
from core.lessons import l1_in_a_cnn as lesson
from core.runs import Refused, RunHistory, runs
from pages.ui import session
from pages.ui.experiment import experiment, own_runs, shown, trained
from pages.ui.lesson import coloured, columns, page, picture, words
from pages.ui.words import plain

LAYERS = [layer.name for layer in lesson.network(8)]
CHOICE = "l1_in_a_cnn_layers"
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
            "Each square is as large as its layer has weights. L1 can make zeros only where you ask for it: "
            "the layers you choose set the limit.",
            "Click layers to choose them. Then enlarge the image: which square grows, and why?",
        )
        st.session_state.setdefault(CHOICE, ["fc1"])
        chosen = st.pills("Penalised layers", LAYERS, selection_mode="multi", key=CHOICE)
    with right:
        drawing = figures.to_scale(chosen)
        picture(drawing, NETWORK, slider="image", height=420, on_click=_layer_clicked)


def _layer_clicked() -> None:
    click = st.session_state[NETWORK].click
    name = click.get("customdata") if isinstance(click, dict) else None
    if name in LAYERS:
        chosen = set(st.session_state.get(CHOICE, ())) ^ {name}
        st.session_state[CHOICE] = [layer for layer in LAYERS if layer in chosen]


def target_words() -> None:
    """Which layers, and why mostly fully connected ones."""
    st.header("Which layers to penalise?", anchor=False)
    conv1 = lesson.network(8)[0]
    st.markdown(
        "Five networks, same start, same λ, another target each. Usually the fully connected layers are "
        f"chosen: most weights are there, and each is used once per image. A weight of conv1 works at all "
        f"{conv1.places} places of an 8 × 8 image: it does more, so it costs more to lose."
    )
    st.markdown(
        ":material/science: **Try it.** Compare what is possible with what came, and at what accuracy."
    )


def draw_targets(histories: Sequence[RunHistory]) -> None:
    """Zeros by target, the sentence on biases, and rescaling on the same run."""
    for run in trained(histories):
        picture(figures.by_target(run), "l1_in_a_cnn_targets", height=380)
        st.markdown(f"**And the biases?** {lesson.biases_verdict(run)} The textbook recipe penalises them.")


def rescale_words() -> None:
    """The penalty of one layer alone can be paid by another."""
    words(
        "One layer alone can be gamed",
        [
            r"c\cdot\mathrm{ReLU}\!\left(\tfrac{1}{c}\,k*x\right) = \mathrm{ReLU}(k*x), \quad c > 0",
        ],
        "Divide conv1 by c and multiply conv2 by c: the outputs stay, and the penalty on conv1 is c times "
        "smaller. Training finds this way out. Penalise both layers, and what one saves the other pays.",
        "Slide c. The weights are those of the network above whose conv1 alone was penalised.",
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
            st.markdown(lesson.rescale_sentence(answer))
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
            picture(figures.rescaling(run, 0), "l1_in_a_cnn_rescaling", slider="factor c", height=340)


def norm_words() -> None:
    """BatchNorm divides out what its convolution is multiplied by."""
    st.header("With BatchNorm", anchor=False)
    st.latex(r"\mathrm{BN}(c\,k*x) = \mathrm{BN}(k*x) = \gamma\,\frac{z-\bar z}{\sigma_z} + \beta")
    st.markdown(
        "BatchNorm divides by the spread of its input, so the size of the kernel before it means nothing: "
        "L1 there shrinks weights without making the function simpler. Penalise the **scale γ** instead: a "
        "channel with γ = 0 is off."
    )
    st.markdown(":material/science: **Try it.** Compare what the two targets do to Σ|w| and to the channels.")


def draw_norm(histories: Sequence[RunHistory]) -> None:
    """Convolutions against normalizations as targets."""
    for run in trained(histories):
        picture(figures.batch_norm(run), "l1_in_a_cnn_batch_norm", height=260)


def group_words() -> None:
    """Single weights against whole filters."""
    st.header("Single weights or whole filters?", anchor=False)
    single, groups = _penalty(r"\lambda\sum_i |w_i|"), _penalty(r"\lambda\sum_g \sqrt{n_g}\,\|w_g\|_2")
    st.latex(rf"\text{{L1: }} {single} \qquad \text{{group lasso: }} {groups}")
    st.markdown(
        "L1 puts holes into kernels. The group lasso counts a filter's n weights as one: they reach zero "
        "together, and only a whole filter that is off makes the network smaller and faster."
    )
    st.markdown(
        ":material/science: **Try it.** Slide from network to network. Hatched cells are exactly zero."
    )


def draw_groups(histories: Sequence[RunHistory]) -> None:
    """The kernels of three networks."""
    for run in trained(histories):
        picture(figures.kernels(run), "l1_in_a_cnn_kernels", slider="network", start=1, height=330)


def _data(latex: str) -> str:
    return coloured("data_loss", latex)


def _penalty(latex: str) -> str:
    return coloured("penalty", latex)


with page("L1 in a CNN", "l1_in_a_cnn"):
    network_section()
    experiment(TARGETS, draw_targets, words=target_words)
    rescale_section()
    experiment("batch_norm_target", draw_norm, words=norm_words)
    experiment("interpretability", draw_groups, words=group_words)
