"""The board: accuracy against exact zeros, a dot for each setting and seed, as large as seats chose it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from core.classes.cards import Card, Value
from core.classes.settings import ZERO, Experiment
from core.classes.tally import Measured, measured
from core.experiments import Trained

LOST = 1.0
"""Points of accuracy below that of λ = 0 that a setting may cost, to count as the best."""


@dataclass(frozen=True)
class Dot:
    """One setting with one seed.

    Attributes:
        choice: the index of the first choice that is this setting; ZERO for λ = 0.
        seed: of its run.
        zeros, accuracy: weights exactly zero, and right answers on the validation images, in percent.
        seats: how many chose it.
    """

    choice: int
    seed: int
    zeros: float
    accuracy: float
    seats: int

    def public(self) -> list[float]:
        """As screens get it."""
        return [self.choice, self.seed, round(self.zeros, 2), round(self.accuracy, 2), self.seats]


def dots(
    experiment: Experiment, runs: Sequence[Trained], answers: Mapping[str, Value], numbers: Mapping[str, int]
) -> list[Dot]:
    """All settings that were trained, chosen or not.

    Args:
        experiment: what was trained.
        runs: of it, one a seed.
        answers: choices by seat.
        numbers: of the seats: seat n has seed n mod the number of seeds.
    """
    choices = choice_of(experiment)
    behind: dict[tuple[int, int], int] = {}
    for seat, value in answers.items():
        place = experiment.lane_of(int(value)), numbers[seat] % experiment.seeds
        behind[place] = behind.get(place, 0) + 1
    return [
        Dot(
            choices[lane],
            run.spec.seed,
            run.zero_percent(lane),
            run.valid_percent(lane),
            behind.get((lane, run.spec.seed), 0),
        )
        for run in runs
        for lane in range(len(run.spec.lanes))
    ]


def choice_of(experiment: Experiment) -> dict[int, int]:
    """By lane the first choice that it is; ZERO for λ = 0."""
    found = {0: ZERO}
    for choice in range(len(experiment.values)):
        found.setdefault(experiment.lane_of(choice), choice)
    return found


def best(experiment: Experiment, runs: Sequence[Trained]) -> Measured:
    """The choice with the most exact zeros among those that cost at most LOST points of accuracy."""
    if not runs:
        return Measured(said="It is not trained yet.")
    choices = choice_of(experiment)
    zeros = {lane: fmean(run.zero_percent(lane) for run in runs) for lane in choices}
    accuracy = {lane: fmean(run.valid_percent(lane) for run in runs) for lane in choices}
    fit = [lane for lane in choices if lane and accuracy[lane] >= accuracy[0] - LOST]
    start = f"λ = 0 reads {accuracy[0]:.1f} % of the validation images right"
    if not fit:
        said = f"{start}: every setting costs more than {LOST:g} point."
        return Measured(said=said, setup=experiment.setup)
    lane = max(fit, key=zeros.__getitem__)
    said = (
        f"{start}. Of the settings that cost at most {LOST:g} point, {experiment.labels[choices[lane]]} has "
        f"the most exact zeros: {zeros[lane]:.1f} % at {accuracy[lane]:.1f} %, mean of {len(runs)} seeds."
    )
    return Measured(choices[lane], said, setup=experiment.setup)


def found_out(card: Card, runs: Sequence[Trained]) -> Measured:
    """What a card's answer is: by the class's own runs, or by what is kept with the repository."""
    return best(card.experiment, runs) if card.experiment else measured(card)
