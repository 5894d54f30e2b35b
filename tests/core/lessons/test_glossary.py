"""The glossary: every page's terms are known, and values are those of the run."""

import json

import torch

from core.lessons.glossary import BY_PAGE, TERMS, measured, values
from core.lessons.guided_path import PAGES
from core.runs import encoding
from core.snapshots import Snapshot
from core.spec import LaneSpec, RunSpec
from core.training.loop import train


def test_every_page_has_its_terms_and_every_term_a_page():
    used = {term for terms in BY_PAGE.values() for term in terms}
    assert used <= set(TERMS)
    assert set(PAGES) - set(BY_PAGE) == {"check", "summary"}


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
    point, frame = json.loads(encoding.point(last, "")), json.loads(encoding.frame(last))
    now = measured(point, frame["layers"])
    zeros = sum(layer.zeros for layer in last.layers.values())
    assert now["exact zero"] == f"{zeros:,} weights"
    assert now["total loss"] == f"{last.total:.3g}"
    assert now["sparsity"] == f"{100 * zeros / 52_768:.3g} %"
    assert now["w"].startswith("52,768 weights")
    assert "sparsity" not in measured(point, {})
