"""Inside the network on the server: which run it shows, what starts one, what a browser may send."""

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from core.lab.inside_the_network.first_run import FIRST, FIRST_WATCHED
from core.runs import runs
from core.runs.examples.answers import INSIDE_RUN, inside_answers
from core.spec import LaneSpec, RunSpec
from pages.ui.inside_the_network import clicks
from tests.browser.serving import wait_until
from tests.pages import visiting
from tests.pages.visiting import said

pytestmark = pytest.mark.usefixtures("service")
opened = partial(visiting.opened, "inside_the_network")
OWNER = "o" * 22


def ended(spec: RunSpec) -> str:
    run = runs().start(OWNER, spec, key=spec.to_json()).id
    wait_until(lambda: runs().view(run).state == "finished", 60)
    return run


@pytest.fixture(scope="module")
def short(service) -> str:
    return ended(RunSpec.beside_zero(LaneSpec(strength=1e-3), epochs=1))


def part(app: AppTest, name: str) -> AppTest:
    app.session_state["inside_part"] = name
    app.run()
    assert not app.exception
    return app


def buttons(app: AppTest) -> set[str]:
    return {button.key for button in app.button}


def test_one_click_trains_a_network_and_watches_a_weight():
    app = opened()
    assert said(app, "An example, trained beforehand")
    app.button(key="inside_train").click().run()
    assert not app.exception
    run = app.session_state["inside_run"]
    assert runs().view(run).spec == FIRST
    assert app.query_params["run"] == run
    layer, index = FIRST_WATCHED
    for lane in (0, 1):
        answer = runs().ask(OWNER, run, "fate", lane=lane, layer=layer, index=index)
        assert answer["steps"][0] == 0
    runs().steering.stop(runs().view(run).owner, run)


def test_a_run_that_waits_is_said_to_wait_once_and_asks_nothing(service):
    # As many as one may have; they are trained one after the other.
    started = [runs().start(OWNER, RunSpec(epochs=500, seed=n), key=f"{n} in line").id for n in range(3)]
    queued = started[-1]
    try:
        app = opened(run=queued)
        for name in ("weights", "weight", "update", "rescale"):
            part(app, name)
            assert said(app, f"waits at place {runs().view(queued).position} in the queue")
            assert not said(app, "has not started yet")
    finally:
        for run in started:
            runs().steering.stop(OWNER, run)


def test_the_links_run_is_shown_and_a_lost_one_is_said_to_be_so(short):
    assert said(opened(run=short), "finished")
    lost = opened(run="![x](http://elsewhere/y)")
    assert said(lost, "is not here any more")
    lost.run()
    assert not said(lost, "is not here any more")
    assert said(lost, "An example, trained beforehand")


def test_a_link_may_ask_for_a_part_once(short):
    app = opened(run=short, lane="1", part="mistakes")
    assert app.session_state["inside_part"] == "mistakes"
    assert app.query_params == {"run": short, "lane": "1"}
    part(app, "draw")
    assert app.session_state["inside_part"] == "draw"
    assert opened(run=short, part="![x](http://elsewhere/y)").session_state["inside_part"] == "weights"


def test_without_a_run_every_part_shows_the_example():
    app = opened()
    for name in ("weights", "draw", "sees", "mistakes", "weight", "update", "rescale"):
        part(app, name)
        assert not said(app, ":material/info:")
    assert said(app, "A penalty on conv1 alone")
    assert runs().ask(OWNER, INSIDE_RUN, "confusion", lane=1)["step"] == FIRST.epochs * 19
    assert runs().ask(OWNER, INSIDE_RUN, "confusion", lane=1, step=20)["step"] == 19
    history = runs().history(INSIDE_RUN)
    assert history.points[1][-1].step == FIRST.epochs * 19
    assert history.frames[1].kernels


def test_a_weight_that_was_not_watched_in_the_example_says_which_was():
    app = part(opened(), "weight")
    app.number_input(key="inside_index").set_value(7).run()
    assert said(app, f"number {inside_answers().fates['conv1'][1]['index']} of conv1 was watched")
    assert "inside_again" in buttons(app)


