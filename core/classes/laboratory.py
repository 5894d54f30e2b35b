"""A dot of the board as a run of Train live: the same images, seed and settings, beside λ = 0."""

from urllib.parse import urlencode

from core.classes.board import choice_of
from core.classes.settings import Experiment
from core.classes.state import Class
from core.link import to_link
from core.spec import RunSpec


def run_of(experiment: Experiment, choice: int, seed: int) -> RunSpec:
    """The run of two lanes whose second is the dot's. Its numbers are the board's: lanes do not mix."""
    zero, lane = experiment.lanes[0], experiment.lanes[experiment.lane_of(choice)]
    return RunSpec(seed=seed, epochs=experiment.epochs, lanes=(zero, lane))


def link_of(experiment: Experiment, choice: int, seed: int) -> str:
    """What the address of Train live says of it, behind its question mark."""
    return urlencode(to_link(run_of(experiment, choice, seed)), safe=",.:")


def followed(room: Class) -> RunSpec | None:
    """What a laboratory that follows a class is to be set to; None where there is nothing to follow.

    It is the dot on the projector, also when the board is back there; before the first one it is what all
    choices of the card share. No answer changes it.
    """
    experiment = room.card.experiment
    if not room.following or experiment is None or room.phase in ("lobby", "done"):
        return None
    if room.led:
        return run_of(experiment, *room.led)
    return RunSpec(epochs=experiment.epochs, lanes=(experiment.lanes[0], experiment.base))


def links(experiment: Experiment | None) -> list[tuple[int, int, str]]:
    """Choice, seed and link of every dot that there can be."""
    if experiment is None:
        return []
    choices, seeds = choice_of(experiment).values(), range(experiment.seeds)
    return [(choice, seed, link_of(experiment, choice, seed)) for seed in seeds for choice in choices]
