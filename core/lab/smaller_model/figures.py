"""What zeros are good for, drawn: bytes, units left, times, and pruning against its rivals."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.figures.traces import (
    Drawing,
    Figure,
    Frame,
    Trace,
    axis,
    dots,
    figure,
    line,
    off_by,
    position,
    role,
)
from core.lab.smaller_model.questions import (
    FORMATS,
    NETWORKS,
    Answer,
    accuracy,
    accuracy_text,
    compared,
    stored,
)
from core.uncertainty import standard_error
from core.words import percent, size_text

MARGIN = {"l": 12, "r": 16, "t": 8, "b": 44, "autoexpand": True}


def storage(sizes: Answer, proof: Answer) -> Drawing:
    """Bytes of the whole and of the compact network, stored in each way."""
    labels = list(FORMATS.values())
    kilobytes = {which: [sizes[which][name] / 1e3 for name in FORMATS] for which in ("full", "compact")}
    traces = [
        _bars("without its dead units", "penalty", labels, kilobytes["compact"], "kB"),
        _bars("whole network", "reference", labels, kilobytes["full"], "kB"),
    ]
    dense, (how, best) = sizes["full"]["dense"], stored(sizes)
    table = [
        {
            "stored": words,
            "whole (bytes)": sizes["full"][name],
            "compact (bytes)": sizes["compact"][name],
            "compact, of whole dense (%)": 100 * sizes["compact"][name] / dense,
            "validation accuracy": accuracy_text(proof),
        }
        for name, words in FORMATS.items()
    ]
    summary = (
        f"{size_text(dense / 1e3)} kB dense; without its dead units and stored {how} "
        f"{size_text(best / 1e3)} kB, {dense / best:,.1f} times smaller.{_right(proof)}"
    )
    fig = _rows(traces, labels, "size", "kB", legend={"traceorder": "reversed"})
    return Drawing(fig, summary, table=table)


def units(proof: Answer) -> Drawing:
    """Filters and units of each layer, and how many of them do something."""
    layers = [f"{each['name']} ({each['units']})" for each in proof["layers"]]
    left = [each["left"] for each in proof["layers"]]
    gone = [each["units"] - each["left"] for each in proof["layers"]]
    dead = _bars("removed: dead, or read by nothing", "reference", layers, gone, "", faint=True)
    dead["marker"]["pattern"] = {"shape": "/", "fgcolor": role("hatch"), "size": 6}
    dead |= {"text": [f"−{n}" if n else "" for n in gone], "textposition": "outside"}
    traces = [_bars("left", "penalty", layers, left, ""), dead]
    parameters = proof["parameters"]
    summary = (
        f"{sum(gone):,} of {sum(left) + sum(gone):,} filters and units removed: {parameters[0]:,} numbers "
        f"became {parameters[1]:,}.{_right(proof, 1)}"
    )
    table = [
        {"layer": each["name"], "filters or units": each["units"], "left": each["left"]}
        for each in proof["layers"]
    ]
    return Drawing(_rows(traces, layers, "filters and units", "", barmode="stack"), summary, table=table)


def multiply_adds(sizes: Answer, proof: Answer) -> Drawing:
    """Multiplications for one image: as a dense kernel does them, without zeros, and compact."""
    values = {
        "dense kernel": sizes["full"]["multiply_adds"],
        "if every zero could be skipped": sizes["full"]["multiply_adds_nonzero"],
        "compact, dense kernel": sizes["compact"]["multiply_adds"],
    }
    thousands = [value / 1e3 for value in values.values()]
    bars = _bars("multiply–adds", "data_loss", list(values), thousands, "k") | {"showlegend": False}
    fig = _rows([bars], list(values), "multiply–adds an image", "thousands")
    whole, small = values["dense kernel"], values["compact, dense kernel"]
    summary = (
        f"{whole:,} multiply–adds an image; {small:,} when compact ({percent(small / whole)})."
        + _right(proof, 1)
    )
    right = accuracy_text(proof)
    table = [
        {"network": name, "multiply–adds an image": value, "validation accuracy": right}
        for name, value in values.items()
    ]
    return Drawing(fig, summary, table=table)


def latency(answer: Answer, batch: int, proof: Answer) -> Drawing:
    """Milliseconds of one batch size: a bar to the median, whiskers to the quartiles."""
    rows = [row for row in answer["milliseconds"] if row["batch"] == batch]
    # The number stands beside the name: at the bar's end it would lie on the whisker.
    labels = [f"{NETWORKS[row['network']]}<br>{row['median']:.3g} ms" for row in rows]
    medians = [row["median"] for row in rows]
    bars = _bars("median", "data_loss", labels, medians, "ms") | {"text": [""] * len(rows)}
    bars["showlegend"] = False
    bars["error_x"] = {
        "type": "data",
        "symmetric": False,
        "array": [row["high"] - row["median"] for row in rows],
        "arrayminus": [row["median"] - row["low"] for row in rows],
        "color": role("ink"),
        "thickness": 1.5,
    }
    fig = _rows([bars], labels, f"time for {_images(batch)}", "ms")
    csr, compact = (compared(answer, each, batch) for each in ("csr", "compact"))
    summary = (
        f"{_images(batch).capitalize()}, beside the dense kernel: CSR {csr}, compact {compact}."
        f"{_right(proof)}"
    )
    return Drawing(fig, summary, table=_timed_table(rows, proof))


def _timed_table(rows: Sequence[Answer], proof: Answer) -> list[dict[str, Any]]:
    return [
        {
            "network": NETWORKS[row["network"]],
            "lower quartile (ms)": row["low"],
            "median (ms)": row["median"],
            "upper quartile (ms)": row["high"],
            "timed": row["repeats"],
            "validation accuracy": accuracy_text(proof),
        }
        for row in rows
    ]


BOUND_TICKS = {1e-4: "1e-4", 1e-3: "1e-3", 0.01: "0.01", 0.1: "0.1", 1.0: "1"}


def pruned(path: Answer) -> Drawing:
    """Zeros and right answers against the bound ε, with a slider over ε."""
    bounds = path["epsilons"]
    zeros, right = _percent(path["zeros"], path["weights"]), [100 * each for each in path["accuracies"]]
    # A logarithmic axis has no zero: it stands one step before the first bound.
    x = [bound or bounds[1] / 1.5 for bound in bounds]
    errors = _errors(right, path)
    traces = [
        off_by(line("accuracy", "data_loss", x, right), errors),
        line("weights exactly zero", "penalty", x, zeros),
    ]
    fig = figure(
        traces,
        x=axis("bound ε", type="log", tickvals=list(BOUND_TICKS), ticktext=list(BOUND_TICKS.values())),
        y=axis("share", "%", range=[-3, 104]),
    )
    frames = [
        Frame(
            at=position("ε", bound, f"{bound:g}"),
            traces=[
                off_by(dots("accuracy at ε", "data_loss", [at], [good], showlegend=False), [error]),
                dots("zeros at ε", "penalty", [at], [none], showlegend=False),
            ],
            summary=f"{_what_goes(bound)}: {none:.1f} % zeros, {good:.1f} % of "
            f"{path['images']:,} validation images right.",
        )
        for bound, at, none, good, error in zip(bounds, x, zeros, right, errors, strict=True)
    ]
    table = [
        {"ε": bound, "zeros (%)": none, "right (%)": good}
        for bound, none, good in zip(bounds, zeros, right, strict=True)
    ]
    return Drawing(fig, frames=frames, table=table)


def _what_goes(bound: float) -> str:
    return f"All |w| < {bound:g} set to zero" if bound else "As it was trained"


def rivals(paths: Mapping[str, Answer], points: Mapping[str, tuple[float, float]]) -> Drawing:
    """Right answers against zeros: a line for each lane that is pruned, a dot for each network as it is.

    Args:
        paths: `prune_path` answers by what is pruned, at most two.
        points: zeros and right answers, both in percent, by name.
    """
    strokes = (("penalty", "dash"), ("reference", "solid"))
    traces: list[Trace] = [
        _pruned_line(name, colour, path, dash)
        for (name, path), (colour, dash) in zip(paths.items(), strokes, strict=False)
    ]
    marks = (("penalty", "circle"), ("reference", "square"), ("penalty", "star"), ("reference", "diamond"))
    for (name, (x, y)), (colour, symbol) in zip(points.items(), marks, strict=False):
        # Of the same images as the lines.
        errors = _errors([y], next(iter(paths.values())))
        traces.append(off_by(dots(name, colour, [x], [y], size=14, symbol=symbol), errors))
    low = min([y for _, y in points.values()], default=100.0)
    fig = figure(
        traces,
        x=axis("weights exactly zero", "%", range=[-2, 102]),
        y=axis("accuracy", "%", range=[max(-3.0, min(70.0, low - 8)), 101]),
    )
    summary = "; ".join(f"{name}: {x:.1f} % zeros, {y:.1f} % right" for name, (x, y) in points.items()) + "."
    table = [{"network": name, "zeros (%)": x, "right (%)": y} for name, (x, y) in points.items()]
    return Drawing(fig, summary, table=table)


def _pruned_line(name: str, colour: str, path: Answer, dash: str) -> Trace:
    right = [100 * each for each in path["accuracies"]]
    drawn = line(name, colour, _percent(path["zeros"], path["weights"]), right, dash=dash)
    return off_by(drawn, _errors(right, path))


def _errors(right: Sequence[float], path: Answer) -> list[float]:
    """What accuracies in percent may be off, in points, on the images of a `prune_path` answer."""
    return [100 * standard_error(each / 100, path["images"]) for each in right]


def _right(proof: Answer, which: int = 0) -> str:
    """The validation accuracy as a sentence; nothing where the network tells no labels."""
    return "" if accuracy(proof) is None else f" Validation accuracy: {accuracy_text(proof, which)}."


def _images(batch: int) -> str:
    return "one image" if batch == 1 else f"{batch} images"


def _percent(counts: Sequence[int], whole: int) -> list[float]:
    return [100 * each / whole for each in counts]


def _bars(
    name: str, colour: str, labels: Sequence[str], values: Sequence[float], unit: str, faint: bool = False
) -> Trace:
    shown = [f"{value:,.3g}" if value < 1000 else f"{value:,.0f}" for value in values]
    edge = {"color": role(colour), "width": 1}
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": list(labels),
        "x": [float(f"{value:.4g}") for value in values],
        "marker": {"color": role(colour, 0.12 if faint else 0.4), "line": edge},
        "text": [f"{each} {unit}".strip() for each in shown],
        "textposition": "auto",
        "textangle": 0,
        "cliponaxis": False,
        "textfont": {"color": role("ink"), "size": 13},
        "insidetextfont": {"color": role("ink")},
        "outsidetextfont": {"color": role("ink")},
        "hovertemplate": "%{x:,.4~g} " + unit,
    }


def _rows(traces: list[Trace], labels: Sequence[str], title: str, unit: str, **layout: Any) -> Figure:
    """Bars from top to bottom in the order of the labels."""
    names = {"categoryorder": "array", "categoryarray": list(labels)[::-1], "automargin": True, "ticks": ""}
    return figure(
        traces,
        x=axis(title, unit, rangemode="tozero"),
        y=names,
        **({"margin": MARGIN, "bargap": 0.35, "barmode": "group"} | layout),
    )
