"""What runs have shown of the disadvantages: lost accuracy, beside pruning; the kink; a deep network."""

from collections.abc import Sequence
from statistics import fmean

from core.experiments import Trained, zeros_told
from core.lessons.does_it_deliver.results import ACCURACY, Result
from core.lessons.seeds import Row, points, rows_of
from core.spec import strength_text

FELL = 1.0
"""Points of validation accuracy that count as lost: that is 2.6 of 258 images."""

ALIVE = 50.0
"""Percent of right answers, of ten digits, above which a network works."""

NEVER = "none of them"

PRECISION_STRENGTHS = (0.0, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
PRUNED_SHARES = (0.7, 0.9, 0.95, 0.98)
"""Zeros that the rival, magnitude pruning without a penalty, is asked for: the last lanes."""


def at_zeros(run: Trained, percent: float, lanes: Sequence[int] = range(len(PRECISION_STRENGTHS))) -> float:
    """Validation accuracy of L1 at so many zeros, in percent: in a line between the two λs next to it.

    Networks that do not work are left out: for more zeros than the others have, their sparsest stands.

    Args:
        run: whose validation accuracy.
        percent: of the weights.
        lanes: those of L1, λ = 0 among them.
    """
    found = sorted((run.zero_percent(lane), run.valid_percent(lane)) for lane in lanes)
    known = [each for each in found if each[1] > ALIVE] or found
    below = [each for each in known if each[0] <= percent] or known[:1]
    above = [each for each in known if each[0] >= percent] or known[-1:]
    (low, left), (high, right) = below[-1], above[0]
    return left if high == low else left + (right - left) * (percent - low) / (high - low)


def rivals(runs: Sequence[Trained]) -> tuple[Row, ...]:
    """Magnitude pruning against L1 at the same zeros, in points, one row for each of PRUNED_SHARES."""
    first = len(PRECISION_STRENGTHS)
    return tuple(
        Row(
            f"{100.0 * share:.0f} %",
            tuple(run.valid_percent(first + i) - at_zeros(run, run.zero_percent(first + i)) for run in runs),
        )
        for i, share in zip(range(len(runs[0].points) - first), PRUNED_SHARES, strict=False)
    )


def precision(runs: Sequence[Trained]) -> Result:
    """Validation accuracy over λ, the first λ that costs a point, and the last at which the network works."""
    labels = [
        f"λ = {strength_text(strength)}, {fmean(run.zero_percent(lane) for run in runs):.0f} % zeros"
        for lane, strength in enumerate(PRECISION_STRENGTHS)
    ]
    rows = rows_of(labels, runs, Trained.valid_percent)
    first = next((i for i, row in enumerate(rows) if rows[0].mean - row.mean > FELL), None)
    answer = NEVER if first is None else f"λ = {strength_text(PRECISION_STRENGTHS[first])}"
    free = max(range(len(rows)), key=lambda i: (rows[0].mean - rows[i].mean <= FELL, i))
    alive = max(range(len(rows)), key=lambda i: (rows[i].mean > ALIVE, i))
    zeros = [fmean(run.zero_percent(lane) for run in runs) for lane in (free, alive)]
    n = runs[0].points[0][-1].score.n_valid / 100
    falls = f"more than {FELL:g} point {f'first at {answer}' if first else f'at {NEVER}'}"
    verdict = (
        f"Accuracy falls by {falls}: up to {zeros[0]:.0f} % zeros cost less. The sparsest network that still "
        f"works has {zeros[1]:.0f} % zeros and costs {rows[0].mean - rows[alive].mean:.1f} points; at the "
        f"last λ {rows[-1].text()} % are right. A point is about {n:.0f} of the images; by seed the first λ "
        f"that costs more is {', '.join(_first_fall(rows, seed) for seed in range(len(runs)))}."
        f"{zeros_told(runs, alive, 'that sparsest network')}"
        + "".join(
            f" At {row.label} zeros magnitude pruning has {points(row)} against L1." for row in rivals(runs)
        )
        + f" All this by SGD after {runs[0].spec.epochs:g} epochs: λ path asks the same by Adam after fewer, "
        "and gets other numbers."
    )
    return Result(ACCURACY, "%", rows, answer, verdict, tells_accuracy=True)


def _first_fall(rows: Sequence[Row], seed: int) -> str:
    lost = [rows[0].values[seed] - row.values[seed] for row in rows]
    first = next((i for i, loss in enumerate(lost) if loss > FELL), None)
    return NEVER if first is None else strength_text(PRECISION_STRENGTHS[first])


NON_SMOOTH_LANES = ("subgradient, as in the textbook", "proximal step", "FISTA")


def non_smooth(runs: Sequence[Trained]) -> Result:
    """How far from the best objective each method is after the same number of full-batch steps."""
    above = [above_lowest(run) for run in runs]
    rows = tuple(Row(name, tuple(each[i][-1] for each in above)) for i, name in enumerate(NON_SMOOTH_LANES))
    zeros = [fmean(run.zero_percent(lane) for run in runs) for lane in range(3)]
    steps = runs[0].points[0][-1].step
    early = [fmean(each[lane][round(0.1 * (len(each[lane]) - 1))] for each in above) for lane in range(2)]
    verdict = (
        f"After {steps // 10:,} steps the subgradient is {early[0]:.2g} above the lowest total seen, the "
        f"proximal step {early[1]:.2g}; after {steps:,} they are {rows[0].mean:.2g} and {rows[1].mean:.2g}, "
        f"and FISTA, which adds momentum, {rows[2].mean:.2g}. At a fixed rate the subgradient has a floor, "
        f"for it goes on jumping across zero, and makes no zeros: {zeros[0]:.2g} % against {zeros[1]:.0f} % "
        f"of the proximal step and {zeros[2]:.0f} % of FISTA."
        f"{zeros_told(runs, 1, 'the proximal step')}"
    )
    return Result("total loss above the lowest seen", "nats", rows, zeros[0], verdict, form=".2g")


def above_lowest(run: Trained) -> list[list[float]]:
    """For each lane and moment the total loss above the lowest of all lanes and moments."""
    lowest = min(point.total for lane in run.points for point in lane)
    return [[point.total - lowest for point in lane] for lane in run.points]


TRAP_LANES = ("λ = 1e-4", "λ = 3e-3 from the first step", "λ = 3e-3 after a warm-up")
WORKS, DIES, NEEDS = "works in all", "fails in all", "fails only without warm-up"


def linear_only(runs: Sequence[Trained]) -> Result:
    """Whether L1 works in a deep network, with a strong λ from the start and with a warm-up."""
    rows = rows_of(TRAP_LANES, runs, Trained.valid_percent)
    weak, at_once, warmed = (row.mean > ALIVE for row in rows)
    answers = {(True, True, True): WORKS, (False, False, False): DIES, (True, False, True): NEEDS}
    answer = answers.get((weak, at_once, warmed), "otherwise")
    zeros = [fmean(run.zero_percent(lane) for run in runs) for lane in range(3)]
    verdict = (
        f"L1 works in this CNN: {rows[0].text()} % right with {zeros[0]:.0f} % zeros. But no CNN is a "
        f"convex problem, and the way matters: at λ = 3e-3 from the first step it is {rows[1].text()} % "
        f"({zeros[1]:.1f} % zeros), after a warm-up {rows[2].text()} % ({zeros[2]:.1f} %)."
        f"{zeros_told(runs, 0, 'the first network')}"
    )
    return Result(ACCURACY, "%", rows, answer, verdict, tells_accuracy=True)
