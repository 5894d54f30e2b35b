"""Pruned at many bounds and refitted: the numbers are those of the single questions, and zeros stay."""

import pytest
import torch

from core.inspect.afterwards import MOST_BOUNDS, refitted
from core.inspect.moment import QuestionError, live
from core.maths.losses import LOSSES
from core.smaller.blocks import answers
from core.smaller.sizes import n_zeros

BOUNDS = [0.0, 1e-3, 0.01, 0.03, 1e6]


def test_a_path_is_pruning_at_every_bound(lab):
    path = lab.ask("prune_path", lane=0, epsilons=BOUNDS)
    single = [lab.ask("prune", lane=0, epsilon=bound) for bound in BOUNDS]
    assert path["zeros"] == [each["zeros"] for each in single]
    assert path["accuracies"] == [each["accuracies"][1] for each in single]
    assert (path["images"], path["zeros"][-1]) == (258, path["weights"])


@pytest.mark.parametrize(
    "bad", [None, [], [-1.0], [float("nan")], ["0"], [True], 0.1, [0.0] * (MOST_BOUNDS + 1)]
)
def test_what_is_no_list_of_bounds_is_refused(lab, bad):
    with pytest.raises(QuestionError, match="epsilons must be 1 to 40 numbers"):
        lab.ask("prune_path", lane=0, epsilons=bad)


def test_refitting_lowers_the_data_loss_and_keeps_every_zero(lab):
    moment = live(lab.run)
    chain, images = moment.chain(1), moment.images
    before = [block.weight.clone() for block in chain]
    work = refitted(chain, moment, 40)
    while True:
        try:
            next(work)
        except StopIteration as over:
            fitted = over.value
            break
    cost = [LOSSES["cross_entropy"].loss(answers(c, images.train_x), images.train_y) for c in (chain, fitted)]
    assert float(cost[1]) < 0.9 * float(cost[0])
    for was, old, new in zip(before, chain, fitted, strict=True):
        assert torch.equal(was, old.weight)
        assert torch.equal(new.weight == 0.0, old.weight == 0.0)
    assert n_zeros(chain) > 1000


def test_a_rival_is_refitted_at_equal_zeros(lab):
    own = lab.ask("refit", lane=1, updates=3)
    rival = lab.ask("refit", lane=0, updates=3, like=1)
    assert own["zeros"] == rival["zeros"]
    assert own["zeros"][0] == own["zeros"][1] == lab.ask("sizes", lane=1)["full"]["zeros"]
    assert own["accuracies"][0] == lab.ask("confusion", lane=1)["accuracy"]
    assert rival["accuracies"][0] == lab.ask("prune", lane=0, like=1)["accuracies"][1]
