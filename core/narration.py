"""What just happened in a live run, in one sentence computed from the data: its charts' text alternative."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from core.bands import NEARLY_ZERO
from core.snapshots import EPSILONS, Event, Score, ScoreKind, Snapshot, Zeros
from core.spec import LaneSpec, RunSpec, strength_text
from core.uncertainty import off
from core.words import percent, zeros_text

LOOK_BACK = 200
"""Updates that "just" spans: about nine epochs of digits."""

STEADY: Mapping[ScoreKind, float] = MappingProxyType({"accuracy": 0.005, "error": 0.2})
"""Smaller changes of a score are called unchanged: one validation image of digits is 0.0039 of the
accuracy, and the mean error over its 258 is known to about 0.2 degrees."""

NOTABLE = 0.01
"""A layer's share of zeros has to move by a hundredth to be the news."""


def describe(spec: RunSpec, history: Sequence[Sequence[Snapshot]], events: Sequence[Event]) -> str:
    """Tell the news of the last lane beside the first.

    Args:
        spec: of the run, with live changes applied.
        history: for each lane its snapshots, oldest first; none may be empty.
        events: of the run, oldest first.

    Returns:
        One or two plain sentences; "" when there is no snapshot yet.
    """
    if not history or not all(history):
        return ""
    lane = len(history) - 1
    now = history[lane][-1]
    alarm = _alarm(lane, events)
    if alarm:
        return alarm
    if now.step == 0:
        return "All networks start from the same weights, and none of them is zero."
    change = next((e for e in reversed(events) if e.lane == lane and e.kind == "change"), None)
    since = max(now.step - LOOK_BACK, 0)
    # What was set before the first update was in force all along: nothing has changed since.
    if change is not None and change.step > 0 and now.step - change.step <= 2 * LOOK_BACK:
        if now.step == change.step:
            return f"{change.text} at step {change.step:,}. No weight has moved yet."
        lead, since = f"{change.text} at step {change.step:,}: since then ", change.step
    else:
        lead = f"In the last {now.step - since} updates " if since else "So far "
    known = history[lane][0].step
    if known > since:
        # Of a run that goes on from elsewhere no more is at hand than what came since.
        if now.step == known:
            return ""
        lead, since = f"In the last {now.step - known} updates ", known
    before = _at_or_before(history[lane], since)
    news = _zeros_news(spec, lane, before, now)
    if now.valid_step <= since:
        # The validation images have not been looked at since: there is no news of them to tell.
        return f"{lead}{news}."
    return f"{lead}{news}; {_score_news(before.score, now.score)}{_rival(history, lane, now)}."


def _alarm(lane: int, events: Sequence[Event]) -> str:
    """What went wrong last and holds still: of a collapse the news is what a later change makes of it."""
    mine = [e for e in events if e.lane == lane]
    last = next((e for e in reversed(mine) if e.kind not in ("change", "resumed", "branched")), None)
    if last is None or last.kind not in ("diverged", "collapsed"):
        return ""
    changed = any(e.kind == "change" and e.step > last.step for e in mine)
    return "" if changed and last.kind == "collapsed" else last.text


def _at_or_before(snapshots: Sequence[Snapshot], step: int) -> Snapshot:
    return next((s for s in reversed(snapshots) if s.step <= step), snapshots[0])


def _share(snapshot: Snapshot, layer: str) -> float:
    return snapshot.layers[layer].zeros / snapshot.layers[layer].weights


def _zeros_news(spec: RunSpec, lane: int, before: Snapshot, now: Snapshot) -> str:
    if not spec.lanes[lane].layers:
        return "no layer was penalised, so λ did nothing"
    zeros = sum(layer.zeros for layer in now.layers.values())
    weights = sum(layer.weights for layer in now.layers.values())
    if zeros == 0:
        return _no_zeros(spec, lane, now, weights)
    moved = {name: _share(now, name) - _share(before, name) for name in now.layers}
    name = max(moved, key=lambda layer: abs(moved[layer]))
    if abs(moved[name]) < NOTABLE:
        kinds = Zeros.total(layer.kinds for layer in now.layers.values())
        stayed = f"no layer's zeros moved by {100 * NOTABLE:g} point"
        told = _told(spec.lanes[lane], kinds, weights, now)
        return f"{stayed}: they are {percent(zeros / weights)} of all weights{told}"
    verb, layer = "rose" if moved[name] > 0 else "fell", now.layers[name]
    news = (
        f"the zeros of {name} {verb} by {100 * abs(moved[name]):.3g} points to {percent(_share(now, name))}"
    )
    return f"{news}{_told(spec.lanes[lane], layer.kinds, layer.weights, now)}"


def _told(lane: LaneSpec, zeros: Zeros, weights: int, now: Snapshot) -> str:
    """What made the zeros that there are; until every image was seen, that it shows later."""
    kinds = zeros_text(zeros.by_kind, weights, lane.prune > 0.0)
    if not kinds:
        return " (which of them λ selected shows after epoch 1)" if zeros.all and now.epoch < 1.0 else ""
    # The sentence stands for a while, and the cards beside it go on.
    return f" (at step {now.step:,}: {kinds})"


def _no_zeros(spec: RunSpec, lane: int, now: Snapshot, weights: int) -> str:
    if spec.lanes[lane].penalty == "none" or now.strength == 0.0:
        return "λ was 0, so no weight was pushed to zero"
    near = sum(layer.below[EPSILONS.index(NEARLY_ZERO)] * layer.weights for layer in now.layers.values())
    bound, none = strength_text(NEARLY_ZERO), "not one weight became exactly zero"
    return f"{none}, though {percent(near / weights)} are below {bound}" if near else none


def _score_news(before: Score, now: Score) -> str:
    change, name = now.valid - before.valid, f"validation {now.kind}"
    if abs(change) < STEADY[now.kind]:
        return f"{name} unchanged at {percent_off(now)}"
    return f"{name} {'rose' if change > 0 else 'fell'} from {_plain(before)} to {percent_off(now)}"


def _rival(history: Sequence[Sequence[Snapshot]], lane: int, now: Snapshot) -> str:
    if lane == 0:
        return ""
    rival = _at_or_before(history[0], now.step)
    return f" ({percent_off(rival.score)} without penalty)"


def _plain(score: Score) -> str:
    """Without its error, which is next to that of a score on the same images nearby: "98.4", "9.0°"."""
    return f"{score.valid:.1f}°" if score.kind == "error" else f"{100.0 * score.valid:.1f}"


def percent_off(score: Score) -> str:
    """A validation score with its sampling error: "97.1 ± 1.0 %"; of degrees nothing is kept: "3.2°"."""
    if score.kind == "error":
        return f"{score.valid:.1f}°"
    return f"{100.0 * score.valid:.1f} {off(score.valid, score.n_valid)} %"
