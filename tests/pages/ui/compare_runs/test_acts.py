"""Which methods a run can be repeated with: each of them trains it, and the lane at zero is left alone."""

from typing import get_args

from core.spec import LaneSpec, MethodKind, ModelKind, RunSpec
from pages.ui.compare_runs.acts import methods, with_method


def test_a_run_is_repeated_with_every_other_method_that_can_train_it():
    for model in get_args(ModelKind):
        spec = RunSpec.beside_zero(LaneSpec(), model=model)
        offered = methods(spec, 1)
        assert spec.lanes[1].method not in offered
        assert set(offered) <= set(get_args(MethodKind))
        assert ("fista" in offered) == (model == "linear")
        for kind in offered:
            other = with_method(spec, kind)
            assert other.lanes[1].method == kind
            assert other.lanes[0] == spec.lanes[0]


def test_a_lane_without_penalty_has_no_method_to_change():
    spec = RunSpec.beside_zero(LaneSpec()).model_copy(update={"lanes": (LaneSpec(penalty="none"),)})
    assert methods(spec, 0) == []
