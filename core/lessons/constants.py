"""The settings at the top of a script: what all networks share, and what each has of its own."""

from itertools import groupby

from core.lessons import parts
from core.lessons.recipe import Recipe, ordered
from core.spec import MIXTURES

CONSTANTS = {
    "learning_rate": "η",
    "momentum": "μ",
    "penalty": "",
    "alpha": "α: the share of Σ|w| in the penalty",
    "layers": "the penalty acts on these",
    "multipliers": "λ is this many times as large there",
    "warmup": "share of the run over which λ rises",
    "freeze": "share of the run, at its end, in which zeros are kept",
    "polish": "share of the run, at its end, without penalty",
}
"""What lanes may share, in the script's order, with what to say of it."""

FIELD_TYPES = {
    "method": "str",
    "optimizer": "str",
    "penalty": "str",
    "layers": "tuple",
    "multipliers": "dict",
    "include_bias": "bool",
}
"""Types of a lane's fields; all others are float."""


WIDTH = 110
"""Characters in a line of a script, at most."""


def settings(told: Recipe) -> str:
    """The constants that lanes share, the machine, and the lanes."""
    spec = told.spec
    lines = [f"SEED = {spec.seed}", f"EPOCHS = {spec.epochs}", f"BATCH_SIZE = {spec.batch_size}"]
    lines.append(f"SHOW_EVERY = {max(1, spec.epochs // 10)}  # epochs from one printed line to the next")
    lines += [f"TRAIN_SIZE = {spec.train_size}  # images"] if spec.train_size else []
    lines += [f"LABEL_NOISE = {spec.label_noise}  # share of wrong labels"] if spec.label_noise else []
    lines += [_constant(told, name) for name in CONSTANTS if _shared(told, name)]
    return "\n".join(lines) + "\n\n" + _machine(told) + "\n\n\n" + _lanes(told)


def _shared(told: Recipe, name: str) -> bool:
    """Whether a setting is a constant that the script speaks of."""
    values = told.used(name)
    if len(values) != 1 or name == "penalty":
        return False
    unused = {
        "momentum": "sgd" not in told.used("optimizer"),
        "alpha": not told.used("penalty") & MIXTURES,
        "layers": _everything(told),
        "multipliers": values == {()},
        "warmup": values == {0.0},
        "freeze": values == {0.0},
        "polish": values == {0.0},
    }
    if name == "momentum" and values == {0.0}:
        return False
    return not unused.get(name, False)


def _everything(told: Recipe) -> bool:
    biased = told.used("include_bias") == {True} and not parts.factored(told) and not parts.grouped(told)
    return biased and told.lane.layers == set(told.spec.layer_names)


def _constant(told: Recipe, name: str) -> str:
    return f"{name.upper()} = {written(getattr(told.lane, name))}  # {CONSTANTS[name]}"


def _machine(told: Recipe) -> str:
    small = parts.IMAGES[told.spec.dataset][0] < 16
    threads = "1" if small else "os.cpu_count() or 1"
    return (
        'DEVICE = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() '
        'else "cpu"\n'
        f"torch.set_num_threads({threads})  # as in the app: another number of threads rounds differently\n"
        "torch.set_flush_denormal(True)  # numbers below 1e-38 count as zero, as in the app"
    )


def _lanes(told: Recipe) -> str:
    fields = [
        name for name in (*CONSTANTS, "method", "optimizer", "include_bias") if _told_by_lane(told, name)
    ]
    fields = (["strength"] if any(told.penalised) else []) + fields
    lines = ["@dataclass", "class Lane:", '    """One network."""', "", "    name: str"]
    for name in fields:
        says = "  # λ" if name == "strength" else ""
        lines.append(f"    {name}: {FIELD_TYPES.get(name, 'float')}{says}")
    lines += ["", "", "LANES = ["]
    lines += [
        _lane(name, {each: written(getattr(lane, each)) for each in fields})
        for name, lane in zip(told.names(), told.lanes, strict=True)
    ]
    lines.append("]")
    return "\n".join([*lines, *_changes(told)])


def _lane(name: str, values: dict[str, str]) -> str:
    arguments = [f'"{name}"', *(f"{field}={text}" for field, text in values.items())]
    line = f"    Lane({', '.join(arguments)}),"
    return (
        line
        if len(line) <= WIDTH
        else "\n".join(["    Lane(", *(f"        {each}," for each in arguments), "    ),"])
    )


def _told_by_lane(told: Recipe, name: str) -> bool:
    return len(told.used(name)) > 1


def _changes(told: Recipe) -> list[str]:
    if not any(told.changes):
        return []
    lines = ["", "# What you changed while it trained: in which network, after how many updates, to what."]
    lines.append("CHANGES = {")
    for name, changes in zip(told.names(), told.changes, strict=True):
        for step, each in groupby(changes, key=lambda change: change.step):
            values = ", ".join(f'"{change.field}": {written(change.value)}' for change in each)
            lines.append(f'    ("{name}", {step}): {{{values}}},')
    return [*lines, "}"]


def written(value_: object) -> str:
    """A setting as Python."""
    if isinstance(value_, frozenset):
        return repr(tuple(ordered(value_))).replace("'", '"')
    if isinstance(value_, tuple):
        return repr(dict(value_)).replace("'", '"')
    return f'"{value_}"' if isinstance(value_, str) else repr(value_)
