"""A run: lanes in lockstep, changes between updates, alarms, and numbers that add up."""

from copy import deepcopy

import pytest
import torch
from torch.nn import functional as F

from core.data.images import load
from core.maths.methods import METHODS
from core.maths.models import TextbookCNN
from core.maths.optimizers import OPTIMIZERS
from core.maths.penalties import PENALTIES
from core.refusals import SpecError
from core.snapshots import Event, Snapshot
from core.spec import MODEL_LAYERS, LaneSpec, Move, RunSpec
from core.training.lane import LOSS_WINDOW
from core.training.run import Run, train

LAYERS = MODEL_LAYERS["textbook_cnn"]
CPU = torch.device("cpu")
ON_BATCHES = [name for name, method in METHODS.items() if not method.full_batch]
PROX = LaneSpec(strength=1e-3, warmup=0.0)
SGD = LaneSpec(optimizer="sgd", learning_rate=0.05, strength=1e-3, warmup=0.0)


def started(*lanes, device=CPU, **fields):
    return Run(RunSpec(lanes=lanes, **fields), device)


def advanced(run, n_updates):
    return [event for _ in range(n_updates) for event in run.advance()]


def weights(run, lane=0):
    return {name: value.detach().clone() for name, value in run.lanes[lane].net.named_parameters()}


def zeros(snapshot):
    return sum(layer.zeros for layer in snapshot.layers.values())


def same(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("method", ON_BATCHES)
@pytest.mark.parametrize("off", [{"penalty": "none"}, {"strength": 0.0}, {"layers": frozenset()}])
def test_without_penalty_a_lane_is_the_plain_optimizer_bit_for_bit(optimizer, method, off):
    lane = LaneSpec(method=method, optimizer=optimizer, learning_rate=0.01, warmup=0.0).changed(**off)
    run = started(lane, seed=3)
    advanced(run, 30)

    images, order = load(RunSpec(), CPU), torch.Generator().manual_seed(3)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        net = TextbookCNN(8).to(memory_format=torch.channels_last)
    rule = {
        "sgd": torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, fused=True),
        "adam": torch.optim.Adam(net.parameters(), lr=0.01, fused=True),
    }[optimizer]
    batches = [batch for _ in range(2) for batch in torch.randperm(1157, generator=order).split(64)]
    for batch in batches[:30]:
        rule.zero_grad()
        F.cross_entropy(net(images.train_x[batch]), images.train_y[batch]).backward()
        rule.step()
    assert same(weights(run), dict(net.named_parameters()))


