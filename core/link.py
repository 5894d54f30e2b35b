"""A spec as link parameters: short, readable, and only what is not the default."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.refusals import SpecError, shown
from core.spec import LAYERS, MAX_LANES, LaneSpec, RunSpec

RUN_FIELDS = tuple(name for name in RunSpec.model_fields if name != "lanes")
LANE_FIELDS = tuple(LaneSpec.model_fields)

LINK_FIELDS = frozenset({*RUN_FIELDS, *LANE_FIELDS, "lanes"})
"""The parameters that settings may take in a link."""


def to_link(spec: RunSpec) -> dict[str, str]:
    """Every value that is not the default; those of lanes separated by commas.

    Layers of one lane are joined by dots: `layers=fc1.fc2`; multipliers by underscores:
    `multipliers=conv1:0.5_fc1:2`. One value for all lanes is written once.
    """
    default = RunSpec()
    link = {
        name: _written(getattr(spec, name))
        for name in RUN_FIELDS
        if getattr(spec, name) != getattr(default, name)
    }
    if len(spec.lanes) != len(default.lanes):
        link["lanes"] = str(len(spec.lanes))
    for name in LANE_FIELDS:
        values = [getattr(lane, name) for lane in spec.lanes]
        if values != [getattr(lane, name) for lane in _default_lanes(len(values))]:
            written = [_written(value) for value in values]
            link[name] = written[0] if len(set(written)) == 1 else ",".join(written)
    return link


def from_link(link: Mapping[str, str]) -> RunSpec:
    """The inverse of `to_link`; parameters that are no setting are left alone.

    Raises:
        SpecError: the first value that cannot be, in one sentence.
    """
    values: dict[str, Any] = {name: link[name] for name in RUN_FIELDS if name in link}
    lanes = [lane.model_dump() for lane in _default_lanes(_lane_count(link))]
    for name in LANE_FIELDS:
        if name in link:
            for lane, text in zip(lanes, _per_lane(name, link[name], len(lanes)), strict=True):
                lane[name] = _read(name, text)
    return RunSpec.checked({**values, "lanes": tuple(lanes)})


def _default_lanes(n_lanes: int) -> tuple[LaneSpec, ...]:
    lane = LaneSpec()
    return (lane,) if n_lanes == 1 else (lane.without_penalty(),) + (lane,) * (n_lanes - 1)


def _lane_count(link: Mapping[str, str]) -> int:
    text = link.get("lanes", "2")
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MAX_LANES):
        raise SpecError(f"lanes must be a whole number from 1 to {MAX_LANES}, got {shown(text)}.")
    return int(text)


def _per_lane(name: str, text: str, n_lanes: int) -> Iterable[str]:
    parts = text.split(",")
    if len(parts) == 1:
        return parts * n_lanes
    if len(parts) != n_lanes:
        raise SpecError(f"{name} must be one value or {n_lanes} separated by commas, got {shown(text)}.")
    return parts


def _written(value: Any) -> str:
    if isinstance(value, frozenset):
        return ".".join(name for name in LAYERS if name in value)
    if isinstance(value, tuple):
        return "_".join(f"{name}:{_written(factor)}" for name, factor in value)
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _read(name: str, text: str) -> Any:
    if name == "layers":
        return [part for part in text.split(".") if part]
    if name == "multipliers":
        pairs = [part.split(":") for part in text.split("_") if part]
        return pairs if all(len(pair) == 2 for pair in pairs) else text
    if name == "include_bias":
        return {"true": True, "false": False}.get(text, text)
    return text
