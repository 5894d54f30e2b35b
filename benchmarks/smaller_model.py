"""Compute the example of Smaller model: `python -m benchmarks.smaller_model`.

The page shows it before the visitor's own run. It trains the run of "Train one now" and asks about it
what the page asks.
"""

import datetime
import json
import tempfile
from pathlib import Path
from typing import Any

from core.checkpoints import Checkpoints
from core.lessons.smaller_model import EXAMPLE, first_lane, questions
from core.runs.example_answers import ExampleAnswers, save_answers
from core.training.device import best_device, device_name, use_threads
from core.training.inspect.fate import Watches
from core.training.inspect.moment import Moment, live
from core.training.inspect.questions import Context, begin
from core.training.loop import Experiment


def answered(moment: Moment, store: Checkpoints) -> dict[str, Any]:
    """Every answer of the page, each with the step it is about."""
    found = {}
    for name, (question, fields) in questions(moment.spec, first_lane(moment.spec)).items():
        *_, answer = begin(question, fields, moment, Context("example", Watches(), store))
        assert answer is not None
        # Which units are left is as long as all the rest, and not shown.
        found[name] = {key: value for key, value in answer.items() if key != "kept"} | {"step": moment.step}
    return found


def main() -> None:
    device = best_device()
    experiment = Experiment(EXAMPLE, device)
    use_threads(experiment.image_size)
    while not experiment.done:
        experiment.advance()
    with tempfile.TemporaryDirectory() as folder:
        answers = answered(live(experiment), Checkpoints(Path(folder), 10**8))
    today, lane = datetime.date.today().isoformat(), first_lane(EXAMPLE)
    save_answers("smaller_model", ExampleAnswers(today, device_name(device), EXAMPLE, lane, answers))
    print(json.dumps(answers["latency"], indent=1))


if __name__ == "__main__":
    main()
