"""The questions by their names, and how one is begun."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.checkpoints import Checkpoints
from core.inspect import afterwards, errors, fate, files, pictures, rescale, slow_motion, smaller, units
from core.inspect.fate import Watches
from core.inspect.fields import Fields
from core.inspect.moment import Answer, Moment, QuestionError
from core.refusals import shown
from core.training.pieces import Pieces, Work


@dataclass(frozen=True)
class Context:
    """What a few questions need beside the moment: the run's id, its watched weights, and the files."""

    run: str
    watches: Watches
    store: Checkpoints


Plain = Callable[[Moment, Fields], Answer | Work[Answer]]

QUESTIONS: dict[str, Plain] = {
    "weights": units.weights,
    "dead_units": units.dead_units,
    "predict": pictures.predict,
    "valid_images": pictures.valid_images,
    "feature_maps": pictures.feature_maps,
    "input_map": pictures.input_map,
    "confusion": errors.confusion,
    "disagreements": errors.disagreements,
    "slow_motion": slow_motion.slow_motion,
    "rescale": rescale.rescale,
    "compact": smaller.compact,
    "sizes": smaller.sizes,
    "latency": smaller.latency,
    "prune": smaller.prune,
    "prune_path": afterwards.prune_path,
    "refit": afterwards.refit,
}
"""Those about the moment alone."""

WATCHING = {"watch": fate.watch, "unwatch": fate.unwatch, "fate": fate.fate}
"""Those about weights that are watched."""

FILES = {"export": files.export, "load": files.load}
"""Those that write or read files."""

NAMES = (*QUESTIONS, *WATCHING, *FILES)


def begin(question: str, values: dict[str, Any], moment: Moment, context: Context) -> Pieces[Answer]:
    """Begin to answer. Raises QuestionError, now or while the answer is worked out."""
    if question not in NAMES:
        raise QuestionError(f"question must be one of {', '.join(NAMES)}, got {shown(question)}.")
    fields = Fields(values, moment)
    work = _asked(question, context)(moment, fields)
    return Pieces(_at_once(work) if isinstance(work, dict) else work)


def _at_once(answer: Answer) -> Work[Answer]:
    yield from ()
    return answer


def _asked(question: str, context: Context) -> Plain:
    if question in WATCHING:
        return partial(WATCHING[question], watches=context.watches)
    if question in FILES:
        return partial(FILES[question], run=context.run, store=context.store)
    return QUESTIONS[question]
