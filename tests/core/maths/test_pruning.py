"""Magnitude pruning: exactly so many weights as were asked for, ties in the order of the network."""

import torch

from core.maths.pruning import prune
from core.smaller.blocks import Block
from core.smaller.pruning import pruned_to


def test_pruning_by_hand():
    w = torch.tensor([3.0, -1.0, 2.0, 0.5])
    prune([w], 0.5)
    assert w.tolist() == [3.0, 0.0, 2.0, 0.0]


def test_of_weights_of_one_size_no_more_go_than_are_asked_for_during_a_run_and_after_it():
    weights = torch.tensor([[0.25, -0.25]]), torch.tensor([[0.25], [0.125]])
    chain = tuple(Block("fc", "linear", w.clone(), torch.zeros(len(w))) for w in weights)
    prune(weights, 0.5)
    assert [w.tolist() for w in weights] == [[[0.0, -0.25]], [[0.25], [0.0]]]
    assert [block.weight.tolist() for block in pruned_to(chain, 2)] == [w.tolist() for w in weights]
