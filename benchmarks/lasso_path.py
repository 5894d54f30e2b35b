"""The lasso path of the digits by scikit-learn, for the λ path page: `python -m benchmarks.lasso_path`."""

import gzip
import json
import time

import numpy as np
from sklearn.linear_model import LogisticRegression

from core.lessons.lasso_path import FILE
from core.training.data import digits

N_STRENGTHS = 24
LOWEST = 2e-3
TOLERANCE = 1e-5
MOST_STEPS = 4000


def main() -> None:
    """saga, from λ_max down, each λ starting where the last one ended."""
    images = digits()
    x, y = images.train_x.flatten(1).double().numpy(), images.train_y.numpy()
    labels = np.eye(images.n_outputs)[y]
    strength_max = float(np.abs((labels - labels.mean(0)).T @ x).max()) / len(y)
    model = LogisticRegression(
        l1_ratio=1.0, solver="saga", tol=TOLERANCE, max_iter=MOST_STEPS, warm_start=True
    )
    weights, strengths = [], np.geomspace(strength_max, LOWEST, N_STRENGTHS)
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
    FILE.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{len(strengths)} λs in {time.perf_counter() - started:.1f} s, λ_max = {strength_max:.4g}")


if __name__ == "__main__":
    main()
