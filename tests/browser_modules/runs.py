"""Runs as the live feed tells of them."""

from typing import Any

from core.spec import LaneSpec, RunSpec

SPEC = RunSpec(lanes=(LaneSpec(penalty="none", strength=0.0), LaneSpec(strength=1e-3)), epochs=10).model_dump(
    mode="json"
)
"""λ = 0 beside λ = 1e-3, ten epochs."""

STATUS = {
    "state": "running",
    "position": 0,
    "reason": "",
    "share": None,
    "speed": 0,
    "device": "cpu",
    "sharing": 0,
    "shared": False,
}


def point(step: int, lane: int = 1, **fields: Any) -> dict[str, Any]:
    """A point of a run of 100 updates an epoch."""
    return {"lane": lane, "step": step, "epoch": step / 100, **fields}


def frame(step: int, lane: int = 1) -> dict[str, Any]:
    """A frame without weights."""
    return {"lane": lane, "step": step, "layers": {}, "kernels": []}


def change(step: int, old: Any, new: Any, field: str = "strength", lane: int = 1) -> dict[str, Any]:
    """A person's change."""
    kinds = {"kind": "change", "field": field, "old": str(old), "new": str(new), "text": ""}
    return {"run": "r", "lane": lane, "step": step, **kinds}


def update(**fields: Any) -> dict[str, Any]:
    """A message of the feed."""
    lists: dict[str, Any] = {"points": [], "events": [], "frames": []}
    head = {"type": "update", "run": "r", "seq": 1, "reset": False, "mine": True, "status": STATUS}
    return head | lists | fields
