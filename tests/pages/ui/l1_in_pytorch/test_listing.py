"""Listings as HTML: every line is text, in its term's colour, and shares add up."""

import re
from html.parser import HTMLParser

import pytest
import streamlit as st

from core.lessons import l1_in_pytorch as lesson
from pages.ui.l1_in_pytorch import listing


class Text(HTMLParser):
    """The text of a piece of HTML, and its open tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", list[str]()
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


@pytest.fixture
def html(monkeypatch) -> list[str]:
    written: list[str] = []
    monkeypatch.setattr(st, "html", written.append)
    return written


@pytest.mark.parametrize("lines", [lesson.RECIPE, lesson.PROXIMAL], ids=["recipe", "proximal"])
def test_every_line_is_there_with_its_indent_its_term_and_its_mark(lines, html):
    listing.listing(lines, "A <listing>")
    rows = re.findall(r"<li class=.*?</li>", html[0])
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        assert f'class="{line.term} {line.mark}"' in row
        assert f"--indent:{len(line.code) - len(line.code.lstrip())}" in row
        text = Text(row).text
        assert line.code.strip() in text
        assert text.endswith(line.formula)
        assert text.startswith(listing.SIGNS[line.mark] + listing.SPOKEN[line.mark])


def test_code_is_text_and_no_markup(html):
    listing.listing([lesson.Line("  if a < b: x('<script>')", formula="<b>&")], '"<i>"')
    read = Text(html[0])
    assert "<script>" in read.text
    assert set(read.tags) == {"ol", "li", "i", "span", "code"}


def test_shares_of_the_parameters_are_of_all_of_them(html):
    counts = lesson.counts()
    listing.parameters(counts)
    shares = [float(each) for each in re.findall(r"width:([\d.]+)%", html[0])]
    total = sum(each.weights + each.biases for each in counts)
    assert shares == pytest.approx([100 * each.weights / total for each in counts], abs=0.005)
    assert f"{total:,} parameters" in html[0]


@pytest.mark.parametrize("expects", lesson.PATCHES.values())
def test_an_image_is_shown_as_far_as_it_gets(expects, html):
    walk = lesson.walk(expects)
    listing.shapes(walk)
    assert html[0].count("<li>") == len(walk.shapes)
    for shape in walk.shapes:
        assert f"<span>{shape.numbers:,}</span>" in html[0]
