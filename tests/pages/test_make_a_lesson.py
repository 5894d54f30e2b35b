"""Make a lesson: what is ticked, locked and written comes out as a link, a QR and a frame of that lesson."""

from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.lesson_link import LOCKS, PARTS, Lesson, from_link
from core.spec import LaneSpec, RunSpec
from pages.ui.make_a_lesson import form, outcome
from tests.pages.visiting import opened, said

pytestmark = pytest.mark.usefixtures("worker")

SPEC = RunSpec.beside_zero(LaneSpec(strength=1e-3, layers=frozenset({"fc1"})), seed=3)


@pytest.fixture
def copies(monkeypatch) -> dict[str, str]:
    """What can be copied, by the key of its field."""
    copies: dict[str, str] = {}
    monkeypatch.setattr(outcome, "_mount", lambda *, key, data: copies.update({key: data["text"]}))
    return copies


def page(spec: RunSpec = SPEC) -> AppTest:
    return opened("make_a_lesson", {"train_spec": spec, "train_key": "k"})


def made(copies: dict[str, str]) -> Lesson | None:
    lesson, wrong = from_link(dict(parse_qsl(urlsplit(copies["make_link"]).query, keep_blank_values=True)))
    assert wrong == ""
    return lesson


def test_it_starts_from_the_settings_of_train_live_and_shows_everything(copies):
    app = page()
    assert said(app, "λ = 1e-3")
    assert said(app, "seed 3")
    assert made(copies) == Lesson(settings=SPEC, start="playing")


def test_without_a_visit_to_train_live_it_starts_from_the_defaults(copies):
    opened("make_a_lesson")
    assert made(copies) == Lesson(start="playing")


def test_everything_that_is_ticked_locked_and_written_is_in_the_link(copies):
    app = page()
    app.checkbox(key="make_show_loss").uncheck()
    app.checkbox(key="make_show_more").uncheck()
    app.checkbox(key="make_lock_strength").check()
    app.radio(key="make_start").set_value("paused")
    app.text_input(key="make_say").set_value("λ & <b>more</b>")
    app.text_input(key="make_ask").set_value("Why?")
    app.run()
    assert made(copies) == Lesson(
        settings=SPEC,
        hide=frozenset({"loss", "more"}),
        lock=frozenset({"strength"}),
        start="paused",
        say="λ & <b>more</b>",
        ask="Why?",
    )


def test_the_frame_shows_the_link(copies):
    page()
    source = unescape(copies["make_frame"].partition('src="')[2].partition('"')[0])
    assert source == copies["make_link"]
    assert "&amp;" in copies["make_frame"]


def test_what_was_ticked_is_still_so_after_a_look_at_train_live(copies):
    app = page()
    app.checkbox(key="make_show_loss").uncheck()
    app.text_input(key="make_ask").set_value("Why?").run()
    # Of widgets that are not on the screen Streamlit keeps nothing.
    again = opened(
        "make_a_lesson",
        {name: app.session_state[name] for name in ("train_spec", "train_key", "make_kept")},
    )
    assert not again.checkbox(key="make_show_loss").value
    assert made(copies) == Lesson(settings=SPEC, hide=frozenset({"loss"}), start="playing", ask="Why?")


def test_a_forged_text_is_refused_in_a_sentence(copies):
    app = page()
    copies.clear()
    app.text_input(key="make_ask").set_value("a\u202eb").run()
    assert said(app, "ask must be plain text of at most 200 characters")
    assert not copies


def test_it_says_that_a_lock_is_a_courtesy():
    assert said(page(), "A lock is a courtesy, not a right")


def test_every_part_and_every_lock_can_be_ticked():
    assert sorted(part for parts in form.SHOWN.values() for part in parts) == sorted(PARTS)
    assert set(form.settings_words(SPEC)) == set(LOCKS)


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        ("http://localhost:8501/make_a_lesson", "http://localhost:8501/?"),
        ("https://hub.example/user/anna/lab/make_a_lesson?x=1", "https://hub.example/user/anna/lab/?"),
    ],
)
def test_the_link_is_below_the_address_that_the_browser_used(tab, monkeypatch, at, begins):
    monkeypatch.setattr(st.context, "url", at, raising=False)
    assert outcome.address_of(Lesson(settings=SPEC)).startswith(begins)


def html(app: AppTest) -> str:
    return " ".join(each.proto.body for each in app.get("html"))


def test_a_link_that_is_too_long_has_no_code_and_says_so(copies, monkeypatch):
    monkeypatch.setattr(outcome, "address_of", lambda lesson: f"http://lab.example/?ask={lesson.ask}")
    app = page()
    assert outcome.QR_ALT in html(app)
    assert "data:image/svg+xml" in html(app)
    monkeypatch.setattr(outcome, "address_of", lambda lesson: f"http://lab.example/?ask={'a' * 2000}")
    app.run()
    assert outcome.QR_ALT not in html(app)
    assert any(outcome.LONG in each.value for each in app.caption)


def test_an_address_of_this_computer_alone_is_said_to_be_one(monkeypatch):
    def words(address: str) -> list[str]:
        monkeypatch.setattr(outcome, "address_of", lambda _: address)
        return [each.value for each in page().caption]

    assert outcome.HERE_ONLY in words("http://localhost:8501/?start=playing")
    assert outcome.HERE_ONLY not in words("http://192.168.0.7:8501/?start=playing")


def test_it_says_what_a_site_needs_to_show_it(monkeypatch):
    assert outcome.UNFRAMED in [each.value for each in page().caption]
    monkeypatch.setenv("SPARSITY_LAB_FRAMES", "https://moodle.example")
    told: list[Any] = [each.value.replace("\\", "").replace("\u2060", "") for each in page().caption]
    assert "These sites may show it in a frame: https://moodle.example." in told
