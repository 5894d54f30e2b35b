"""The network of L1 in a CNN, drawn to scale: its layers are clicked to choose what is penalised."""

import streamlit as st

from core.lessons.l1_in_a_cnn import layers as lesson
from core.lessons.l1_in_a_cnn import layers_figures as figures
from pages.ui.lesson import coloured, columns, live_address, picture, words

LAYERS = [layer.name for layer in lesson.network(8)]
CHOICE = "l1_in_a_cnn_layers"
NETWORK = "l1_in_a_cnn_network"


@st.fragment
def network_section() -> None:
    """The network to scale; a click on a layer, or the buttons, choose what is penalised."""
    data, term = coloured("data_loss", "L"), coloured("penalty", r"\lambda\sum_{\text{chosen layers}} |w|")
    left, right = columns()
    with left:
        words(
            "Where are the weights?",
            [
                rf"\text{{total loss}} = {data} + {term}",
                r"\text{weights: conv } 3\cdot3\cdot\text{in}\cdot\text{out},\ \ "
                r"\text{fc } \text{in}\cdot\text{out}",
            ],
            "Each square is as large as its layer has weights: two convolutions and two fully connected "
            "layers for 28 × 28 images, the standard CNN. L1 makes zeros only in the layers you choose, so "
            "they set the limit.",
            "Press layers to choose them. Then shrink the image to the 8 × 8 of digits: which square "
            "shrinks, and why?",
        )
        st.session_state.setdefault(CHOICE, ["fc1"])
        chosen = st.pills("Penalised layers", LAYERS, selection_mode="multi", key=CHOICE)
        st.link_button(
            "Train this choice live",
            live_address(lesson.live(chosen)),
            disabled=not chosen,
            icon=":material/open_in_new:",
        )
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
