"""Bands are read off the tables as they are defined; what was not measured has none."""

import math

import pytest
from pydantic import ValidationError

from core.bands import FILE, Measurement, measurement, read, write
from core.spec import STRENGTHS, LaneSpec, RunSpec

GRID = (0.0, 1e-4, 1e-3, 1e-2)


def made(accuracy, zeros, nearly=None, changed=()) -> Measurement:
    """A measurement with two equal seeds on GRID, 100 validation images and guessing at 10 %."""
    values = {
        "dataset": "digits",
        "model": "textbook_cnn",
        "method": "proximal",
        "optimizer": "adam",
        "penalty": "l1",
        "learning_rate": 1e-3,
        "momentum": 0.9,
        "warmup": 0.1,
        "batch_size": 64,
        "epochs": 1,
        "train_size": 0,
        "seeds": (0, 1),
        "date": "2026-01-01",
        "torch": "2",
        "machine": "a machine",
        "n_valid": 100,
        "guessing": 0.1,
        "strengths": GRID,
        "accuracy": [(share, share) for share in accuracy],
        "zeros": [(share, share) for share in zeros],
        "nearly": [(share, share) for share in nearly or zeros],
        "selected": [(share, share) for share in zeros],
    }
    return Measurement(**values | dict(changed))


DEFAULT = ("digits", "textbook_cnn", "proximal", "adam", "l1")


def test_bands_worked_by_hand():
    # The standard error of 0.9 on 100 images is √(9 + ¼)/101 = 0.0301, so 0.88 is within it and 0.86 is not.
    found = made(accuracy=(0.9, 0.88, 0.86, 0.1), zeros=(0.0, 0.02, 0.8, 1.0))
    assert found.standard_error == pytest.approx(0.0301127, rel=1e-5)
    assert found.bands.model_dump() == {
        "effect": 1e-4,
        "falls": 1e-3,
        "collapses": 1e-2,
        "counted": "selected",
    }
    assert [found.bands.kind(each) for each in GRID] == ["too_weak", "holds", "falls", "collapse"]
    assert [found.bands.kind(each) for each in (9e-5, 5e-4, 1.0)] == ["too_weak", "holds", "collapse"]


def test_seeds_that_differ_widen_the_standard_error():
    found = made((0.9,) * 4, (0.0,) * 4, changed={"accuracy": [(0.8, 1.0), *[(0.9, 0.9)] * 3]})
    assert found.standard_error == pytest.approx(math.hypot(0.1, 0.0301127), rel=1e-6)


def test_one_noisy_point_makes_no_band():
    found = made(accuracy=(0.9, 0.8, 0.9, 0.9), zeros=(0.0, 0.02, 0.005, 0.5))
    assert found.bands.model_dump() == {
        "effect": 1e-2,
        "falls": None,
        "collapses": None,
        "counted": "selected",
    }


def test_one_collapsed_seed_is_a_collapse():
    found = made((0.9,) * 4, (0.5,) * 4, changed={"accuracy": [*[(0.9, 0.9)] * 3, (0.9, 0.1)]})
    assert found.bands.collapses == 1e-2


def test_without_exact_zeros_small_weights_count_and_it_is_said():
    found = made((0.9,) * 4, zeros=(0.0,) * 4, nearly=(0.005, 0.005, 0.3, 0.6))
    assert (found.bands.effect, found.bands.counted) == (1e-3, "nearly")


def test_idle_zeros_are_not_an_effect_of_the_penalty():
    # Two in ten weights are idle at any λ > 0; the penalty selects from 1e-3 on.
    zeros, selected = (0.0, 0.2, 0.3, 1.0), [(0.0, 0.0), (0.005, 0.007), (0.1, 0.1), (0.8, 0.8)]
    found = made((0.9,) * 4, zeros, changed={"selected": selected}).bands
    assert (found.effect, found.counted) == (1e-3, "selected")
    # A dead network has no gradients: its zeros are cut off, which takes no effect back.
    dead = [*selected[:3], (0.0, 0.0)]
    fallen = made((0.9, 0.9, 0.9, 0.1), zeros, changed={"selected": dead}).bands
    assert (fallen.effect, fallen.collapses) == (1e-3, 1e-2)
    none = made((0.9,) * 4, zeros, nearly=(0.0, 0.4, 0.5, 0.6), changed={"selected": [(0.0, 0.0)] * 4}).bands
    assert (none.effect, none.counted) == (1e-4, "nearly")


