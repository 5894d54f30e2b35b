"""Your summary: the reader's own numbers on one page that prints."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from pathlib import Path

import streamlit as st

from core.figures import summary as figures
from core.lessons import summary as lesson
from core.lessons.check import QUESTIONS, score
from core.lessons.does_it_deliver import CLAIMS
from core.lessons.experiments import Trained
from core.runs import runs
from pages.ui import learner
from pages.ui.experiment import own_results, trained
from pages.ui.lesson import page, picture
from pages.ui.print_button import print_button

STYLE = Path(__file__).parent / "ui" / "summary.css"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """HTML of a table; every cell is text."""
    top = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td class='{'short' if i else ''}'>{escape(c)}</td>" for i, c in enumerate(row))
        for row in rows
    )
    return f"<table class='{kind}'><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def sheet(html: str) -> None:
    """A piece of the page that prints."""
    st.html(f"<div class='sheet'>{html}</div>")


def run_part() -> None:
    """The last run on Train live: its last moment as a table, its zeros as a curve."""
    sheet(
        f"<p class='small'>L1 regularization, {date.today():%d %B %Y}</p><h2>Your last run on Train live</h2>"
    )
    run = learner.recall("train_run")
    history = runs().history(run) if isinstance(run, str) else None
    whole: list[Trained] = trained([history]) if history is not None else []
    if not whole:
        sheet("<p>No run yet: press Play on Train live.</p>")
        return
    head, *rows = lesson.run_rows(whole[0])
    with st.container(key="summary_run", horizontal=True, gap="medium"):
        with st.container(width="content"):
            sheet(f"<p class='small'>{escape(lesson.described(whole[0]))}</p>{table(head, rows, 'run')}")
        with st.container(key="summary_figure", width=340):
            picture(figures.zeros(whole[0]), "summary_zeros", height=figures.HEIGHT)


def claims_part() -> str:
    """Every card: guess, measurement, verdict."""
    rows = []
    for name, claim in CLAIMS.items():
        whole = trained(own_results(name))
        result = claim.measure(whole) if whole else None
        row = lesson.claim_row(claim, result, learner.recall(f"deliver_guess_{name}"))
        rows.append(
            f"<tr><td>{escape(row.claim)}<br><span class='small'>{escape(row.verdict)}</span></td>"
            f"<td>{escape(row.predicted)}</td><td>{escape(row.measured)}</td></tr>"
        )
    head = "".join(f"<th scope='col'>{name}</th>" for name in ("claim", "you predicted", "you measured"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def check_part() -> str:
    """Both rounds of the six questions."""
    before, after = (learner.recall(f"check_{moment}") for moment in ("before", "after"))
    scores = [f"{score(each)} of {len(QUESTIONS)}" if each else "–" for each in (before, after)]
    return table(
        ("question", f"before: {scores[0]}", f"after: {scores[1]}"), lesson.check_rows(before, after)
    )


st.html(STYLE)
with page("Your summary", intro="Your own numbers on one sheet."), st.container(gap="small"):
    print_button("summary_print")
    with st.container(key="summary_sheet", gap=None):
        run_part()
        sheet(
            f"<h2>What L1 delivered</h2>{claims_part()}<h2>Six questions</h2>{check_part()}",
        )
