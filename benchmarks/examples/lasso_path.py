"""The lasso path of the digits by scikit-learn, for λ path: `python -m benchmarks.examples.lasso_path`."""

import gzip
import json
import time
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.options import SMALL_FOLDER, asked, parser
from core.data.images import digits
from core.lab.lambda_path.lasso import FILE

TOLERANCE = 1e-5
MOST_STEPS = 4000


def main() -> None:
    """saga, from λ_max down, each λ starting where the last one ended."""
    asks = parser(__doc__)
    asks.add_argument("--strengths", type=int, default=24, help="how many λs")
    asks.add_argument("--lowest", type=float, default=2e-4, help="the smallest λ")
    asks.add_argument("--out", type=Path, default=FILE, help="the file to write")
    options = asked(asks, strengths=3, lowest=0.1, out=SMALL_FOLDER / FILE.name)
    images = digits()
    x, y = images.train_x.flatten(1).double().numpy(), images.train_y.numpy()
    labels = np.eye(images.n_outputs)[y]
    strength_max = float(np.abs((labels - labels.mean(0)).T @ x).max()) / len(y)
    model = LogisticRegression(
        l1_ratio=1.0, solver="saga", tol=TOLERANCE, max_iter=MOST_STEPS, warm_start=True
    )
    weights, strengths = [], np.geomspace(strength_max, options.lowest, options.strengths)
    started = time.perf_counter()
    for strength in strengths:
        model.set_params(C=1.0 / (len(y) * strength)).fit(x, y)
        weights.append(model.coef_.copy())
    kept = {
        "strengths": [float(f"{each:.4g}") for each in strengths[::-1]],
        "weights": [[[float(f"{w:.3g}") for w in row] for row in each] for each in weights[::-1]],
        "norms": [float(f"{np.abs(each).sum():.5g}") for each in weights[::-1]],
        "strength_max": strength_max,
    }
    text = json.dumps(kept, separators=(",", ":"), allow_nan=False)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{len(strengths)} λs in {time.perf_counter() - started:.1f} s, λ_max = {strength_max:.4g}")


if __name__ == "__main__":
    main()
