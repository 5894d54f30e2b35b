"""Which run is looked into, which lanes of it, and how one is trained again."""

import pytest

from core.lab.inside_the_network.first_run import FIRST, FIRST_WATCHED
from core.runs import Refused, runs
from core.runs.examples.answers import INSIDE_RUN
from core.spec import LaneSpec, RunSpec
from core.words import PENALTIES
from pages.ui import session
from pages.ui.inside_the_network import clicks, run
from pages.ui.inside_the_network.sections import lane_name
from pages.ui.inside_the_network.view import lane_data
from tests.pages.tab import OWNER

pytestmark = pytest.mark.usefixtures("worker", "tab")


@pytest.fixture
def asked(monkeypatch) -> list[tuple[str, dict[str, object]]]:
    """What the worker is asked; it answers everything."""
    asked: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(
        runs(), "ask", lambda owner, run, question, **fields: asked.append((question, fields)) or {}
    )
    return asked


def test_without_a_run_it_is_the_example():
    view = run.chosen()
    assert run.is_example(view)
    assert view.id == INSIDE_RUN
    assert run.lanes_of(view) == (0, 1)


@pytest.mark.parametrize(
    ("n_lanes", "lane", "lanes"), [(1, None, (0,)), (2, None, (0, 1)), (4, None, (0, 3)), (4, 2, (0, 2))]
)
def test_the_first_lane_stands_beside_the_chosen_or_the_last(n_lanes, lane, lanes, tab):
    strengths = [0.0, 1e-4, 1e-3, 1e-2][:n_lanes]
    spec = RunSpec(lanes=tuple(LaneSpec(strength=s) for s in strengths))
    tab.link["run"] = runs().start(OWNER, spec, key="k").id
    if lane is not None:
        tab.link["lane"] = str(lane)
    assert run.lanes_of(run.chosen()) == lanes


def test_training_the_first_network_watches_a_weight_in_both_lanes_before_it_goes(asked, worker, tab):
    run.train_now()
    view = run.chosen()
    layer, index = FIRST_WATCHED
    assert view.spec == FIRST
    assert asked == [("watch", {"lane": lane, "layer": layer, "index": index}) for lane in (0, 1)]
    assert view.state == "running"
    assert (tab.state.inside_layer, tab.state.inside_index) == FIRST_WATCHED
    assert tab.link["run"] == view.id == session.shown_run()


def test_training_again_ends_the_run_before_it(asked):
    run.again(FIRST, *FIRST_WATCHED)
    first = run.chosen()
    run.again(FIRST, *FIRST_WATCHED)
    assert runs().view(first.id).state == "stopped"
    assert run.chosen().id != first.id


# Of all 1157 digits, 19 batches of 64 make an epoch; of 100, two.
@pytest.mark.parametrize(
    ("dataset", "train_size", "per_epoch"), [("digits", 0, 19), ("rotated_digits", 0, 19), ("digits", 100, 2)]
)
def test_digits_are_slowed_down_to_be_followed(dataset, train_size, per_epoch):
    speed = run._speed(RunSpec(dataset=dataset, train_size=train_size, epochs=30))
    assert 30 * per_epoch / speed == pytest.approx(run.SLOWLY, rel=0.02)


def test_slower_images_are_not_slowed_down():
    assert run._speed(RunSpec(dataset="mnist", epochs=30)) == 0


def test_one_who_cannot_train_now_is_told_why(asked, tab):
    for seed in range(3):
        runs().start(OWNER, RunSpec(seed=seed), key=str(seed))
    run.hold_after_an_epoch(FIRST)
    assert "stop one of them" in session.take_notice()
    run.step("gone", "epoch")
    assert session.take_notice()


def test_a_run_that_is_not_ready_is_asked_again_until_patience_ends(monkeypatch):
    view = runs().view(runs().start(OWNER, FIRST, key="k").id)
    times = iter(range(100))
    monkeypatch.setattr(run.time, "monotonic", lambda: float(next(times)))
    monkeypatch.setattr(run.time, "sleep", lambda seconds: None)
    tries: list[str] = []

    def ask(owner: str, name: str, question: str, **_: object) -> None:
        tries.append(question)
        raise Refused("Not yet.")

    monkeypatch.setattr(runs(), "ask", ask)
    with pytest.raises(Refused, match="Not yet"):
        run.watch(view, *FIRST_WATCHED)
    assert len(tries) == int(run.PATIENCE) + 1


@pytest.mark.parametrize(
    ("lane", "first", "second"),
    [
        (LaneSpec(strength=1e-3), "λ = 1e-3", "yours, λ = 1e-3"),
        (LaneSpec(strength=1e-3, penalty="l2"), "L2, λ = 1e-3", "yours, L2, λ = 1e-3"),
        (LaneSpec(strength=0.0), "λ = 0", "λ = 0"),
        (LaneSpec(penalty="none"), "λ = 0", "λ = 0"),
    ],
)
def test_a_lane_is_named_by_what_pulls_in_it(lane, first, second):
    view = runs().view(runs().start(OWNER, RunSpec(lanes=(lane, lane)), key="k").id)
    assert [lane_name(view, i) for i in (0, 1)] == [first, second]
    sent = {"index": 1, "strength": lane.strength, "penalty": lane.penalty, "prune": 0.0}
    assert lane_data(view, 1) == sent | {"named": PENALTIES[lane.penalty].name}


def test_a_click_on_a_weight_shows_its_fate(tab):
    tab.state.inside_view = type("Sent", (), {"weight": {"layer": "conv2", "index": 5}, "step": 40})
    clicks.weight_clicked()
    assert (tab.state.inside_part, tab.state.inside_layer, tab.state.inside_index) == ("weight", "conv2", 5)
    clicks.moment_chosen()
    assert tab.state.inside_step == 40


def test_of_a_path_only_the_chosen_lane_is_trained_again(asked, tab):
    strengths = (0.0, 1e-4, 1e-3, 1e-2)
    spec = RunSpec(lanes=tuple(LaneSpec(strength=s) for s in strengths), seed=3)
    tab.link["run"], tab.link["lane"] = runs().start(OWNER, spec, key="k").id, "2"
    view = run.chosen()
    assert run.lanes_of(view) == (0, 2)
    run.again(run.alone(view), "fc1", 7)
    again = runs().view(tab.state.inside_run)
    assert [lane.strength for lane in again.spec.lanes] == [0.0, 1e-3]
    assert again.spec.seed == 3
    assert {fields["lane"] for question, fields in asked if question == "watch"} == {0, 1}
