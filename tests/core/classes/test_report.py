"""The report has every card that was revealed, and no group in which one is known."""

import csv
import json
from io import StringIO

import pytest

from core.classes.cards import READY, Own
from core.classes.report import report, summed
from core.classes.state import Class
from core.classes.summary import summary
from tests.core.classes.test_tally import BAND, MADE, RUNS

QUESTION = READY["before.zeros"]
LAMBDA = Own(question="Which λ?", experiment=MADE).card()


def none(_card: int) -> tuple[()]:
    return ()


def held(*cards, answers, rounds=1) -> Class:
    """A class whose every card was revealed; answers[card][round] are those of its seats."""
    room = Class("ABCDEF", "", 0.0, cards)
    for i in range(max(len(some) for card in answers for some in card)):
        room.join(str(i))
    for at, card in enumerate(answers):
        room.steer("card", room.number, at)
        for round_, values in enumerate(card, 1):
            if round_ > 1:
                room.steer("again", room.number)
            for i, value in enumerate(values):
                room.answer(str(i), at, round_, value, 10.0 * round_)
            room.steer("reveal", room.number)
    return room


def test_groups_under_five_and_those_without_anybody_are_left_out_alike():
    told = summed(QUESTION, [0] * 5 + [2] * 4)
    assert told["counts"] == [5, None, None]
    # Nine less five would be the four.
    assert (told["n"], told["more"]) == (5, True)
    told = summed(QUESTION, [0] * 5 + [1] * 4 + [2] * 4)
    assert (told["counts"], told["n"], told["more"]) == ([5, None, None], 13, False)
    assert summed(QUESTION, [1] * 5) == {"n": 5, "counts": [None, 5, None], "more": False}


def test_the_mean_of_under_five_is_left_out():
    assert summed(BAND, [1.0] * 4) == {"n": 0, "counts": [None] * 20, "mean": None, "more": True}
    assert summed(BAND, [1.0] * 5)["mean"] == 1.0


@pytest.mark.parametrize("n", range(12))
def test_nobody_who_subtracts_finds_a_group_under_five(n):
    told = summed(QUESTION, [0] * 7 + [1] * n)
    left = told["n"] - sum(count or 0 for count in told["counts"])
    assert left == 0 or left >= 5


def test_what_was_not_revealed_is_not_in_it():
    room = Class("ABCDEF", "", 0.0, (QUESTION, READY["claim.sparsity"]))
    room.join("a")
    room.steer("next", room.number)
    room.answer("a", 0, 1, 1, 0.0)
    assert report(room, none)["cards"] == []
    room.steer("reveal", room.number)
    assert [card["card"] for card in report(room, none)["cards"]] == [0]
    room.steer("again", room.number)
    assert len(report(room, none)["cards"][0]["rounds"]) == 1


def test_the_second_round_stands_beside_the_first_with_what_the_class_has_gained():
    of_choices = [[2] * 2 + [0] * 6, [2] * 6 + [0] * 2]
    of_numbers = [[40.0] * 8, [10.0] * 8]
    room = held(QUESTION, READY["claim.sparsity"], answers=[of_choices, of_numbers])
    first, second = report(room, none)["cards"]
    assert [each["counts"] for each in first["rounds"]] == [[6, None, None], [None, None, 6]]
    assert first["gain"] == {"kind": "right", "before": 25, "after": 75}
    # Measured are 0 %.
    assert second["gain"] == {"kind": "off", "before": 40.0, "after": 10.0}


def test_a_question_after_the_lesson_has_the_gain_from_the_one_before_it():
    room = held(QUESTION, READY["after.zeros"], answers=[[[0] * 5], [[1] * 5]])
    assert report(room, none)["cards"][1]["gain"] == {"kind": "lesson", "before": 0, "after": 100}
    room = held(QUESTION, READY["after.zeros"], answers=[[[0] * 4], [[1] * 5]])
    assert "gain" not in report(room, none)["cards"][1]


def test_the_board_has_all_settings_and_no_dot_of_under_five():
    # Nine seats, two seeds: five of seed 0, four of seed 1.
    room = held(LAMBDA, answers=[[[1] * 9]])
    card = report(room, lambda _: RUNS)["cards"][0]
    assert card["answer"] == 1
    assert len(card["dots"]) == 8
    seats = {(choice, seed): seats for choice, seed, *_, seats in card["dots"]}
    assert (seats[1, 0], seats[1, 1], seats[0, 0]) == (5, None, None)
    assert card["most"] == 1
    tie = held(LAMBDA, answers=[[[0] * 5 + [1] * 5]])
    assert report(tie, lambda _: RUNS)["cards"][0]["most"] is None, "of a tie nobody can say who leads"
    room = held(LAMBDA, answers=[[[1] * 4]])
    assert report(room, lambda _: RUNS)["cards"][0]["most"] is None


def test_the_csv_has_what_the_class_experiment_found_as_the_report_has():
    room = held(LAMBDA, answers=[[[1] * 9]])
    assert LAMBDA.choices[1]
    assert [row["measured or right"] for row in table(room, RUNS)] == [LAMBDA.choices[1]]
    assert [row["measured or right"] for row in table(room, ())] == [""]


def table(room: Class, runs) -> list[dict]:
    return list(csv.DictReader(StringIO(summary(room, lambda _: runs))))


def test_it_is_json_and_names_nobody():
    room = held(
        *READY.values(), answers=[[[card.low if not card.choices else 0] * 6] for card in READY.values()]
    )
    text = json.dumps(report(room, none), allow_nan=False)
    assert len(json.loads(text)["cards"]) == len(READY)
    assert not [seat.name for seat in room.seats.values() if seat.name in text]
