"""A reader's going runs on Train live: each can be shown, stopped, thrown away; none starts unseen."""

import pytest
from streamlit.testing.v1 import AppTest

from core.registry import EXPERIMENTS, PAGE_OF
from core.runs import runs
from core.runs.memory import SEEN_SECONDS
from core.spec import LaneSpec, RunSpec
from pages.ui import session, transport
from pages.ui.experiment import runs as experiment
from pages.ui.train_live import at_a_glance
from tests.pages.tab import OWNER
from tests.pages.visiting import said, train_live

pytestmark = pytest.mark.usefixtures("worker")
PATH = RunSpec(lanes=tuple(LaneSpec(strength=s) for s in (0.0, 1e-4, 1e-3)))


def started(seed: int, spec: RunSpec | None = None, paused: bool = False) -> str:
    spec = RunSpec(seed=seed) if spec is None else spec
    return runs().start(OWNER, spec, key=str(seed), paused=paused).id


def state(run: str) -> str:
    view = runs().view(run)
    assert view is not None
    return view.state


def page() -> AppTest:
    return train_live({"session_owner": OWNER})


def keys(app: AppTest, run: str) -> list[str]:
    return [button.key.split("_")[1] for button in app.button if (button.key or "").endswith(run)]


def test_what_goes_elsewhere_is_listed_with_its_numbers_and_three_buttons(worker):
    held, waiting = started(1, paused=True), started(2)
    worker.show(held, 23)
    app = page()
    assert said(app, "paused, epoch 1 of 200, 23 % exact zeros")
    assert said(app, "waiting")
    assert keys(app, held) == keys(app, waiting) == ["show", "stop", "delete"]
    app.button(key=f"glance_stop_{held}").click().run()
    assert (state(held), state(waiting)) == ("stopped", "running")
    app.button(key=f"glance_delete_{waiting}").click().run()
    assert state(waiting) == "stopped"
    assert runs().shelf.deleted(OWNER)[0] == waiting
    assert not any("glance" in (button.key or "") for button in app.button)


def test_the_only_run_is_on_the_screen_and_needs_no_line():
    app = page()
    app.button(key="train_play").click().run()
    mine = app.session_state["train_run"]
    assert keys(app, mine) == []
    started(1)
    app.run()
    assert keys(app, mine) == ["stop", "delete"], "which is which"
    app.button(key=f"glance_delete_{mine}").click().run()
    assert "train_run" not in app.session_state


def test_runs_of_the_lesson_and_paths_are_listed_where_they_are_shown(monkeypatch):
    places: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(at_a_glance.menu, "links", lambda stems, query, *_: places.append((stems, query)))
    path = started(1, PATH)
    app = page()
    app.session_state["learner_kept"] = {"sparsity_runs": [started(2, EXPERIMENTS["sparsity"].specs[0])]}
    places.clear()
    app.run()
    assert (["lambda_path"], {"path": path}) in places
    assert ["does_it_deliver"] in [stems for stems, _ in places]
    assert {PAGE_OF[name] for name in ("zeros_by_target", "zeros_by_batch")} == {
        "l1_in_a_cnn",
        "how_zeros_happen",
    }


@pytest.fixture
def queue(tab) -> list[str]:
    """One that trains and one that waits."""
    session.open_from_link()
    return [started(1), started(2)]


def pass_seconds(seconds: float) -> None:
    runs()._memory._clock.now += seconds


def test_a_new_run_stops_what_waits_unseen(queue):
    pass_seconds(SEEN_SECONDS + 1)
    transport.play()
    assert [state(run) for run in queue] == ["running", "stopped"]
    assert runs().active(OWNER)[-1].id == session.shown_run()


def test_what_waits_on_another_screen_is_left_alone(queue):
    pass_seconds(SEEN_SECONDS + 1)
    assert runs().attach(queue[1]) is not None
    transport.play()
    assert [state(run) for run in queue] == ["running", "queued"]


def test_what_waits_for_a_lesson_is_left_alone(tab):
    session.open_from_link()
    started(1)
    experiment.start("sparsity")
    waiting = experiment.ids("sparsity")[0]
    pass_seconds(SEEN_SECONDS + 1)
    transport.play()
    assert state(waiting) == "queued"


def test_all_that_comes_first_is_stopped_by_one_press(tab):
    session.open_from_link()
    before = [started(1), started(2, PATH)]
    transport.play()
    assert [view.id for view in transport.in_its_way(session.current())] == before
    transport.stop_others()
    assert [state(run) for run in (*before, session.shown_run())] == ["stopped", "stopped", "running"]


def test_a_glance_is_no_look(worker):
    run = started(1)
    pass_seconds(SEEN_SECONDS + 1)
    (before,) = runs().glances(OWNER)
    assert (before.zeros, before.epoch, before.watched) == (None, 0.0, False)
    worker.show(run, 46)
    (after,) = runs().glances(OWNER)
    assert (after.zeros, after.epoch, after.watched) == (0.46, 2.0, False)
    assert runs().glances("e" * 22) == []
