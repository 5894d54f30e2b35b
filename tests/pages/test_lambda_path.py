"""λ path on the server: what its widgets, its link and a forged click do."""

from functools import partial
from itertools import count

import pytest
from streamlit.testing.v1 import AppTest

from core.lab.lambda_path.choice import choosing
from core.lab.lambda_path.path import LINEAR, LINEAR_GRID, Grid, specs
from core.runs import runs
from core.runs.views import GOING
from core.spec import LaneSpec, RunSpec
from pages.ui import duration
from pages.ui.lambda_path import runs as path_runs
from tests.browser.serving import wait_until
from tests.pages import visiting
from tests.pages.visiting import said, train_live

pytestmark = pytest.mark.usefixtures("service")
opened = partial(visiting.opened, "lambda_path")
TINY = {"model": "small_cnn", "grid": "0.0001_0.01_3_1_1"}


def captioned(app: AppTest, words: str) -> bool:
    return any(words in caption.value for caption in app.caption)


def ended(app: AppTest) -> None:
    ids = app.session_state["path_runs"]
    wait_until(lambda: all(runs().view(run).state not in GOING for run in ids), 60)
    app.run()
    assert not app.exception


def test_a_newcomer_sees_the_example_and_is_told_so():
    app = opened()
    assert captioned(app, "Example, computed on")
    assert captioned(app, "12 λs, 20 epochs")


@pytest.mark.parametrize("seeds", [1, 3])
def test_one_press_trains_the_path(seeds):
    app = opened(model="small_cnn", grid=f"0.0001_0.01_4_{seeds}_1")
    app.button(key="path_train").click().run()
    started = [runs().view(run).spec for run in app.session_state["path_runs"]]
    base = RunSpec(model="small_cnn")
    assert tuple(started) == specs(base, Grid(1e-4, 1e-2, 4, seeds, 1))
    ended(app)
    assert captioned(app, "Your path: digits, small CNN")
    assert captioned(app, "4 λs, 1 epochs")


def keys(app: AppTest) -> set[str]:
    return {button.key for button in app.button}


def test_one_press_chooses_lambda_by_three_seeds_and_the_test_is_behind_another():
    app = opened(**TINY)
    assert "path_test" not in keys(app)
    app.button(key="path_choose").click().run()
    ids = app.session_state["path_runs"]
    wanted = choosing(RunSpec(model="small_cnn"), Grid(1e-4, 1e-2, 3, 1, 1))
    assert [runs().view(run).spec for run in ids] == [*wanted]
    assert [spec.seed for spec in wanted] == [0, 1, 2]
    assert "path_train_chosen" not in keys(app), "half a path chooses nothing"
    ended(app)
    assert {"path_train_chosen", "path_test"} <= keys(app)
    assert any("one standard error of" in text.value for text in app.markdown)
    assert captioned(app, "n = 258 validation images")
    assert not any("looked at once" in text.value for text in app.markdown)
    app.button(key="path_test").click().run()
    assert any("looked at once" in text.value and "382 test" in text.value for text in app.markdown)
    assert "path_test" not in keys(app)
    # What is there is not trained again, and a reload keeps it.
    app.button(key="path_choose").click().run()
    assert app.session_state["path_runs"] == ids
    link = {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}
    assert "path_train_chosen" in keys(opened(**link))
    app.button(key="path_train").click().run()
    ended(app)
    assert "path_train_chosen" not in keys(app), "another path was asked for"


def test_the_linear_model_is_chosen_by_thirds_and_trained_on_all_of_them():
    app = opened(model="linear", grid="0.001_0.1_4_1_2")
    app.button(key="path_choose").click().run()
    folds = [runs().view(run).spec.fold for run in app.session_state["path_runs"]]
    assert folds == [1, 2, 3]
    ended(app)
    assert captioned(app, "n = 1,157 held-out images")
    app.button(key="path_train_chosen").click().run()
    assert runs().view(app.session_state["train_run"]).spec.fold == 0


