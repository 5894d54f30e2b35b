"""What comes with a question: taken once, checked, and refused in one sentence that names it."""

from types import SimpleNamespace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.data.images import Images, digits
from core.inspect.fields import MAX_IMAGES, MAX_TEXT, Fields
from core.inspect.moment import QuestionError

DIGITS = digits()
COLOURED = Images(*[torch.rand(4, 3, 6, 6), torch.zeros(4).long()] * 3, n_outputs=10)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


def fields(data=DIGITS, /, **values):
    return Fields(values, SimpleNamespace(nets=(None, None), images=data))


@pytest.mark.parametrize(
    ("take", "value", "expected"),
    [
        (lambda f: f.whole("x", 0, 9), 9, 9),
        (lambda f: f.number("x", 0.0, 1.0), 1, 1.0),
        (lambda f: f.numbers("x", 0.0, 1.0, 3), [0, 0.5], [0.0, 0.5]),
        (lambda f: f.one_of("x", ("a", "b")), "b", "b"),
        (lambda f: f.text("x"), "a" * MAX_TEXT, "a" * MAX_TEXT),
        (lambda f: f.lane("x"), 1, 1),
        (lambda f: f.indices("x", 5, 3), [4, 0], [4, 0]),
    ],
)
def test_what_can_be_is_given_and_gone(take, value, expected):
    given_ = fields(x=value)
    assert given_.has("x")
    assert take(given_) == expected
    assert not given_.has("x")
    given_.done()


@pytest.mark.parametrize(
    ("take", "bad"),
    [
        (lambda f: f.whole("x", 0, 9), [10, -1, 1.0, True, "1", None]),
        (lambda f: f.number("x", 0.0, 1.0), [1.1, -0.1, float("nan"), True, "0", None]),
        (lambda f: f.numbers("x", 0.0, 1.0, 2), [[], [0, 0, 0], [2.0], [True], ["0"], 0.5, None]),
        (lambda f: f.one_of("x", ("a", "b")), ["c", 1, None, ["a"]]),
        (lambda f: f.text("x"), ["", "a" * (MAX_TEXT + 1), 3, None]),
        (lambda f: f.lane("x"), [2, -1, None]),
        (lambda f: f.indices("x", 5, 2), [[], [5], [-1], [0, 1, 2], [1.0], [True], 3, None]),
    ],
)
def test_what_cannot_be_is_one_sentence_that_names_it(take, bad):
    for value in bad:
        with pytest.raises(QuestionError, match=r"^x must be [^\n]+\.$"):
            take(fields(x=value))


@pytest.mark.parametrize("name", ["whole", "number", "one_of", "lane"])
def test_a_default_stands_in_for_what_is_missing_or_null(name):
    arguments = {"whole": (0, 9), "number": (0.0, 9.0), "one_of": (("a", "b"),), "lane": ()}[name]
    default = "a" if name == "one_of" else 1
    for values in ({}, {"x": None}):
        assert getattr(fields(**values), name)("x", *arguments, default=default) == default


def test_what_nobody_asked_for_is_refused():
    with pytest.raises(QuestionError, match=r"^This question has no 'colour'\.$"):
        fields(colour="red").done()


def test_the_values_of_the_question_are_left_alone():
    values = {"x": 1}
    Fields(values, SimpleNamespace(nets=(None, None), images=DIGITS)).lane("x")
    assert values == {"x": 1}


def test_images_by_number_are_the_test_images():
    assert torch.equal(fields(indices=[3, 1]).images(), DIGITS.valid_x[[3, 1]])


@pytest.mark.parametrize("images", [DIGITS, COLOURED])
def test_images_by_their_pixels_are_what_was_sent(images):
    sent = images.valid_x[:2]
    plain = sent[:, 0] if images.channels == 1 else sent
    got = fields(images, images=plain.tolist()).images()
    assert got.dtype == torch.float32
    torch.testing.assert_close(got, sent)


def blank(n=1, size=8, value=0.0):
    return [[[value] * size for _ in range(size)] for _ in range(n)]


BAD_PIXELS = {
    "none": [],
    "no list": "pixels",
    "too many": blank(MAX_IMAGES + 1),
    "too small": blank(size=7),
    "above white": blank(value=1.01),
    "below black": blank(value=-0.01),
    "no number": blank(value=float("nan")),
    "text": blank(value="0"),
    "booleans": blank(value=True),
    "ragged": [[[0.0] * 8] * 7 + [[0.0] * 7]],
}


@pytest.mark.parametrize(
    "bad",
    BAD_PIXELS.values(),
    ids=BAD_PIXELS.keys(),
)
def test_pixels_that_cannot_be_are_one_sentence(bad):
    with pytest.raises(QuestionError, match=r"^images must be 1 to 8 arrays of 8 × 8 numbers from 0 to 1\.$"):
        fields(images=bad).images()


def test_the_sentence_says_how_many_colours():
    with pytest.raises(QuestionError, match="arrays of 3 × 6 × 6 numbers"):
        fields(COLOURED, images=blank(size=6)).images()


@given(ANYTHING)
def test_anything_is_taken_or_refused(value):
    for take in (
        lambda f: f.whole("x", 0, 9),
        lambda f: f.number("x", 0.0, 1.0),
        lambda f: f.numbers("x", 0.0, 1.0, 3),
        lambda f: f.one_of("x", ("a", "b")),
        lambda f: f.text("x"),
        lambda f: f.indices("x", 5, 3),
    ):
        try:
            take(fields(x=value))
        except QuestionError as error:
            assert str(error).endswith(".")  # noqa: PT017
    try:
        fields(images=value, indices=[0]).images()
    except QuestionError as error:
        assert str(error).endswith(".")  # noqa: PT017
