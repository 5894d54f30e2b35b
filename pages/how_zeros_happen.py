"""How zeros happen: four methods on two weights, then on the real network; why a zero stays or comes back."""

from collections.abc import Sequence

import streamlit as st

from core.figures import how_zeros_happen as figures
from core.figures import how_zeros_happen_runs as run_figures
from core.figures import how_zeros_noise as noise
from core.lessons import how_zeros_happen as lesson
from core.lessons import how_zeros_happen_runs as runs
from core.runs import RunHistory
from pages.ui.experiment import experiment, shown, trained
from pages.ui.lesson import coloured, columns, page, picture, words

TOTAL = r"\lambda\sum_i |w_i|"


def methods_section() -> None:
    """Two weights by four methods."""
    g, shrink, slope = _data("g"), _penalty(r"\eta\lambda"), _penalty(r"\lambda\operatorname{sign} w")
    left, right = columns()
    with left:
        words(
            "Same penalty, four updates",
            [
                rf"\text{{textbook:}}\quad w \gets w - \eta\,({g} + {slope})",
                rf"\text{{proximal:}}\quad w \gets S_{{{shrink}}}(w - \eta\,{g})",
            ],
            "g is the gradient of the data loss, η the learning rate, S the soft threshold. "
            "**Textbook** adds the penalty to the loss and differentiates: near zero it jumps from side to "
            "side. **Proximal** stops at zero. **Clip and kill**, as in popular playgrounds, sets a weight "
            "that crosses zero to zero for ever.",
            "Raise λ from 0. The dotted lines are the weights of the lowest total: which method ends there?",
        )
    with right:
        picture(figures.four_methods(), "how_zeros_methods", slider="strength λ", start=10, height=430)


def hover_section() -> None:
    """How far from zero the textbook method stays."""
    strength = _penalty(r"\lambda")
    left, right = columns()
    with left:
        words(
            "How high does it hover?",
            [
                rf"\text{{SGD:}}\quad |w| \approx \frac{{\eta{strength}}}{{2-\eta}} \ \ (\mu=0), \qquad "
                rf"|w| \lesssim \frac{{\eta{strength}}}{{1-\mu}}",
                rf"\text{{Adam:}}\quad \eta\,\frac{{\hat m}}{{\sqrt{{\hat v}}}} \propto "
                rf"\eta\,\frac{{{strength}}}{{{strength}}}",
            ],
            "A weight that should be zero overshoots by one step of the penalty, every time. Adam divides "
            "the averaged gradient m̂ by its size √v̂, so λ cancels. A count of “weights below 0.001” tells "
            "you your learning rate.",
            "Change the momentum μ. Does any dot reach zero?",
        )
    with right:
        picture(noise.hovering(), "how_zeros_hover", slider="momentum μ", height=380)


def rate_section() -> None:
    """A falling learning rate."""
    strength = _penalty(r"\lambda")
    left, right = columns()
    with left:
        words(
            "Would a falling rate help?",
            [rf"|w| \approx \frac{{\eta_t{strength}}}{{2-\eta_t}} > 0"],
            "The hovering shrinks with η, and stays above zero as long as η does. A rate that falls too fast "
            "stops the weight on its way: decay makes no zeros.",
            "Let η fall faster. Watch the proximal line: when does it fail, too?",
        )
    with right:
        picture(noise.falling_rate(), "how_zeros_rate", slider="η halves", start=3, height=360)


def stay_section() -> None:
    """Noise of the batches against λ."""
    gradient, strength = _data(r"\bar g"), _penalty(r"\lambda")
    left, right = columns()
    with left:
        words(
            "Why a zero stays",
            [rf"w = 0 \text{{ stays}} \iff |{gradient}| \le {strength}"],
            "ḡ is the gradient of the data loss, averaged by momentum. The proximal step moves by ηḡ and "
            "takes ηλ back: **η cancels**. What counts is the noise of ḡ. Here one image's gradient is "
            f"{-lesson.PULLS[1]:g} ± {lesson.NOISE:g}, and λ = {lesson.STAY_STRENGTH:g}.".replace("-", "−"),
            "Make the batch larger. Then go back and switch the momentum on.",
        )
    with right:
        picture(noise.staying(), "how_zeros_stay", slider="batch", start=2, height=380)