@pytest.mark.parametrize("penalty", PENALTIES)
def test_the_textbook_method_is_what_a_student_would_write(penalty):
    lane = LaneSpec(method="textbook", penalty=penalty, strength=1e-2, warmup=0.0, optimizer="sgd")
    run = started(lane)
    net = deepcopy(run.lanes[0].net)
    rule, x_y = (
        torch.optim.SGD(net.parameters(), lr=lane.learning_rate, momentum=0.9),
        run.next_batch(),
    )
    advanced(run, 1)
    loss = F.cross_entropy(net(x_y[0]), x_y[1])
    for name in LAYERS:
        loss = loss + 1e-2 * PENALTIES[penalty]().value(net.get_parameter(f"{name}.weight"))
    loss.backward()
    rule.step()
    for name, w in net.named_parameters():
        torch.testing.assert_close(weights(run)[name], w.detach(), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("lane", [PROX, SGD, PROX.changed(method="textbook")])
def test_untargeted_parameters_get_the_plain_update(lane, device):
    run = started(lane.without_penalty(), lane.changed(layers=["fc1"]), device=device)
    advanced(run, 1)
    plain, penalised = weights(run, 0), weights(run, 1)
    changed = {name for name in plain if not torch.equal(plain[name], penalised[name])}
    assert changed == {"fc1.weight"}


def test_bias_on_request():
    run = started(PROX, PROX.changed(include_bias=True, strength=0.5))
    advanced(run, 1)
    assert not any((weights(run, 0)[f"{name}.bias"] == 0).any() for name in LAYERS)
    assert all((weights(run, 1)[f"{name}.bias"] == 0).any() for name in LAYERS)


def test_lanes_start_equal_and_see_the_same_batches():
    run = started(PROX, PROX, PROX.without_penalty())
    assert same(weights(run, 0), weights(run, 2))
    advanced(run, 30)
    assert same(weights(run, 0), weights(run, 1))
    assert not same(weights(run, 0), weights(run, 2))


def test_a_lane_alone_is_the_lane_among_others():
    alone, together = started(PROX), started(PROX.without_penalty(), SGD, PROX)
    advanced(alone, 30)
    advanced(together, 30)
    assert same(weights(alone), weights(together, 2))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_proximal_makes_exact_zeros_and_textbook_none(optimizer, device):
    lane = SGD if optimizer == "sgd" else PROX
    run = started(lane, lane.changed(method="textbook"), device=device)
    advanced(run, 60)
    proximal, textbook = run.snapshot()[0]
    assert zeros(proximal) > 0.2 * 52_768
    assert zeros(textbook) == 0


def test_change_of_strength_changes_no_weight():
    run = started(PROX.without_penalty(), PROX)
    advanced(run, 20)
    before = weights(run, 1)
    events = run.change(1, Move(strength=3e-3))
    assert same(weights(run, 1), before)
    assert [(e.lane, e.step, e.kind, e.field, e.old, e.new) for e in events] == [
        (1, 20, "change", "strength", "0.001", "0.003")
    ]
    assert events[0].text == "λ 1e-3 → 3e-3"
    assert run.spec.lanes[1].strength == 3e-3
    assert run.snapshot()[0][1].strength == 3e-3
    advanced(run, 1)
    assert not same(weights(run, 1), before)


def test_change_of_layers_moves_the_targets():
    run = started(PROX)
    events = run.change(0, Move(layers=["fc1", "conv1"], include_bias=True))
    assert {e.field: (e.old, e.new) for e in events} == {
        "layers": ("conv1.conv2.fc1.fc2", "conv1.fc1"),
        "include_bias": ("false", "true"),
    }
    layers = run.snapshot()[0][0].layers
    assert [name for name in layers if layers[name].targeted] == ["conv1", "fc1"]


def test_a_change_to_the_same_value_is_no_event():
    assert started(PROX).change(0, Move(strength=1e-3)) == []


def test_a_refused_change_changes_nothing():
    lasso = PROX.changed(penalty="group_lasso")
    run = started(lasso, model="textbook_cnn_bn")
    with pytest.raises(SpecError, match="needs units"):
        run.change(0, Move(strength=0.1, layers=["bn1"]))
    with pytest.raises(SpecError, match=r"^lane must be from 0 to 0, got '1'\.$"):
        run.change(1, Move(strength=0.1))
    assert run.spec.lanes == (run.lanes[0].spec,) == (lasso,)


def by_hand(run):
    return sum(float(p.detach().double().abs().sum()) for p in run.lanes[0].pull.targets)


@pytest.mark.parametrize("lane", [PROX, SGD, PROX.changed(method="textbook", include_bias=True)])
def test_numbers_on_the_screen_add_up(lane, device):
    run = started(lane.changed(warmup=0.5), device=device, epochs=2)
    sizes: list[float] = []
    for n_updates in (0, 1, 20):
        for _ in range(n_updates):
            sizes.append(by_hand(run))
            advanced(run, 1)
        (shown,), _ = run.snapshot()
        assert shown.total == shown.data_loss + shown.penalty
        assert shown.penalty == shown.strength * shown.norm
        seen = sizes[-LOSS_WINDOW:] or [by_hand(run)]
        assert shown.norm == pytest.approx(sum(seen) / len(seen), rel=1e-6)
        assert shown.strength == pytest.approx(1e-3 * min(1.0, shown.step / 19))
        assert shown.epoch == shown.step / 19


def test_norm_is_of_the_targets_only():
    (shown,), _ = started(PROX.changed(layers=["fc2"])).snapshot()
    assert shown.norm == pytest.approx(shown.layers["fc2"].norm, rel=1e-6)
    (shown,), _ = started(PROX.without_penalty()).snapshot()
    everything = sum(layer.norm for layer in shown.layers.values())
    assert shown.norm == pytest.approx(everything, rel=1e-6), "what λ has made of it can be compared"
    assert shown.penalty == 0.0
    (shown,), _ = started(PROX.changed(layers=[])).snapshot()
    assert shown.norm == shown.penalty == 0.0


def test_losses_are_means_over_the_last_updates():
    run = started(PROX.without_penalty(), seed=1)
    images, order = load(RunSpec(), CPU), torch.Generator().manual_seed(1)
    batches = torch.randperm(1157, generator=order).split(64)
    losses, right = [], []
    for batch in batches[:18]:
        with torch.no_grad():
            logits = run.lanes[0].net(images.train_x[batch])
        losses.append(float(F.cross_entropy(logits, images.train_y[batch])))
        right.append(float((logits.argmax(1) == images.train_y[batch]).double().mean()))
        if len(losses) == 1:
            (shown,), _ = run.snapshot()
            assert (shown.step, shown.data_loss) == (0, pytest.approx(losses[0]))
        run.advance()
        (shown,), _ = run.snapshot()
        recent, answers = losses[-LOSS_WINDOW:], right[-LOSS_WINDOW:]
        assert shown.data_loss == pytest.approx(sum(recent) / len(recent))
        assert shown.score.train == pytest.approx(sum(answers) / len(answers))


def test_train_takes_changes_between_two_updates():
    def changes(step):
        return [(0, Move(strength=3e-3))] if step == 10 else []

    out = list(train(RunSpec(lanes=(PROX,), epochs=1), CPU, every=10, changes=changes))
    steps = [each.step for each in out if isinstance(each, Snapshot)]
    assert steps == [0, 10, 19]
    assert [(each.step, each.new) for each in out if isinstance(each, Event)] == [(10, "0.003")]
    assert [each.strength for each in out if isinstance(each, Snapshot)] == [1e-3, 1e-3, 3e-3]
    assert [out[0].valid_step, out[-1].valid_step] == [0, 19]


def test_the_test_images_are_looked_at_after_the_last_update_and_not_before():
    run = started(PROX, PROX.without_penalty(), epochs=2)
    while not run.done:
        assert [shown.score.test for shown in run.snapshot(asked=True)[0]] == [None, None]
        advanced(run, 19)
    x, y = run.images.test_x, run.images.test_y
    for shown, lane in zip(run.snapshot(asked=True)[0], run.lanes, strict=True):
        with torch.no_grad():
            right = float((lane.net(x).argmax(1) == y).float().mean())
        assert (shown.score.test, shown.score.n_test) == (pytest.approx(right), len(y))


@pytest.mark.parametrize("every", [1, 7])
def test_the_same_spec_gives_the_same_run_however_often_one_looks(every, monkeypatch):
    monkeypatch.setattr("core.training.looks.ASKED_SECONDS", 60.0)  # However slow the machine is.
    spec = RunSpec(epochs=2, label_noise=0.1, lanes=(PROX, SGD))
    reference = list(train(spec, CPU, every=19))[-2:]
    assert list(train(spec, CPU, every=every))[-2:] == reference
    assert list(train(spec.model_copy(update={"seed": 1}), CPU, every=every))[-2:] != reference


def test_a_lane_whose_answers_are_beyond_numbers_has_diverged_and_shows_its_last_finite_moment():
    lane = LaneSpec(method="textbook", optimizer="sgd", learning_rate=1.0, strength=10.0, warmup=0.0)
    settings = {"model": "small_cnn", "train_size": 64, "label_noise": 0.9, "epochs": 2}
    spec = RunSpec(dataset="rotated_digits", lanes=(lane.without_penalty(), lane), **settings)
    said = list(train(spec, CPU, every=1))
    shown = [each for each in said if isinstance(each, Snapshot)]
    for each in shown:
        assert Snapshot.model_validate_json(each.model_dump_json()) == each
    assert [each.step for each in shown if each.lane == 1] == [0, 1, 1]
    assert [each.kind for each in said if isinstance(each, Event)] == ["diverged"]
