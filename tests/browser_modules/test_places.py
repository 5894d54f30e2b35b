"""Where a dot of the λ path stands, from size, margins and ranges alone."""

import pytest

LAYOUT = {
    "width": 500,
    "height": 300,
    "margin": {"l": 60, "r": 40, "t": 20, "b": 80},
    "xaxis": {"range": [0, 100]},
    "yaxis": {"range": [0, 50]},
}


def place(modules, point, **layout):
    return modules.call("path/places.js", "placeOf", LAYOUT | layout, list(point))


@pytest.mark.parametrize(
    ("point", "at", "inside"),
    [
        ((0, 0), [60, 220], True),
        ((100, 50), [460, 20], True),
        ((25, 10), [160, 180], True),
        ((-10, 0), [20, 220], False),
        ((50, 51), [260, 16], False),
    ],
)
def test_a_point_stands_between_the_margins(modules, point, at, inside):
    found = place(modules, point)
    assert found["place"] == pytest.approx(at)
    assert found["inside"] is inside


def test_a_logarithmic_axis_has_exponents_for_its_range_and_may_run_backwards(modules):
    found = place(modules, (1000, 0), xaxis={"type": "log", "range": [4, 0]})
    assert found["place"] == pytest.approx([160, 220])


def test_where_nothing_is_drawn_there_is_no_place(modules):
    assert place(modules, (0, 0), xaxis={}) is None
    assert place(modules, (0, 0), margin=None) is None


def test_the_nearest_place_counts_if_it_is_in_reach(modules):
    places = [[0, 0], None, [100, 0], [100, 40]]
    assert modules.call("path/places.js", "nearest", places, [90, 10], 30) == 2
    assert modules.call("path/places.js", "nearest", places, [95, 35], 30) == 3
    assert modules.call("path/places.js", "nearest", places, [50, 0], 30) is None
    assert modules.call("path/places.js", "nearest", [], [50, 0], 30) is None
