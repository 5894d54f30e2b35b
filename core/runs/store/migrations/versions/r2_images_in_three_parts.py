"""A score on the test images, by which runs were watched, is now one on validation images.

Nobody has looked at test images of these runs only once, so they have no test score. A run that kept more
training images than there are now kept nearly all of them: now it says all.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.runs.live import encoding
from core.runs.store.migrations import n_formats

revision = "2"
down_revision = "1"

TRAIN_IMAGES = {
    "digits": 1157,
    "rotated_digits": 1157,
    "mnist": 50_000,
    "fashion_mnist": 50_000,
    "cifar10": 41_667,
}
"""How many there are since then."""

TEST_IMAGES = {"digits": 360, "rotated_digits": 360}
TEST_IMAGES_ELSE = 10_000
"""How many images runs were watched on, before there were three parts."""

RUNS = sa.table("runs", sa.column("id"), sa.column("spec"))
MOMENTS = sa.table("moments", sa.column("run"), sa.column("number"), sa.column("points"))


def upgrade() -> None:
    """Rewrite specs and points, run by run."""
    connection = op.get_bind()
    if n_formats(connection) >= 1:
        return
    for run, text in connection.execute(sa.select(RUNS.c.id, RUNS.c.spec)).all():
        spec = json.loads(text)
        dataset = spec.get("dataset", "digits")
        if spec.get("train_size", 0) > TRAIN_IMAGES.get(dataset, 0):
            whole = json.dumps(spec | {"train_size": 0})
            connection.execute(sa.update(RUNS).where(RUNS.c.id == run).values(spec=whole))
        n_valid = TEST_IMAGES.get(dataset, TEST_IMAGES_ELSE)
        of_run = sa.select(MOMENTS.c.number, MOMENTS.c.points).where(MOMENTS.c.run == run)
        for number, kept in connection.execute(of_run).all():
            points = json.loads(f"[{encoding.unpacked(kept)}]")
            packed = encoding.packed(encoding.dumps(_watched(point, n_valid)) for point in points)
            one = (MOMENTS.c.run == run, MOMENTS.c.number == number)
            connection.execute(sa.update(MOMENTS).where(*one).values(points=packed))


def _watched(point: dict[str, Any], n_valid: int) -> dict[str, Any]:
    kind = "accuracy" if "test_accuracy" in point else "error"
    valid, step = point.pop(f"test_{kind}"), point.pop("test_step")
    scores = {f"valid_{kind}": valid, "valid_step": step, "n_valid": n_valid}
    return point | scores | {f"test_{kind}": None, "n_test": 0}
