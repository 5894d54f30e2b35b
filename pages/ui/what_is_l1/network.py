"""From one weight and two to a network: what of the rule holds there, and the way to see it."""

import streamlit as st

from core.spec import LaneSpec, RunSpec
from pages.ui.lesson import live_address

NETWORKS = {
    "Try it on the real network": RunSpec.beside_zero(LaneSpec(strength=3e-4)),
    "The same network with L2": RunSpec.beside_zero(LaneSpec(penalty="l2", strength=3e-3)),
}


def network_section() -> None:
    """From two weights to a network."""
    st.header("And in a network?", anchor=False)
    st.markdown(
        "The rule for every weight that is zero: **it stays there while the data loss pulls it less than "
        "λ.** A network has many valleys, so the rule does not tell which weights get there. *During "
        "training* the optimizer lowers both terms. *During inference* the penalty is gone, and only weights "
        "that are not zero contribute."
    )
    st.markdown(
        "With L2 you will see exact zeros, too: weights that get no gradient at all, as those behind a pixel "
        "that never has ink. Nothing pulls at them, so each update divides them again, until the "
        "computer rounds to zero; Adam, which divides them by a large factor, is there soon. L1 also sets "
        "weights to zero that the data loss does pull at."
    )
    with st.container(horizontal=True):
        for i, (label, spec) in enumerate(NETWORKS.items()):
            st.link_button(
                label,
                live_address(spec),
                type="secondary" if i else "primary",
                icon=":material/open_in_new:",
            )
