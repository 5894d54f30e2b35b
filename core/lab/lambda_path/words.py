"""A λ path in words and numbers: what stands at one λ, the whole of it, and its table."""

from collections.abc import Mapping, Sequence

from core.experiments import Trained
from core.lab.lambda_path.choice import LastLook
from core.lab.lambda_path.path import FALLEN, KEPT, Choice, Path, Stop
from core.spec import strength_text
from core.words import percent, size_text, zeros_text


def sentence(path: Path, i: int) -> str:
    """What stands at one λ, with its numbers."""
    stop, name = path.stops[i], path.named.get(i, "")
    name = name and ("Chosen: " if name == "chosen" else f"The {name}: ")
    kinds = zeros_text(stop.kinds, path.weights)
    score = f"{score_off(path, stop)} {'off' if path.in_degrees else 'right'}"
    return (
        f"{name}λ = {strength_text(stop.strength)}: {score} on the {path.images} with "
        f"{round(stop.n_left):,} of {path.weights:,} weights left ("
        f"{percent(stop.zero_percent / 100.0)} exactly zero{kinds and f': {kinds}'})."
    )


def summary(path: Path) -> str:
    """The whole path in a sentence."""
    shown = dict.fromkeys((0, *sorted(path.named), len(path.stops) - 1))
    return " ".join([f"{len(path.stops)} values of λ.", *(sentence(path, i) for i in shown)])


def score_name(path: Path) -> str:
    """What the scores are."""
    where = "held-out" if path.in_folds else "validation"
    return f"mean {where} error" if path.in_degrees else f"{where} accuracy"


def score_off(path: Path, stop: Stop) -> str:
    """A score with its standard error, where there is one: "97.08 ± 1.0 %", "3.21°".

    A knee is within KEPT of the score at λ = 0: with a digit less 96.50 could seem so beside 97.54.
    """
    error = f" ± {stop.error:.1f}" if stop.error else ""
    return f"{stop.score:.2f}{error}{'°' if path.in_degrees else ' %'}"


def chosen(path: Path, choice: Choice) -> str:
    """Which λ is chosen, and by what."""
    best, stop = path.stops[choice.best], path.stops[choice.chosen]
    name, score = score_name(path), f"{best.score:.1f} ± {choice.error:.1f} {path.unit}"
    it = f"**λ = {strength_text(stop.strength)}**"
    if stop is best:
        return f"{it}: its {name}, {score}, is the best, and no larger λ is within one standard error of it."
    return (
        f"{it}: the largest whose {name}, {stop.score:.1f} {path.unit}, is within one standard error of the "
        f"best, {score} at λ = {strength_text(best.strength)}."
    )


def by_which_error(path: Path, n: int) -> str:
    """How the standard error of the best score is measured, on n images."""
    k = len(path.stops[0].scores)
    if path.in_degrees:
        return f"Standard error: s/√k, with s over k = {k} {path.each}s."
    if path.in_folds:
        return (
            f"Standard error: s/√k, with s over k = {k} thirds of the training images, each held out once, "
            f"but at least √(np(1 − p) + ¼)/(n + 1), Wilson's, for n = {n:,} held-out images, of which p are "
            "right."
        )
    return (
        f"Standard error: √(s²/k + e²), with s over k = {k} seeds and e = √(np(1 − p) + ¼)/(n + 1), "
        f"Wilson's, for n = {n:,} validation images, of which p are right."
    )


def on_test(path: Path, test: LastLook) -> str:
    """What the chosen λ comes to on the test images."""
    error = "" if test.error is None else f" ± {test.error:.1f}"
    what = "off" if path.in_degrees else "right"
    return f"Test, looked at once: **{test.score:.1f}{error} {path.unit}** {what}, {test.n:,} test images."


def norms_sentence(path: Path, layers: Mapping[str, Sequence[float]]) -> str:
    """Σ|w| of each layer at both ends of the path."""
    last = strength_text(path.stops[-1].strength)
    ends = "; ".join(
        f"{name} from {size_text(values[0])} to {size_text(values[-1])}" for name, values in layers.items()
    )
    return f"Σ|w| of each layer after the same number of updates, from λ = 0 to λ = {last}: {ends}."


def whose(path: Path, run: Trained) -> str:
    """Of which run the weights are that are shown, where a path has several; else nothing."""
    if len(path.stops[0].scores) < 2:
        return ""
    which = f"the first {path.each}" if path.in_folds else f"seed {run.spec.seed} alone"
    return f"Layers, weights and kernels are of {which}; the numbers above are means."


def knee_and_cliff(path: Path, by_seed: Sequence[Path]) -> str:
    """What the marks of a path mean, and how far they can be trusted."""
    unit = "degree" if path.in_degrees else "point"
    return (
        f"**Knee**: the largest λ whose mean score is within {KEPT:g} {unit} of that at λ = 0. "
        f"**Cliff**: the first λ after it that has lost more than {FALLEN:g} {unit}s. "
        f"{knee_sentence(path, by_seed)} Each λ is a run of its own from the same weights, for the same "
        "number of updates: an optimum only where training has reached it."
    )


def knee_sentence(path: Path, by_seed: Sequence[Path]) -> str:
    """How far the knee can be trusted: by seed, or that there was one only."""
    if len(by_seed) < 2:
        return (
            "From one run the knee is rough: other validation images, or another seed of a CNN, may move it "
            "by several λs."
        )
    knees = ", ".join(strength_text(each.stops[each.knee].strength) for each in by_seed)
    of_mean = strength_text(path.stops[path.knee].strength)
    return f"By {path.each} the knee is at {knees}; of the mean, at {of_mean}."


def table(path: Path) -> list[dict[str, str]]:
    """The path's numbers, a row per λ; of several seeds the mean, and the scores' range."""
    score = score_name(path)
    return [
        {
            "λ": strength_text(stop.strength),
            score: score_off(path, stop),
            f"worst to best {path.each}": " to ".join(f"{each:.1f}" for each in _worst_and_best(path, stop)),
            "exactly zero": percent(stop.zero_percent / 100.0),
            "of all weights": zeros_text(stop.kinds, path.weights) or "–",
            "weights left": f"{round(stop.n_left):,}",
        }
        for stop in path.stops
    ]


def _worst_and_best(path: Path, stop: Stop) -> list[float]:
    if len(stop.scores) == 1:
        return [stop.score]
    return sorted((min(stop.scores), max(stop.scores)), reverse=path.in_degrees)
