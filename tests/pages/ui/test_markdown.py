"""Foreign text in Markdown: every mark is escaped, and nothing else is changed."""

import re
import string

import pytest

from pages.ui.markdown import plain, unbroken


@pytest.mark.parametrize("mark", [*"\\`*_{}[]()#+!|<>~:$&-"])
def test_a_mark_is_escaped_once(mark):
    assert plain(f"a{mark}b") == f"a\\{mark}b"


def test_words_and_numbers_stay_as_they_are():
    text = f"{string.ascii_letters}{string.digits} λ = 3e4, 'much'."
    assert plain(text) == text


@pytest.mark.parametrize(
    "address", ["www.evil.example", "http://evil.example/a", "HTTPS://evil.example", "anna@evil.example"]
)
def test_an_address_is_not_known_as_one(address):
    shown = plain(address).replace("\\", "")
    assert shown.replace("\u2060", "") == address
    assert not re.search(r"www\.|https?://|[\w]@[\w]", shown, re.IGNORECASE)


def test_an_image_becomes_text():
    assert plain("![x](http://a/b)").replace("\u2060", "") == r"\!\[x\]\(http\://a/b\)"


def test_no_line_ends_within_a_measured_number():
    assert unbroken("At λ = 1e-4 it is e-mail.") == "At λ = 1e-\u20604 it is e-mail."
    assert unbroken("29 % idle of 1 % in all") == "29\u00a0%\u00a0idle of 1\u00a0% in all"
    assert unbroken("From 72.0 ± 2.2 to 93.8 %.") == "From 72.0\u00a0±\u00a02.2 to 93.8\u00a0%."
