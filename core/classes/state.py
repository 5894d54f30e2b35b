"""One class: its phases, seats and answers. Nothing here knows a network, a clock or a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, get_args

from core.classes.cards import Card, Value, read_cards
from core.classes.codes import name_of

Phase = Literal["lobby", "predict", "closed", "reveal", "discuss", "done"]

Steering = Literal[
    "next", "back", "open", "close", "reveal", "again", "pause", "joining", "end", "card", "show", "follow"
]
"""What a lecturer can do. `pause`, `joining`, `follow` switch to and fro; `show` is of a dot."""

STEERING: tuple[Steering, ...] = get_args(Steering)

Tempo = Literal["with", "faster", "slower", "lost"]

TEMPOS: tuple[Tempo, ...] = get_args(Tempo)

Kept = Literal["kept", "same", "late", "soon"]
"""What became of an answer: it counts; it counted already; its question is closed; the last is too near."""

MOST_SEATS = 600

CHANGE_SECONDS = 1.0
"""Between two different answers of a seat."""

SHOWN: frozenset[Phase] = frozenset({"reveal", "discuss"})
"""Phases in which it is seen what others have answered."""


Dot = tuple[int, int]
"""A choice, or ZERO, and a seed."""


class FullError(Exception):
    """Nobody more can join. `str()` is one sentence."""


@dataclass
class Seat:
    """One browser in a class.

    Attributes:
        number: from 0, in the order of joining; what its name and its seed follow from.
        tempo: how the lecture goes for it; None as long as it has not said: silence is no "with you".
        answered: when its answer last changed, by the caller's clock.
    """

    number: int
    tempo: Tempo | None = None
    answered: float = field(default=float("-inf"), compare=False)

    @property
    def name(self) -> str:
        """What it is called: nobody types a name."""
        return name_of(self.number)


@dataclass
class Class:
    """A class, as a machine that takes messages in any order, twice, late, or never.

    Attributes:
        code: what it is joined by; secret: the hash of the presenter's.
        created: seconds since 1970.
        cards: its questions, in their order.
        number: of the phase; it only grows, by one with everything that the lecturer does.
        phase: where it is, with the card `at`.
        paused: everybody looks at the front.
        joining: whether new seats may come.
        following: whether laboratories opened from it take their settings from it.
        rounds: by card, the round it is in: 1, or 2 when it was asked again.
        revealed: cards and rounds whose answers everybody has seen, a second never without the first.
        seats: by their own keys.
        answers: by card and round, then by seat.
        runs: by card, the runs of the class experiment.
        dot: of the board, which the projector shows as a run in the laboratory.
        led: the last dot of this card that was shown there, which laboratories that follow keep.
        began: when its first question was asked, in seconds since 1970; None in the lobby.
        came: the card on the screen, and when it came there.
    """

    code: str
    secret: str
    created: float
    cards: tuple[Card, ...]
    number: int = 0
    phase: Phase = "lobby"
    at: int = 0
    paused: bool = False
    joining: bool = True
    following: bool = False
    rounds: dict[int, int] = field(default_factory=dict)
    revealed: set[tuple[int, int]] = field(default_factory=set)
    seats: dict[str, Seat] = field(default_factory=dict)
    answers: dict[tuple[int, int], dict[str, Value]] = field(default_factory=dict)
    runs: dict[int, tuple[str, ...]] = field(default_factory=dict)
    dot: Dot | None = None
    led: Dot | None = None
    began: float | None = None
    came: tuple[int, float] | None = None

    @property
    def card(self) -> Card:
        """The card on the screen."""
        return self.cards[self.at]

    @property
    def round(self) -> int:
        """Its round."""
        return self.rounds.get(self.at, 1)

    @property
    def count(self) -> int:
        """How many seats have answered this round."""
        return len(self.answers.get((self.at, self.round), {}))

    def join(self, seat: str) -> Seat:
        """The seat of a browser: the one it has, or a new one. Raises FullError."""
        if seat not in self.seats:
            if not self.joining:
                raise FullError("The lecturer has closed this class for newcomers.")
            if len(self.seats) >= MOST_SEATS:
                raise FullError(f"This class is full: it has {MOST_SEATS} seats.")
            self.seats[seat] = Seat(len(self.seats))
        return self.seats[seat]

    def answer(self, seat: str, card: int, round_: int, value: Value, now: float) -> Kept:
        """Take an answer of a seat that has joined; the last before closing counts. The card must take it."""
        if self.phase != "predict" or (card, round_) != (self.at, self.round):
            return "late"
        given, sitting = self.answers.setdefault((card, round_), {}), self.seats[seat]
        if given.get(seat) == value:
            return "same"
        if seat in given and now - sitting.answered < CHANGE_SECONDS:
            return "soon"
        given[seat], sitting.answered = value, now
        return "kept"

    def steer(self, do: Steering, at: int, card: int = 0, dot: Dot | None = None) -> bool:
        """Do what the lecturer asks, if the class is still as it was when they asked; whether it was done.

        Args:
            do: what.
            at: the number of the phase in which it was asked: the same again, or late, changes nothing.
            card: which one, for `card`.
            dot: which one, for `show`; None: the board again.
        """
        if at != self.number:
            return False
        if self.paused and do != "pause":
            # The first press of a clicker brings everybody back to where they were.
            do = "pause"
        before = self.at
        done = self._show(dot) if do == "show" else self._do(do, card)
        if self.at != before:
            self.led = None
        self.number += done
        return done

    def _do(self, do: Steering, card: int) -> bool:
        if do == "pause":
            self.paused = not self.paused
            return True
        if do == "joining":
            self.joining = not self.joining
            return True
        if do == "follow":
            self.following = not self.following
            return True
        if do == "card":
            return self._enter(card) if card in range(len(self.cards)) else False
        if do == "end":
            return self._go("done") if self.phase != "done" else False
        if do == "next":
            return self._next()
        if do == "back":
            return self._back()
        if do == "again":
            return self._again()
        ways: Mapping[str, tuple[set[Phase], Phase]] = {
            "open": ({"closed"}, "predict"),
            "close": ({"predict"}, "closed"),
            "reveal": ({"predict", "closed", "discuss"}, "reveal"),
        }
        begin, end = ways[do]
        return self._go(end) if self.phase in begin else False

    def _show(self, dot: Dot | None) -> bool:
        experiment = self.card.experiment
        if self.phase != "discuss" or dot == self.dot or (dot and not (experiment and experiment.has(*dot))):
            return False
        self.dot, self.led = dot, dot or self.led
        return True

    def ahead(self) -> tuple[Phase, int] | None:
        """Where `next` leads, a phase of a card; None at the end."""
        on: tuple[Phase, int] = ("done", self.at)
        if self.at + 1 < len(self.cards):
            on = self._opened(self.at + 1)
        ways: Mapping[Phase, tuple[Phase, int] | None] = {
            "lobby": self._opened(self.at),
            "predict": ("closed", self.at),
            "closed": on if self.waits else ("reveal", self.at),
            "reveal": ("discuss", self.at),
            "discuss": on,
            "done": None,
        }
        return ways[self.phase]

    @property
    def waits(self) -> bool:
        """A question before the lesson is answered after it, where its other half is among the cards."""
        moment, _, name = self.card.name.partition(".")
        return moment == "before" and any(card.name == f"after.{name}" for card in self.cards[self.at :])

    def _opened(self, card: int) -> tuple[Phase, int]:
        return ("reveal" if (card, self.rounds.get(card, 1)) in self.revealed else "predict"), card

    def _next(self) -> bool:
        to = self.ahead()
        if to is None:
            return False
        phase, self.at = to
        return self._go(phase)

    def _back(self) -> bool:
        """One step back. What was revealed stays so: nobody answers when they have seen what others say."""
        if self.phase in ("closed", "discuss"):
            return self._go("predict" if self.phase == "closed" else "reveal")
        if self.phase == "done":
            return self._enter(self.at)
        if self.phase in ("predict", "reveal") and self.at and self.round == 1:
            return self._enter(self.at - 1)
        return self._go("lobby") if self.phase == "predict" and self.round == 1 else False

    def _again(self) -> bool:
        """Ask the card a second time: after its answer, or before it, when neighbours have talked."""
        before = self.phase == "closed" and not self.waits
        if not (before or self.phase in SHOWN) or self.round > 1:
            return False
        self.rounds[self.at] = 2
        return self._go("predict")

    def _enter(self, card: int) -> bool:
        phase, self.at = self._opened(card)
        return self._go(phase)

    def _go(self, phase: Phase) -> bool:
        self.phase, self.dot = phase, None
        if phase in SHOWN:
            # With the second round the first, too, where that was not shown before it.
            self.revealed |= {(self.at, round_) for round_ in range(1, self.round + 1)}
        return True

    def clocked(self, now: float) -> None:
        """Note when the class began, and when its card came; whoever goes back to the lobby begins anew."""
        if self.phase == "lobby":
            self.began = self.came = None
            return
        if self.began is None:
            self.began = now
        if self.came is None or self.came[0] != self.at:
            self.came = self.at, now

    def kept(self) -> dict[str, Any]:
        """What is written down of it, but for its seats and answers."""
        return {
            "cards": [card.kept() for card in self.cards],
            "number": self.number,
            "phase": self.phase,
            "at": self.at,
            "paused": self.paused,
            "joining": self.joining,
            "following": self.following,
            "rounds": sorted(self.rounds.items()),
            "revealed": sorted(self.revealed),
            "runs": sorted(self.runs.items()),
            "dot": self.dot,
            "led": self.led,
            "began": self.began,
            "came": self.came,
        }

    @classmethod
    def read(cls, code: str, secret: str, created: float, kept: Mapping[str, Any]) -> Self:
        """The inverse of `kept`. Raises SpecError where a card is no more."""
        of_cards = {
            "cards": read_cards(kept["cards"]),
            "rounds": dict(kept["rounds"]),
            "revealed": {(card, round_) for card, round_ in kept["revealed"]},
            "runs": {card: tuple(runs) for card, runs in kept["runs"]},
            "dot": tuple(kept.get("dot") or ()) or None,
            "led": tuple(kept.get("led") or ()) or None,
            "came": tuple(kept.get("came") or ()) or None,
        }
        return cls(code, secret, created, **{**kept, **of_cards})