def test_a_reload_keeps_path_grid_and_settings():
    app = opened(**TINY)
    app.button(key="path_train").click().run()
    ended(app)
    link = dict(app.query_params)
    again = opened(**{name: value[0] if isinstance(value, list) else value for name, value in link.items()})
    assert again.session_state["path_runs"] == app.session_state["path_runs"]
    assert again.session_state["path_grid"] == Grid(1e-4, 1e-2, 3, 1, 1)
    assert captioned(again, "Your path: digits, small CNN")


def test_stop_ends_the_runs_and_keeps_what_there_is():
    app = opened(model="small_cnn", grid="0.0001_0.01_3_2_500")
    app.button(key="path_train").click().run()
    ids = app.session_state["path_runs"]
    wait_until(lambda: all(runs().history(ids[0]).points), 60)
    app.run()
    app.button(key="path_stop").click().run()
    assert [runs().view(run).state for run in ids] == ["stopped", "stopped"]
    assert captioned(app.run(), "Your path: digits, small CNN")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("path_n", 13, "number of λs"), ("path_seeds", 0, "number of seeds"), ("path_epochs", None, "Epochs")],
)
def test_a_value_that_cannot_be_is_said_and_nothing_is_lost(key, value, words):
    app = opened()
    before = app.session_state["path_grid"]
    app.number_input(key=key).set_value(value).run()
    assert said(app, words)
    assert app.session_state["path_grid"] == before
    app.run()
    assert app.number_input(key=key).value == getattr(before, key.removeprefix("path_"))
    assert not said(app, words)


def test_a_range_upside_down_is_said():
    app = opened()
    app.selectbox(key="path_low").set_value(1.0).run()
    assert said(app, "range of λ")
    assert app.session_state["path_grid"] == Grid()


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"grid": "![x](http://elsewhere/y)"}, "link's grid was not used"),
        ({"path": "nobody.knows.these.ids"}, "not here any more"),
        ({"model": "transformer"}, "link's settings were not used"),
    ],
)
def test_a_broken_link_shows_the_example_and_says_why(link, words):
    app = opened(**link)
    assert said(app, words)
    assert captioned(app, "Example, computed on")
    assert not any("![x](" in text.value for text in app.markdown)


def test_a_run_that_is_no_path_is_not_taken_for_one():
    view = runs().start("someone", RunSpec(model="small_cnn", epochs=1), key="no-path")
    assert captioned(opened(path=view.id), "Example, computed on")


OTHERS = map("someone{}".format, count())
"""Owners of paths: each has a few runs going at most, however slow the machine."""


def path_of(*strengths: float, seed: int = 0) -> str:
    lanes = tuple(LaneSpec(strength=strength) for strength in strengths)
    spec = RunSpec(model="small_cnn", epochs=1, seed=seed, lanes=lanes)
    return runs().start(next(OTHERS), spec, key=spec.to_json()).id


def test_a_link_with_a_path_as_its_run_shows_it_whatever_was_there():
    first, second = (path_of(0.0, 1e-4, 1e-3, seed=seed) for seed in (1, 2))
    app = opened(run=first)
    assert app.session_state["path_runs"] == [first]
    app.query_params.clear()
    app.query_params["run"] = second
    app.run()
    assert app.session_state["path_runs"] == [second]
    app.query_params["run"] = path_of(1e-3, 1e-4, 0.0)
    app.run()
    assert app.session_state["path_runs"] == [second], "its λs do not rise: that is no path"


def test_another_network_on_train_live_has_another_grid():
    app = opened(grid="0.0001_0.01_3_1_1")
    app.session_state["train_spec"] = LINEAR
    app.run()
    assert app.session_state["path_grid"] == LINEAR_GRID


def test_the_linear_model_comes_with_its_grid_and_its_example():
    app = opened()
    app.button(key="path_linear").click().run()
    assert not app.exception
    assert app.session_state["train_spec"] == LINEAR
    assert app.session_state["path_grid"] == LINEAR_GRID
    assert captioned(app, "digits, linear, L1 on fc1, FISTA, 12 λs")
    assert app.selectbox(key="path_unit").options == [f"class {i}" for i in range(10)]
    app.button(key="path_cnn").click().run()
    assert app.session_state["train_spec"] == RunSpec()


