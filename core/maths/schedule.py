"""What time does to a lane: λ warms up, zeros freeze, the penalty ends, pruning. Shares are of the run."""

from core.spec import PRUNED_BY, LaneSpec


def strength(lane: LaneSpec, step: int, total_steps: int) -> float:
    """The λ in force after `step` updates: it rises linearly during warm-up and is 0 in the refit.

    Without a penalty none is.
    """
    if lane.penalty == "none" or _in_last(lane.polish, step, total_steps):
        return 0.0
    ramp = lane.warmup * total_steps
    return lane.strength * min(1.0, step / ramp) if ramp else lane.strength


def n_freezes(lane: LaneSpec, step: int, total_steps: int) -> int:
    """How often its zeros are to have been frozen: once when freezing begins, once when the refit does.

    What became zero in between stays so in the refit, too.
    """
    return sum(_in_last(share, step, total_steps) for share in (lane.freeze, lane.polish))


def n_prunings(lane: LaneSpec, step: int, total_steps: int) -> int:
    """How many rounds of magnitude pruning are to have been before the next update."""
    if not lane.prune:
        return 0
    rounds = range(1, lane.prune_rounds + 1)
    return sum(step >= number * PRUNED_BY / lane.prune_rounds * total_steps for number in rounds)


def pruned(lane: LaneSpec, n_prunings: int) -> float:
    """The share of weights that is zero after so many rounds: each takes the same share of what is left."""
    left: float = (1.0 - lane.prune) ** (n_prunings / lane.prune_rounds)
    return 1.0 - left


def _in_last(share: float, step: int, total_steps: int) -> bool:
    """Whether the next update is one of this share of all, at the end of the run."""
    return share > 0.0 and step >= (1.0 - share) * total_steps
