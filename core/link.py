"""A spec as link parameters: short, readable, and only what is not the default."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from core.refusals import SpecError, shown
from core.spec import LAYERS, MAX_LANES, LaneSpec, RunSpec

RUN_FIELDS = tuple(name for name in RunSpec.model_fields if name != "lanes")
LANE_FIELDS = tuple(LaneSpec.model_fields)

LINK_FIELDS = frozenset({*RUN_FIELDS, *LANE_FIELDS, "lanes"})
"""The parameters that settings may take in a link."""

OF_THE_PENALTY = frozenset(
    {"penalty", "strength", "alpha", "layers", "multipliers", "include_bias", "warmup", "freeze", "polish"}
)
"""What `LaneSpec.without_penalty` leaves out: one value in a link is for the lanes beside λ = 0's."""

MEANT = {"lambda": "strength", "λ": "strength", "eta": "learning_rate", "η": "learning_rate"}
MEANT |= {"lr": "learning_rate", "batch": "batch_size", "network": "model", "images": "dataset"}
"""What people call settings."""

ON_THE_PAGE = frozenset({"speed", "paused"})
"""What people look for in a link and is no part of one."""

_FRACTIONS = frozenset(
    name for name, field in LaneSpec.model_fields.items() if isinstance(field.default, float)
)


def to_link(spec: RunSpec) -> dict[str, str]:
    """Every value that is not the default; those of lanes separated by commas.

    Layers of one lane are joined by dots: `layers=fc1.fc2`; multipliers by underscores:
    `multipliers=conv1:0.5_fc1:2`. One value for all lanes is written once; of what makes a penalty, one
    value is that of all lanes but the first of several, which is λ = 0's.
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
            link[name] = _in_lanes(name, values)
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
                if text is not None:
                    lane[name] = _read(name, text)
    return RunSpec.checked({**values, "lanes": tuple(lanes)})


def misnamed(link: Mapping[str, str]) -> str:
    """What to say of the first parameter that nearly is a setting; "" where there is none."""
    for name in link.keys() - LINK_FIELDS:
        if name in ON_THE_PAGE:
            return f"The link's {shown(name)} was not used: it is set on the page alone."
        close = get_close_matches(name.casefold(), sorted(LINK_FIELDS), 1, 0.9)
        if meant := MEANT.get(name.casefold()) or "".join(close):
            return f"The link's {shown(name)} was not used: the setting is called {meant}."
    return ""


def _in_lanes(name: str, values: Sequence[Any]) -> str:
    """The values of all lanes, so that `_per_lane` gives them back."""
    spared = int(name in OF_THE_PENALTY and len(values) > 1)
    first_is_default = values[0] == getattr(_default_lanes(len(values))[0], name)
    if len(set(values[spared:])) == 1 and (first_is_default or not spared):
        return _written(values[-1])
    return ",".join(map(_written_beside_others, values))


def _written_beside_others(value: Any) -> str:
    """A whole number above 0 has a point, a single layer a dot: people write these otherwise."""
    if isinstance(value, float) and value:
        return repr(value)
    return _written(value) + "." * (isinstance(value, frozenset) and len(value) == 1)


def _default_lanes(n_lanes: int) -> tuple[LaneSpec, ...]:
    lane = LaneSpec()
    return (lane,) if n_lanes == 1 else (lane.without_penalty(),) + (lane,) * (n_lanes - 1)


def _lane_count(link: Mapping[str, str]) -> int:
    text = link.get("lanes", "2")
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MAX_LANES):
        raise SpecError(f"lanes must be a whole number from 1 to {MAX_LANES}, got {shown(text)}.")
    return int(text)


def _per_lane(name: str, text: str, n_lanes: int) -> Sequence[str | None]:
    """What a link says of each lane; None: nothing, so the default holds."""
    parts = text.split(",")
    if name == "layers" and len(parts) > 1 and all(part in LAYERS for part in parts):
        # Layers as people list them.
        parts = [".".join(parts)]
    if len(parts) == 1:
        spared = int(name in OF_THE_PENALTY and n_lanes > 1)
        return [None] * spared + parts * (n_lanes - spared)
    if len(parts) != n_lanes:
        raise SpecError(f"{name} must be one value or {n_lanes} separated by commas, got {shown(text)}.")
    if name in _FRACTIONS and any(part.isdigit() and int(part) for part in parts[1:]):
        raise SpecError(
            f"{name} must be written with a point, as in 0.001 (a comma separates lanes), got {shown(text)}."
        )
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
