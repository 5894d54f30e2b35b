"""What a λ path is held against: pruning by size, L2, and stopping early, after as many updates each."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from core.experiments import Experiment, Trained
from core.lessons.does_it_deliver.advantages import stopped_early
from core.lessons.does_it_deliver.claims import CLAIMS, REFIT
from core.lessons.does_it_deliver.disadvantages import ALIVE, at_zeros
from core.lessons.seeds import Row, against
from core.spec import LaneSpec, RunSpec, strength_text
from core.uncertainty import error_by_seeds

NAME = "pruning_rivals"
"""The experiment's key in the registry."""

SHARES = (0.5, 0.9, 0.95)
STRENGTHS = (6e-4, 2.2e-3, 3e-3)
"""λs at which L1 makes about these shares of zeros, the refit counted; at the last it only guesses."""

L2_STRENGTHS = (1e-3, 1e-2)

_LANE = LaneSpec()
_PLAIN = _LANE.without_penalty()

_L1 = range(1, 1 + len(STRENGTHS))
_AT_ONCE = range(_L1.stop, _L1.stop + len(SHARES))
_IN_ROUNDS = range(_AT_ONCE.stop, _AT_ONCE.stop + len(SHARES))
_L2 = range(_IN_ROUNDS.stop, _IN_ROUNDS.stop + len(L2_STRENGTHS))

EXPERIMENT = Experiment.over_seeds(
    RunSpec(
        epochs=20,
        lanes=(
            _PLAIN,
            *(_LANE.changed(strength=each, polish=REFIT) for each in STRENGTHS),
            *(_PLAIN.changed(prune=each, prune_rounds=1) for each in SHARES),
            *(_PLAIN.changed(prune=each) for each in SHARES),
            *(_LANE.changed(penalty="l2", strength=each) for each in L2_STRENGTHS),
        ),
    )
)
"""The λ path's network, images, seeds and epochs: who prunes, and L1, is refitted for the last 40 %."""


@dataclass(frozen=True)
class Rival:
    """A network beside the λ path; each tuple has one entry per seed.

    Attributes:
        kind: how it was made, with whether it was refitted; those of one kind are drawn alike.
        label: which of its kind: its λ or its share of zeros, or when it was stopped.
        zeros: weights that are exactly zero, in percent.
        scores: right answers on the validation images, in percent.
        error: standard error of their mean, of seeds and images, in points.
    """

    kind: str
    label: str
    zeros: tuple[float, ...]
    scores: tuple[float, ...]
    error: float

    @property
    def zero_percent(self) -> float:
        """Mean over the seeds."""
        return fmean(self.zeros)

    @property
    def row(self) -> Row:
        """Its scores, as they are compared."""
        return Row(self.label, self.scores)


L1_REFITTED = "L1, refitted"
AT_ONCE = "magnitude pruning at once, refitted"
IN_ROUNDS = "magnitude pruning, refitted"
L2_BEST = "L2 at its best λ, not refitted"
STOPPED = "λ = 0 stopped at its best epoch, not refitted"


def rivals(runs: Sequence[Trained]) -> tuple[Rival, ...]:
    """All of them: L1 with a refit, pruning at once and in rounds, the best L2, and stopping early."""
    best = max(_L2, key=lambda lane: fmean(run.valid_percent(lane) for run in runs))
    found = [_rival(runs, lane, L1_REFITTED) for lane in _L1]
    found += [_rival(runs, lane, AT_ONCE) for lane in _AT_ONCE]
    found += [_rival(runs, lane, IN_ROUNDS) for lane in _IN_ROUNDS]
    return (*found, _rival(runs, best, L2_BEST), _stopped(runs))


def _rival(runs: Sequence[Trained], lane: int, kind: str) -> Rival:
    spec = runs[0].spec.lanes[lane]
    label = f"{100.0 * spec.prune:.0f} % zeros" if spec.prune else f"λ = {strength_text(spec.strength)}"
    zeros = tuple(run.zero_percent(lane) for run in runs)
    scores = tuple(run.valid_percent(lane) for run in runs)
    return Rival(kind, label, zeros, scores, _error(runs, scores))


def _stopped(runs: Sequence[Trained]) -> Rival:
    found = [stopped_early(run, 0) for run in runs]
    label = f"epoch {', '.join(f'{epoch:.0f}' for _, epoch in found)} by seed"
    # No penalty, so no zeros at any time.
    scores = tuple(score for score, _ in found)
    return Rival(STOPPED, label, (0.0,) * len(runs), scores, _error(runs, scores))


def _error(runs: Sequence[Trained], scores: Sequence[float]) -> float:
    n = runs[0].points[0][-1].score.n_valid
    return 100.0 * error_by_seeds([score / 100.0 for score in scores], n)


def ahead(runs: Sequence[Trained]) -> dict[str, tuple[Row, Row]]:
    """Pruning at once and in rounds against L1 at the same zeros, in points by seed, for each of SHARES.

    By the shares in percent. All are refitted as long; L1 stands in a line between its λs, λ = 0 among
    them, and where more zeros are asked for than it makes, at its sparsest.
    """
    own = (0, *_L1)
    found = {}
    for share, *lanes in zip(SHARES, _AT_ONCE, _IN_ROUNDS, strict=True):
        l1 = Row("L1", tuple(at_zeros(run, 100.0 * share, own) for run in runs))
        pruned = [Row("", tuple(run.valid_percent(lane) for run in runs)) for lane in lanes]
        found[f"{100.0 * share:.0f}"] = (against(pruned[0], l1), against(pruned[1], l1))
    return found


def conclusion(runs: Sequence[Trained]) -> str:
    """Where L1 wins and where it loses against pruning, seed by seed, and how far it reaches."""
    found = ahead(runs)
    told = [
        f"at {share} % zeros {at_once.gain} at once and {in_rounds.gain} in rounds"
        for share, (at_once, in_rounds) in found.items()
    ]
    outcomes: dict[str, list[str]] = {}
    for share, both in found.items():
        outcomes.setdefault(outcome(both), []).append(share)
    ends = [f"{what} at {listed(shares)} %" for what, shares in outcomes.items()]
    most = f"{min(_most_zeros(run) for run in runs):.0f} to {max(_most_zeros(run) for run in runs):.0f}"
    card = CLAIMS["precision"].claim.rstrip(".")
    return (
        "Pruning against L1, refitted as long, in points, ± one standard error over the seeds: "
        f"{'; '.join(told)}. {', and '.join(ends)}. L1's sparsest networks that still "
        f"work, over {ALIVE:g} % right, have {most} % zeros; where more are asked for, it is they that "
        "are compared, with fewer zeros than the rivals. All this by Adam after "
        f"{runs[0].spec.epochs:g} epochs; on Does it deliver?, “{card}” asks "
        "the same by SGD after more, and gets other numbers."
    )


def _most_zeros(run: Trained) -> float:
    return max(run.zero_percent(lane) for lane in (0, *_L1) if run.valid_percent(lane) > ALIVE)


def listed(words: Sequence[str]) -> str:
    """In a sentence: "50, 70 and 90"."""
    return " and ".join([*filter(None, [", ".join(words[:-1])]), words[-1]])


def outcome(both: Sequence[Row]) -> str:
    """What L1 does against the better of two rivals; where not all seeds agree, nothing is decided."""
    best = max(both, key=lambda row: row.mean)
    if all(value > 0.0 for value in best.values):
        return "L1 loses"
    return "L1 wins" if all(value < 0.0 for value in best.values) else "the seeds do not agree"
