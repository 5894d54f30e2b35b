"""The check: every misconception is asked for, scores are counted, answers from a browser are looked at."""

from statistics import fmean
from typing import get_args

import pytest

from core.experiments import Trained
from core.lessons.course.check import QUESTIONS, TOPICS, Misconception, Moment, complete, score
from core.lessons.course.summary import check_rows
from core.lessons.does_it_deliver.claims import CLAIMS
from core.runs.examples.histories import example

RIGHT = {
    moment: {name: question.right for name, question in questions.items()}
    for moment, questions in QUESTIONS.items()
}


@pytest.mark.parametrize("moment", get_args(Moment))
def test_six_questions_cover_every_misconception_once_and_say_where_it_is_seen(moment):
    questions = QUESTIONS[moment]
    covered = [each for question in questions.values() for each in question.covers]
    assert len(questions) == 6
    assert sorted(covered) == sorted(get_args(Misconception))
    for question in questions.values():
        assert question.right in range(len(question.options))
        assert question.because


@pytest.mark.parametrize("moment", get_args(Moment))
def test_the_right_answer_is_in_no_fixed_place(moment):
    assert {question.right for question in QUESTIONS[moment].values()} == {0, 1, 2}


def test_the_questions_after_are_others_on_the_same_things():
    before, after = (QUESTIONS[moment] for moment in get_args(Moment))
    assert list(before) == list(after) == list(TOPICS)
    for name in TOPICS:
        assert before[name].covers == after[name].covers
        assert before[name].ask != after[name].ask
        assert not {*before[name].options} & {*after[name].options}


def test_scores_by_hand():
    wrong = RIGHT["before"] | {"zeros": 0, "speed": 0}
    assert (score("before", RIGHT["before"]), score("before", wrong), score("before", {})) == (6, 4, 0)
    assert score("after", RIGHT["after"]) == 6
    before, after = zip(*[row[1:] for row in check_rows(wrong, RIGHT["after"])], strict=True)
    assert (before.count("wrong"), after.count("right")) == (2, 6)
    assert {row[1] for row in check_rows(None, RIGHT["after"])} == {"–"}


@pytest.mark.parametrize("wrong", [{"zeros": 3}, {"zeros": None}, {"more": 1}])
@pytest.mark.parametrize("moment", get_args(Moment))
def test_answers_that_are_none_are_not_complete(moment, wrong):
    assert complete(RIGHT[moment], moment)
    for answers in (RIGHT[moment] | wrong, {}, None, "six"):
        assert not complete(answers, moment)


def test_the_card_that_shows_right_labels_is_on_the_page_that_is_named():
    for moment in get_args(Moment):
        question = QUESTIONS[moment]["accuracy"]
        assert f"the card “{CLAIMS['precision'].claim.rstrip('.')}”" in question.because
        assert question.where == "does_it_deliver"
    # L1 at the best of six λs is no whole point above λ = 0 there.
    runs = [
        Trained(h.view.spec, h.points, [f for f in h.frames if f]) for h in example("precision").histories
    ]
    assert all(spec.label_noise == 0.0 for spec in CLAIMS["precision"].experiment.specs)
    accuracies = [fmean(run.valid_percent(lane) for run in runs) for lane in range(7)]
    assert max(accuracies) - accuracies[0] < 1.0
