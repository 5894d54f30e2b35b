"""A run: lanes in lockstep, changes between updates, alarms, and numbers that add up."""

from copy import deepcopy

import pytest
import torch
from torch.nn import functional as F

from core.refusals import SpecError
from core.snapshots import Event, Snapshot
from core.spec import MODEL_LAYERS, LaneSpec, RunSpec
from core.training.data import load
from core.training.lane import LOSS_WINDOW
from core.training.loop import Experiment, train
from core.training.methods import METHODS
from core.training.models import TextbookCNN
from core.training.optimizers import OPTIMIZERS
from core.training.penalties import PENALTIES

LAYERS = MODEL_LAYERS["textbook_cnn"]
CPU = torch.device("cpu")
ON_BATCHES = [name for name, method in METHODS.items() if not method.full_batch]
PROX = LaneSpec(strength=1e-3, warmup=0.0)
SGD = LaneSpec(optimizer="sgd", learning_rate=0.05, strength=1e-3, warmup=0.0)


def started(*lanes, device=CPU, **fields):
    return Experiment(RunSpec(lanes=lanes, **fields), device)


def advanced(experiment, n_updates):
    return [event for _ in range(n_updates) for event in experiment.advance()]


def weights(experiment, lane=0):
    return {name: value.detach().clone() for name, value in experiment.lanes[lane].net.named_parameters()}


def zeros(snapshot):
    return sum(layer.zeros for layer in snapshot.layers.values())


def same(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("method", ON_BATCHES)
@pytest.mark.parametrize("off", [{"penalty": "none"}, {"strength": 0.0}, {"layers": frozenset()}])
def test_without_penalty_a_lane_is_the_plain_optimizer_bit_for_bit(optimizer, method, off):
    lane = LaneSpec(method=method, optimizer=optimizer, learning_rate=0.01, warmup=0.0).changed(**off)
    experiment = started(lane, seed=3)
    advanced(experiment, 30)

    images, order = load(RunSpec(), CPU), torch.Generator().manual_seed(3)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        net = TextbookCNN(8).to(memory_format=torch.channels_last)
    rule = {
        "sgd": torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, fused=True),
        "adam": torch.optim.Adam(net.parameters(), lr=0.01, fused=True),
    }[optimizer]
    batches = [batch for _ in range(2) for batch in torch.randperm(1437, generator=order).split(64)]
    for batch in batches[:30]:
        rule.zero_grad()
        F.cross_entropy(net(images.train_x[batch]), images.train_y[batch]).backward()
        rule.step()
    assert same(weights(experiment), dict(net.named_parameters()))


