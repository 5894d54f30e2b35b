"""The table of runs: the order of its rows, and its curves."""

import pytest


@pytest.mark.parametrize(("direction", "wanted"), [(1, [1, 2, 3, None]), (-1, [3, 2, 1, None])])
def test_a_row_without_the_number_goes_last_whichever_the_direction(modules, direction, wanted):
    script = """async ([rows, direction]) => {
      const { ordered } = await import("/table/table.js");
      return ordered(rows, (row) => row, direction);
    }"""
    assert modules.run(script, [[None, 2, 3, 1], direction]) == wanted


def points(modules, values):
    script = """async (values) => {
      const { spark } = await import("/table/spark.js");
      return spark(values).querySelector("polyline")?.getAttribute("points") ?? null;
    }"""
    found = modules.run(script, values)
    return found and [[float(number) for number in pair.split(",")] for pair in found.split()]


def test_a_curve_goes_from_left_to_right_between_its_least_and_its_greatest_value(modules):
    assert points(modules, [1, 3, 2]) == [[2, 22], [42, 2], [82, 12]]


def test_a_level_curve_and_one_of_a_single_value(modules):
    assert points(modules, [5, 5]) == [[2, 22], [82, 22]]
    assert points(modules, [5]) is None
