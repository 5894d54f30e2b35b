"""Every page runs in the app and alone, without torch, and does what its widgets say."""

import subprocess
import sys
import textwrap

import pytest

from core.link import from_link
from core.runs import runs
from core.spec import RunSpec
from tests.pages.visiting import ROOT, opened, run_of, said, setting, train_live

pytestmark = pytest.mark.usefixtures("service")

PAGES = sorted(ROOT.glob("pages/*.py"))
PAGES = [page for page in PAGES if page.name != "__init__.py"]


@pytest.mark.parametrize("path", [*PAGES, ROOT / "pages" / "ui" / "shell.py"], ids=lambda p: p.name)
def test_page_runs_alone_and_in_the_app(path):
    app = opened(path)
    # A script that cannot be compiled leaves no exception, and nothing on the page.
    assert app.main.children


def test_the_pages_never_import_torch():
    # In a process of its own: the trainer's tests have torch in this one.
    code = """
        import sys
        from streamlit.testing.v1 import AppTest
        app = AppTest.from_file("pages/ui/shell.py", default_timeout=60).run()
        assert not app.exception and app.button(key="train_play")
        sys.exit("torch" in sys.modules)
    """
    process = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, timeout=120)
    assert process.returncode == 0


def test_every_page_says_what_is_wrong_with_the_database(monkeypatch):
    shell = ROOT / "pages" / "ui" / "shell.py"
    assert not said(opened(shell), "set aside")
    monkeypatch.setattr(runs()._keeper, "notice", "The database was set aside as lab_1_*.sqlite.")
    assert said(opened(shell), "The database was set aside as lab_1_*.sqlite.")


def test_a_link_cannot_bring_markdown_onto_the_page():
    bad = train_live(dataset="![x](http://elsewhere/y)")
    assert said(bad, "dataset must be")
    assert not any("![x](" in text.value for text in bad.markdown)


def test_play_pause_step_and_reset():
    app = train_live()
    app.button(key="train_play").click().run()
    first = run_of(app)
    assert first.state in ("running", "queued")
    app.button(key="train_reset").click().run()
    second = run_of(app)
    assert second.id != first.id
    assert second.state == "paused"
    assert second.spec == first.spec
    assert runs().view(first.id).state == "stopped"
    app.button(key="train_play").click().run()
    assert run_of(app).state == "running"


def test_strength_acts_on_the_going_run_and_is_written_into_the_link():
    app = train_live()
    app.button(key="train_play").click().run()
    before = run_of(app)
    setting(app, "train_strength").set_value(3e-3).run()
    after = run_of(app)
    assert after.id == before.id
    assert after.spec.lanes[-1].strength == 3e-3
    # One value of a penalty is that of all lanes but λ = 0's.
    assert app.query_params["strength"] == "0.003"
    assert from_link(app.query_params).lanes == after.spec.lanes


def test_a_new_seed_waits_for_a_reset():
    app = train_live()
    app.button(key="train_play").click().run()
    first = run_of(app)
    setting(app, "train_seed").set_value(5).run()
    assert run_of(app).id == first.id
    assert said(app, "Your new settings start with")
    app.button(key="train_reset").click().run()
    assert run_of(app).spec.seed == 5
    assert not said(app, "Your new settings start with")


def test_link_restores_settings_and_a_bad_one_is_one_sentence():
    app = train_live(strength="0.003", layers="fc1", seed="3")
    assert setting(app, "train_strength").value == 3e-3
    assert setting(app, "train_seed").value == 3
    bad = train_live(strength="much")
    assert said(bad, "strength must be a number, got 'much'")
    assert setting(bad, "train_strength").value == 1e-4


def test_a_strangers_run_can_only_be_watched():
    app = train_live()
    app.button(key="train_play").click().run()
    other = train_live(run=app.session_state["train_run"])
    assert all(
        b.disabled
        for b in other.button
        if b.key not in ("train_offer", "train_exact_zeros", "train_textbook_recipe")
    )
    assert setting(other, "train_strength").disabled


def test_who_comes_back_without_the_link_is_shown_the_run_that_is_going():
    app = train_live()
    app.button(key="train_play").click().run()
    mine = app.session_state["train_run"]
    again = train_live({"session_owner": app.session_state["session_owner"]})
    again.button(key=f"glance_show_{mine}").click().run()
    assert again.session_state["train_run"] == mine
    assert again.query_params["run"] == mine


def test_a_link_shows_its_run_also_when_the_page_shows_another():
    app = train_live()
    app.button(key="train_play").click().run()
    other = runs().start("somebody", RunSpec(epochs=1, seed=7), key="other").id
    app.query_params["run"] = other
    app.run()
    assert app.session_state["train_run"] == other
    assert setting(app, "train_seed").value == 7
    # The menu empties the link; a reload would lose the run.
    app.query_params.clear()
    app.run()
    assert app.query_params["run"] == other
    app.query_params["run"] = "gone"
    app.run()
    assert app.session_state["train_run"] == other


def test_another_tab_of_the_same_owner_follows_the_run():
    first = train_live()
    first.button(key="train_play").click().run()
    owner, run = (first.session_state[name] for name in ("session_owner", "train_run"))
    second = train_live({"session_owner": owner}, run=run)
    setting(second, "train_strength").set_value(1e-2).run()
    first.run()
    assert setting(first, "train_strength").value == 1e-2
    assert not said(first, "Your new settings start with")
