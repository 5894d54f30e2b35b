"""Classes survive their server, end by themselves, and train what they need."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.classes import Hall, views
from core.classes.cards import READY, Own, read_cards
from core.classes.codes import ALPHABET, name_of, new_code, read_code
from core.classes.hall import HOURS, MOST_CLASSES, NoClassError
from core.classes.settings import Experiment
from core.refusals import SpecError
from core.runs import Refused
from core.runs.store.tables import AnswerRow, ClassRow, SeatRow
from tests.core.runs.made import Lab

CARDS = (READY["claim.sparsity"], READY["before.zeros"])
LAMBDA = Own(question="Which λ?", experiment=Experiment(epochs=2, seeds=2)).card()


class Time:
    """Seconds since 1970, turned by hand."""

    def __init__(self) -> None:
        self.now = 1e9

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def lab(tmp_path: Path):
    lab = Lab(tmp_path)
    lab.runs.open()
    yield lab
    lab.runs.close()


@pytest.fixture
def opened(lab, time):
    halls = []

    def open_hall() -> Hall:
        halls.append(Hall(lab.runs, time))
        halls[-1].open()
        return halls[-1]

    yield open_hall
    for each in halls:
        each.close()


def rows(lab) -> list[int]:
    with lab.runs._store._session() as session:
        return [session.scalar(select(func.count()).select_from(t)) for t in (ClassRow, SeatRow, AnswerRow)]


def test_phase_answers_and_count_are_there_when_the_server_starts_again(opened):
    hall = opened()
    code, secret = hall.create((*CARDS, LAMBDA))
    hall.steer(code, "next", 0)
    for owner, value in (("ann", 10), ("bob", 90)):
        hall.join(code, owner)
        hall.answer(code, owner, 0, 1, value)
    written = hall.join(code, "cy")[1]
    assert written.result(5.0)
    # Killed: nothing is closed. What was answered for was written.
    again = opened()
    room, before = again.get(code), hall.get(code)
    assert again.is_presenter(code, secret)
    assert room == before
    assert again.scene(room) == hall.scene(before)
    assert again.own(room, "ann") == hall.own(before, "ann")
    assert views.tick(room, None) == {"n": 1, "count": 2, "joined": 3}


def test_after_a_day_nothing_is_left(opened, lab, time):
    hall = opened()
    code, _ = hall.create(CARDS)
    hall.steer(code, "next", 0)
    hall.join(code, "ann")
    hall.answer(code, "ann", 0, 1, 10)[1].result(5.0)
    assert rows(lab) == [1, 1, 1]
    time.now += 3600 * HOURS + 1
    with pytest.raises(NoClassError):
        hall.get(code)
    hall.keep_house()
    hall.close()
    assert rows(lab) == [0, 0, 0]


def test_a_deleted_class_leaves_nothing(opened, lab):
    hall = opened()
    code, _ = hall.create(CARDS)
    hall.join(code, "ann")
    hall.delete(code)
    hall.close()
    assert rows(lab) == [0, 0, 0]


def test_so_many_classes_and_no_more(opened):
    hall = opened()
    for _ in range(MOST_CLASSES):
        hall.create(CARDS)
    with pytest.raises(Refused, match="20"):
        hall.create(CARDS)


def test_the_class_trains_each_setting_once_a_seed(opened, lab):
    hall = opened()
    code, _ = hall.create((LAMBDA,))
    hall.keep_house()
    assert not [each for each in lab.worker.sent if each["op"] == "start"]
    hall.steer(code, "next", 0)
    hall.keep_house()
    hall.keep_house()
    room = hall.get(code)
    views_ = [lab.runs.view(run) for run in room.runs[0]]
    assert [view.spec.seed for view in views_] == [0, 1]
    for view in views_:
        strengths = [lane.strength for lane in view.spec.lanes]
        assert strengths == [0.0, *Experiment().values]


def test_choices_that_are_the_same_setting_share_a_lane():
    made = Experiment(field="strength", values=(0.0, 1e-3, 1e-2))
    assert [lane.strength for lane in made.lanes] == [0.0, 1e-3, 1e-2]
    assert [made.lane_of(choice) for choice in range(3)] == [0, 1, 2]
    with pytest.raises(SpecError, match="values"):
        Own.checked({"question": "?", "experiment": {"values": [1e-3, 0.001]}})


@pytest.mark.parametrize(
    ("own", "field"),
    [
        ({"question": "?", "low": 3, "high": 3}, "high"),
        ({"question": "?", "choices": ["one"]}, "choices"),
        ({"question": "?", "right": 101}, "right"),
        ({"question": "?", "choices": ["a", "b"], "right": 2}, "right"),
        ({"question": "?" * 201}, "question"),
        ({"question": "?", "experiment": {"field": "layers", "values": [["conv9"], ["fc1"]]}}, "layers"),
        ({"question": "?", "experiment": {"epochs": 0}}, "epochs"),
    ],
)
def test_a_card_that_cannot_be_is_refused_by_the_name_of_its_field(own, field):
    with pytest.raises(SpecError, match=field):
        read_cards([{"own": own}])


def test_codes_are_read_as_people_type_them():
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("01OI")
    code = new_code()
    assert read_code(f" {code[:3].lower()}-{code[3:]} ") == code
    assert [read_code(each) for each in ("", "ABC", "ABCDE0", "ABCDEFG")] == ["", "", "", ""]
    assert name_of(16) == "Orange 2"
