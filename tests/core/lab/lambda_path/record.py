"""A λ path made by hand, two seeds at four λs."""

from core.figures.traces import Figure, Trace
from core.lab.lambda_path.path import Path, Stop

RECORD = Path(
    stops=(
        Stop(0.0, (98.0, 96.0), (0.0, 0.0), (200, 200)),
        Stop(1e-4, (97.0, 96.0), (25.0, 35.0), (150, 130)),
        Stop(1e-3, (90.0, 60.0), (75.0, 85.0), (50, 30)),
        Stop(1e-2, (10.0, 10.0), (100.0, 100.0), (0, 0)),
    ),
    weights=200,
    in_degrees=False,
    knee=1,
    cliff=2,
)


def named(fig: Figure, name: str) -> Trace:
    """The trace of this name."""
    return next(trace for trace in fig["data"] if trace["name"] == name)