def batch_words() -> None:
    """Batch size and momentum in the network."""
    st.header("Batches and momentum in the real network", anchor=False)
    st.markdown(
        "You saw it with one weight: a larger batch has less noise, momentum averages it away, and more "
        "zeros stay. Now the textbook CNN on digits with the proximal step: three batch sizes, about as many "
        "updates each, without momentum (η = 0.2) and with (η = 0.05)."
    )
    st.markdown(":material/science: **Try it.** Which of the two helps more?")


def draw_batches(histories: Sequence[RunHistory]) -> None:
    """Zeros by batch size and momentum."""
    ready = trained(histories)
    if ready:
        picture(run_figures.zeros_by_batch(ready), "how_zeros_batches", height=300)


def network_words() -> None:
    """What is trained, and what to compare."""
    st.header("Four methods in the real network", anchor=False)
    st.markdown(
        "You saw them with two weights. Now with the textbook CNN: same start, same batches, same λ, and for "
        "each the learning rate that suits it."
    )
    st.markdown(
        ":material/science: **Try it.** How many exact zeros do the two textbook methods make? Which of the "
        "other three makes most?"
    )


def draw_methods(histories: Sequence[RunHistory]) -> None:
    """Zeros by method."""
    for run in trained(histories):
        picture(run_figures.zeros_by_method(run), "how_zeros_network", height=340)


def inference_section() -> None:
    """What each weight contributes, and what is left to multiply."""
    left, right = columns()
    with left:
        st.header("During training, during inference", anchor=False)
        st.latex(rf"\text{{training:}}\quad {_data('L')} + {_penalty(TOTAL)}")
        st.latex(r"\text{inference:}\quad z = \sum_i w_i x_i = \sum_{w_i \ne 0} w_i x_i")
        st.markdown(
            "*During training* every weight counts: it pays λ|w|, and a zero gets its gradient too, because "
            "it may come back. *During inference* the penalty is gone, and a zero weight adds 0 · x = 0 to "
            "every sum. Here you see it for the proximal network with momentum, from above."
        )
        st.markdown(":material/science: **Try it.** Which layer has most zeros, and which saves most work?")
    with right:
        for run in trained(shown("zeros_by_method")):
            counted = runs.multiplications(run, runs.PROXIMAL)
            picture(run_figures.multiplications(counted), "how_zeros_multiplications", height=300)


def return_section() -> None:
    """Lower λ: who comes back."""
    gradient, strength = _data(r"\bar g"), _penalty(r"\lambda")
    left, right = columns()
    with left:
        words(
            "Lower λ: do weights come back?",
            [rf"|{gradient}| > {strength} \implies w \text{{ leaves zero}}"],
            "Nothing holds a zero but the rule itself. Lower λ, and weights whose pull is now the "
            "stronger one return. A killed weight never does.",
            "λ starts at 0.4 and falls after 30 updates. How low must it fall for w₂ to return?",
        )
    with right:
        picture(figures.lowered(), "how_zeros_lowered", slider="λ falls", start=12, height=300)
    experiment("zeros_return", draw_return, words=return_words)


def return_words() -> None:
    """What falls, and where."""
    st.header("Unless all have died", anchor=False)
    st.markdown(
        "In a network there is one exception: **once all weights are zero**, no signal passes, and next to "
        "no gradient. Halfway λ falls to 1e-5 in three networks: two had λ = 1e-3, by the proximal step and "
        "by clip and kill; one had λ = 1e-2 from the first update, which kills everything."
    )


def draw_return(histories: Sequence[RunHistory]) -> None:
    """Zeros over the updates, with the moment at which λ fell."""
    for run, history in zip(trained(histories), histories, strict=False):
        step = next((event.step for event in history.events if event.kind == "change"), None)
        picture(run_figures.zeros_return(run, step), "how_zeros_return", height=340)


def _data(latex: str) -> str:
    return coloured("data_loss", latex)


def _penalty(latex: str) -> str:
    return coloured("penalty", latex)


with page("How zeros happen", "how_zeros_happen"):
    methods_section()
    hover_section()
    rate_section()
    stay_section()
    experiment("zeros_by_batch", draw_batches, words=batch_words)
    experiment("zeros_by_method", draw_methods, words=network_words)
    inference_section()
    return_section()
