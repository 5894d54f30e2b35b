"""What just happened, in one sentence computed from the data: also the charts' text alternative."""

from collections.abc import Sequence
from typing import NamedTuple

from core.snapshots import EPSILONS, Event, Snapshot
from core.spec import RunSpec, strength_text

LOOK_BACK = 200
"""Updates that "just" spans: about nine epochs of digits."""

STEADY = 0.005
"""Accuracy changes below half a point are called unchanged: one test image of digits is 0.28 points."""

STEADY_DEGREES = 0.2
"""The same for errors in degrees: the mean over 360 images is known to about that."""

NOTABLE = 0.01
"""A layer's share of zeros has to move by a hundredth to be the news."""

NEARLY_ZERO = 1e-4


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
    if change is not None and now.step - change.step <= 2 * LOOK_BACK:
        if now.step == change.step:
            return f"{change.text} at step {change.step:,}. No weight has moved yet."
        lead, since = f"{change.text} at step {change.step:,}: since then ", change.step
    else:
        lead = f"In the last {now.step - since} steps " if since else "So far "
    before = _at_or_before(history[lane], since)
    news = _zeros_news(spec, lane, before, now)
    if now.test_step <= since:
        # The test images have not been looked at since: there is no news of them to tell.
        return f"{lead}{news}."
    return f"{lead}{news}; {_score_news(before, now)}{_rival(history, lane, now)}."


def _alarm(lane: int, events: Sequence[Event]) -> str:
    last = next((e for e in reversed(events) if e.lane == lane and e.kind != "change"), None)
    return last.text if last is not None and last.kind in ("diverged", "collapsed") else ""


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
        return f"the zeros stayed where they are, {_percent(zeros / weights)} of all weights"
    verb = "lost" if moved[name] > 0 else "got back"
    return f"{name} {verb} {_percent(abs(moved[name]))} of its weights"


def _no_zeros(spec: RunSpec, lane: int, now: Snapshot, weights: int) -> str:
    if spec.lanes[lane].penalty == "none" or now.strength == 0.0:
        return "λ was 0, so no weight was pushed to zero"
    near = sum(layer.below[EPSILONS.index(NEARLY_ZERO)] * layer.weights for layer in now.layers.values())
    bound = strength_text(NEARLY_ZERO)
    return f"not one weight became exactly zero, though {_percent(near / weights)} are below {bound}"


class _Score(NamedTuple):
    name: str
    value: float
    steady: float
    written: str


def _score(snapshot: Snapshot) -> _Score:
    if snapshot.test_accuracy is not None:
        value = snapshot.test_accuracy
        return _Score("test accuracy", value, STEADY, _percent(value))
    value = snapshot.test_error or 0.0
    return _Score("test error", value, STEADY_DEGREES, f"{value:.1f}°")


def _score_news(before: Snapshot, now: Snapshot) -> str:
    score = _score(now)
    change = score.value - _score(before).value
    if abs(change) < score.steady:
        return f"{score.name} unchanged at {score.written}"
    return f"{score.name} {'rose' if change > 0 else 'fell'} to {score.written}"


def _rival(history: Sequence[Sequence[Snapshot]], lane: int, now: Snapshot) -> str:
    if lane == 0:
        return ""
    rival = _at_or_before(history[0], now.step)
    return f" ({_score(rival).written} without penalty)"


def _percent(share: float) -> str:
    """Three significant digits at most, and never 100 % for a part."""
    percent = 100 * share
    digits = 1 if percent < 99.95 or share == 1.0 else 2
    return f"{percent:.{digits}f} %".replace(".0 %", " %")
