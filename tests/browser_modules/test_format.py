"""Numbers as the views write them."""

import random

import pytest

from core.spec import strength_text
from core.uncertainty import off, sampling
from core.words import percent
from pages.ui.markdown import unbroken
from tests.written import SHARES, STRENGTHS

NBSP = "\u00a0"


@pytest.mark.parametrize(("value", "text"), STRENGTHS)
def test_a_strength_is_written_as_in_python(modules, value, text):
    assert modules.call("shared/format.js", "strength", value) == text


def test_any_strength_is_written_as_in_python(modules):
    chance = random.Random(0)
    values = [10 ** chance.uniform(-9, 1) for _ in range(3000)]
    written = modules.each("shared/format.js", "strength", [(value,) for value in values])
    assert written == [strength_text(value) for value in values]


@pytest.mark.parametrize("name", ["strength", "significant", "percent", "degrees", "count"])
@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_is_no_number_is_a_dash(modules, name, value):
    assert modules.call("shared/format.js", name, value) == "–"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.6428, "0.643"),
        (0.5, "0.500"),
        (412.3, "412"),
        (4119.8, "4,120"),
        (1_234_567, "1,234,567"),
        (0.001, "0.00100"),
        (0.00099, "9.9e-4"),
        (1.2e-5, "1.2e-5"),
        (-0.6428, "-0.643"),
        (-1.2e-5, "-1.2e-5"),
        # What rounds up to a fourth digit before the point is a whole number, not 1.00e+3.
        (999.4, "999"),
        (999.7, "1,000"),
        (-999.7, "-1,000"),
        (99.96, "100"),
    ],
)
def test_three_digits_count(modules, value, text):
    assert modules.call("shared/format.js", "significant", value) == text


def test_more_digits_where_asked(modules):
    assert modules.call("shared/format.js", "significant", 1234.56, 4) == "1235"
    assert modules.call("shared/format.js", "significant", 123.456, 4) == "123.5"
    assert modules.call("shared/format.js", "significant", 9999.7, 4) == "10,000"


@pytest.mark.parametrize(("share", "text"), SHARES)
def test_a_share_is_written_as_in_python(modules, share, text):
    assert modules.call("shared/format.js", "percent", share) == text.replace(" ", NBSP)


def test_any_share_is_written_as_in_python(modules):
    chance = random.Random(0)
    shares = [n / of for of in (72, 320, 18432, 225034) for n in [chance.randint(0, of) for _ in range(800)]]
    written = modules.each("shared/format.js", "percent", [(share,) for share in shares])
    assert written == [percent(share).replace(" ", NBSP) for share in shares]


def test_counts_and_degrees(modules):
    assert modules.call("shared/format.js", "count", 18432) == "18,432"
    assert modules.call("shared/format.js", "degrees", 7.26) == "7.3°"


def test_a_moment_is_its_step_and_epoch(modules):
    assert (
        modules.call("shared/format.js", "moment", {"step": 1234, "epoch": 52.26})
        == "step 1,234 · epoch 52.3"
    )
    assert modules.call("shared/format.js", "moment", None) == "step –"


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ({"kind": "collapsed"}, "collapsed"),
        ({"kind": "change", "field": "strength", "old": "0.0001", "new": "0.00125"}, "λ 1e-4 → 1.25e-3"),
        ({"kind": "change", "field": "layers", "old": "conv1.fc1", "new": "fc1.fc2"}, "+fc2 −conv1"),
        ({"kind": "change", "field": "layers", "old": "", "new": "fc1"}, "+fc1"),
        ({"kind": "change", "field": "layers", "old": "fc1", "new": "fc1"}, "layers"),
        ({"kind": "change", "field": "include_bias", "old": "False", "new": "True"}, "+ biases"),
        ({"kind": "change", "field": "include_bias", "old": "True", "new": "False"}, "− biases"),
        ({"kind": "change", "field": "speed", "old": "1", "new": "2"}, "speed"),
    ],
)
def test_an_event_says_what_it_changed(modules, event, text):
    assert modules.call("shared/format.js", "eventLabel", event) == text


def test_no_line_ends_within_a_measured_number_or_a_lambda(modules):
    for sentence in ("12 % selected, 29 % idle", "L1 3e-4: 97.1 ± 1.2 % at λ = 2.5e-3", "one two-fold"):
        assert modules.call("shared/format.js", "unbroken", sentence) == unbroken(sentence)
    text = modules.call("shared/format.js", "unbroken", "12 % selected, 29 % idle")
    assert text == f"12{NBSP}%{NBSP}selected, 29{NBSP}%{NBSP}idle"


@pytest.mark.parametrize(("share", "n"), [(0.971, 258), (0.5, 10_000), (1.0, 258), (0.0, 9)])
def test_what_an_accuracy_may_be_off_is_said_as_in_python(modules, share, n):
    assert modules.call("shared/format.js", "off", share, n) == off(share, n)
    assert modules.call("shared/format.js", "sampling", share, n) == sampling([share], n)


@pytest.mark.parametrize(
    ("share", "text"),
    [(1, ">99.9 %"), (0.99996, ">99.9 %"), (0.62, "62 %"), (0.0004, "<0.1 %"), (0, "<0.1 %")],
)
def test_no_softmax_output_is_all_or_nothing(modules, share, text):
    assert modules.call("shared/format.js", "certainty", share) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    "sentence",
    ["97.1 ± 1.0 % (96.9 ± 1.0 % without)", "12 % selected, 3 % cut off, 17 % idle of 32 %"],
)
def test_the_browser_breaks_no_line_where_the_server_breaks_none(modules, sentence):
    assert modules.call("shared/format.js", "unbroken", sentence) == unbroken(sentence)
    assert " %" not in unbroken(sentence)
