"""Half-truths: bytes against SciPy's own, and a way back counted by hand."""

import numpy as np
import pytest
from scipy.sparse import random_array

from core.experiments import Trained
from core.lessons.does_it_deliver import half_truths
from core.spec import RunSpec
from tests.core.lessons.does_it_deliver.test_claims import layer
from tests.core.runs import made


@pytest.mark.parametrize("density", [0.05, 0.25, 0.5])
def test_csr_takes_as_many_bytes_as_scipy_s(density):
    matrix = random_array((300, 400), density=density, format="csr", dtype=np.float32, rng=0)
    stored = sum(part.nbytes for part in (matrix.data, np.int32(matrix.indices), np.int32(matrix.indptr)))
    percent = half_truths.size_percent(density, 300 * 400, 301)[1]
    assert percent == pytest.approx(100 * stored / matrix.todense().nbytes)


def test_sizes_break_even_where_the_theory_has_it():
    assert half_truths.size_percent(0.5, 100, 0)[1] == 100.0
    assert half_truths.size_percent(1.0 - 1.0 / 32.0, 100, 0)[2] == 100.0
    assert half_truths.size_percent(0.05, 1000, 11) == pytest.approx((100.0, 11.1, 8.125))


def lowered(*zeros):
    """Three lanes of 100 weights whose λ falls between the second and the third moment."""
    return Trained(
        RunSpec(),
        [
            [
                made.point(step, valid=0.1, strength=strength, zeros={"fc1": n})
                for step, strength, n in zip((0, 10, 20, 30), (1e-2, 1e-2, 1e-5, 1e-5), lane, strict=True)
            ]
            for lane in zeros
        ],
        [made.frame({"fc1": layer(100, lane[-1])}) for lane in zeros],
    )


@pytest.mark.parametrize(
    ("alive", "killed", "dead", "answer"),
    [
        ((0, 90, 60, 80), (0, 90, 91, 92), (50, 100, 99, 99), half_truths.PROXIMAL_ONLY),
        ((0, 90, 60, 80), (0, 90, 50, 50), (50, 100, 10, 10), half_truths.ALL),
        ((0, 90, 90, 90), (0, 90, 91, 92), (50, 100, 99, 99), half_truths.NONE),
        ((0, 90, 90, 90), (0, 90, 10, 10), (50, 100, 99, 99), "otherwise"),
        # A few leave for a moment and fall back.
        ((0, 90, 60, 80), (0, 90, 91, 92), (50, 100, 92, 99), half_truths.PROXIMAL_ONLY),
    ],
)
def test_a_way_back_is_counted_from_the_moment_before_the_fall(alive, killed, dead, answer):
    result = half_truths.reversible([lowered(alive, killed, dead)])
    assert result.answer == answer
    assert result.rows[0].mean == max(0, alive[1] - (alive[2] + alive[3]) / 2)


def test_before_the_fall_nothing_has_come_back():
    run = lowered((0, 90, 60, 80), (0, 90, 91, 92), (50, 100, 99, 99))
    early = Trained(run.spec, [points[:2] for points in run.points], run.frames)
    assert "has not fallen yet" in half_truths.reversible([early]).verdict
