"""What has come of the experiments on half-truths: smaller and faster, fully connected layers, a way back."""

from collections.abc import Sequence
from statistics import fmean

from core.lessons import how_zeros_happen_runs as ways_back
from core.lessons.does_it_deliver_results import Result, Row, rows_of, said
from core.lessons.experiments import Trained

SIZE_LABELS = ("dense, 32-bit floats", "CSR, 32-bit indices", "bitmap and values")


def size_percent(density: float) -> tuple[float, float, float]:
    """Bytes relative to dense float32, in percent, for a share of non-zeros: dense, CSR, bitmap."""
    return 100.0, 200.0 * density, 100.0 * (density + 1.0 / 32.0)


def smaller(runs: Sequence[Trained]) -> Result:
    """What the exact zeros save in a file."""
    shares = [size_percent(1.0 - run.zero_percent(1) / 100.0) for run in runs]
    rows = tuple(Row(label, tuple(share[i] for share in shares)) for i, label in enumerate(SIZE_LABELS))
    textbook = fmean(run.zero_percent(0) for run in runs)
    verdict = (
        f"With {100 - rows[1].mean / 2:.1f} % exact zeros the weights need {said(rows[2])} % of the bytes as "
        f"bitmap and values, {said(rows[1])} % as CSR. The textbook recipe has {textbook:.2f} % exact zeros "
        f"and saves nothing. A smaller file is not a faster network: an ordinary layer multiplies by zeros "
        f"too. The page Smaller model measures yours."
    )
    return Result("bytes, relative to dense", "%", rows, rows[2].mean, verdict)


TARGET_LANES = ("conv1 and conv2", "fc1", "all layers")


def fully_connected(runs: Sequence[Trained]) -> Result:
    """Zeros among all weights when only some layers are targeted."""
    rows = rows_of(TARGET_LANES, runs, Trained.zero_percent)
    accuracy = [fmean(run.test_percent(lane) for run in runs) for lane in range(3)]
    share = 100.0 * runs[0].layers(0)["fc1"]["weights"] / runs[0].weights(0)
    verdict = (
        f"With fc1 alone penalised {said(rows[1])} % of all weights are zero at {accuracy[1]:.1f} % test "
        f"accuracy, with the convolutions alone {said(rows[0])} % at {accuracy[0]:.1f} %, with all layers "
        f"{said(rows[2])} % at {accuracy[2]:.1f} %. fc1 is the usual target because it holds most weights: "
        f"{share:.0f} % of them here, 95 % on 28 × 28 images."
    )
    return Result("all weights that are exactly zero", "%", rows, rows[1].mean, verdict)


PROXIMAL_ONLY, ALL, NONE = "only the living proximal one", "all three", "none"

NOTABLE = 5.0
"""Points of zeros that have to go before one says that the weights return: a few always move."""


def reversible(runs: Sequence[Trained]) -> Result:
    """How many of its zeros a network loses after λ has fallen, and which networks come back."""
    fell = [_fell_at(run) for run in runs]
    found = [
        [ways_back.returned(run, lane, step) for run, step in zip(runs, fell, strict=True)]
        for lane in range(len(ways_back.RETURN_LANES))
    ]
    rows = tuple(
        Row(label, tuple(max(0.0, each.before - each.lowest) for each in some))
        for label, some in zip(ways_back.RETURN_LANES, found, strict=True)
    )
    verdict = " ".join(ways_back.way_back(run, step) for run, step in zip(runs, fell, strict=True))
    return Result("weights that left zero, of all", "%", rows, _who([row.mean for row in rows]), verdict)


def _fell_at(run: Trained) -> int | None:
    """The last update before λ fell in the lane that had it from the start; None before it did."""
    points = run.points[-1]
    before = [point["step"] for point in points if point["strength"] > ways_back.LOWERED]
    return before[-1] if before and points[-1]["step"] > before[-1] else None


def _who(lost: Sequence[float]) -> str:
    back = [share > NOTABLE for share in lost]
    answers = {(True, False, False): PROXIMAL_ONLY, (True, True, True): ALL, (False, False, False): NONE}
    return answers.get((back[0], back[1], back[2]), "otherwise")
