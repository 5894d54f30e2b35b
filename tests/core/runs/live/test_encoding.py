"""The text of a moment and the moment read back: each the inverse of the other, up to the digits shown."""

import gzip
import json
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.runs.live import encoding
from core.runs.live.encoding import DIGITS, KERNEL_DIGITS
from core.snapshots import BINS, Frame, LayerSnapshot, Optimality, Point, Score, ScoreKind
from core.spec import LAYERS
from tests.core.runs.made import event, frame, layer, point

NUMBERS = st.floats(-1e300, 1e300)
COUNTS = st.integers(0, 10**9)
BY_LAYER = st.dictionaries(st.sampled_from(LAYERS), COUNTS, max_size=6)
LOOKS = st.builds(
    Optimality, COUNTS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.none() | NUMBERS, st.none() | NUMBERS
)
POINTS = st.builds(
    Point,
    lane=st.integers(0, 11),
    step=COUNTS,
    **dict.fromkeys(("epoch", "strength", "norm", "data_loss", "penalty", "total"), NUMBERS),
    score=st.builds(
        Score, st.sampled_from(get_args(ScoreKind)), NUMBERS, NUMBERS, COUNTS, st.none() | NUMBERS, COUNTS
    ),
    valid_step=COUNTS,
    zeros=BY_LAYER,
    dead=BY_LAYER,
    idle=st.none() | BY_LAYER,
    cut_off=st.none() | BY_LAYER,
    optimality=st.none() | LOOKS,
    text=st.text(),
)
LAYER = st.builds(
    LayerSnapshot,
    **dict.fromkeys(("weights", "zeros", "units", "dead"), COUNTS),
    idle=st.none() | COUNTS,
    cut_off=st.none() | COUNTS,
    targeted=st.booleans(),
    norm=NUMBERS,
    below=st.tuples(*[NUMBERS] * 5),
    limit=NUMBERS,
    counts=COUNTS.map(lambda count: (count,) * BINS),
)
FRAMES = st.builds(
    Frame,
    lane=st.integers(0, 11),
    step=COUNTS,
    layers=st.dictionaries(st.sampled_from(LAYERS), LAYER, min_size=1, max_size=2),
    kernels=st.lists(st.lists(NUMBERS, max_size=4), max_size=3),
    kernel_kinds=st.text("012"),
)


def about(value, digits=DIGITS):
    """Equal in the digits that are kept."""
    return pytest.approx(value, rel=0.5 * 10.0 ** (1 - digits) * (1 + 1e-9), abs=5e-324)


@settings(max_examples=40)
@given(POINTS)
def test_a_point_comes_back_as_it_was_in_the_digits_shown(made):
    (again,) = encoding.points([encoding.point(made)])
    numbers = ("epoch", "strength", "norm", "data_loss", "penalty", "total")
    assert [getattr(again, name) for name in numbers] == about([getattr(made, name) for name in numbers])
    assert (again.score.train, again.score.valid) == about((made.score.train, made.score.valid))
    assert (again.score.test is None) == (made.score.test is None)
    assert again.score.test is None or again.score.test == about(made.score.test)
    assert (again.score.n_valid, again.score.n_test) == (made.score.n_valid, made.score.n_test)
    same = {name: getattr(made, name) for name in numbers} | {"score": made.score}
    assert replace(again, **same, optimality=made.optimality) == made
    assert (again.score.kind, again.optimality is None) == (made.score.kind, made.optimality is None)


@settings(max_examples=40)
@given(FRAMES)
def test_a_frame_comes_back_as_it_was_in_the_digits_shown(made):
    (again,) = encoding.frames([encoding.frame(made)])
    assert list(again.layers) == list(made.layers)
    for name, own in made.layers.items():
        shown = again.layers[name]
        assert (shown.norm, shown.limit, *shown.below) == about((own.norm, own.limit, *own.below))
        same = {"norm": own.norm, "limit": own.limit, "below": own.below}
        assert shown.model_copy(update=same) == own
    assert [w for row in again.kernels for w in row] == about(
        [w for row in made.kernels for w in row], KERNEL_DIGITS
    )


@settings(max_examples=40)
@given(st.lists(POINTS, max_size=2), st.lists(FRAMES, max_size=2))
def test_what_was_read_is_written_as_it_was(points, frames):
    texts = [encoding.point(each) for each in points]
    assert [encoding.point(each) for each in encoding.points([",".join(texts)] if texts else [])] == texts
    texts = [encoding.frame(each) for each in frames]
    assert [encoding.frame(each) for each in encoding.frames(texts)] == texts


@settings(max_examples=40)
@given(POINTS)
def test_any_reader_of_json_reads_the_same(made):
    text = encoding.point(made)
    assert encoding.point_from(json.loads(text, parse_constant=pytest.fail)) == next(encoding.points([text]))
    assert text.isascii()


@pytest.mark.parametrize("kind", get_args(ScoreKind))
def test_a_score_is_written_under_its_kind(kind):
    told = json.loads(encoding.point(point(valid=0.25, kind=kind)))
    (other,) = {"accuracy", "error"} - {kind}
    assert (told[f"train_{kind}"], told[f"valid_{kind}"]) == (0.5, 0.25)
    assert not {f"train_{other}", f"valid_{other}", f"test_{other}"} & told.keys()


def test_a_number_that_is_not_finite_is_no_json():
    for bad in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON compliant"):
            encoding.point(point(total=bad))


def test_a_moment_kept_before_there_were_looks_has_none():
    old = json.loads(encoding.point(point()))
    del old["optimality"]
    assert encoding.point_from(old) == point_read(point())


def point_read(made: Point) -> Point:
    return next(encoding.points([encoding.point(made)]))


def test_an_event_is_written_with_every_field():
    made = event(step=3, field="strength", old="0.0", new="0.003")
    assert json.loads(encoding.event(made)) == made.model_dump()


@settings(max_examples=40)
@given(st.lists(FRAMES, min_size=1, max_size=3, unique_by=lambda made: made.lane))
def test_packed_frames_are_found_again_by_lane(frames):
    texts = {made.lane: encoding.frame(made) for made in frames}
    assert encoding.unpacked(encoding.packed(texts.values())) == ",".join(texts.values())
    assert encoding.frames_by_lane([encoding.packed(texts.values())]) == texts


def test_a_browser_gets_all_frames_in_one_answer():
    both = [encoding.frame(replace(frame({"fc1": layer()}), lane=lane)) for lane in range(2)]
    told = json.loads(gzip.decompress(encoding.frames_answer("r", [",".join(both)])))
    assert (told["run"], [each["lane"] for each in told["frames"]]) == ("r", [0, 1])
