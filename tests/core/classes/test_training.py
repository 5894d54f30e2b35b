"""What is said while a class's experiment trains: how far it is, and about how long the rest takes."""

from types import SimpleNamespace

import pytest

from core.classes import views
from core.classes.cards import READY, Own
from core.classes.settings import Experiment
from core.classes.state import Class
from core.classes.training import Training
from core.runs import Refused
from tests.core.runs.made import Clock

LAMBDA = Own(question="Which λ?", experiment=Experiment(epochs=10, seeds=2)).card()


class Service:
    """Runs that are as far as the test says; `full`: there is no room for them."""

    def __init__(self) -> None:
        self.epochs: dict[str, float] = {}
        self.full = False

    def start(self, owner, spec, key):
        if self.full:
            raise Refused("wait")
        self.epochs[key] = 0.0
        return SimpleNamespace(id=key)

    def glances(self, owner):
        view = SimpleNamespace(spec=SimpleNamespace(epochs=10))
        return [
            SimpleNamespace(view=SimpleNamespace(id=run, spec=view.spec), epoch=epoch)
            for run, epoch in self.epochs.items()
            if epoch < 10
        ]

    def history(self, run, most=0):
        return None


@pytest.fixture
def trains():
    service, clock = Service(), Clock()
    room = Class("ABCDEF", "", 0.0, (LAMBDA, READY["claim.sparsity"]))
    for do in ("next", "close"):
        room.steer(do, room.number)
    return service, clock, room, Training(service, clock)


def told(training, room):
    tick = views.tick(room, training.progress(room), training.left(room))
    return tick.get("progress"), tick.get("left")


def test_how_long_it_takes_is_said_once_enough_of_it_was_seen(trains):
    service, clock, room, training = trains
    training.tick(room)
    assert told(training, room) == (0.0, None)
    for first, second, seconds, expected in (
        (0.0, 0.0, 9.0, (0.0, None)),
        (0.0, 0.2, 2.0, (0.01, None)),
        (2.1, 2.1, 20.0, (0.21, 80)),
        (10.0, 6.0, 20.0, (0.8, 10)),
        (10.0, 9.99, 8.0, (1.0, 5)),
    ):
        clock.now += seconds
        service.epochs = {"0 0": first, "0 1": second}
        training.tick(room)
        assert told(training, room) == expected
    service.epochs = dict.fromkeys(service.epochs, 10.0)
    assert training.tick(room)
    assert told(training, room) == (None, None)


def test_what_waits_for_a_trainer_has_not_begun_and_other_cards_have_nothing_to_wait_for(trains):
    service, _, room, training = trains
    service.full = True
    training.tick(room)
    assert told(training, room) == (0.0, None)
    for do in ("reveal", "next", "next", "close"):
        room.steer(do, room.number)
    assert told(training, room) == (None, None)
    assert room.at == 1
