"""A λ path in words and numbers: what stands at one λ, the whole of it, and its table."""

from core.lessons.lambda_path import Path, Stop
from core.spec import strength_text


def sentence(path: Path, i: int) -> str:
    """What stands at one λ, with its numbers."""
    stop, named = path.stops[i], {path.knee: "The knee: ", path.cliff: "The cliff: "}
    score = f"{stop.score:.1f}° off" if path.in_degrees else f"{stop.score:.1f} % right"
    return (
        f"{named.get(i, '')}λ = {strength_text(stop.strength)}: {score} on the test images with "
        f"{round(stop.n_left):,} of {path.weights:,} weights left ({stop.zero_percent:.1f} % exactly zero)."
    )


def summary(path: Path) -> str:
    """The whole path in a sentence."""
    shown = dict.fromkeys((0, path.knee, len(path.stops) - 1))
    return " ".join([f"{len(path.stops)} values of λ.", *(sentence(path, i) for i in shown)])


def table(path: Path) -> list[dict[str, str]]:
    """The path's numbers, a row per λ; of several seeds the mean, and the scores' range."""
    score = "mean test error" if path.in_degrees else "test accuracy"
    return [
        {
            "λ": strength_text(stop.strength),
            score: f"{stop.score:.1f} {path.unit}",
            "worst to best seed": " to ".join(f"{each:.1f}" for each in _worst_and_best(path, stop)),
            "exactly zero": f"{stop.zero_percent:.1f} %",
            "weights left": f"{round(stop.n_left):,}",
        }
        for stop in path.stops
    ]


def _worst_and_best(path: Path, stop: Stop) -> list[float]:
    if len(stop.scores) == 1:
        return [stop.score]
    return sorted((min(stop.scores), max(stop.scores)), reverse=path.in_degrees)
