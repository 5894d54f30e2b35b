"""How zeros happen: four methods on two weights, then on the real network; why a zero stays or comes back."""

from core.lessons.how_zeros_happen import noise_figures as noise
from core.lessons.how_zeros_happen import two_weights as lesson
from core.lessons.how_zeros_happen import two_weights_figures as figures
from pages.ui.how_zeros_happen import network
from pages.ui.lesson import coloured, columns, page, picture, words


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
            "**Textbook** adds the penalty to the loss and differentiates: near zero it goes past and "
            "back. **Proximal** stops at zero. **Clip and kill**, as in popular playgrounds, sets a weight "
            "that λ carries across zero to zero for ever.",
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
            "Here nothing pulls at the weight but λ, and it overshoots by one step of the penalty, every "
            "time. (The ≈ is for a data loss of curvature 1.) Adam divides the averaged gradient m̂ by its "
            "size √v̂, so λ cancels where λ is all the gradient there is. How many weights are “below 0.001” "
            "then depends on your learning rate.",
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
            "The hovering shrinks with η, and stays above zero as long as η does: a falling rate makes no "
            "zeros. One that falls too fast stops the weight on its way.",
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
    network.all_dead()


def _data(latex: str) -> str:
    return coloured("data_loss", latex)


def _penalty(latex: str) -> str:
    return coloured("penalty", latex)


with page("how_zeros_happen"):
    methods_section()
    hover_section()
    rate_section()
    stay_section()
    network.batches()
    network.four_methods()
    network.inference()
    return_section()
