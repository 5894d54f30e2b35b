"""What is L1?: the pictures say and show the numbers of core.lessons, at every position of their sliders."""

import re

import numpy as np
import pytest

from core.figures.traces import ROLES, roles_in
from core.lessons.what_is_l1 import four_weights as lesson
from core.lessons.what_is_l1 import four_weights_figures as figures
from core.lessons.what_is_l1 import least_squares_figures
from core.lessons.what_is_l1.least_squares import mean_squared_error

ONE, TWO = mean_squared_error(0), mean_squared_error(0, 1)
YOURS = lesson.bill("cross_entropy", (1.2, 0.6, 0.5, -0.4), 0.1)
BEST = lesson.best("cross_entropy", 0.1)


def trace(frame, name: str):
    return next(t for t in frame["traces"] if t["name"] == name)


DRAWINGS = {
    "bill": figures.bill(YOURS, BEST),
    "price": figures.price(),
    "shrinkage": figures.shrinkage(),
    "one weight": least_squares_figures.one_weight(ONE),
    "two weights": least_squares_figures.two_weights(TWO),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_position_has_its_words_and_the_same_traces(name):
    drawing = DRAWINGS[name]
    series = drawing.frames if isinstance(drawing.frames, dict) else {"": drawing.frames}
    assert set(roles_in([drawing.fig, *series.values()])) <= ROLES
    for frames in series.values():
        assert len({frame["at"]["label"] for frame in frames}) == len(frames)
        assert len({tuple(t["name"] for t in frame["traces"]) for frame in frames}) <= 1
        assert all(frame["summary"] and frame["table"] for frame in frames)
    axes = [value for key, value in drawing.fig["layout"].items() if re.match("[xy]axis", key)]
    assert all("title" in axis for axis in axes)


def test_the_bill_draws_what_is_paid_and_names_the_bad_bargain():
    drawing = figures.bill(YOURS, BEST)
    for row, account in enumerate((YOURS, BEST)):
        assert sum(t["x"][row] for t in drawing.fig["data"]) == pytest.approx(account.total, abs=1e-3)
    found = lesson.worst_bargain(YOURS)
    assert drawing.summary.startswith(f"{figures.weight_name(found.index)} is not worth its price")
    # A tooltip stands at the end of a bar: nothing to be read stands there.
    totals = [f"yours <b>{YOURS.total:.3f}</b>", f"lowest <b>{BEST.total:.3f}</b>"]
    assert drawing.fig["layout"]["yaxis"]["ticktext"] == totals
    assert not drawing.fig["layout"].get("annotations")
    # However narrow a piece is: Plotly leaves out what does not fit, unless it is told not to.
    assert {t["constraintext"] for t in drawing.fig["data"][1:]} == {"none"}
    for piece in drawing.fig["data"][1:]:
        assert [bool(word) for word in piece["text"]] == [size > 0 for size in piece["x"]]
    assert f"{BEST.total:.3f}, with w₃ = w₄ = 0" in drawing.summary
    assert drawing.fig["layout"]["xaxis"]["range"][1] >= YOURS.total
    assert figures.bill(BEST, BEST).summary.startswith("Each of your weights")
    harm = figures.bill(lesson.bill("mse", (1.2, 0.4, -2.0, 0.0), 0.1), BEST)
    assert harm.summary.startswith("w₃ does harm")


def test_slopes_are_those_of_the_penalties():
    for frame in figures.price().frames:
        value, half_square, slope, l2 = (t["y"][0] for t in frame["traces"])
        w = frame["traces"][0]["x"][0]
        assert (value, half_square, slope, l2) == pytest.approx((abs(w), w * w / 2, np.sign(w), w), abs=1e-3)
    words = {frame["at"]["label"]: frame["summary"] for frame in figures.price().frames}
    assert words["w = 0.25"].endswith("L1 pushes 4 times as hard as L2.")
    assert words["w = −1.00"].endswith("L1 pushes as hard as L2.")
    assert words["w = 1.50"].endswith("L1 pushes less hard than L2.")
    assert "kink" in words["w = 0.00"]


def test_shrinkage_counts_its_zeros():
    for frame in figures.shrinkage().frames:
        zeros = trace(frame, "nine weights after L1")["y"].count(0.0)
        assert f"sets {zeros} of these 9" in frame["summary"]
        assert trace(frame, "nine weights after L2")["y"].count(0.0) == 0
