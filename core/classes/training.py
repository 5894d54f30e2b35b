"""What classes train: started when the class begins, followed to the end."""

import logging
import time
from collections.abc import Callable, Sequence
from hashlib import sha256

from core.classes.state import Class
from core.classes.tally import trained
from core.experiments import Trained
from core.refusals import SpecError
from core.runs import Refused, Runs

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""A run that nobody watches is stopped after ten minutes: a class watches its own."""

SEEN = 0.03
"""So much of a training has to be seen before it is said how long the rest takes."""

Place = tuple[str, int]
"""A class's code and the index of a card."""


class Training:
    """The class experiments. `tick` is called by one thread; what it has found any thread may read.

    Args:
        service: what trains.
        clock: seconds that only go forward.
    """

    def __init__(self, service: Runs, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._clock = clock
        self._trained: dict[Place, Sequence[Trained]] = {}
        self._progress: dict[Place, float] = {}
        self._looked: dict[Place, float] = {}
        self._since: dict[Place, tuple[float, float]] = {}
        self._left: dict[Place, float] = {}

    def of(self, room: Class, card: int | None = None) -> Sequence[Trained]:
        """The runs of a card, that on the screen unless said otherwise, once all have ended."""
        return self._trained.get((room.code, room.at if card is None else card), ())

    def progress(self, room: Class) -> float | None:
        """How far they are, from 0 to 1, 0 if they wait; None where the card has none, or they have ended."""
        place = room.code, room.at
        trains = room.card.experiment is not None and place not in self._trained
        return self._progress.get(place, 0.0) if trains else None

    def left(self, room: Class) -> float | None:
        """About how many seconds they still take; None where nobody can say yet."""
        return self._left.get((room.code, room.at))

    def tick(self, room: Class) -> bool:
        """Start what is to be started, look how far the rest is; whether there is news."""
        started = self._start(room)
        news = [self._follow(room, card) for card in range(len(room.cards)) if card in room.runs]
        return started or any(news)

    def stop(self, room: Class) -> None:
        """The class is over: what still trains for it ends."""
        for run in (run for runs in room.runs.values() for run in runs):
            try:
                self._service.steering.stop(owner_of_class(room), run)
            except Refused:
                continue
        for place in [place for place in self._trained if place[0] == room.code]:
            del self._trained[place]

    def _start(self, room: Class) -> bool:
        """The first experiment of the class without runs: early, so that nobody waits for it."""
        places = (i for i, card in enumerate(room.cards) if card.experiment and i not in room.runs)
        card = next(places, None)
        experiment = None if card is None else room.cards[card].experiment
        if card is None or experiment is None or room.phase == "lobby":
            return False
        owner = owner_of_class(room)
        try:
            views = [
                self._service.start(owner, spec, key=f"{card} {i}")
                for i, spec in enumerate(experiment.specs())
            ]
        except (Refused, SpecError) as refused:
            log.warning("a class experiment waits: %s", refused)
            return False
        room.runs[card] = tuple(view.id for view in views)
        self._progress[room.code, card] = 0.0
        return True

    def _follow(self, room: Class, card: int) -> bool:
        place, runs = (room.code, card), room.runs[card]
        if place in self._trained:
            return False
        going = {each.view.id: each for each in self._service.glances(owner_of_class(room))}
        shares = [going[run].epoch / going[run].view.spec.epochs if run in going else 1.0 for run in runs]
        if any(run in going for run in runs):
            before = self._progress.get(place)
            self._progress[place] = round(sum(shares) / len(shares), 2)
            self._estimate(place, sum(shares) / len(shares))
            self._watch(place, runs)
            return before != self._progress[place]
        histories = [history for history in map(self._service.history, runs) if history]
        self._trained[place] = [run for run in trained(histories) if run.done]
        for told in (self._progress, self._left):
            told.pop(place, None)
        return True

    def _estimate(self, place: Place, share: float) -> None:
        """The rest goes on as what was seen of it did."""
        if not share:
            return  # A trainer that only begins is no measure.
        now = self._clock()
        since, first = self._since.setdefault(place, (now, share))
        if share - first >= SEEN:
            self._left[place] = (1.0 - share) * (now - since) / (share - first)

    def _watch(self, place: Place, runs: Sequence[str]) -> None:
        if self._clock() - self._looked.get(place, float("-inf")) > LOOK_SECONDS:
            self._looked[place] = self._clock()
            for run in runs:
                self._service.history(run, most=2)


def owner_of_class(room: Class) -> str:
    """Whose runs its experiments are: nobody's browser has this."""
    return sha256(f"class {room.code} {room.secret}".encode()).hexdigest()
