"""Hold a class: the guide has what the console says to each card, and what the words in it mean."""

import pytest

from core.classes.guide.lectures import LECTURES
from core.classes.guide.notes import note
from core.lessons.course.glossary import TERMS
from tests.pages.visiting import opened, said

pytestmark = pytest.mark.usefixtures("worker")


def test_the_guide_has_the_notes_of_the_console_and_explains_their_words():
    page = opened("hold_a_class")
    notes = [note(card) for plan in LECTURES.values() for card in plan.cards]
    wanted = [text for each in notes for text in (each.predict, each.discuss, *each.wrong) if text]
    wanted += [TERMS[term] for each in notes for term in each.terms]
    assert len(wanted) > 40
    assert [text for text in wanted if not said(page, text)] == []
