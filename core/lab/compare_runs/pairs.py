"""Runs that differ in the seed only, against a reference of the same seed: differences of pairs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.lab.compare_runs.curves import Compared, but_for_the_seed
from core.lessons.seeds import Row

OWN_LANE = "its own lane without penalty"

Number = Callable[[Compared], float | None]


@dataclass(frozen=True)
class Paired:
    """What runs of the same settings have more than their references, in points, a value for each seed.

    Attributes:
        label: what the runs are called.
        seeds: of the pairs, rising.
        accuracy: right on the validation images; selected: zeros that λ selected, of all weights. Empty where
            a run has no such number.
    """

    label: str
    seeds: tuple[int, ...]
    accuracy: tuple[float, ...]
    selected: tuple[float, ...]


@dataclass(frozen=True)
class Pairs:
    """All of them, and what each run is held against."""

    reference: str
    rows: tuple[Paired, ...]

    @property
    def sentence(self) -> str:
        """What the numbers are."""
        return (
            f"Each run minus {self.reference}, seed by seed: the mean of the differences ± its standard "
            "error, s/√k over k seeds; what a seed does to both drops out."
        )


def pairs(compared: Sequence[Compared], baseline: str = "") -> Pairs | None:
    """Pairs of the last numbers, where runs of the same settings have two seeds or more; else None.

    The reference is the run with the baseline's settings and the same seed; where there are no such pairs,
    the same run's lane without penalty. A run whose λ or layers were moved has no settings to share.
    """
    steady = [each for each in compared if not each.marks]
    base = next((each for each in steady if each.label == baseline), None)
    if base is not None:
        family = _families(steady)[but_for_the_seed(base)]
        others = [each for each in steady if each not in family.values()]
        if rows := _rows(others, lambda run: family.get(run.spec.seed)):
            return Pairs(f"the run of the same seed with the settings of {baseline}", rows)
    rows = _rows(steady, lambda run: run.beside)
    return Pairs(OWN_LANE, rows) if rows else None


def told(values: Sequence[float]) -> str:
    """Mean ± standard error: "+0.3 ± 0.2"; "–" without values."""
    return Row("", tuple(values)).gain if values else "–"


def _rows(
    compared: Sequence[Compared], reference: Callable[[Compared], Compared | None]
) -> tuple[Paired, ...]:
    rows = []
    for family in _families(compared).values():
        both = [(run, other) for _, run in sorted(family.items()) if (other := reference(run)) is not None]
        if len(both) > 1:
            label, seeds = both[0][0].family or both[0][0].label, tuple(run.spec.seed for run, _ in both)
            rows.append(Paired(label, seeds, _differences(both, _accuracy), _differences(both, _selected)))
    return tuple(rows)


def _families(compared: Sequence[Compared]) -> dict[str, dict[int, Compared]]:
    """Runs equal but for the seed, by seed: of two with the same seed, which are the same run, one."""
    found: dict[str, dict[int, Compared]] = {}
    for each in compared:
        found.setdefault(but_for_the_seed(each), {})[each.spec.seed] = each
    return found


def _differences(both: Sequence[tuple[Compared, Compared]], number: Number) -> tuple[float, ...]:
    each = [(number(run), number(other)) for run, other in both]
    known = tuple(mine - theirs for mine, theirs in each if mine is not None and theirs is not None)
    return known if len(known) == len(both) else ()


def _accuracy(run: Compared) -> float | None:
    score = run.points[-1].score if run.points else None
    return 100.0 * score.valid if score is not None and score.kind == "accuracy" else None


def _selected(run: Compared) -> float | None:
    selected = run.points[-1].kinds.selected if run.points else None
    return None if selected is None or run.frame is None else 100.0 * selected / run.frame.weights
