"""The network that Smaller model looks at: a lane of the visitor's run, or of the example."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.lab.smaller_model.questions import BY_SEED, EXAMPLE, Answer, first_lane, questions
from core.runs import Refused, RunView, runs
from core.runs.examples.answers import ExampleAnswers
from core.runs.views import GOING
from core.spec import RunSpec
from pages.ui import session

MOST_KEPT = 60
"""Answers that a session remembers, so that a rerun asks nothing again."""

ASK_SECONDS = 90.0
"""Timing and refitting wait for their turn beside runs that train."""


@dataclass(frozen=True)
class Subject:
    """A lane at one moment, and how to learn about it.

    Attributes:
        run: its id; "" for the example.
        step: of the weights; None for the last ones.
    """

    run: str
    spec: RunSpec
    lane: int
    step: int | None
    known: Mapping[str, Answer]

    @property
    def is_example(self) -> bool:
        """Whether nobody can be asked: all answers are there."""
        return not self.run

    def has(self, name: str) -> bool:
        """Whether this can be asked about the lane at all."""
        return name in (self.known if self.is_example else questions(self.spec, self.lane))

    def answer(self, name: str) -> Answer:
        """The answer to one of `questions`, asked once. Raises Refused."""
        if self.is_example:
            return self.known[name]
        question, fields = questions(self.spec, self.lane)[name]
        return self.ask(question, **fields)

    def refits(self, names: Iterable[str]) -> dict[str, list[Answer]]:
        """The answers on refitting, by name: of each seed of the example, or of the run. Raises Refused."""
        possible = [name for name in names if self.has(name)]
        if not self.is_example:
            return {name: [self.answer(name)] for name in possible}
        return {name: [seed[name] for seed in self.known[BY_SEED].values()] for name in possible}

    def asked(self, name: str) -> bool:
        """Whether an answer is there without asking."""
        question, fields = questions(self.spec, self.lane)[name]
        return self.is_example or self._key(question, fields) in _kept()

    def ask(self, question: str, **fields: Any) -> Answer:
        """Ask the worker, or remember what it said. Raises Refused."""

        def work() -> Answer:
            return runs().ask(
                session.owner(), self.run, question, step=self.step, timeout=ASK_SECONDS, **fields
            )

        return self.once(self._key(question, fields), work)

    def once(self, key: str, work: Callable[[], Answer]) -> Answer:
        """What `work` gave the first time, for this session. Raises what `work` does."""
        kept = _kept()
        if key not in kept:
            kept[key] = work()
            while len(kept) > MOST_KEPT:
                kept.pop(next(iter(kept)))
        return kept[key]

    def _key(self, question: str, fields: Mapping[str, Any]) -> str:
        return f"{self.run} {self.step} {question} {sorted(fields.items())}"


def of_example(found: ExampleAnswers) -> Subject:
    """The computed example."""
    return Subject("", found.spec, found.lane, None, found.answers)


def of_run(view: RunView) -> Subject:
    """The chosen lane of a run, with its weights of now or of its end."""
    lane = session.lane_in_hand(view)
    return Subject(view.id, view.spec, first_lane(view.spec) if lane is None else lane, _step(view), {})


def train_one() -> None:
    """Start the run of the example as the visitor's own; a double click is one run."""
    last = runs().view(st.session_state.get("smaller_started", ""))
    if last is not None and last.state in GOING:
        look_at(last.id)
        return
    key = st.session_state.setdefault("smaller_key", secrets.token_urlsafe(8))
    try:
        view = runs().start(session.owner(), EXAMPLE, key=key)
    except Refused as refused:
        session.notice(str(refused))
        return
    st.session_state.smaller_key = secrets.token_urlsafe(8)
    st.session_state.smaller_started = view.id
    look_at(view.id)


def look_at(run: str) -> None:
    """Make a run the page's."""
    session.link_later(run=run, lane="")


def hold(run: str) -> None:
    """Pause a run, so that it can be measured where it is."""
    try:
        runs().steering.pause(session.owner(), run)
    except Refused as refused:
        session.notice(str(refused))


def _step(view: RunView) -> int | None:
    """The moment to ask about: where a paused run stands, or the last weights that were kept."""
    if view.state == "paused":
        history = runs().history(view.id, most=2)
        return history.points[0][-1].step if history is not None and history.points[0] else None
    steps = runs().checkpoints.steps(view.id)
    return steps[-1] if steps else None


def _kept() -> dict[str, Answer]:
    kept: dict[str, Answer] = st.session_state.setdefault("smaller_answers", {})
    return kept
