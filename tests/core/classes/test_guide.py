"""The guide: lectures as long as they say, and something to say to every card."""

import pytest

from core.classes.cards import READY, Own, read_cards
from core.classes.guide.lectures import LAMBDA, LECTURES, minutes_of, plan_of
from core.classes.guide.notes import note
from core.classes.settings import Experiment
from core.lessons.course.glossary import TERMS


def test_the_lectures_are_as_long_as_they_say():
    assert [lecture.minutes for lecture in LECTURES.values()] == [20, 45]


@pytest.mark.parametrize("name", [name for name in READY if name.startswith("claim.")])
def test_to_every_claim_there_is_a_question_a_term_and_a_wrong_answer(name):
    said = note(READY[name])
    assert said.predict.endswith("?")
    assert said.discuss.endswith("?")
    assert said.wrong
    assert said.public()["terms"][0][1] == TERMS[said.terms[0]]


def test_wrong_answers_to_a_question_are_those_that_are_not_right():
    assert note(READY["before.zeros"]).wrong == ("Most of them", "As many as λ says")
    assert note(READY["before.zeros"]).discuss == ""
    assert note(READY["after.zeros"]).discuss


def test_of_the_class_s_own_experiment_something_is_said_where_it_is_about_strength():
    assert note(LAMBDA).terms
    layers = Own(question="?", experiment=Experiment(field="layers", values=(("fc1",), ("conv1",))))
    assert note(layers.card()) == note(Own(question="?").card())


@pytest.mark.parametrize("name", LECTURES)
def test_a_class_has_the_plan_of_the_lecture_whose_cards_it_has_also_after_a_restart(name):
    plan = LECTURES[name]
    cards = read_cards([card.kept() for card in plan.cards])
    assert minutes_of(cards) == tuple(minutes for _, minutes in plan.steps)
    assert (
        sum(card["minutes"] for card in plan_of(cards)["cards"]) + plan_of(cards)["joining"] == plan.minutes
    )


def test_cards_of_no_lecture_take_as_long_as_is_usual():
    assert minutes_of((READY["claim.smaller"], READY["after.speed"], LAMBDA)) == (5, 1, 5)