def test_jumps_go_to_the_last_stop_where_accuracy_holds_and_the_first_of_the_others():
    stops = (0.0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
    bands = made(accuracy=(0.9, 0.9, 0.8, 0.1), zeros=(0.0, 0.1, 0.8, 1.0)).bands
    assert [bands.jump(kind, stops) for kind in ("holds", "falls", "collapse")] == [3e-4, 1e-3, 1e-2]
    never = made(accuracy=(0.9,) * 4, zeros=(0.0,) * 4).bands
    assert [never.jump(kind, stops) for kind in ("holds", "falls", "collapse")] == [None] * 3


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"strengths": (0.0, 1e-3, 1e-4, 1e-2)}, "increase from 0"),
        ({"strengths": (1e-5, 1e-4, 1e-3, 1e-2)}, "increase from 0"),
        ({"zeros": [(0.0, 0.0)] * 3}, "one row per λ"),
        ({"nearly": [(0.0,)] * 4}, "one entry per seed"),
        ({"selected": [(0.0, 0.0)] * 3}, "one row per λ"),
        ({"accuracy": [(0.9, 0.12)] + [(0.9, 0.9)] * 3}, "above guessing"),
    ],
)
def test_tables_that_cannot_be_are_refused(fields, words):
    with pytest.raises(ValidationError, match=words):
        made((0.9,) * 4, (0.0,) * 4, changed=fields)


def test_a_file_gives_back_what_was_written(tmp_path):
    both = made((0.9,) * 4, (0.5,) * 4), made((0.8,) * 4, (0.1,) * 4, changed={"optimizer": "sgd"})
    write(tmp_path / "bands.json", both)
    assert read(tmp_path / "bands.json") == both
    assert len((tmp_path / "bands.json").read_text(encoding="utf-8").splitlines()) == 4
    assert [each.name for each in tmp_path.iterdir()] == ["bands.json"]
    assert read(tmp_path / "none.json") == ()


def test_the_kept_file_holds_each_combination_once_on_the_sliders_stops():
    kept = read(FILE)
    assert len({(*each.key, each.epochs) for each in kept}) == len(kept)
    for each in kept:
        assert each.strengths == STRENGTHS
        assert len(each.seeds) >= 3
        spec = RunSpec(
            dataset=each.dataset,
            model=each.model,
            epochs=each.epochs,
            lanes=(LaneSpec(method=each.method, optimizer=each.optimizer, penalty=each.penalty),),
        )
        assert measurement(spec) == each


def test_of_several_measurements_the_one_that_trained_as_long_counts():
    kept = {each.epochs: each for each in read(FILE) if each.key == DEFAULT}
    assert {60, 200} <= kept.keys()
    for epochs, measured_at in ((30, 60), (60, 60), (109, 60), (110, 200), (200, 200), (400, 200)):
        assert measurement(RunSpec(epochs=epochs)) == kept[measured_at], epochs
    for epochs in (10, 29, 401, 1000):
        assert measurement(RunSpec(epochs=epochs)) is None, epochs


def test_a_default_run_is_told_bands_of_its_own_length():
    found = measurement(RunSpec())
    assert found is not None
    assert found.epochs == RunSpec().epochs


def test_the_default_settings_have_bands_and_unmeasured_ones_none():
    found = measurement(RunSpec())
    assert found is not None
    assert found.bands.counted != "nearly"
    assert found.bands.kind(0.0) == "too_weak"
    assert found.bands.kind(LaneSpec().strength) == "holds"
    unmeasured = LaneSpec(penalty="sparse_group_lasso", alpha=0.5)
    assert measurement(RunSpec(dataset="cifar10", lanes=(unmeasured,))) is None
