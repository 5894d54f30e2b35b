"""What the reader answered to the six questions before the lesson, and to the six after it."""

from core.lessons.course.check import KEPT, Answers, Moment, complete
from pages.ui import learner


def answered(moment: Moment) -> Answers | None:
    """What the reader said; None before they have."""
    kept = learner.recall(KEPT[moment])
    return kept if complete(kept, moment) else None


def answer(moment: Moment, answers: Answers) -> None:
    """Keep what the reader says."""
    learner.keep(KEPT[moment], dict(answers))
    learner.did(f"check_{moment}")


def forget(moment: Moment) -> None:
    """Ask these six questions anew."""
    learner.keep(KEPT[moment], None)
