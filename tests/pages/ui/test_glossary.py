"""What the symbols are now: the settings on Train live's screen, and the reader's last run there."""

import pytest

from core.lessons.course.glossary import TERMS
from core.runs import runs
from core.spec import LaneSpec, RunSpec, strength_text
from pages.ui import glossary, learner, session
from tests.pages.tab import OWNER

pytestmark = pytest.mark.usefixtures("worker")

SPEC = RunSpec.beside_zero(LaneSpec(strength=3e-3), batch_size=32)
MEASURED = {"Σ|w|", "L", "total loss", "exact zero", "dead unit", "epoch", "sparsity", "w"}


def started() -> str:
    return runs().start(OWNER, SPEC, key="one").id


def test_before_anything_the_symbols_are_the_defaults(tab):
    now = glossary.current()
    assert now["batch"] == f"{RunSpec().batch_size} images"
    assert not MEASURED & now.keys()
    assert now.keys() <= TERMS.keys()


def test_the_settings_on_the_screen_count(tab):
    session.open_from_link()
    session.settle(SPEC)
    now = glossary.current()
    assert (now["λ"], now["batch"]) == ("3e-3", "32 images")


def test_a_run_brings_what_was_measured_in_its_last_lane(tab, worker):
    session.open_from_link()
    run = started()
    session.show(runs().view(run))
    assert not MEASURED & glossary.current().keys()
    worker.show(run, 3)
    now = glossary.current()
    assert now.keys() >= MEASURED
    # Four layers of 100 weights, 3 of each exactly zero: see `tests.core.runs.made`.
    assert (now["exact zero"], now["sparsity"]) == ("12 weights at step 3", "3 % at step 3")


def test_a_new_strength_stands_beside_the_one_that_was_measured(tab, worker):
    session.open_from_link()
    run = started()
    session.show(runs().view(run))
    worker.show(run, 3)
    session.settle(RunSpec.beside_zero(LaneSpec(strength=1e-2), batch_size=32))
    acted = runs().history(run).points[-1][-1].strength
    assert glossary.current()["λ"] == f"set to 1e-2; {strength_text(acted)} at step 3"


def test_the_last_run_of_an_earlier_visit_is_remembered(tab, worker):
    run = started()
    worker.show(run, 1)
    learner.keep("train_run", run)
    tab.reload()
    assert glossary.current()["λ"].startswith("set to 3e-3; ")
    assert glossary.current().keys() >= MEASURED


@pytest.mark.parametrize("kept", ["gone", 7, None, ["x"]])
def test_a_run_that_is_no_more_is_no_error(tab, kept):
    tab.state.learner_kept = {"train_run": kept}
    assert not MEASURED & glossary.current().keys()
