"""Compute the example of Smaller model: `python -m benchmarks.examples.smaller_model`.

The page shows it before the visitor's own run. It trains the run of "Train one now" and asks about it
what the page asks; what is asked about refitting, it asks of the same run with two more seeds, too.
"""

import datetime
import json
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import torch

from benchmarks.options import SMALL_FOLDER, asked, parser
from core.checkpoints import Checkpoints
from core.data.device import best_device, device_name, use_one_thread
from core.experiments import Experiment
from core.inspect.fate import Watches
from core.inspect.moment import Moment, live
from core.inspect.questions import Context, begin
from core.lab.smaller_model.questions import BY_SEED, EXAMPLE, REFITS, first_lane, questions
from core.runs.examples import FOLDER
from core.runs.examples.answers import ExampleAnswers, save_answers
from core.spec import RunSpec
from core.training.run import Run


def answered(moment: Moment, store: Checkpoints, names: Collection[str] = ()) -> dict[str, Any]:
    """The answers of these names, or every one of the page, each with the step it is about."""
    found = {}
    for name, (question, fields) in questions(moment.spec, first_lane(moment.spec)).items():
        if names and name not in names:
            continue
        answer = begin(question, fields, moment, Context("example", Watches(), store)).finish()
        # Which units are left is as long as all the rest, and not shown.
        found[name] = {key: value for key, value in answer.items() if key != "kept"} | {"step": moment.step}
    return found


def trained(spec: RunSpec, device: torch.device) -> Moment:
    """A run at its end."""
    run = Run(spec, device)
    use_one_thread()
    while not run.done:
        run.advance()
    return live(run)


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("--epochs", type=int, default=EXAMPLE.epochs)
    asks.add_argument("--out", type=Path, default=FOLDER, help="the folder to write to")
    options = asked(asks, epochs=1, out=SMALL_FOLDER)
    device, spec = best_device(), EXAMPLE.model_copy(update={"epochs": options.epochs})
    seeds = Experiment.over_seeds(spec).specs
    with tempfile.TemporaryDirectory() as folder:
        store = Checkpoints(Path(folder), 10**8)
        answers = answered(trained(spec, device), store)
        others = {each.seed: answered(trained(each, device), store, REFITS) for each in seeds[1:]}
    answers[BY_SEED] = {str(spec.seed): {name: answers[name] for name in REFITS}} | {
        str(seed): refits for seed, refits in others.items()
    }
    today, lane = datetime.date.today().isoformat(), first_lane(spec)
    found = ExampleAnswers(today, device_name(device), spec, lane, answers)
    save_answers("smaller_model", found, folder=options.out)
    print(json.dumps(answers["latency"], indent=1))


if __name__ == "__main__":
    main()
