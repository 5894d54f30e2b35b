"""λ over a run: up in a straight line, then held, then nothing; zeros frozen once for each end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.maths import schedule
from core.spec import LaneSpec

SHARES = st.floats(0.0, 0.9)


def lane(**fields):
    return LaneSpec(**{"strength": 1e-3, "warmup": 0.0} | fields)


@pytest.mark.parametrize(
    ("step", "expected"), [(0, 0.0), (1, 5e-5), (10, 5e-4), (20, 1e-3), (21, 1e-3), (199, 1e-3)]
)
def test_warm_up_by_hand(step, expected):
    assert schedule.strength(lane(warmup=0.1), step, 200) == pytest.approx(expected)


def test_without_a_warm_up_the_first_update_has_the_whole_strength():
    assert schedule.strength(lane(), 0, 200) == 1e-3


@pytest.mark.parametrize(("step", "expected"), [(149, 1e-3), (150, 0.0), (199, 0.0)])
def test_the_refit_has_no_penalty(step, expected):
    assert schedule.strength(lane(polish=0.25), step, 200) == expected


def test_where_there_is_no_penalty_no_strength_is_in_force():
    # λ of such a lane can be moved live; what its snapshots show as the penalty must not move with it.
    assert schedule.strength(lane(penalty="none"), 100, 200) == 0.0


@pytest.mark.parametrize(("step", "n"), [(0, 0), (99, 0), (100, 1), (149, 1), (150, 2), (199, 2)])
def test_zeros_freeze_once_for_each_end(step, n):
    assert schedule.n_freezes(lane(freeze=0.5, polish=0.25), step, 200) == n


@pytest.mark.parametrize(("step", "n"), [(23, 0), (24, 1), (48, 2), (119, 4), (120, 5), (199, 5)])
def test_pruning_comes_in_five_rounds_up_to_sixty_percent(step, n):
    assert schedule.n_prunings(lane(prune=0.5), step, 200) == n
    assert schedule.n_prunings(lane(), step, 200) == 0
    assert schedule.n_prunings(lane(prune=0.5, prune_rounds=1), step, 200) == int(step >= 120)


def test_each_round_of_pruning_takes_the_same_share_of_what_is_left():
    left = [1.0 - schedule.pruned(lane(prune=0.9), n) for n in range(6)]
    assert left[0] == 1.0
    assert left[-1] == pytest.approx(0.1)
    assert all(after / before == pytest.approx(0.1**0.2) for before, after in pairwise(left))


@given(SHARES, SHARES, SHARES, st.integers(1, 500))
def test_it_never_exceeds_the_setting_and_only_the_refit_takes_it_back(warmup, freeze, polish, total):
    spec = lane(warmup=warmup, freeze=freeze, polish=polish)
    strengths = [schedule.strength(spec, step, total) for step in range(total)]
    freezes = [schedule.n_freezes(spec, step, total) for step in range(total)]
    rising = [each for step, each in enumerate(strengths) if polish == 0.0 or step < (1.0 - polish) * total]
    assert rising == sorted(rising)
    assert max(strengths) <= spec.strength
    assert set(strengths[len(rising) :]) <= {0.0}
    assert freezes == sorted(freezes)