def opening(owner: str = "someone-who-opens") -> AppTest:
    """A session that opens one λ of a path, on a page with nothing else."""

    def page() -> None:
        from core.lab.lambda_path.path import Grid, specs
        from core.spec import RunSpec
        from pages.ui import session
        from pages.ui.lambda_path import runs as path_runs

        session.open_from_link()
        path_runs.leave(specs(RunSpec(model="small_cnn"), Grid(epochs=50))[0], 5)

    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["session_owner"] = owner
    app.run()
    assert not app.exception
    return app


def training() -> tuple[AppTest, str]:
    """A session whose path is going, and its owner."""
    app = opened(model="small_cnn", grid="0.0001_0.01_3_1_500")
    app.button(key="path_train").click().run()
    owner = app.session_state["session_owner"]
    assert len(runs().active(owner)) == 1
    return app, owner


def test_a_lambda_opens_as_a_run_and_twice_as_the_same():
    app = opening()
    wanted = RunSpec.beside_zero(LaneSpec(strength=Grid().strengths[5]), model="small_cnn", epochs=50)
    run = app.session_state["train_run"]
    assert runs().view(run).spec == wanted
    assert app.session_state["train_spec"] == wanted
    assert app.session_state["path_leave"]
    app.run()
    assert app.session_state["train_run"] == run
    runs().steering.stop(app.session_state["session_owner"], run)


def test_a_lambda_opens_as_settings_while_the_path_is_trained():
    app, owner = training()
    other = opening(owner)
    assert "train_run" not in other.session_state
    assert other.session_state["train_spec"].lanes[-1].strength == Grid().strengths[5]
    assert len(runs().active(owner)) == 1
    app.button(key="path_stop").click().run()


def test_train_live_does_not_offer_to_show_a_path():
    app, owner = training()
    (run,) = app.session_state["path_runs"]
    live = train_live({"session_owner": owner}, run=run)
    assert not live.exception
    assert "train_run" not in live.session_state
    assert not any(button.key == "train_offer" for button in live.button)
    app.button(key="path_stop").click().run()


@pytest.mark.parametrize("lane", [-1, 12, True, "1", None, 2.5])
def test_a_forged_click_opens_nothing(lane, monkeypatch):
    from pages.ui import session

    notices: list[str] = []
    monkeypatch.setattr(session, "notice", notices.append)
    monkeypatch.setattr(session, "settle", lambda spec: pytest.fail("settled"))
    path_runs.leave(specs(RunSpec(), Grid())[0], lane)
    assert "no such λ" in notices[0]


@pytest.mark.parametrize(
    "asked",
    [None, "x", {}, {"page": "train_live", "lane": 1}, {"page": "smaller_model", "lane": 3}]
    + [{"page": "smaller_model", "lane": lane} for lane in (-1, True, "1")],
    ids=str,
)
def test_a_forged_look_goes_nowhere(asked, monkeypatch):
    from pages.ui import session

    notices: list[str] = []
    monkeypatch.setattr(session, "notice", notices.append)
    monkeypatch.setattr(session, "take_in_hand", lambda view: pytest.fail("taken"))
    path_runs.look(runs().view(path_of(0.0, 1e-4, 1e-3)), asked)
    assert "no such λ" in notices[0]


def test_the_time_that_is_left_is_what_the_rest_takes(monkeypatch):
    class History:
        def __init__(self, share, state, created):
            self.share = share
            self.view = type("View", (), {"state": state, "created": created})

    monkeypatch.setattr(duration.time, "time", lambda: 130.0)
    # One run trained, the second at a half: three quarters of the work in 30 s, so 10 s are left.
    runs_ = [History(1.0, "finished", 100.0), History(0.5, "running", 100.5)]
    assert (path_runs.share(runs_), path_runs.since(runs_)) == (0.75, 100.0)
    assert duration.left(path_runs.share(runs_), path_runs.since(runs_), "training") == "about 10 s left"
    assert duration.left(0.0, 129.0, "training") == "training"
