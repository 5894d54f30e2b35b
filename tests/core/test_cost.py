from typing import get_args

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from core.cost import IMAGES, layers_of, of_image, of_update, too_heavy
from core.maths.models import seeded
from core.spec import DatasetKind, LaneSpec, ModelKind, RunSpec

BUDGET = 15 * 10**9


@pytest.mark.parametrize("model", get_args(ModelKind))
@pytest.mark.parametrize("dataset", get_args(DatasetKind))
def test_an_image_costs_what_torch_counts(model, dataset):
    (channels, size), outputs = IMAGES[dataset], 1 if dataset == "rotated_digits" else 10
    net = seeded(model, size=size, channels=channels, n_classes=outputs, seed=0)
    with FlopCounterMode(display=False) as counter:
        net(torch.zeros(7, channels, size, size))
    # torch counts a multiplication and an addition as two.
    assert of_image(layers_of(model, dataset), size).multiply_adds == counter.get_total_flops() / 2 / 7


def test_an_update_costs_three_times_the_way_there_for_each_image_and_lane():
    # 28 × 28: 9·32·784 + 9·32·64·196 + 3136·128 + 1280 multiplications an image
    assert of_update(RunSpec(dataset="mnist", batch_size=10)) == 3 * 10 * 2 * 4_241_152


def test_a_batch_of_all_images_is_no_larger_than_there_are():
    assert of_update(RunSpec(train_size=100, batch_size=2048)) == of_update(RunSpec(batch_size=100))


@pytest.mark.parametrize("dataset", get_args(DatasetKind))
@pytest.mark.parametrize("model", get_args(ModelKind))
def test_a_path_of_twelve_at_the_default_batch_is_never_too_heavy(dataset, model):
    lanes = tuple(LaneSpec() for _ in range(12))
    assert too_heavy(RunSpec(dataset=dataset, model=model, lanes=lanes), BUDGET) == ""


def test_a_batch_that_holds_everybody_up_is_refused_with_the_largest_that_does_not():
    lanes = tuple(LaneSpec() for _ in range(12))
    spec = RunSpec(dataset="mnist", train_size=8000, batch_size=2048, lanes=lanes)
    most = BUDGET // (12 * 3 * 4_241_152)
    assert too_heavy(spec, BUDGET) == (
        f"batch_size must be at most {most} with 12 lanes of this network on these images, got '2,048': one "
        "update of more would hold up everybody else's training."
    )
    assert too_heavy(spec.model_copy(update={"batch_size": most}), BUDGET) == ""
    assert too_heavy(spec.model_copy(update={"batch_size": most + 1}), BUDGET) != ""


def test_where_an_update_sees_all_images_their_number_is_named():
    lanes = tuple(LaneSpec(method="fista") for _ in range(12))
    spec = RunSpec(dataset="cifar10", model="linear", lanes=lanes)
    assert too_heavy(spec, BUDGET).startswith("train_size must be at most 13,563 with 12 lanes")
