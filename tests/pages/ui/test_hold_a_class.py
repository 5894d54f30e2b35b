"""The class that was opened: its links are there after a reload, for whoever has its key."""

import pytest
import streamlit as st

from core.classes import hall
from core.classes.cards import READY
from core.runs import runs
from pages.ui.hold_a_class import opened


@pytest.fixture
def shown(monkeypatch) -> list[str]:
    """The addresses that the page links to."""
    links: list[str] = []
    monkeypatch.setattr(st, "link_button", lambda label, address, **_: links.append(address))
    return links


def test_after_a_reload_the_browser_that_steers_has_the_links_again(worker, tab, shown):
    code, secret = hall(runs()).create(tuple(READY.values())[:1])
    opened.links()
    assert shown == []
    tab.cookies |= {"class_é": "x", "class_": "", f"class_{code}": secret}
    opened.links()
    assert shown[0] == f"./console#{code}.{secret}"


@pytest.mark.parametrize("secret", ["", "x" * 22, "é"])
def test_a_key_that_is_not_the_class_s_opens_nothing(worker, tab, shown, secret):
    code, _ = hall(runs()).create(tuple(READY.values())[:1])
    tab.cookies[f"class_{code}"] = secret
    opened.links()
    assert shown == []
