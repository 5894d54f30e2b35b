"""A run that is written down and read back goes on bit for bit, whatever it was doing and whenever it was."""

from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.maths.methods import METHODS
from core.maths.optimizers import OPTIMIZERS
from core.maths.penalties import PENALTIES
from core.spec import MODEL_LAYERS, LaneSpec, Move, RunSpec
from core.training.run import Run
from core.training.saved import UnreadableError, from_bytes, to_bytes

ON_BATCHES = sorted(METHODS.keys() - {"fista"})
CPU = torch.device("cpu")
IMAGES = {"batch_size": 32, "train_size": 96, "epochs": 8}
N_UPDATES = 24
"""Three an epoch: warm-up, pruning, freezing and refit all fall into them."""

PHASES = {"warmup": 0.2, "freeze": 0.4, "polish": 0.2, "prune": 0.5, "prune_rounds": 3}


def lane(**fields):
    return LaneSpec(**{"strength": 1e-3, "learning_rate": 0.01, **PHASES, **fields})


def advance(run, until, moves=()):
    while run.step < until:
        for step, index, move in moves:
            if step == run.step:
                run.change(index, move)
        run.advance()


def read_back(run, n_moves=0):
    return from_bytes(to_bytes(run, n_moves)).run(CPU, run.id, run.images)


def same(one, other):
    """Whether two trees are equal, their tensors bit by bit."""
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def assert_goes_on(spec, at, moves=()):
    """To the last bit of all that the run knows, window, momenta, masks and reach included."""
    whole = Run(spec, CPU)
    advance(whole, at, moves)
    resumed = read_back(whole)
    for run in (whole, resumed):
        advance(run, N_UPDATES, moves)
        run.snapshot(asked=True)
    assert same(resumed.state(), whole.state())
    assert resumed.spec == whole.spec


@pytest.mark.parametrize(("method", "optimizer"), list(product(ON_BATCHES, OPTIMIZERS)))
def test_every_method_with_every_optimizer(method, optimizer):
    for at in (0, 1, 11, 16, 21):
        lanes = (lane(optimizer=optimizer, method=method), lane(optimizer=optimizer, momentum=0.0))
        assert_goes_on(RunSpec(model="small_cnn", lanes=lanes, **IMAGES), at)


@pytest.mark.parametrize("include_bias", [False, True])
def test_fista(include_bias):
    for at in (0, 1, 11, 21):
        lanes = (lane(method="fista", include_bias=include_bias, prune=0.0),)
        assert_goes_on(RunSpec(model="linear", lanes=lanes, **IMAGES), at)


@pytest.mark.parametrize("penalty", PENALTIES)
def test_every_penalty(penalty):
    assert_goes_on(RunSpec(model="small_cnn", lanes=(lane(penalty=penalty),), **IMAGES), 11)


@pytest.mark.parametrize("model", MODEL_LAYERS)
def test_every_network(model):
    assert_goes_on(RunSpec(model=model, lanes=(lane(),), seed=3, **IMAGES), 11)


@pytest.mark.parametrize("fields", [{"dataset": "rotated_digits"}, {"precision": "bfloat16"}, {"fold": 2}])
def test_other_images_and_another_precision(fields):
    assert_goes_on(RunSpec(model="small_cnn", lanes=(lane(),), **IMAGES, **fields), 11)


@st.composite
def moves(draw):
    names = st.sampled_from(("conv1", "conv2", "fc1", "fc2"))
    fields = {
        "strength": st.sampled_from((0.0, 1e-4, 3e-3, 0.1)),
        "layers": st.frozensets(names).map(list),
        "include_bias": st.booleans(),
    }
    made = st.fixed_dictionaries({}, optional=fields).filter(bool).map(Move.checked)
    return draw(st.lists(st.tuples(st.integers(0, N_UPDATES - 1), st.integers(0, 1), made), max_size=10))


@settings(max_examples=25, deadline=None)
@given(
    moves(),
    st.integers(0, N_UPDATES),
    st.sampled_from(ON_BATCHES),
    st.sampled_from(sorted(OPTIMIZERS)),
)
def test_whatever_was_moved_before_and_after(made, at, method, optimizer):
    lanes = (lane(method=method, optimizer=optimizer), lane(optimizer=optimizer))
    assert_goes_on(RunSpec(model="small_cnn", lanes=lanes, **IMAGES), at, made)


def test_a_lane_that_diverged_keeps_its_last_finite_snapshot():
    run = Run(RunSpec(model="small_cnn", lanes=(LaneSpec(), LaneSpec()), **IMAGES), CPU)
    run.snapshot()
    with torch.no_grad():
        next(run.lanes[0].net.parameters()).fill_(torch.nan)
    advance(run, 16)
    assert run.lanes[0].diverged
    assert not run.lanes[1].diverged
    assert read_back(run).snapshot()[0][0] == run.snapshot()[0][0]


@pytest.mark.parametrize("damage", ["empty", "short", "foreign"])
def test_what_is_no_state_is_refused_in_a_sentence(damage):
    data = to_bytes(Run(RunSpec(model="linear", lanes=(LaneSpec(),)), CPU), 0)
    torn = {
        "empty": b"",
        "short": data[: len(data) // 2],
        "foreign": b"\x10" + bytes(7) + b'{"a":1}' + bytes(99),
    }
    with pytest.raises(UnreadableError, match="cannot be read"):
        from_bytes(torn[damage])


def test_lanes_that_are_updated_together_go_on_together():
    spec = RunSpec(model="small_cnn", lanes=(lane(), lane(strength=0.1)), **IMAGES)
    whole, resumed = (Run(spec, CPU, together=True) for _ in range(2))
    advance(whole, 11)
    resumed.restore(from_bytes(to_bytes(whole, 0)).state)
    for run in (whole, resumed):
        advance(run, N_UPDATES)
    assert same(resumed.state(), whole.state())
