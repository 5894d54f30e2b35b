"""A class takes messages in any order, twice, late or never; and tells nothing before the reveal."""

import json

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.classes import views
from core.classes.cards import READY, Own
from core.classes.laboratory import followed
from core.classes.settings import ZERO, Experiment
from core.classes.state import CHANGE_SECONDS, MOST_SEATS, SHOWN, STEERING, TEMPOS, Class, FullError

LAMBDA = Own(question="Which λ?", experiment=Experiment(seeds=2)).card()
CARDS = (READY["claim.sparsity"], READY["claim.linear_only"], READY["after.zeros"], LAMBDA)
SEATS = [f"seat{i}" for i in range(5)]


def made(cards=CARDS) -> Class:
    return Class("ABCDEF", "hash", 0.0, tuple(cards))


class Lecture(RuleBasedStateMachine):
    """Two classes that get the same messages, but in one everybody answers otherwise; and a plain count."""

    def __init__(self):
        super().__init__()
        self.room, self.other = made(), made()
        self.now = 0.0
        self.numbers = [0]
        self.answered: dict[tuple[int, int], dict[str, float]] = {}
        self.known: list[tuple[int, int, int]] = []
        # Where answers were shown, what is seen of them differs from then on, and has to.
        self.shown = False

    def both(self, ask):
        first, second = ask(self.room), ask(self.other)
        assert first == second
        return first

    @rule(seat=st.sampled_from(SEATS))
    def join(self, seat):
        before = len(self.room.seats)
        try:
            taken = self.both(lambda room: room.join(seat))
        except FullError:
            assert not self.room.joining
            assert seat not in self.room.seats
        else:
            assert len({each.name for each in self.room.seats.values()}) == len(self.room.seats)
            assert len(self.room.seats) - before == (taken.number == before)

    @rule(seconds=st.sampled_from([0.1, CHANGE_SECONDS, 5.0]))
    def wait(self, seconds):
        self.now += seconds

    @rule(
        seat=st.sampled_from(SEATS),
        value=st.integers(0, 1),
        late=st.booleans(),
        card=st.integers(0, len(CARDS) - 1),
        round_=st.integers(1, 2),
    )
    def answer(self, seat, value, late, card, round_):
        if seat not in self.room.seats:
            return
        place = (card, round_) if late else (self.room.at, self.room.round)
        kept = self.room.answer(seat, *place, value, self.now)
        assert self.other.answer(seat, *place, 1 - value, self.now) == kept
        is_open = self.room.phase == "predict" and place == (self.room.at, self.room.round)
        assert (kept == "late") == (not is_open)
        if kept == "kept":
            self.answered.setdefault(place, {})[seat] = value
        if kept != "soon" and is_open:
            assert self.answered[place][seat] == value

    @rule(
        do=st.sampled_from(STEERING),
        late=st.booleans(),
        card=st.integers(-1, len(CARDS)),
        dot=st.sampled_from([None, (0, 0), (ZERO, 1), (0, 2), (7, 0)]),
    )
    def steer(self, do, late, card, dot):
        at = self.numbers[0] if late else self.room.number
        before = views.scene(self.room, ())
        done = self.both(lambda room: room.steer(do, at, card, dot))
        assert not done or at == self.numbers[-1]
        if done:
            self.numbers.append(self.room.number)
            # The same message once more, as after a lost answer, changes nothing.
            assert not self.both(lambda room: room.steer(do, at, card, dot))
        else:
            assert views.scene(self.room, ()) == before

    @rule(seat=st.sampled_from(SEATS), tempo=st.sampled_from(TEMPOS))
    def tempo(self, seat, tempo):
        for room in (self.room, self.other):
            if seat in room.seats:
                room.seats[seat].tempo = tempo

    @invariant()
    def numbers_only_grow_by_one(self):
        assert self.numbers == list(range(len(self.numbers)))
        assert self.room.number == self.numbers[-1]

    @invariant()
    def counts_are_exact(self):
        mine = self.answered.get((self.room.at, self.room.round), {})
        assert self.room.count == len(mine)
        assert views.tick(self.room, None)["count"] == len(mine)
        if self.room.phase in SHOWN:
            shown = views.scene(self.room, ())["rounds"][-1]
            assert shown["n"] == sum(shown["counts"]) == len(mine)

    @invariant()
    def what_is_seen_before_the_reveal_is_the_same_whatever_was_answered(self):
        assert followed(self.room) == followed(self.other)
        if self.room.phase in SHOWN:
            return
        for view in (lambda room: views.scene(room, ()), lambda room: views.tick(room, 0.5), views.console):
            assert json.dumps(view(self.room)) == json.dumps(view(self.other))

    @invariant()
    def a_dot_is_of_the_board_that_is_discussed(self):
        if self.room.dot:
            assert self.room.phase == "discuss"
            assert self.room.card.experiment.has(*self.room.dot)

    @invariant()
    def what_was_written_down_is_the_same_class(self):
        again = Class.read("ABCDEF", "hash", 0.0, json.loads(json.dumps(self.room.kept())))
        again.seats, again.answers = self.room.seats, self.room.answers
        assert again == self.room

    @invariant()
    def nobody_answers_what_has_been_revealed(self):
        assert not (self.room.phase == "predict" and (self.room.at, self.room.round) in self.room.revealed)


TestLecture = Lecture.TestCase
TestLecture.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def after(*dos, cards=CARDS) -> Class:
    room = made(cards)
    for do in dos:
        assert room.steer(do, room.number), do
    return room


