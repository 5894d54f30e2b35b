"""A dot opens as the run that it is: the link has its settings and seed, and the run its numbers."""

import pytest
import torch

from core.classes import views
from core.classes.board import choice_of
from core.classes.cards import READY, Own
from core.classes.laboratory import followed, link_of, links, run_of
from core.classes.settings import BASE, CHOICES, ZERO, Experiment
from core.classes.state import Class
from core.link import from_link, to_link
from core.snapshots import Snapshot
from core.training.run import train

EACH = [Experiment(field=field, values=values, seeds=2) for field, values in CHOICES.items()]


def opened(link: str) -> dict[str, str]:
    """As Streamlit reads an address."""
    return dict(part.split("=") for part in link.split("&"))


@pytest.mark.parametrize("experiment", EACH, ids=lambda experiment: experiment.field)
def test_the_link_of_each_dot_opens_its_lane_beside_zero_with_its_seed(experiment):
    for choice, lane in zip((ZERO, *range(len(experiment.values))), experiment.lanes, strict=True):
        for seed in range(2):
            spec = from_link(opened(link_of(experiment, choice, seed)))
            assert spec == run_of(experiment, choice, seed)
            assert spec.lanes == (experiment.lanes[0], experiment.lanes[experiment.lane_of(choice)])
            assert (spec.seed, spec.epochs, spec.dataset) == (seed, 30, experiment.specs()[seed].dataset)
            assert lane.optimizer == BASE.optimizer


def test_every_dot_of_the_board_has_a_link():
    experiment = Experiment(values=(0.0, 1e-3, 1e-2), seeds=2)
    told = links(experiment)
    assert [(choice, seed) for choice, seed, _ in told] == [
        (choice, seed) for seed in (0, 1) for choice in choice_of(experiment).values()
    ]
    assert links(None) == []


def test_the_run_in_the_laboratory_has_the_numbers_of_the_board():
    experiment = Experiment(values=(1e-3, 1e-2), epochs=2, seeds=2)
    board = trained(experiment.specs()[1])
    for choice in (ZERO, 0, 1):
        own = trained(from_link(opened(link_of(experiment, choice, 1))))
        lane = experiment.lane_of(choice)
        assert own[1] == board[lane]
        assert own[0] == board[0]
    assert board[1] != board[2]


def trained(spec) -> list[tuple]:
    """Of each lane the losses, right answers and zeros at the end, as the worker shows them."""
    last = {}
    for shown in train(spec, torch.device("cpu")):
        if isinstance(shown, Snapshot):
            last[shown.lane] = shown
    assert {shot.epoch for shot in last.values()} == {spec.epochs}
    return [(shot.total, shot.score, shot.layers) for _, shot in sorted(last.items())]


def room(*dos, cards) -> Class:
    room = Class("ABCDEF", "", 0.0, cards)
    for do in dos:
        assert room.steer(do, room.number), do
    return room


def test_a_laboratory_follows_the_card_then_the_dot_on_the_projector_and_no_answer():
    experiment = Experiment(values=(1e-3, 1e-2), epochs=2, seeds=2)
    cards = (Own(question="Which λ?", experiment=experiment).card(), READY["claim.sparsity"])
    held = room("next", cards=cards)
    assert followed(held) is None
    held.steer("follow", held.number)
    assert views.scene(held, ())["follow"] is True
    base = followed(held)
    assert base == from_link(to_link(base))
    assert base.lanes == (experiment.lanes[0], BASE)
    held.join("a")
    held.answer("a", 0, 1, 1, 0.0)
    assert followed(held) == base
    for do in ("reveal", "next"):
        held.steer(do, held.number)
    assert followed(held) == base
    held.steer("show", held.number, dot=(1, 1))
    assert followed(held) == run_of(experiment, 1, 1)
    # The board is back on the projector: who has the run open is not thrown back to where nobody was.
    held.steer("show", held.number, dot=None)
    assert followed(held) == run_of(experiment, 1, 1)
    for do in ("back", "next"):
        held.steer(do, held.number)
    assert followed(held) == run_of(experiment, 1, 1)
    held.steer("next", held.number)
    assert followed(held) is None, "this card has nothing to set"
    held.steer("card", held.number, 0)
    assert followed(held) == base
    held.steer("follow", held.number)
    assert followed(held) is None
    assert "follow" not in views.scene(held, ())
