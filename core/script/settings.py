"""What the settings of a run make of the reference: its first section, and what is known of all others."""

import ast
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from core.script.recipe import Recipe, in_groups, ordered
from core.script.specialise import Edit, Known, Source
from core.spec import LaneSpec, RunSpec

WIDTH = 110
"""Characters in a line of a script, at most."""


def _constants(told: Recipe) -> dict[str, Any]:
    """What the reference calls the settings of a run that are not its lanes'."""
    spec = told.spec
    own = {
        name.upper(): getattr(spec, name) for name in RunSpec.model_fields if name not in ("lanes", "fold")
    }
    return {"LOSS": spec.loss, "SHOW_EVERY": max(1, spec.epochs // 10), **own}


def with_settings(text: str, told: Recipe) -> str:
    """The reference with the settings of a run, those that its lanes share as constants."""
    source = Source(text)
    return source.edited(_settings(source, told))


def _settings(source: Source, told: Recipe) -> Iterator[Edit]:
    constants = _constants(told)
    lane = next(node for node in source.body if isinstance(node, ast.ClassDef) and node.name == "Lane")
    fields = {ast.unparse(each.target): each for each in lane.body if isinstance(each, ast.AnnAssign)}
    del fields["name"]
    for node in source.body:
        match node:
            case ast.Expr(value=ast.Constant()):
                yield source.removed(node)
            case ast.Assign(targets=[ast.Name(id="LANES")], value=value):
                own = [name for name in fields if told.differs(name)]
                yield source.replaced(value, _lanes(told, own))
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in constants:
                yield source.replaced(value, _written(constants[name]))
                if name == "LABEL_NOISE":
                    shared = [each for each in fields if told.shares(each)]
                    lines = [f"{each.upper()} = {_written(getattr(told.lane, each))}" for each in shared]
                    remarks = [source.remark(fields[each]) for each in shared]
                    yield source.below(node, [line + says for line, says in zip(lines, remarks, strict=True)])
            case ast.AnnAssign(target=ast.Name(id="CHANGES"), value=ast.expr() as value):
                yield source.replaced(value, _changes(told))
    for name, node in fields.items():
        if told.differs(name):
            yield Edit(source.end(node.annotation), source.end(node))
        else:
            yield source.removed(node)


def _lanes(told: Recipe, fields: Iterable[str]) -> str:
    lanes = [
        _lane(name, {each: _written(getattr(lane, each)) for each in fields})
        for name, lane in zip(told.names(), told.lanes, strict=True)
    ]
    return "\n".join(["[", *lanes, "]"])


def _lane(name: str, values: dict[str, str]) -> str:
    arguments = [f'"{name}"', *(f"{each}={text}" for each, text in values.items())]
    line = f"    Lane({', '.join(arguments)}),"
    if len(line) <= WIDTH:
        return line
    return "\n".join(["    Lane(", *(f"        {each}," for each in arguments), "    ),"])


def _changes(told: Recipe) -> str:
    lines = []
    for name, changes in zip(told.names(), told.changes, strict=True):
        for step, each in groupby(changes, key=lambda change: change.step):
            values = ", ".join(f'"{change.field}": {_written(change.value)}' for change in each)
            lines.append(f'    ("{name}", {step}): {{{values}}},')
    return "\n".join(["{", *lines, "}"])


def _written(value: object) -> str:
    """A setting as Python."""
    if isinstance(value, frozenset):
        return repr(tuple(ordered(value))).replace("'", '"')
    if isinstance(value, tuple):
        return repr(dict(value)).replace("'", '"')
    return f'"{value}"' if isinstance(value, str) else repr(value)


def known(told: Recipe) -> Known:
    """What a run's settings say of the reference's names and conditions."""
    every_layer = told.used("layers") == {frozenset(told.spec.layer_names)}
    everything = every_layer and not told.differs("include_bias")
    truths = {
        "set(lane.layers) == set(dict(net.named_children()))": everything,
        "isinstance(w, tuple)": in_groups(told),
    }
    each = "proximal" in told.used("method") and "adam" in told.used("optimizer")
    one = "uniform_threshold" in told.used("method") or "sgd" in told.used("optimizer")
    if each != one:
        truths["isinstance(tau, Tensor)"] = each
    return Known(
        names={"__name__": "__main__", "CHANGES": any(told.changes), **_constants(told)},
        lanes=told.states(),
        shared=frozenset(name for name in LaneSpec.model_fields if told.shares(name)),
        truths=truths,
        ones=frozenset({"factor"} if told.used("multipliers") <= {()} else ()),
    )
