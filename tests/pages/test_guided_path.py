"""The path's own pages on the server: the list, the check before and after, the summary's sheet."""

import pytest
from streamlit.testing.v1 import AppTest

from core.lessons.course.check import KEPT, QUESTIONS
from core.lessons.does_it_deliver.claims import CLAIMS
from pages.ui.guided_path.stops import NAMES, STOPS
from tests.pages.visiting import broken, opened, said

pytestmark = pytest.mark.usefixtures("service")

RIGHT = {name: question.right for name, question in QUESTIONS["after"].items()}


def answered(app: AppTest, moment: str, answers: dict[str, int]) -> AppTest:
    for name, option in answers.items():
        app.radio(key=f"check_{moment}_{name}").set_value(option)
    label = "Keep my answers" if moment == "before" else "Show the answers"
    next(each for each in app.button if each.label == label).click()
    return app.run()


def sheet(**kept: object) -> str:
    app = opened("summary", {"learner_kept": kept})
    sheets = (each.proto.body for each in app.get("html") if "class='sheet'" in each.proto.body)
    return broken(" ".join(sheets))


def test_every_stop_is_listed_and_what_is_done_is_counted():
    kept = {"guided_path": {"at": "price", "done": ["play", "price"]}}
    app = opened("guided_path", {"learner_kept": kept})
    assert all(stop.title in app.button(key=f"guided_path_{stop.name}").label for stop in STOPS)
    assert said(app, f"**2 of {len(NAMES)}** done")
    over = opened("guided_path", {"learner_kept": {"guided_path": {"done": list(NAMES), "since": 1.0}}})
    assert not any(button.key == "guided_path_go" for button in over.button)
    app.button(key="guided_path_again").click().run()
    assert said(app, f"**0 of {len(NAMES)}** done")


def test_the_answers_come_at_the_end_and_other_questions_before_them():
    first, second = QUESTIONS["before"], QUESTIONS["after"]
    app = answered(opened("check"), "before", {"zeros": 0})
    assert said(app, "Answer all six")
    answered(app, "before", dict.fromkeys(first, 0))
    assert said(app, "Your answers are kept")
    assert not any(said(app, question.because) for question in first.values())
    n_right = sum(question.right == 0 for question in first.values())
    answered(app, "after", RIGHT)
    app.run()
    assert said(app, f"Before **{n_right}**, after **6** of 6")
    assert all(said(app, question.because) for question in (*first.values(), *second.values()))
    assert said(app, f"Right: **{first['zeros'].options[2]}**")
    app.button(key="check_again_after").click().run()
    assert not said(app, first["zeros"].because), "again it comes at the end"


def test_the_sheet_has_the_readers_own_words_and_says_what_is_missing():
    empty = sheet()
    assert "press Play on Train live" in empty
    assert empty.count("not run yet") == len(CLAIMS)
    assert "<p class='said'>You have trained no network on Train live yet." in empty
    told = sheet(deliver_guess_sparsity=30.0, **{KEPT["after"]: RIGHT}, check_before={"zeros": 0})
    assert "30 %" in told
    assert "after: 6 of 6" in told
    assert told.count("<td class='short'>right</td>") == 6
    assert "<script>" not in sheet(deliver_guess_linear_only="<script>")
