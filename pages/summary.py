"""Your summary: the reader's own numbers on one page that prints."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

import streamlit as st

from core.experiments import Trained
from core.lessons.course import summary as lesson
from core.lessons.course import summary_figures as figures
from core.lessons.course.check import TOPICS, Answers, Moment, score
from core.lessons.does_it_deliver.claims import CLAIMS, Claim
from core.runs import runs
from core.runs.examples.histories import example
from pages.ui import learner, session
from pages.ui.check.answers import answered
from pages.ui.experiment.runs import finished, of, saw_example, trained
from pages.ui.lesson import page, picture
from pages.ui.markdown import unbroken
from pages.ui.summary.print_button import print_button
from pages.ui.summary.yours import yours

VERDICTS_ON_PAPER = 4
"""As many fit in full on one A4 sheet beside the rest."""


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
    st.html(f"<div class='sheet'>{unbroken(html)}</div>")


def last_run() -> Trained | None:
    """The last run on Train live that has something to show."""
    mine = [each.view for each in runs().shelf.listed(session.owner()) if session.can_show(each.view)]
    of_train_live = (view.id for view in mine if of(view.id) is None)
    histories = (runs().history(run) for run in of_train_live)
    return next((own for history in histories if history for own in trained([history])), None)


def run_section(run: Trained | None) -> None:
    """The last run on Train live: its last moment as a table, its zeros as a curve."""
    sheet("<h2>Your last run on Train live</h2>")
    if run is None:
        sheet("<p>No run yet: press Play on Train live.</p>")
        return
    head, *rows = lesson.run_rows(run)
    with st.container(key="summary_run", horizontal=True, gap="medium"):
        with st.container(width="content"):
            sheet(f"<p class='small'>{escape(lesson.described(run))}</p>{table(head, rows, 'run')}")
        with st.container(key="summary_figure", width=340):
            picture(figures.zeros(run), "summary_zeros", height=figures.HEIGHT)


def claim_rows() -> list[lesson.ClaimRow]:
    """Every card: guess, measurement, verdict."""
    return [claim_row(name, claim) for name, claim in CLAIMS.items()]


def claim_row(name: str, claim: Claim) -> lesson.ClaimRow:
    """One card: by the reader's own runs, or by the example if that is what they looked at."""
    own, guess = trained(finished(name)), learner.recall(f"deliver_guess_{name}")
    computed = example(name) if saw_example(name) else None
    whole = own or (trained(computed.histories) if computed else [])
    return lesson.claim_row(claim, claim.measure(whole) if whole else None, guess, own=bool(own))


def claims_section(claims: Sequence[lesson.ClaimRow]) -> str:
    """The cards as a table; of many verdicts paper has the first sentences, as it is one sheet."""
    rows = [
        f"<tr><td>{escape(row.claim)}<br><span class='small'>{_in_two(row.verdict)}</span></td>"
        f"<td>{escape(row.predicted)}</td><td>{escape(row.measured)}</td></tr>"
        for row in claims
    ]
    head = "".join(f"<th scope='col'>{name}</th>" for name in ("claim", "you predicted", "measured"))
    many = sum(bool(row.verdict) for row in claims) > VERDICTS_ON_PAPER
    kind = "many" if many else ""
    return f"<table class='{kind}'><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _in_two(verdict: str) -> str:
    first, stop, rest = verdict.partition(". ")
    return f"{escape(first + stop)}<span class='rest'>{escape(rest)}</span>"


def check_section(before: Answers | None, after: Answers | None) -> str:
    """Both rounds of six questions."""
    rounds: tuple[tuple[Moment, Answers | None], ...] = (("before", before), ("after", after))
    heads = [
        f"{moment}: {score(moment, answers)} of {len(TOPICS)}" if answers is not None else f"{moment}: –"
        for moment, answers in rounds
    ]
    return table(("questions on", *heads), lesson.check_rows(before, after))


with page("summary", "Your numbers on one sheet."), st.container(gap="small"):
    print_button("summary_print")
    own, claims = last_run(), claim_rows()
    before, after = answered("before"), answered("after")
    with st.container(key="summary_sheet", gap=None):
        said = " ".join(lesson.sentences(own, claims, before, after))
        sheet(
            f"<p class='small'>L1 regularization, {date.today():%d %B %Y}</p>"
            f"<p class='said'>{escape(said)}</p>"
        )
        run_section(own)
        sheet(
            f"<h2>What L1 delivered</h2>{claims_section(claims)}"
            f"<h2>Six questions, twice</h2>{check_section(before, after)}",
        )
    yours()
