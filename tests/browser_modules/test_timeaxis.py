"""The step axis, marks and labels of events, and the ends of the other axis."""

import math
import random
from itertools import pairwise

import pytest

from tests.browser_modules.runs import SPEC, change, point, update

STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)

LAYOUT = """async ([spec, updates, run, at]) => {
  const { History } = await import("/live/history.js");
  const { timeLayout } = await import("/live/timeaxis.js");
  const history = new History(run, spec);
  for (const update of updates) history.apply(update);
  const look = { ink: "ink", muted: "muted", penalty: "penalty" };
  return timeLayout({ history, look, at }, { nticks: 6 }, "the loss of both lanes");
}"""


@pytest.fixture
def layout(modules):
    def layout(*updates, run="r", at=None):
        return modules.run(LAYOUT, [SPEC, list(updates), run, at])

    return layout


def test_an_upper_end_is_the_next_round_number(modules):
    chance = random.Random(0)
    values = [10 ** chance.uniform(-4, 6) for _ in range(500)]
    for value, end in zip(
        values, modules.each("shared/format.js", "niceCeiling", [(v, 0) for v in values]), strict=True
    ):
        power = 10 ** math.floor(math.log10(value))
        assert end == pytest.approx(min(s * power for s in STEPS if s * power >= 0.999 * value))


@pytest.mark.parametrize(
    ("value", "least", "end"), [(0, 2.5, 2.5), (2.6, 2.5, 3), (0.7, 0, 0.8), (91, 25, 100)]
)
def test_an_upper_end_is_at_least_what_it_has_to_be(modules, value, least, end):
    assert modules.call("shared/format.js", "niceCeiling", value, least) == pytest.approx(end)


@pytest.mark.parametrize(
    ("values", "decades"),
    [
        ([], [-2, 1]),
        ([0, -1], [-2, 1]),
        ([0.5, 3], [-1, 1]),
        ([1e-9, 1], [-6, 1]),
        ([10, 90], [1, 2]),
        ([99, 100], [1, 3]),
    ],
)
def test_a_log_axis_spans_whole_decades(modules, values, decades):
    assert modules.call("live/timeaxis.js", "logRange", values) == decades


@pytest.mark.parametrize(
    ("reached", "end"),
    [(1, 64), (60, 64), (63, 126), (200, 252), (990, 1000), (1000, 1000)],
)
def test_the_axis_grows_by_doublings_of_a_32nd_and_ends_with_the_run(layout, reached, end):
    # A run of 1,000 updates: 32nds begin with 32, but no axis is shorter than 64.
    found = layout(update(points=[point(reached)]))["xaxis"]["range"][1]
    doublings = [max(64, math.ceil(1000 / 32)) * 2**i for i in range(6)]
    assert found == min(1000, next(d for d in doublings if d >= min(1.02 * reached, 1000)))
    assert reached <= found


def test_the_axis_says_how_long_an_epoch_is_once_it_is_known(layout):
    assert layout()["xaxis"]["title"]["text"] == "step"
    assert layout(update(points=[point(50)]))["xaxis"]["title"]["text"] == "step (100 = 1 epoch)"


def test_what_is_not_there_yet_is_invited(layout):
    def words(found):
        return [each["text"] for each in found["annotations"]]

    assert words(layout(run=None)) == ["Press Play: the loss of both lanes"]
    assert words(layout()) == ["waiting for the first numbers"]
    assert words(layout(update(points=[point(1)]))) == []


def test_every_step_with_events_has_one_mark_and_the_moment_looked_at_a_line(layout):
    events = [change(10, 1, 2), change(10, "fc1", "fc2", "layers"), change(30, 2, 3)]
    shapes = layout(update(points=[point(40)], events=events), at=20)["shapes"]
    assert [(shape["x0"], shape["x1"]) for shape in shapes] == [(10, 10), (30, 30), (20, 20)]


def test_a_label_stands_towards_the_middle_and_has_the_colour_of_lambda(layout):
    events = [change(5, 0.0001, 0.003), change(60, "fc1", "conv1.fc1", "layers")]
    first, second = layout(update(points=[point(60)], events=events))["annotations"]
    assert (first["text"], first["xanchor"], first["font"]["color"]) == ("λ 1e-4 → 3e-3", "left", "penalty")
    assert (second["text"], second["xanchor"], second["font"]["color"]) == ("+conv1", "right", "ink")


def test_labels_that_would_touch_share_one_with_every_value_or_where_that_is_too_long_the_turning_points(
    layout,
):
    values = (0.1, 0.2, 0.4, 0.3)
    events = [change(10 + i, a, b) for i, (a, b) in enumerate(pairwise(values))]
    [label] = layout(update(points=[point(40)], events=events))["annotations"]
    assert label["text"] == "3 moves: λ 0.1 → 0.2 → 0.4 → 0.3"
    dragged = (0.1, 0.2, 0.25, 0.35, 0.4, 0.3, 0.5)
    events = [change(10 + i, a, b) for i, (a, b) in enumerate(pairwise(dragged))]
    [label] = layout(update(points=[point(40)], events=events))["annotations"]
    assert label["text"] == "6 moves: λ 0.1 → 0.4 → 0.3 → 0.5"
    more = [change(16, "False", "True", "include_bias"), change(17, "fc1", "fc2", "layers")]
    [label] = layout(update(points=[point(40)], events=[*events, *more]))["annotations"]
    assert label["text"] == "8 moves", "a label that is too long to read says how many"
    collapse = change(18, "", "", "") | {"kind": "collapsed"}
    [label] = layout(update(points=[point(40)], events=[*events, *more, collapse]))["annotations"]
    assert label["text"] == "9 events", "nobody has made a collapse"
    first = [change(9, "fc1", "conv1.fc1", "layers"), *events[:2]]
    [label] = layout(update(points=[point(40)], events=first))["annotations"]
    assert label["text"] == "3 moves: +conv1, λ 0.1 → 0.2 → 0.25", "in the order in which it was"


def test_a_shared_label_lists_its_moves_when_pointed_at(layout):
    events = [change(10, 0.1, 0.2), change(11, "fc1", "conv1.fc1", "layers"), change(1012, 0.2, 0)]
    shared, alone = layout(update(points=[point(1040)], events=events))["annotations"]
    assert shared["hovertext"] == "step 10: λ 0.1 → 0.2<br>step 11: +conv1"
    assert "hovertext" not in alone
