"""The path's own pages on the server: the list, the check before and after, the summary's sheet."""

import pytest
from streamlit.testing.v1 import AppTest

from core.lessons.check import QUESTIONS
from core.lessons.does_it_deliver import CLAIMS
from core.lessons.guided_path import NAMES, STOPS
from core.runs import runs
from core.spec import PRESETS
from pages.ui import transport
from tests.pages.visiting import opened, run_of, said, train_live

pytestmark = pytest.mark.usefixtures("service")

RIGHT = {name: question.right for name, question in QUESTIONS.items()}


def answered(app: AppTest, moment: str, answers: dict[str, int]) -> AppTest:
    for name, option in answers.items():
        app.radio(key=f"check_{moment}_{name}").set_value(option)
    next(each for each in app.button if each.label == "Show the answers").click()
    return app.run()


def sheet(**kept: object) -> str:
    app = opened("summary", {"learner_kept": kept})
    return " ".join(each.proto.body for each in app.get("html") if "class='sheet'" in each.proto.body)


def test_every_stop_is_listed_and_what_is_done_is_counted():
    kept = {"guided_path": {"at": "price", "done": ["play", "price"]}}
    app = opened("guided_path", {"learner_kept": kept})
    assert all(stop.title in app.button(key=f"guided_path_{stop.name}").label for stop in STOPS)
    assert said(app, f"**2 of {len(NAMES)}** done")
    app.button(key="guided_path_again").click().run()
    assert said(app, f"**0 of {len(NAMES)}** done")


def test_six_questions_before_and_after_with_their_reasons():
    app = answered(opened("check"), "before", {"zeros": 0})
    assert said(app, "Answer all six")
    answered(app, "before", dict.fromkeys(QUESTIONS, 0))
    n_right = sum(question.right == 0 for question in QUESTIONS.values())
    assert said(app, QUESTIONS["zeros"].because)
    assert said(app, f"Right: **{QUESTIONS['zeros'].options[2]}**")
    answered(app, "after", RIGHT)
    app.run()
    assert said(app, f"Before **{n_right}**, after **6** of 6")
    app.button(key="check_again").click().run()
    assert not said(app, "after **6**")


def test_the_sheet_has_the_readers_own_words_and_says_what_is_missing():
    empty = sheet()
    assert "press Play on Train live" in empty
    assert empty.count("not run yet") == len(CLAIMS)
    told = sheet(deliver_guess_sparsity=30.0, check_after=RIGHT, check_before={"zeros": 0})
    assert "30 %" in told
    assert "after: 6 of 6" in told
    assert told.count("<td class='short'>right</td>") == 6
    assert "<script>" not in sheet(deliver_guess_linear_only="<script>")


def test_a_preset_is_not_undone_by_widgets_as_they_were_before_it(monkeypatch):
    app = train_live(strength="3e-4")
    before = app.session_state["train_spec"].lanes[-1].strength
    app.button(key="train_textbook_recipe").click().run()
    preset = PRESETS["textbook_recipe"].lanes[-1].strength
    assert app.session_state["train_spec"].lanes[-1].strength == preset != before
    monkeypatch.setattr(transport, "STALE_SECONDS", 1e9)
    app.select_slider(key="train_strength").set_value(before).run()
    assert app.session_state["train_spec"].lanes[-1].strength == preset
    # What was not there before is the reader's own wish, and so is what comes later.
    app.select_slider(key="train_strength").set_value(3e-3).run()
    assert app.session_state["train_spec"].lanes[-1].strength == 3e-3
    monkeypatch.setattr(transport, "STALE_SECONDS", 0.0)
    app.select_slider(key="train_strength").set_value(before).run()
    assert app.session_state["train_spec"].lanes[-1].strength == before
    runs().stop(run_of(app).owner, run_of(app).id)