@pytest.mark.parametrize("penalty", PENALTIES)
def test_the_textbook_method_is_what_a_student_would_write(penalty):
    lane = LaneSpec(method="textbook", penalty=penalty, strength=1e-2, warmup=0.0, optimizer="sgd")
    experiment = started(lane)
    net = deepcopy(experiment.lanes[0].net)
    rule, x_y = torch.optim.SGD(net.parameters(), lr=lane.learning_rate, momentum=0.9), experiment._batch()
    advanced(experiment, 1)
    loss = F.cross_entropy(net(x_y[0]), x_y[1])
    for name in LAYERS:
        loss = loss + 1e-2 * PENALTIES[penalty]().value(net.get_parameter(f"{name}.weight"))
    loss.backward()
    rule.step()
    for name, w in net.named_parameters():
        torch.testing.assert_close(weights(experiment)[name], w.detach(), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("lane", [PROX, SGD, PROX.changed(method="textbook")], ids=str)
def test_untargeted_parameters_get_the_plain_update(lane, device):
    experiment = started(lane.without_penalty(), lane.changed(layers=["fc1"]), device=device)
    advanced(experiment, 1)
    plain, penalised = weights(experiment, 0), weights(experiment, 1)
    changed = {name for name in plain if not torch.equal(plain[name], penalised[name])}
    assert changed == {"fc1.weight"}


def test_bias_on_request():
    experiment = started(PROX, PROX.changed(include_bias=True, strength=0.5))
    advanced(experiment, 1)
    assert not any((weights(experiment, 0)[f"{name}.bias"] == 0).any() for name in LAYERS)
    assert all((weights(experiment, 1)[f"{name}.bias"] == 0).any() for name in LAYERS)


def test_lanes_start_equal_and_see_the_same_batches():
    experiment = started(PROX, PROX, PROX.without_penalty())
    assert same(weights(experiment, 0), weights(experiment, 2))
    advanced(experiment, 30)
    assert same(weights(experiment, 0), weights(experiment, 1))
    assert not same(weights(experiment, 0), weights(experiment, 2))


def test_a_lane_alone_is_the_lane_among_others():
    alone, together = started(PROX), started(PROX.without_penalty(), SGD, PROX)
    advanced(alone, 30)
    advanced(together, 30)
    assert same(weights(alone), weights(together, 2))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_proximal_makes_exact_zeros_and_textbook_none(optimizer, device):
    lane = SGD if optimizer == "sgd" else PROX
    experiment = started(lane, lane.changed(method="textbook"), device=device)
    advanced(experiment, 60)
    proximal, textbook = experiment.snapshot()[0]
    assert zeros(proximal) > 0.2 * 52_768
    assert zeros(textbook) == 0


def test_change_of_strength_changes_no_weight():
    experiment = started(PROX.without_penalty(), PROX)
    advanced(experiment, 20)
    before = weights(experiment, 1)
    events = experiment.change(1, strength=3e-3)
    assert same(weights(experiment, 1), before)
    assert [(e.lane, e.step, e.kind, e.field, e.old, e.new) for e in events] == [
        (1, 20, "change", "strength", "0.001", "0.003")
    ]
    assert events[0].text == "λ 1e-3 → 3e-3"
    assert experiment.spec.lanes[1].strength == 3e-3
    assert experiment.snapshot()[0][1].strength == 3e-3
    advanced(experiment, 1)
    assert not same(weights(experiment, 1), before)


def test_change_of_layers_moves_the_targets():
    experiment = started(PROX)
    events = experiment.change(0, layers=["fc1", "conv1"], include_bias=True)
    assert {e.field: (e.old, e.new) for e in events} == {
        "layers": ("conv1.conv2.fc1.fc2", "conv1.fc1"),
        "include_bias": ("false", "true"),
    }
    layers = experiment.snapshot()[0][0].layers
    assert [name for name in layers if layers[name].targeted] == ["conv1", "fc1"]


def test_a_change_to_the_same_value_is_no_event():
    assert started(PROX).change(0, strength=1e-3) == []


def test_a_refused_change_changes_nothing():
    experiment = started(PROX)
    with pytest.raises(SpecError, match="strength"):
        experiment.change(0, strength=-1.0)
    assert experiment.spec.lanes == (PROX,)


@pytest.mark.parametrize("lane", [PROX, SGD, PROX.changed(method="textbook", include_bias=True)], ids=str)
def test_numbers_on_the_screen_add_up(lane, device):
    experiment = started(lane.changed(warmup=0.5), device=device, epochs=2)
    for n_updates in (0, 1, 20):
        advanced(experiment, n_updates)
        (shown,), _ = experiment.snapshot()
        assert shown.total == shown.data_loss + shown.penalty
        assert shown.penalty == shown.strength * shown.norm
        by_hand = sum(float(p.detach().double().abs().sum()) for p in experiment.lanes[0].targets)
        assert shown.norm == pytest.approx(by_hand, rel=1e-6)
        assert shown.strength == pytest.approx(1e-3 * min(1.0, shown.step / 23))
        assert shown.epoch == shown.step / 23


def test_norm_is_of_the_targets_only():
    (shown,), _ = started(PROX.changed(layers=["fc2"])).snapshot()
    assert shown.norm == pytest.approx(shown.layers["fc2"].norm, rel=1e-6)
    (shown,), _ = started(PROX.without_penalty()).snapshot()
    assert shown.norm == shown.penalty == 0.0


def test_losses_are_means_over_the_last_updates():
    experiment = started(PROX.without_penalty(), seed=1)
    images, order = load(RunSpec(), CPU), torch.Generator().manual_seed(1)
    batches = torch.randperm(1437, generator=order).split(64)
    losses, right = [], []
    for batch in batches[:20]:
        with torch.no_grad():
            logits = experiment.lanes[0].net(images.train_x[batch])
        losses.append(float(F.cross_entropy(logits, images.train_y[batch])))
        right.append(float((logits.argmax(1) == images.train_y[batch]).double().mean()))
        if len(losses) == 1:
            (shown,), _ = experiment.snapshot()
            assert (shown.step, shown.data_loss) == (0, pytest.approx(losses[0]))
        experiment.advance()
        (shown,), _ = experiment.snapshot()
        recent, answers = losses[-LOSS_WINDOW:], right[-LOSS_WINDOW:]
        assert shown.data_loss == pytest.approx(sum(recent) / len(recent))
        assert shown.train_accuracy == pytest.approx(sum(answers) / len(answers))


def test_every_image_once_an_epoch_in_another_order():
    experiment = started(PROX, train_size=100, batch_size=32)
    epochs = []
    for _ in range(2):
        seen = []
        for _ in range(4):
            seen.append(experiment._epoch_batches[experiment.step % 4])
            experiment.advance()
        epochs.append(torch.cat(seen))
    assert all(sorted(seen.tolist()) == list(range(100)) for seen in epochs)
    assert not torch.equal(*epochs)
    assert experiment.snapshot()[0][0].epoch == 2.0


def test_train_takes_changes_between_two_updates():
    def changes(step):
        return [(0, {"strength": 3e-3})] if step == 10 else []

    out = list(train(RunSpec(lanes=(PROX,), epochs=1), CPU, every=10, changes=changes))
    steps = [each.step for each in out if isinstance(each, Snapshot)]
    assert steps == [0, 10, 20, 23]
    assert [(each.step, each.new) for each in out if isinstance(each, Event)] == [(10, "0.003")]
    assert [each.strength for each in out if isinstance(each, Snapshot)] == [1e-3, 1e-3, 3e-3, 3e-3]
    assert [out[0].test_step, out[-1].test_step] == [0, 23]


@pytest.mark.parametrize("every", [1, 7])
def test_the_same_spec_gives_the_same_run_however_often_one_looks(every):
    spec = RunSpec(epochs=2, label_noise=0.1, lanes=(PROX, SGD))
    reference = list(train(spec, CPU, every=23))[-2:]
    assert list(train(spec, CPU, every=every))[-2:] == reference
    assert list(train(spec.model_copy(update={"seed": 1}), CPU, every=every))[-2:] != reference


@pytest.mark.parametrize("lane", [PROX, SGD, *(PROX.changed(method=m) for m in ON_BATCHES)], ids=str)
def test_a_multiplier_is_another_strength_for_its_layer(lane):
    # One update: fc1 as at half the λ, conv1 as without penalty, the others as before.
    factors = {"fc1": 0.5, "conv1": 0.0}
    experiment = started(
        lane, lane.changed(multipliers=factors), lane.changed(strength=5e-4), lane.without_penalty()
    )
    advanced(experiment, 1)
    whole, scaled, half, none = (weights(experiment, index) for index in range(4))
    expected = {"fc1.weight": half, "conv1.weight": none}
    for name in scaled:
        torch.testing.assert_close(scaled[name], expected.get(name, whole)[name], rtol=1e-6, atol=0)


def test_the_reported_penalty_counts_the_multipliers():
    (shown,), _ = started(PROX.changed(multipliers={"fc1": 0.5, "conv1": 0.0})).snapshot()
    norms = {name: layer.norm for name, layer in shown.layers.items()}
    assert shown.norm == pytest.approx(0.5 * norms["fc1"] + norms["conv2"] + norms["fc2"], rel=1e-6)
    assert shown.penalty == shown.strength * shown.norm


@pytest.mark.parametrize("lane", [PROX, SGD, SGD.changed(momentum=0.0)], ids=str)
def test_polishing_keeps_the_zeros_and_refits_the_rest(lane):
    polished = lane.changed(polish=0.5)
    experiment = started(lane, polished, epochs=6)
    advanced(experiment, 69)
    before = weights(experiment, 1)
    # Up to here it is the same lane, bit for bit.
    assert same(before, weights(experiment, 0))
    assert [each.strength for each in experiment.snapshot()[0]] == [1e-3, 0.0]
    advanced(experiment, 69)
    after, shrunk = weights(experiment, 1), weights(experiment, 0)
    for name, w in after.items():
        assert torch.equal(w == 0, before[name] == 0)
        assert not torch.equal(w, before[name])
    assert sum(int((w == 0).sum()) for w in after.values()) > 2_000
    # Without the pull of the penalty the data loss is lower: the bias of the shrinkage is gone.
    images = load(RunSpec(), CPU)
    losses = [
        float(F.cross_entropy(lane.net(images.train_x), images.train_y).detach()) for lane in experiment.lanes
    ]
    assert losses[1] < losses[0]
    assert not same(after, shrunk)
