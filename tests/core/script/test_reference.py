"""The reference computes what the trainer does, piece by piece, and is fit to be cut."""

import ast
from itertools import product

import pytest
import torch
from torch.nn import functional as F

from core import words
from core.data.images import load
from core.maths.method import Pull
from core.maths.methods import METHODS
from core.maths.models import MODELS, penalised
from core.maths.optimizers import OPTIMIZERS
from core.maths.penalties import PENALTIES
from core.script import assemble, reference
from core.script.recipe import ordered, recipe
from core.script.settings import known
from core.spec import TRAIN_IMAGES, LaneSpec, RunSpec
from tests.core.script.scripts import check, said_by

TREE = ast.parse(assemble.REFERENCE.read_text(encoding="utf-8"))
FUNCTIONS = [node for node in ast.walk(TREE) if isinstance(node, ast.FunctionDef)]
SPEC = LaneSpec(alpha=0.3, strength=0.02, multipliers={"fc1": 0.5}, layers=["conv1", "fc1"], warmup=0.0)


def as_lane(spec: LaneSpec) -> reference.Lane:
    fields = spec.model_dump() | {
        "layers": tuple(ordered(spec.layers)),
        "multipliers": dict(spec.multipliers),
    }
    return reference.Lane("this one", **fields)


def test_its_tables_have_all_that_a_script_may_ask_for():
    assert reference.VALUES.keys() == reference.PROXES.keys() == PENALTIES.keys() - {"none"}
    assert reference.UPDATES.keys() == METHODS.keys() - {"fista"}
    assert reference.MODELS.keys() == MODELS.keys()
    assert reference.DATASETS.keys() == TRAIN_IMAGES.keys()


def test_a_headline_has_a_word_for_everything():
    assert {kind: cls.__name__ for kind, cls in reference.MODELS.items()} == assemble.NETWORKS
    assert assemble.DATASETS.keys() == reference.DATASETS.keys()
    assert words.PENALTIES.keys() - {"none"} == reference.VALUES.keys()


@pytest.mark.parametrize("shape", [(6, 40), (8, 3, 3, 3)])
@pytest.mark.parametrize("kind", reference.VALUES)
def test_penalties_and_their_maps_are_the_trainers(kind, shape):
    draws = torch.Generator().manual_seed(1)
    w, each = torch.randn(shape, generator=draws), torch.rand(shape, generator=draws)
    lane, penalty = as_lane(SPEC), PENALTIES[kind](alpha=SPEC.alpha)
    assert torch.equal(reference.VALUES[kind](w, lane), penalty.value(w))
    for tau in (0.0, 0.7, each, 3.0 * each):
        assert torch.equal(reference.PROXES[kind](w, tau, lane), penalty.prox(w, tau))


@pytest.mark.parametrize("kind", MODELS)
def test_networks_are_the_trainers(kind):
    x, nets = torch.rand(4, 3, 12, 12), []
    for tables in (MODELS, reference.MODELS):
        torch.manual_seed(3)
        nets.append(tables[kind](12, 3, 5))
    assert nets[0].state_dict().keys() == nets[1].state_dict().keys()
    assert torch.equal(nets[0](x), nets[1](x))


@pytest.mark.parametrize("name", ["digits", "rotated_digits"])
def test_images_are_the_trainers(name):
    images = load(RunSpec(dataset=name), torch.device("cpu"))
    theirs = [getattr(images, f"{part}_{what}") for part in ("train", "valid", "test") for what in "xy"]
    mine = reference.DATASETS[name]()
    assert all(torch.equal(own, its_own) for own, its_own in zip(mine, theirs, strict=True))


UPDATES = [
    (method, rule, kind)
    for method, rule, kind in product(reference.UPDATES, OPTIMIZERS, reference.VALUES)
    if method != "spred" or kind == "l1"
]


@pytest.mark.parametrize(("method", "rule", "kind"), UPDATES)
def test_updates_are_the_trainers(method, rule, kind):
    spec = SPEC.changed(method=method, optimizer=rule, penalty=kind, learning_rate=0.01)
    lane, draws = as_lane(spec), torch.Generator().manual_seed(2)
    torch.manual_seed(0)
    mine = reference.SmallCNN(8, 1, 10)
    theirs = MODELS["small_cnn"](8, 1, 10)
    theirs.load_state_dict(mine.state_dict())
    optimizer = reference.optimizer_of(mine.parameters(), lane)
    its = METHODS[method](theirs.parameters(), spec)
    targets = [w for layer in ("conv1", "fc1") for w in penalised(theirs, [layer], False)]
    for _ in range(3):
        x, y = torch.rand(16, 1, 8, 8, generator=draws), torch.randint(0, 10, (16,), generator=draws)
        reference.UPDATES[method](mine, optimizer, F.cross_entropy(mine(x), y), spec.strength, lane)
        its.update(F.cross_entropy(theirs(x), y), Pull(PENALTIES[kind](spec.alpha), targets, [0.02, 0.01]))
    for own, its_own in zip(mine.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(own, its_own, rtol=1e-5, atol=1e-7)
        assert torch.equal(own == 0, its_own == 0)


def test_it_runs_by_itself(tmp_path):
    said = said_by(tmp_path, {"reference": assemble.REFERENCE.read_text(encoding="utf-8")})
    check(said["reference"], RunSpec.beside_zero(LaneSpec(), epochs=reference.EPOCHS))


def test_no_local_variable_has_a_name_of_the_module():
    module = {node.name for node in TREE.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    module |= {ast.unparse(node.targets[0]) for node in TREE.body if isinstance(node, ast.Assign)}
    arguments = {each.arg for function in FUNCTIONS for each in function.args.args}
    inside = (node for function in FUNCTIONS for node in ast.walk(function) if isinstance(node, ast.Name))
    assigned = {node.id for node in inside if isinstance(node.ctx, ast.Store)}
    assert not module & (arguments | assigned)


def test_no_branch_is_an_elif():
    # The cut takes the lines of a branch, and those of an `elif` are no block of their own.
    lines = assemble.REFERENCE.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.lstrip().startswith("elif ")]


def test_what_is_known_of_conditions_is_asked_there():
    texts = {ast.unparse(node) for node in ast.walk(TREE) if isinstance(node, ast.expr)}
    facts = known(recipe(RunSpec.beside_zero(LaneSpec())))
    assert facts.truths.keys() <= texts
    assert facts.ones <= texts
    names = {ast.unparse(each) for node in TREE.body for each in getattr(node, "targets", [])}
    assert facts.names.keys() - {"__name__", "CHANGES"} <= names
