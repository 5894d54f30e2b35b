"""Linear model on digits: our FISTA beside scikit-learn's saga and, where it is installed, skglm.

    python -m benchmarks.linear

Each is given the shortest run that gets its objective within 1e-6 of the optimum, found beforehand; then they
take turns, and the ratio of medians is what to compare. Ten digits: softmax regression. skglm has no softmax;
"odd or even" is a problem all three have, because two rows of weights with L1 are one row with L1.
"""

import importlib.util
import statistics
import time
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from torch import Tensor
from torch.nn import functional as F

from benchmarks.options import asked, parser
from core.data.images import digits
from core.maths.fista import Fista
from core.maths.losses import CrossEntropy
from core.maths.method import Pull
from core.maths.models import Linear
from core.maths.penalties import PENALTIES
from core.spec import LaneSpec

CLOSE = 1e-6
MOST_ITERATIONS = 20_000

Point = tuple[np.ndarray, np.ndarray]
Solver = Callable[[int], Point]
"""A run of so many iterations, from zero; gives W (classes × pixels) and b."""


class Task:
    """Images and labels, and the objective that every solver is judged by, in float64."""

    def __init__(self, x: Tensor, y: Tensor, strength: float) -> None:
        self.x, self.y, self.strength = x, y, strength
        self.n_classes = int(y.max()) + 1

    def objective(self, point: Point) -> float:
        w, b = (torch.as_tensor(each, dtype=torch.float64) for each in point)
        if len(w) == 1:
            w, b = torch.cat([-w / 2, w / 2]), torch.cat([-b / 2, b / 2])
        loss = F.cross_entropy(F.linear(self.x.double(), w, b), self.y)
        return float(loss) + self.strength * float(w.abs().sum())


def fista(task: Task, dtype: torch.dtype) -> Solver:
    x, y = task.x.to(dtype).reshape(-1, 1, 8, 8), task.y

    def solve(n_updates: int) -> Point:
        net, penalty = Linear(8, n_classes=task.n_classes).to(dtype), PENALTIES["l1"]()
        for each in net.parameters():
            torch.nn.init.zeros_(each)
        method = Fista(net.parameters(), LaneSpec(method="fista"))
        for _ in range(n_updates):
            method.look_ahead(x, CrossEntropy.curvature)
            method.update(F.cross_entropy(net(x), y), Pull(penalty, [net.fc1.weight], [task.strength]))
        return net.fc1.weight.detach().numpy(), net.fc1.bias.detach().numpy()

    return solve


def saga(task: Task, dtype: torch.dtype) -> Solver:
    x, y = task.x.to(dtype).numpy(), task.y.numpy()

    def solve(n_epochs: int) -> Point:
        model = LogisticRegression(
            l1_ratio=1.0,
            C=1.0 / (len(y) * task.strength),
            solver="saga",
            tol=0.0,
            max_iter=n_epochs,
            random_state=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(x, y)
        return model.coef_, model.intercept_

    return solve


def skglm(task: Task, dtype: torch.dtype) -> Solver:
    from skglm import SparseLogisticRegression

    x, y = task.x.to(dtype).numpy(), task.y.numpy()

    def solve(n_iterations: int) -> Point:
        model = SparseLogisticRegression(alpha=task.strength, tol=0.0, max_iter=n_iterations)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(x, y)
        return model.coef_.reshape(1, -1), np.atleast_1d(model.intercept_)

    return solve


def fewest(solve: Solver, good: Callable[[Point], bool]) -> int | None:
    """Iterations that are enough: the first of 1, 1.25, 1.25², … rounded; None if MOST_ITERATIONS are not."""
    return next((n for n in _growing() if good(solve(n))), None)


def _growing() -> Iterator[int]:
    n = 1
    while n <= MOST_ITERATIONS:
        yield n
        n = max(n + 1, round(n * 1.25))


def compare(name: str, task: Task, solvers: dict[str, Solver], rounds: int) -> None:
    best = task.objective(fista(task, torch.float64)(2000))
    print(f"\n{name}, λ = {task.strength:g}: least objective {best:.9f}; time to within {CLOSE:g} of it")
    enough = {
        label: fewest(solve, lambda point: task.objective(point) <= best + CLOSE)
        for label, solve in solvers.items()
    }
    times: dict[str, list[float]] = {label: [] for label, n in enough.items() if n is not None}
    for _ in range(rounds):
        for label, taken in times.items():
            started = time.perf_counter()
            solvers[label](enough[label] or 0)
            taken.append(time.perf_counter() - started)
    base = statistics.median(times["scikit-learn saga"])
    for label, n in enough.items():
        if n is None:
            print(f"  {label:22} not there after {MOST_ITERATIONS} iterations")
            continue
        median = statistics.median(times[label])
        print(f"  {label:22}{median * 1e3:8.1f} ms   {median / base:5.2f} × saga's time   {n} iterations")


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("--strengths", type=float, nargs="+", default=[1e-2, 1e-3])
    asks.add_argument("--rounds", type=int, default=5)
    options = asked(asks, strengths=[0.05], rounds=1)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    images = digits()
    x, y = images.train_x.flatten(1), images.train_y
    for strength in options.strengths:
        ten, two = Task(x, y, strength), Task(x, y % 2, strength)
        solvers = {"ours, float32": fista(ten, torch.float32), "ours, float64": fista(ten, torch.float64)}
        compare("Ten digits", ten, solvers | {"scikit-learn saga": saga(ten, torch.float64)}, options.rounds)
        solvers = {"ours, float32": fista(two, torch.float32), "scikit-learn saga": saga(two, torch.float64)}
        if importlib.util.find_spec("skglm"):
            solvers["skglm"] = skglm(two, torch.float64)
        compare("Odd or even", two, solvers, options.rounds)
    if not importlib.util.find_spec("skglm"):
        print("\nskglm is not installed here: pip install skglm")


if __name__ == "__main__":
    main()