def test_a_clicker_leads_through_the_whole_class():
    room, seen = made(CARDS[:2]), []
    while room.steer("next", room.number):
        seen.append((room.at, room.phase))
    phases = ["predict", "closed", "reveal", "discuss"]
    assert seen == [(0, p) for p in phases] + [(1, p) for p in phases] + [(1, "done")]


def test_the_last_answer_before_closing_counts_and_one_second_lies_between_two():
    room = after("next")
    room.join("a")
    tries = ((3, 0.0), (3, 0.1), (4, 0.5), (5, 1.0))
    became = [room.answer("a", 0, 1, value, now) for value, now in tries]
    assert became == ["kept", "same", "soon", "kept"]
    room.steer("close", room.number)
    assert room.answer("a", 0, 1, 6, 9.0) == "late"
    assert room.answers[0, 1] == {"a": 5}


def test_a_pause_is_left_by_whatever_is_pressed_next():
    room = after("next", "pause")
    assert room.paused
    assert room.steer("next", room.number)
    assert (room.paused, room.phase) == (False, "predict")


def test_a_question_asked_again_keeps_both_rounds():
    room = after("next")
    room.join("a")
    room.answer("a", 0, 1, 10, 0.0)
    for do in ("reveal", "again"):
        room.steer(do, room.number)
    room.answer("a", 0, 2, 90, 0.0)
    assert "rounds" not in views.scene(room, ())
    room.steer("reveal", room.number)
    assert [each["mean"] for each in views.scene(room, ())["rounds"]] == [10, 90]
    assert views.own(room, "a")["answers"] == [10, 90]


def test_a_class_votes_twice_before_it_sees_a_number():
    room = after("next", "close")
    room.join("a")
    room.steer("open", room.number)
    room.answer("a", 0, 1, 10, 0.0)
    for do in ("close", "again"):
        assert room.steer(do, room.number), do
    assert (room.phase, room.round) == ("predict", 2)
    assert "rounds" not in views.scene(room, ())
    room.answer("a", 0, 2, 90, 0.0)
    room.steer("close", room.number)
    assert not room.steer("again", room.number)
    room.steer("reveal", room.number)
    assert [each["mean"] for each in views.scene(room, ())["rounds"]] == [10, 90]
    assert room.revealed == {(0, 1), (0, 2)}


def test_what_is_answered_after_the_lesson_is_asked_again_only_there():
    room = after("next", "close", cards=(READY["before.zeros"], READY["after.zeros"]))
    assert views.console(room)["waits"]
    assert not room.steer("again", room.number)


def test_the_clock_begins_with_the_first_question_and_anew_with_each_card():
    room, now = made(CARDS[:2]), 1000.0
    seen = []
    for do in ("joining", "next", "close", "reveal", "next", "next", "back", "card", "back"):
        room.steer(do, room.number, 0)
        now += 60.0
        room.clocked(now)
        told = views.console(room)
        seen.append((told["began"], told["came"]))
    first, second, again = (1120.0, 1120.0), (1120.0, 1360.0), (1120.0, 1420.0)
    assert seen == [(None, None), *[first] * 4, second, *[again] * 3]
    lobby = after("next")
    lobby.clocked(1.0)
    lobby.steer("back", lobby.number)
    lobby.clocked(2.0)
    assert (lobby.phase, lobby.began, lobby.came) == ("lobby", None, None)


def test_who_has_said_nothing_is_not_with_you():
    room = made()
    for seat in SEATS[:3]:
        room.join(seat)
    room.seats[SEATS[0]].tempo = "lost"
    assert views.console(room)["tempo"] == {"with": 0, "faster": 0, "slower": 0, "lost": 1}
    assert views.own(room, SEATS[1])["tempo"] is None


def test_what_was_revealed_is_not_opened_again_and_a_card_left_open_is():
    room = after("next", "reveal", "next", "next")
    assert (room.at, room.phase) == (1, "predict")
    assert room.steer("back", room.number)
    assert (room.at, room.phase) == (0, "reveal")
    assert not room.steer("back", room.number)
    assert not room.steer("open", room.number)
    assert room.steer("card", room.number, 1)
    assert room.phase == "predict"


def test_so_many_seats_and_no_more():
    room = made()
    names = {room.join(f"s{i}").name for i in range(MOST_SEATS)}
    assert len(names) == MOST_SEATS
    with pytest.raises(FullError, match="600"):
        room.join("one more")
    assert room.join("s0").number == 0


def test_a_dot_is_on_the_projector_until_the_class_goes_on():
    room = after("next", "reveal", "next", cards=(LAMBDA, CARDS[0]))
    assert not room.steer("show", room.number, dot=(0, 2))
    assert not room.steer("show", room.number, dot=None)
    assert room.steer("show", room.number, dot=(0, 1))
    assert room.steer("joining", room.number)
    assert room.dot == (0, 1)
    assert room.steer("show", room.number, dot=None)
    assert room.dot is None
    assert room.steer("show", room.number, dot=(ZERO, 0))
    assert room.steer("next", room.number)
    assert (room.phase, room.dot) == ("predict", None)
    assert not room.steer("show", room.number, dot=(0, 1))
    shown = after("next", "reveal", "next")
    assert not shown.steer("show", shown.number, dot=(0, 0)), "it has no board"


def test_a_class_of_before_dots_and_clocks_is_read():
    kept = made().kept()
    for name in ("dot", "led", "began", "came"):
        del kept[name]
    assert Class.read("ABCDEF", "hash", 0.0, kept) == made()