def test_slow_motion_needs_a_run_that_is_held_and_one_click_gives_it():
    # Two epochs: after the first there is still an update to look at.
    longer = ended(RunSpec.beside_zero(LaneSpec(strength=1e-3), epochs=2))
    app = part(opened(run=longer), "update")
    app.button(key="inside_hold").click().run()
    assert not app.exception
    run = app.session_state["inside_run"]
    assert run != longer
    wait_until(lambda: runs().ask(OWNER, run, "confusion", lane=0)["step"] == 19, 30)
    wait_until(lambda: runs().view(run).state == "paused", 10)
    part(app, "update")
    assert said(app, "the update after step 19")
    app.button(key="inside_update").click().run()
    wait_until(lambda: runs().ask(OWNER, run, "confusion", lane=0)["step"] == 20, 30)
    runs().steering.stop(runs().view(run).owner, run)


def test_a_weight_nobody_watched_says_what_to_do_and_a_click_trains_again(short):
    app = part(opened(run=short), "weight")
    assert said(app, "This weight was not noted")
    app.number_input(key="inside_index").set_value(5).run()
    app.button(key="inside_again").click().run()
    assert not app.exception
    run = app.session_state["inside_run"]
    layer = app.session_state["inside_layer"]
    assert runs().ask(OWNER, run, "fate", lane=1, layer=layer, index=5)["index"] == 5
    assert runs().view(run).spec == runs().view(short).spec


def test_a_number_no_layer_has_is_one_sentence(short):
    app = part(opened(run=short), "weight")
    app.number_input(key="inside_index").set_value(9_999_999).run()
    assert not app.exception
    assert said(app, "index must be a whole number from 0 to")


def test_rescaling_shows_what_a_penalty_on_one_layer_becomes(short):
    app = part(opened(run=short), "rescale")
    norm = runs().ask(OWNER, short, "rescale", lane=1)["before"]["norms"]["conv1"]
    assert said(app, f"A penalty on conv1 alone: {norm * 1e-3:.3g}")
    app.select_slider(key="inside_factor").set_value(10.0).run()
    assert not app.exception


def test_other_networks_are_shown_or_say_why_not():
    linear = ended(RunSpec.beside_zero(LaneSpec(), epochs=1, model="linear"))
    for name in ("weights", "weight", "update", "rescale"):
        part(opened(run=linear), name)
    assert said(part(opened(run=linear), "rescale"), "two layers in a row")
    one = ended(RunSpec(epochs=1, lanes=(LaneSpec(),), model="small_cnn"))
    for name in ("weights", "weight", "update", "rescale"):
        part(opened(run=one), name)
    many = ended(RunSpec(epochs=1, lanes=(LaneSpec(),) * 4, model="small_cnn"))
    app = opened(run=many)
    assert app.selectbox(key="inside_lane").value == 3
    app.selectbox(key="inside_lane").set_value(2).run()
    assert not app.exception
    assert app.query_params["lane"] == "2"
    assert opened(run=many, lane="1").selectbox(key="inside_lane").value == 1


@pytest.mark.parametrize("lane", ["0", "4", "-1", "x", "²", "1" * 9])
def test_a_lane_that_cannot_stand_beside_the_first_is_the_last(lane):
    many = ended(RunSpec(epochs=1, lanes=(LaneSpec(),) * 4, model="small_cnn"))
    assert opened(run=many, lane=lane).selectbox(key="inside_lane").value == 3


def test_another_run_does_not_inherit_the_lane(short):
    many = ended(RunSpec(epochs=1, lanes=(LaneSpec(),) * 4, model="small_cnn"))
    app = opened(run=many, lane="1")
    app.query_params.clear()
    app.query_params["run"] = short
    app.run()
    assert "session_lane" not in app.session_state
    app.query_params["run"] = many
    app.run()
    assert app.selectbox(key="inside_lane").value == 3


def test_by_the_menu_the_run_looked_at_last_is_shown(short):
    app = opened(run=short)
    app.query_params.clear()
    app.run()
    assert app.query_params["run"] == short
    # It has two lanes, so it is also what Train live shows.
    assert app.session_state["train_run"] == short


BAD_CLICKS = [
    None,
    "x",
    {},
    {"layer": "conv9", "index": 0},
    {"layer": "conv1", "index": "0"},
    {"layer": "conv1", "index": -1},
    {"layer": ["conv1"], "index": 1},
]


@pytest.mark.parametrize("click", BAD_CLICKS, ids=str)
def test_only_a_click_on_a_weight_counts(short, monkeypatch, click):
    class Sent:
        weight = click
        step = click

    state = {"inside_view": Sent(), "inside_run": short}
    monkeypatch.setattr(clicks, "st", type("Stub", (), {"session_state": state}))
    clicks.weight_clicked()
    clicks.moment_chosen()
    assert state.get("inside_part") is None
    assert state["inside_step"] is None
