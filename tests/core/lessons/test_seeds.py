"""What several seeds say together: mean, standard error and words by hand, and against numpy."""

from dataclasses import replace

import numpy as np
import pytest

from core.experiments import Trained
from core.lessons.seeds import Row, against, of_seeds, points, row_of, rows_of, sampled, settled
from core.snapshots import Score
from core.spec import RunSpec
from tests.core.runs.made import frame, layer, point


def test_mean_and_error_by_hand():
    row = Row("a", (1.0, 2.0, 6.0))
    assert row.mean == 3.0
    # s² = ((−2)² + (−1)² + 3²) / 2 = 7
    assert row.error == pytest.approx((7.0 / 3.0) ** 0.5)
    assert row.error == pytest.approx(np.std(row.values, ddof=1) / np.sqrt(3))
    assert Row("a", (9.5,)).error == 0.0


@pytest.mark.parametrize(
    ("values", "digits", "text"),
    [
        ((9.0, 10.0, 11.0), 1, "10.0 ± 0.6"),
        ((9.04,), 1, "9.0"),
        ((0.123,), 2, "0.12"),
        ((1.0, 3.0), 0, "2 ± 1"),
    ],
)
def test_a_row_is_written_with_its_error_where_it_has_one(values, digits, text):
    assert Row("a", values).text(digits) == text


def test_a_row_for_each_lane_has_a_value_for_each_run():
    runs = [10, 20, 30]
    rows = rows_of(("first", "second"), runs, lambda run, lane: run + lane)  # type: ignore[arg-type]
    assert [row.label for row in rows] == ["first", "second"]
    assert [row.values for row in rows] == [(10, 20, 30), (11, 21, 31)]
    assert row_of(runs, lambda run: run / 10, "tenths") == Row("tenths", (1, 2, 3))  # type: ignore[arg-type]


def test_pairs_drop_what_seeds_share():
    more = against(Row("a", (91.0, 51.0, 71.5)), Row("b", (90.0, 50.0, 70.0)))
    assert more.values == (1.0, 1.0, 1.5)
    assert points(more) == "+1.2 ± 0.2 points, more in 3 of 3 seeds"
    assert points(Row("a", (-2.0, 3.0, -4.0))) == "−1.0 ± 2.1 points, less in 2 of 3 seeds"
    assert (points(Row("a", (2.0,))), of_seeds(1, 2)) == ("+2.0 points, more in 1 of 1 seed", "1 of 2 seeds")


def run(epoch: float) -> Trained:
    return Trained(RunSpec(epochs=2), [[point(0), point(round(23 * epoch))]], [frame({"fc1": layer()})])


def test_a_run_half_way_is_no_seed_yet():
    done, other, going = run(2.0), run(2.0), run(1.0)
    assert settled([done, other, going]) == [done, other]
    assert settled([going]) == settled([going, run(0.5)]) == [going]
    assert settled([]) == []


def test_each_networks_accuracy_is_within_the_range_of_errors():
    # 7 and 50 of 100 right: √(6.51 + ¼)/101 = 2.57, √(25 + ¼)/101 = 4.98.
    scores = [Score("accuracy", 1.0, right, 100) for right in (0.5, 0.07)]
    lanes = [[replace(point(23), score=score)] for score in scores]
    both = Trained(RunSpec(), lanes, [frame({"fc1": layer()})] * 2)
    assert sampled("31 %", [both]).startswith("The images are a sample too: ± 2.6 to 5.0 points: 100 ")


def test_what_the_sign_is_stands_where_there_is_one():
    assert sampled("31 ± 2 %", [run(2.0)], tells_accuracy=False) == "± is one standard error over the seeds."
    assert sampled("31 %", [run(2.0)], tells_accuracy=False) == ""
    assert sampled("31 %", [run(2.0)]).startswith("The images are a sample too: ± ")
