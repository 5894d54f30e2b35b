"""How long something takes is said in words that hold on slower machines."""

import pytest

from pages.ui.duration import takes


@pytest.mark.parametrize(
    ("computed", "elsewhere", "words"),
    [
        (8.0, 25.0, "less than a minute"),
        (24.0, 46.0, "a minute or two"),
        (25.0, 85.0, "a minute or two"),
        (50.0, 130.0, "a minute or two"),
        (90.0, 300.0, "a few minutes"),
        (600.0, 2000.0, "many minutes"),
    ],
)
def test_the_words_hold_where_it_took_longer(computed, elsewhere, words):
    most = {"less than a minute": 60, "a minute or two": 150, "a few minutes": 600, "many minutes": 1e9}
    assert takes(computed) == f"Takes {words} if nobody else trains."
    assert elsewhere <= most[words]
