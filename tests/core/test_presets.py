import pytest

from core.link import from_link, to_link
from core.spec import MODEL_LAYERS, PRESETS


def test_the_textbook_recipe_is_the_textbooks():
    spec = PRESETS["textbook_recipe"]
    zero, lane = spec.lanes
    assert (lane.method, lane.optimizer, lane.learning_rate) == ("textbook", "adam", 0.001)
    assert (lane.penalty, lane.strength, lane.include_bias) == ("l1", 0.001, True)
    assert (lane.layers, lane.warmup, spec.epochs) == (frozenset(MODEL_LAYERS["textbook_cnn"]), 0.0, 10)
    assert zero.penalty == "none"


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_fits_in_a_link_and_has_a_lane_beside_zero(name):
    spec = PRESETS[name]
    assert from_link(to_link(spec)) == spec
    assert spec.lanes[0] == spec.lanes[1].without_penalty()
    assert PRESETS["exact_zeros"].lanes[1].method == "proximal"
