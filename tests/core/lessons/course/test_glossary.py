"""The glossary: every page's terms are known, and values are those of the run."""

import torch

from core.lessons.course.glossary import BY_PAGE, TERMS, measured, values
from core.snapshots import Frame, Point, Snapshot
from core.spec import LaneSpec, RunSpec
from core.training.run import Run, train


def test_every_term_of_a_page_is_known():
    used = {term for terms in BY_PAGE.values() for term in terms}
    assert used <= set(TERMS)
    assert all(BY_PAGE.values())


def test_a_term_is_said_briefly():
    assert all(text.endswith(".") and len(text) < 150 for text in TERMS.values())


def test_values_are_the_settings():
    sgd = LaneSpec(strength=3e-4, optimizer="sgd", learning_rate=0.05, momentum=0.0, warmup=0.25)
    now = values(RunSpec.beside_zero(sgd, batch_size=32))
    assert now["λ"] == "3e-4"
    assert (now["η"], now["μ"], now["τ"]) == ("0.05", "0", "0.05 · 3e-4")
    assert (now["batch"], now["warm-up"], now["lane"]) == ("32 images", "25 % of the run", "2 lanes")
    assert "μ" not in values(RunSpec())
    assert "α" not in now
    assert values(RunSpec.beside_zero(LaneSpec(penalty="elastic_net", alpha=0.5)))["α"] == "0.5"


def test_measured_values_are_the_run_s():
    spec = RunSpec(epochs=1, lanes=(LaneSpec(strength=1e-3, warmup=0.0),))
    last = [each for each in train(spec, torch.device("cpu")) if isinstance(each, Snapshot)][-1]
    now = measured("l1", Point.of(last), Frame.of(last))
    zeros = sum(layer.zeros for layer in last.layers.values())
    assert now["exact zero"] == f"{zeros:,} weights at step {last.step:,}"
    assert now["total loss"] == f"{last.total:.3g} at step {last.step:,}"
    assert now["sparsity"] == f"{100 * zeros / 52_768:.3g} % at step {last.step:,}"
    # One moment: the λ that acted in that total, whatever is set by now.
    assert now["λ"] == f"1e-3 at step {last.step:,}"
    assert all(text.endswith(f" at step {last.step:,}") for text in now.values())
    assert now["w"].startswith("52,768 weights")
    assert "sparsity" not in measured("l1", Point.of(last), None)


def test_the_penalty_s_value_stands_under_the_penalty_in_force():
    """Under L2 the page once called ½Σw² the L1 norm."""
    spec = RunSpec(epochs=1, train_size=64, lanes=(LaneSpec(strength=1e-3, penalty="l2", warmup=0.0),))
    run = Run(spec, torch.device("cpu"))
    [last], _ = run.snapshot(asked=False)
    weights = [w for name, w in run.lanes[0].net.named_parameters() if name.endswith("weight")]
    half = sum(0.5 * (w.double() ** 2).sum().item() for w in weights)
    now = measured("l2", Point.of(last), Frame.of(last))
    assert "Σ|w|" not in now
    assert now["L2"] == f"½Σw² = {half:.3g} at step {last.step:,}"
    assert "τ" not in values(spec)
    assert not {"Σ|w|", "L2"} & set(measured("none", Point.of(last), None))
