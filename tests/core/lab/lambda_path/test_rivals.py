"""The rivals of the λ path: alike in all but what they are held up for, and judged by the numbers."""

from dataclasses import replace

import pytest

from core.experiments import Trained
from core.lab.lambda_path import path as paths
from core.lab.lambda_path import rivals as lesson
from core.lessons.does_it_deliver import disadvantages
from core.lessons.does_it_deliver.claims import CLAIMS
from core.lessons.seeds import Row
from core.runs.examples.histories import example
from pages.ui.experiment.runs import trained


@pytest.fixture(scope="module")
def runs():
    return [Trained(h.view.spec, h.points, h.frames) for h in example(lesson.NAME).histories]


def test_all_are_trained_alike():
    for spec, own in zip(lesson.EXPERIMENT.specs, paths.EXPERIMENTS["lambda_path"].specs, strict=True):
        assert spec.model_copy(update={"lanes": own.lanes}) == own
        free = {"penalty", "strength", "polish", "prune", "prune_rounds", "warmup"}
        alike = {repr(lane) for lane in (each.changed(**plain(free)) for each in (*spec.lanes, *own.lanes))}
        assert len(alike) == 1


def plain(fields):
    usual = lesson.EXPERIMENT.specs[0].lanes[0].model_dump()
    return {name: usual[name] for name in fields}


def test_each_is_there_once_with_its_zeros(runs):
    found = lesson.rivals(runs)
    kinds = [each.kind for each in found]
    assert kinds.count(lesson.AT_ONCE) == kinds.count(lesson.IN_ROUNDS) == len(lesson.SHARES)
    assert kinds.count(lesson.L2_BEST) == kinds.count(lesson.STOPPED) == 1
    for each in found:
        if each.kind in (lesson.AT_ONCE, lesson.IN_ROUNDS):
            assert each.label == f"{each.zero_percent:.0f} % zeros"
    # The best epoch is at least as good as the last.
    last = [run.valid_percent(0) for run in runs]
    assert all(a >= b for a, b in zip(found[-1].scores, last, strict=True))


@pytest.mark.parametrize(
    ("at_once", "in_rounds", "told"),
    [
        ((1.0, 2.0), (-9.0, -9.0), "L1 loses"),
        ((-9.0, -9.0), (0.1, 0.2), "L1 loses"),
        ((-1.0, -2.0), (-3.0, -1.0), "L1 wins"),
        ((3.0, -1.0), (-2.0, -1.0), "the seeds do not agree"),
        ((1.0, 0.0), (-2.0, -1.0), "the seeds do not agree"),
    ],
)
def test_l1_wins_or_loses_only_where_all_seeds_agree(at_once, in_rounds, told):
    assert lesson.outcome([Row("", at_once), Row("", in_rounds)]) == told


def test_the_conclusion_is_that_of_the_numbers(runs):
    said = lesson.conclusion(runs)
    for share, both in lesson.ahead(runs).items():
        at_once, in_rounds = both
        told = f"at {share} % zeros {at_once.mean:+.1f} ± {at_once.error:.1f} at once and "
        assert f"{told}{in_rounds.mean:+.1f} ± {in_rounds.error:.1f} in rounds" in said
        end = said.split(". ")[1]
        assert share in next(part for part in end.split(", and ") if part.startswith(lesson.outcome(both)))
    # The other way round it is the other way round.
    assert ". L1 wins at 50, 90 and 95 %. " in lesson.conclusion([with_l1_right(run) for run in runs])


def test_how_far_l1_reaches_is_told_of_its_networks_that_work(runs):
    working = [
        max(run.zero_percent(lane) for lane in range(1, 4) if run.valid_percent(lane) > 50.0) for run in runs
    ]
    told = "L1's sparsest networks that still work, over 50 % right, "
    told += f"have {min(working):.0f} to {max(working):.0f} % zeros; "
    told += "where more are asked for, it is they that are compared, with fewer zeros than"
    assert told in lesson.conclusion(runs)
    assert max(run.zero_percent(3) for run in runs) > max(working), "the one at the last λ only guesses"


def test_the_card_on_precision_asks_the_same_by_other_settings(runs):
    card = CLAIMS["precision"]
    shown = trained(example("precision").histories)
    here, there = runs[0].spec, shown[0].spec
    optimizers = [{lane.optimizer for lane in spec.lanes} for spec in (here, there)]
    assert (optimizers, here.dataset, here.model) == ([{"adam"}, {"sgd"}], there.dataset, there.model)
    assert here.epochs < there.epochs
    told = f"by Adam after {here.epochs:g} epochs; on Does it deliver?, “{card.claim.rstrip('.')}”"
    assert told in lesson.conclusion(runs)
    assert f"by SGD after {there.epochs:g} epochs: λ path" in card.measure(shown).verdict
    # Other numbers: at 90 % zeros the difference is another one on either page.
    gains = {row.label: row.mean for row in disadvantages.rivals(shown)}
    assert abs(gains["90 %"] - lesson.ahead(runs)["90"][1].mean) > 1.0


def with_l1_right(run):
    """The run as if L1, and λ = 0 from which its line starts, were right about every image."""
    points = []
    for lane, some in zip(run.spec.lanes, run.points, strict=True):
        right = replace(some[-1], score=replace(some[-1].score, valid=1.0))
        points.append(some if lane.prune or lane.penalty == "l2" else [right])
    return Trained(run.spec, points, run.frames)
