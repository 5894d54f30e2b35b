"""The check: every misconception is asked for, scores are counted, answers from a browser are looked at."""

from typing import get_args

import pytest

from core.lessons.check import QUESTIONS, Misconception, complete, score
from core.lessons.guided_path import PAGES
from core.lessons.summary import check_rows

RIGHT = {name: question.right for name, question in QUESTIONS.items()}


def test_six_questions_cover_every_misconception_once_and_say_where_it_is_seen():
    covered = [each for question in QUESTIONS.values() for each in question.covers]
    assert len(QUESTIONS) == 6
    assert sorted(covered) == sorted(get_args(Misconception))
    for question in QUESTIONS.values():
        assert question.right in range(len(question.options))
        assert question.where in PAGES
        assert question.because


def test_the_right_answer_is_in_no_fixed_place():
    assert {question.right for question in QUESTIONS.values()} == {0, 1, 2}


def test_scores_by_hand():
    wrong = RIGHT | {"zeros": 0, "speed": 0}
    assert (score(RIGHT), score(wrong), score({})) == (6, 4, 0)
    before, after = zip(*[row[1:] for row in check_rows(wrong, RIGHT)], strict=True)
    assert (before.count("wrong"), after.count("right")) == (2, 6)
    assert {row[1] for row in check_rows(None, RIGHT)} == {"–"}


@pytest.mark.parametrize("answers", [{}, RIGHT | {"zeros": 3}, RIGHT | {"zeros": None}, RIGHT | {"more": 1}])
def test_answers_that_are_none_are_not_complete(answers):
    assert not complete(answers)
    assert complete(RIGHT)
