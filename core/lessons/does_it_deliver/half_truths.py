"""What has come of the experiments on half-truths: smaller and faster, fully connected layers, a way back."""

from collections.abc import Sequence
from statistics import fmean

from core.experiments import Trained, zeros_told
from core.lessons.does_it_deliver.results import Result
from core.lessons.how_zeros_happen import network
from core.lessons.seeds import Row, rows_of

SIZE_LABELS = ("dense, 32-bit floats", "CSR, 32-bit indices and row starts", "bitmap and values")


def size_percent(density: float, weights: int, starts: int) -> tuple[float, float, float]:
    """Bytes relative to dense float32, in percent: dense, CSR, bitmap. Biases are not counted.

    Args:
        density: the share of non-zeros.
        weights: how many weights there are.
        starts: how many numbers say where a row begins and where the last one ends.
    """
    return 100.0, 100.0 * (2.0 * density + starts / weights), 100.0 * (density + 1.0 / 32.0)


def smaller(runs: Sequence[Trained]) -> Result:
    """What the exact zeros save in a file."""
    shares = [
        size_percent(1.0 - run.zero_percent(1) / 100.0, run.weights(1), _row_starts(run)) for run in runs
    ]
    rows = tuple(Row(label, tuple(share[i] for share in shares)) for i, label in enumerate(SIZE_LABELS))
    textbook, zeros = (fmean(run.zero_percent(lane) for run in runs) for lane in (0, 1))
    verdict = (
        f"With {zeros:.1f} % exact zeros the weights need {rows[2].text()} % of the bytes "
        f"as bitmap and values, {rows[1].text()} % as CSR, whatever made them zero. The "
        f"textbook recipe has {textbook:.2f} % exact "
        f"zeros and saves nothing. A smaller file is not a faster network: an ordinary layer multiplies by "
        f"zeros too. The page Smaller model measures yours."
    )
    return Result("bytes, relative to dense", "%", rows, rows[2].mean, verdict)


def _row_starts(run: Trained) -> int:
    """Of each layer as many as it has units, and one more."""
    return sum(layer.units + 1 for layer in run.layers(1).values())


TARGET_LANES = ("conv1 and conv2", "fc1", "all layers")


def fully_connected(runs: Sequence[Trained]) -> Result:
    """Zeros among all weights when only some layers are targeted."""
    rows = rows_of(TARGET_LANES, runs, Trained.zero_percent)
    accuracy = [fmean(run.valid_percent(lane) for run in runs) for lane in range(3)]
    share = 100.0 * runs[0].layers(0)["fc1"].weights / runs[0].weights(0)
    verdict = (
        f"With fc1 alone penalised {rows[1].text()} % of all weights are zero at {accuracy[1]:.1f} % "
        f"validation accuracy, with the convolutions alone {rows[0].text()} % at {accuracy[0]:.1f} %, with "
        f"all layers {rows[2].text()} % at {accuracy[2]:.1f} %. fc1 is the usual target because it holds "
        f"most weights: {share:.0f} % of them here, 95 % on 28 × 28 images."
        f"{zeros_told(runs, 2, 'the network with all layers penalised')}"
    )
    return Result("all weights that are exactly zero", "%", rows, rows[1].mean, verdict, tells_accuracy=True)


PROXIMAL_ONLY, ALL, NONE = "only the living proximal one", "all three", "none"


def reversible(runs: Sequence[Trained]) -> Result:
    """How many of its zeros a network is without, on average, after λ has fallen, and which come back."""
    fell = [_fell_at(run) for run in runs]
    found = [
        [network.returned(run, lane, step) for run, step in zip(runs, fell, strict=True)]
        for lane in range(len(network.RETURN_LANES))
    ]
    rows = tuple(
        Row(label, tuple(max(0.0, each.before - each.mean) for each in some))
        for label, some in zip(network.RETURN_LANES, found, strict=True)
    )
    verdict = network.way_back(runs, fell)
    return Result(
        "weights that left zero, of all, mean since λ fell",
        "%",
        rows,
        _who([row.mean for row in rows]),
        verdict,
    )


def _fell_at(run: Trained) -> int | None:
    """The last update before λ fell in the lane that had it from the start; None before it did."""
    points = run.points[-1]
    before = [point.step for point in points if point.strength > network.LOWERED]
    return before[-1] if before and points[-1].step > before[-1] else None


def _who(lost: Sequence[float]) -> str:
    back = [share > network.NOTABLE for share in lost]
    answers = {(True, False, False): PROXIMAL_ONLY, (True, True, True): ALL, (False, False, False): NONE}
    return answers.get((back[0], back[1], back[2]), "otherwise")
