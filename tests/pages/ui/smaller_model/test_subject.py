"""What is measured on Smaller model: asked once, remembered, and of which moment."""

import pytest

from core.lab.smaller_model.questions import EXAMPLE, questions
from core.runs import Refused, runs
from core.runs.examples.answers import example_answers
from core.spec import LaneSpec, RunSpec
from pages.ui import session
from pages.ui.smaller_model import subject as subjects
from pages.ui.smaller_model.waiting import trains
from tests.pages.tab import OWNER

pytestmark = pytest.mark.usefixtures("worker", "tab")


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    asked: list[str] = []

    def ask(owner: str, run: str, question: str, **_: object) -> dict[str, object]:
        asked.append(question)
        return {"n": len(asked)}

    monkeypatch.setattr(runs(), "ask", ask)
    return asked


def started(spec: RunSpec = EXAMPLE, **fields: bool) -> str:
    return runs().start(OWNER, spec, key=spec.to_json(), **fields).id


def test_the_example_asks_nobody_and_has_every_answer(asked):
    kept = example_answers("smaller_model")
    subject = subjects.of_example(kept)
    assert subject.is_example
    for name in questions(kept.spec, kept.lane):
        assert subject.has(name)
        assert subject.asked(name)
        assert subject.answer(name) == kept.answers[name]
    assert not asked


def test_a_question_is_asked_once_and_a_refusal_again(asked, monkeypatch):
    subject = subjects.of_run(runs().view(started()))
    assert not subject.asked("sizes")
    assert subject.answer("sizes") == subject.answer("sizes") == {"n": 1}
    assert subject.asked("sizes")
    subject.answer("compact")
    assert asked == ["sizes", "compact"]

    def refuse(*_: object, **__: object) -> None:
        raise Refused("Busy.")

    with monkeypatch.context() as patch:
        patch.setattr(runs(), "ask", refuse)
        with pytest.raises(Refused):
            subject.answer("latency")
    assert subject.answer("latency") == {"n": 3}


def test_of_many_answers_the_oldest_are_forgotten():
    subject = subjects.Subject("r", EXAMPLE, 3, None, {})
    for i in range(subjects.MOST_KEPT + 5):
        subject.once(str(i), dict)
    work: list[int] = []
    subject.once("5", lambda: work.append(5) or {})
    subject.once("0", lambda: work.append(0) or {})
    assert work == [0]


def test_a_run_without_a_lane_at_zero_has_no_rival():
    alone = subjects.Subject("r", RunSpec(lanes=(LaneSpec(),)), 0, None, {})
    assert not alone.has("rival")
    assert subjects.Subject("r", EXAMPLE, 3, None, {}).has("rival")


def test_a_held_run_is_asked_about_the_step_it_stands_at(worker):
    run = started(paused=True)
    assert subjects.of_run(runs().view(run)).step is None
    worker.show(run, 7, lanes=len(EXAMPLE.lanes))
    view = runs().view(run)
    assert not trains(view)
    assert subjects.of_run(view).step == 7


def test_the_first_lane_is_the_one_with_exact_zeros_until_another_is_chosen(tab):
    run = started()
    tab.link["run"] = run
    view = session.looked_at()
    assert subjects.of_run(view).lane == len(EXAMPLE.lanes) - 1
    session.choose_lane(1)
    assert subjects.of_run(view).lane == 1


def test_training_one_twice_is_one_run(tab):
    subjects.train_one()
    session.link_now()
    run = tab.link["run"]
    assert runs().view(run).spec == EXAMPLE
    assert trains(runs().view(run))
    tab.link.clear()
    subjects.train_one()
    session.link_now()
    assert tab.link["run"] == run
    assert len(runs().active(OWNER)) == 1
    subjects.hold(run)
    assert runs().view(run).state == "paused"
    subjects.hold("gone")
    assert session.take_notice()


def test_nothing_trains_where_there_is_no_run():
    assert not trains(None)
