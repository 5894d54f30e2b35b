"""The four weights: what the buttons show is what they say."""

import pytest

from core.lessons.what_is_l1 import four_weights as lesson
from pages.ui.what_is_l1.bill import LIMIT, LOSSES, STRENGTHS


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_best_weights_can_be_set(kind, strength):
    """At λ = 0 those of cross-entropy lay beyond the sliders, and what was set in their place was worse."""
    lowest = lesson.best(kind, strength)
    assert max(map(abs, lowest.weights)) <= LIMIT
    rounded = lesson.bill(kind, [round(w, 2) for w in lowest.weights], strength)
    assert rounded.total == pytest.approx(lowest.total, abs=5e-4)
