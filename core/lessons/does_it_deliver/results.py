"""What a result is: rows of numbers, one per seed, and one honest sentence."""

from dataclasses import dataclass

from core.lessons.seeds import Row

ACCURACY = "validation accuracy"
"""The title of a result whose rows are accuracies."""


@dataclass(frozen=True)
class Result:
    """What an experiment has shown.

    Attributes:
        title, unit: of what the rows measure.
        rows: one for each lane, or whatever is compared.
        answer: what the prediction is held against: a number in `unit`, or a choice.
        verdict: one honest sentence with the measured numbers and their limits.
        tells_accuracy: whether a validation accuracy is among these numbers.
        form: how the verdict writes them; so does everything that stands beside it.
    """

    title: str
    unit: str
    rows: tuple[Row, ...]
    answer: float | str
    verdict: str
    tells_accuracy: bool = False
    form: str = ".1f"

    def written(self, value: float) -> str:
        """A number of the rows, or the answer, rounded as the verdict has it."""
        return f"{value:{self.form}}".replace("-", "−")
