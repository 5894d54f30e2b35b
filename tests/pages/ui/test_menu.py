"""The menu: every page once, and nothing that names a page names one that is not there."""

from typing import Any

import pytest
import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from core.lessons.course.check import QUESTIONS
from core.lessons.course.glossary import BY_PAGE
from pages.ui import menu
from pages.ui.menu import FOLDER, HOME, PAGES
from tests.pages.visiting import opened


def test_every_file_of_a_page_is_in_the_menu_and_every_entry_has_its_file():
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert set(PAGES) == files
    assert all(page.file.is_file() and page.stem == stem for stem, page in PAGES.items())
    assert next(iter(PAGES)) == HOME


def test_titles_and_icons_tell_pages_apart():
    for texts in ([page.title for page in PAGES.values()], [page.icon for page in PAGES.values()]):
        assert len(set(texts)) == len(texts)


def test_a_group_of_the_menu_stands_together():
    groups = [page.group for page in PAGES.values()]
    assert groups == sorted(groups)


def test_what_names_a_page_names_one_of_the_menu():
    assert BY_PAGE.keys() <= PAGES.keys()
    assert {each.where for questions in QUESTIONS.values() for each in questions.values()} <= PAGES.keys()


def test_every_page_that_explains_has_its_symbols():
    lesson = {page.stem for page in PAGES.values() if page.group == "Lesson"}
    assert lesson - BY_PAGE.keys() == {"guided_path", "check", "summary"}


def test_a_page_bears_the_title_that_the_menu_has():
    app = opened("check")
    assert [title.value for title in app.title] == [PAGES["check"].title]


def test_links_lead_to_the_pages_with_the_query(monkeypatch):
    made: dict[str, Any] = {}
    monkeypatch.setattr(st, "page_link", lambda page, **fields: made.update({page.stem: fields}))
    menu.links(["lambda_path", "train_live"], {"run": "r"})
    assert list(made) == ["lambda_path", "train_live"]
    assert all(fields["query_params"] == {"run": "r"} for fields in made.values())
    assert made["lambda_path"]["label"] == PAGES["lambda_path"].title


def test_a_page_that_runs_alone_has_no_links_and_no_error(monkeypatch):
    def lost(page: object, **_: object) -> None:
        raise StreamlitPageNotFoundError(page=str(page), main_script_directory="", uses_pages_directory=False)

    monkeypatch.setattr(st, "page_link", lost)
    menu.links(PAGES, {})


def test_a_page_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        menu.links(["nowhere"], {})
