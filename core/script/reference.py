"""Every run of the app as one ordinary trainer: what `assemble` cuts scripts out of.

It runs by itself, `python -m core.script.reference`, and only tests import it. A script leaves out what its
run does not use: branches that the settings decide, entries of tables, functions, arguments. A setting that
all networks share is a constant there (`lane.warmup` becomes WARMUP); only the others are its lanes'.
"""

import math
import sys
from collections import deque
from dataclasses import dataclass, field, replace
from io import TextIOWrapper
from typing import Any

import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision import datasets

# Settings: those of the run.

DATASET = "digits"
MODEL = "textbook_cnn"
LOSS = "cross_entropy"
PRECISION = "float32"
SEED = 0
EPOCHS = 10
BATCH_SIZE = 64
SHOW_EVERY = 1  # epochs from one printed line to the next
TRAIN_SIZE = 0  # images
LABEL_NOISE = 0.0  # share of wrong labels

DEVICE = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
if __name__ == "__main__":
    # As in the app: another number of threads rounds differently, and numbers below 1e-38 count as zero.
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    # A file or a pipe gets λ in UTF-8, whatever the console's letters are.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


@dataclass
class Lane:
    """One network."""

    name: str
    strength: float  # λ
    learning_rate: float = 1e-3  # η
    momentum: float = 0.9  # μ
    penalty: str = "l1"
    alpha: float = 0.5  # α: the share of Σ|w| in the penalty
    layers: tuple[str, ...] = ("conv1", "conv2", "fc1", "fc2")  # the penalty acts on these
    multipliers: dict[str, float] = field(default_factory=dict)  # λ is this many times as large there
    warmup: float = 0.1  # share of the run over which λ rises
    freeze: float = 0.0  # share of the run, at its end, in which zeros are kept
    polish: float = 0.0  # share of the run, at its end, without penalty
    prune: float = 0.0  # share of all weights that magnitude pruning makes zero
    prune_rounds: int = 5  # in so many rounds
    method: str = "proximal"
    optimizer: str = "adam"
    include_bias: bool = False


LANES = [Lane("λ = 0", strength=0.0), Lane("λ = 1e-4", strength=1e-4)]

# What you changed while it trained: in which network, after how many updates, to what.
CHANGES: dict[tuple[str, int], dict[str, Any]] = {}


# Data: the images, in [0, 1], and what is to be told of each.

ANGLE_UNIT = 45.0  # degrees in one unit of the network's output


def digits():
    """1,797 images of 8×8 pixels in three parts. They stand form by form: no form is in two parts."""
    pixels, labels = load_digits(return_X_y=True)
    x = torch.tensor(pixels, dtype=torch.float32).reshape(-1, 1, 8, 8) / 16
    y = torch.tensor(labels)
    return x[:1157], y[:1157], x[1157:1415], y[1157:1415], x[1415:], y[1415:]


def rotated(images: Tensor, degrees: Tensor) -> Tensor:
    """Every image turned about its centre, counter-clockwise on the screen; bilinear, 0 outside of it."""
    angle = torch.deg2rad(degrees)
    cos, sin, zero = angle.cos(), angle.sin(), torch.zeros_like(angle)
    # Each row says where a pixel comes from; y points down.
    rows = torch.stack([cos, -sin, zero], dim=1), torch.stack([sin, cos, zero], dim=1)
    grid = F.affine_grid(torch.stack(rows, dim=1), list(images.shape), align_corners=False)
    # Bilinear means of [0, 1] stay there, but for the last digit.
    return F.grid_sample(images, grid, padding_mode="zeros", align_corners=False).clamp_(0.0, 1.0)


def turned(images: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Every image turned by an angle of its own, and the angles: uniform in [−45°, 45°], in units of 45°."""
    targets = torch.empty(len(images)).uniform_(-1.0, 1.0, generator=generator)
    return rotated(images, ANGLE_UNIT * targets), targets


def rotated_digits():
    """The digits, turned; what the network is to tell is the angle."""
    train_x, _, valid_x, _, test_x, _ = digits()
    turns = torch.Generator().manual_seed(0)
    return *turned(train_x, turns), *turned(valid_x, turns), *turned(test_x, turns)


VISION = {
    "mnist": datasets.MNIST,
    "fashion_mnist": datasets.FashionMNIST,
    "cifar10": datasets.CIFAR10,
}


def vision():
    """Three parts of images and labels, the last sixth of the training images being the second part.

    They are downloaded once, into the folder `data`.
    """
    parts = []
    for of_training in (True, False):
        raw = VISION[DATASET]("data", train=of_training, download=True)
        pixels = torch.as_tensor(raw.data)
        x = pixels.permute(0, 3, 1, 2) if DATASET == "cifar10" else pixels.unsqueeze(1)
        x = x.to(torch.float32, memory_format=torch.contiguous_format) / 255
        y = torch.as_tensor(raw.targets)
        first = len(y) - min(len(y) // 6, 10_000)
        parts += [x[:first], y[:first], x[first:], y[first:]] if of_training else [x, y]
    return parts


DATASETS = {
    "digits": digits,
    "rotated_digits": rotated_digits,
    "mnist": vision,
    "fashion_mnist": vision,
    "cifar10": vision,
}

train_x, train_y, valid_x, valid_y, test_x, test_y = DATASETS[DATASET]()

if TRAIN_SIZE:
    # A small training set, the same for every network; the next seed takes the next images of one order.
    order = torch.randperm(len(train_y), generator=torch.Generator().manual_seed(2**31))
    kept = order.roll(-SEED * TRAIN_SIZE)[:TRAIN_SIZE]
    train_x, train_y = train_x[kept], train_y[kept]

if LABEL_NOISE:
    draws = torch.Generator().manual_seed(SEED + 2**31)
    n_wrong = round(LABEL_NOISE * len(train_y))
    wrong = torch.randperm(len(train_y), generator=draws)[:n_wrong]
    if LOSS == "cross_entropy":
        # Wrong labels: a shift by 1 to 9 never gives the right one back.
        train_y[wrong] = (train_y[wrong] + torch.randint(1, 10, (n_wrong,), generator=draws)) % 10
    else:
        # Wrong angles: any of the range.
        train_y[wrong] = torch.empty(n_wrong).uniform_(-1.0, 1.0, generator=draws)

train_x, train_y = train_x.to(DEVICE), train_y.to(DEVICE)
valid_x, valid_y = valid_x.to(DEVICE), valid_y.to(DEVICE)
test_x, test_y = test_x.to(DEVICE), test_y.to(DEVICE)
N_STEPS = EPOCHS * math.ceil(len(train_y) / BATCH_SIZE)  # updates in the whole run
WINDOW = 16 if len(train_y) > BATCH_SIZE else 1  # updates that a printed loss is the mean of


# Network: the one that trains in the app.


class TextbookCNN(nn.Module):
    """conv – ReLU – maxpool – conv – ReLU – maxpool – fc – ReLU – fc.

    Each pooling halves height and width, so an image of `size` pixels arrives at fc1 with size // 4: 28 × 28
    becomes 64 · 7 · 7 features (not 64 · 28 · 28, as a well-known listing has it). Pooling before ReLU gives
    the same as after it, also in the gradients, and ReLU then has a quarter of the entries to look at.
    """

    def __init__(self, size: int, channels: int, n_outputs: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, padding=1)
        self.fc1 = nn.Linear(64 * (size // 4) * (size // 4), 128)
        self.fc2 = nn.Linear(128, n_outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Images, N × channels × size × size, to outputs, N × n_outputs."""
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


class SmallCNN(nn.Module):
    """The standard CNN with a quarter of its channels and units: on 28 × 28 images 26,698 parameters."""

    def __init__(self, size: int, channels: int, n_outputs: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, kernel_size=3, padding=1)
        self.fc1 = nn.Linear(16 * (size // 4) * (size // 4), 32)
        self.fc2 = nn.Linear(32, n_outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Images, N × channels × size × size, to outputs, N × n_outputs."""
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


class TextbookCNNWithBatchNorm(nn.Module):
    """The standard CNN with batch normalization after each convolution.

    What a convolution's weights are multiplied by, its normalization divides out again: L1 makes them small
    without making the function simpler. L1 on the weight of bn1 or bn2 has a meaning: at 0 a channel is off.
    """

    def __init__(self, size: int, channels: int, n_outputs: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, kernel_size=3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * (size // 4) * (size // 4), 128)
        self.fc2 = nn.Linear(128, n_outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Images, N × channels × size × size, to outputs, N × n_outputs."""
        x = F.relu(F.max_pool2d(self.bn1(self.conv1(x)), 2))
        x = F.relu(F.max_pool2d(self.bn2(self.conv2(x)), 2))
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


class Linear(nn.Module):
    """One fully connected layer on the pixels, where lasso theory holds literally."""

    def __init__(self, size: int, channels: int, n_outputs: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(channels * size * size, n_outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Images, N × channels × size × size, to outputs, N × n_outputs."""
        return self.fc1(x.flatten(1))


MODELS = {
    "textbook_cnn": TextbookCNN,
    "small_cnn": SmallCNN,
    "textbook_cnn_bn": TextbookCNNWithBatchNorm,
    "linear": Linear,
}


# Penalty: R(w), and what it acts on.

NEWTON_STEPS = 12


def norms(w: Tensor) -> Tensor:
    """‖w_g‖₂ of every group, a filter or a unit's row. Autograd's slope at a group of zeros is 0."""
    return torch.linalg.vector_norm(w, dim=tuple(range(1, w.ndim)), keepdim=True)


def norms_to_be(v: Tensor, tau: Tensor) -> Tensor:
    """θ of every group, 0 where the group ends.

    1/‖v/(θ + τ)‖ is concave and increasing in θ, so Newton's method for "it equals 1" never overshoots from
    below, and in one step from anywhere when all τ are equal. Start: no entry may exceed 1 in the sum, and
    the largest τ for all would shrink at least as much.
    """
    smallest, group = torch.finfo(v.dtype).tiny, tuple(range(1, v.ndim))
    most, excess = tau.amax(group, keepdim=True), (v.abs() - tau).amax(group, keepdim=True)
    norm = torch.maximum(norms(v) - most, excess).clamp_min(0.0)
    for _ in range(NEWTON_STEPS):
        reach = (norm + tau).clamp_min(smallest)
        ratio = v / reach
        root = norms(ratio)
        slope = ratio.square_().div_(reach).sum(group, keepdim=True).clamp_min(smallest)
        # For h(θ) = 1/root − 1 the step −h/h' is (root − 1) · root² / Σ ratio²/reach.
        step = (root - 1.0).clamp_min(0.0) * root.square() / slope
        norm = norm + step
        # The next step, about the square of this one, is lost in rounding. A GPU had to wait for the look.
        if norm.device.type == "cpu" and bool((step <= torch.finfo(norm.dtype).eps ** 0.5 * norm).all()):
            break
    return norm


def shrink(v: Tensor, tau: float | Tensor) -> Tensor:
    """The w that minimises  Σ_g ‖w_g‖₂ + Σᵢ (wᵢ − vᵢ)² / 2τᵢ ; groups end as a whole, at +0.0.

    One τ for all: w_g = v_g · max(0, 1 − τ/‖v_g‖). One τ per entry: w_g is zero iff ‖v/τ‖ ≤ 1 within the
    group, else wᵢ = vᵢ θ/(θ + τᵢ), where θ = ‖w_g‖ is the root of Σ (vᵢ/(θ + τᵢ))² = 1.

    Source: Yuan & Lin (2006) for the map; Deleu & Bengio (2021), "Structured Sparsity Inducing Adaptive
    Optimizers for Deep Learning", for the metric.
    """
    norm = norms_to_be(v, tau) if isinstance(tau, Tensor) else norms(v) - tau
    # A group that ends has θ ≤ 0; of the others no factor is 0/0. The last sum makes +0.0 of −0.0.
    return torch.where(norm <= 0.0, 0.0, v * (norm / (norm + tau))) + 0.0


def l1_norm(w: Tensor, lane: Lane) -> Tensor:
    """Σ|w|. Autograd's slope of |w| at 0 is 0."""
    return w.abs().sum()


def soft_threshold(v: Tensor, tau: float | Tensor, lane: Lane) -> Tensor:
    """Move every entry towards zero by τ, stopping at +0.0: v − clamp(v, −τ, τ).

    `sign(v) · max(|v| − τ, 0)` is the same map, but leaves −0.0 of small negative entries. NaN stays NaN.

    Example: the map of (3.0, −0.2) at τ = 0.5 is (2.5, 0.0).

    Source: Parikh & Boyd (2014), "Proximal Algorithms".
    """
    return v - v.clamp(-tau, tau)  # type: ignore[arg-type]


def half_squares(w: Tensor, lane: Lane) -> Tensor:
    """½ Σw²."""
    return w.square().sum() / 2


def half_squares_prox(v: Tensor, tau: float | Tensor, lane: Lane) -> Tensor:
    """v/(1 + τ): every weight shrinks in proportion, and none lands on zero."""
    return v / (1.0 + tau)


def elastic_net(w: Tensor, lane: Lane) -> Tensor:
    """Σ α|w| + (1 − α) w²/2."""
    return lane.alpha * w.abs().sum() + (1.0 - lane.alpha) * w.square().sum() / 2


def elastic_net_prox(v: Tensor, tau: float | Tensor, lane: Lane) -> Tensor:
    """The L1 map at τα, then divided by 1 + τ(1 − α): of 3.0 at τ = 1, α = 0.5 it makes 2.5/1.5."""
    return soft_threshold(v, tau * lane.alpha, lane) / (1.0 + tau * (1.0 - lane.alpha))


def group_lasso(w: Tensor, lane: Lane) -> Tensor:
    """Σ_g √|g| ‖w_g‖. Autograd's slope at a group of zeros is 0."""
    return math.sqrt(w[0].numel()) * norms(w).sum()


def group_lasso_prox(v: Tensor, tau: float | Tensor, lane: Lane) -> Tensor:
    """The map of `shrink` at τ√|g|: of the group (3, 4) at τ = 1/√2 it makes (2.4, 3.2)."""
    return shrink(v, tau * math.sqrt(v[0].numel()))


def sparse_group_lasso(w: Tensor, lane: Lane) -> Tensor:
    """α Σ|w| + (1 − α) Σ_g √|g| ‖w_g‖."""
    return lane.alpha * w.abs().sum() + (1.0 - lane.alpha) * group_lasso(w, lane)


def sparse_group_lasso_prox(v: Tensor, tau: float | Tensor, lane: Lane) -> Tensor:
    """The L1 map at τα, then the group map at τ(1 − α): exact also with a τ per entry."""
    of_l1 = soft_threshold(v, tau * lane.alpha, lane)
    return group_lasso_prox(of_l1, tau * (1.0 - lane.alpha), lane)


VALUES = {
    "l1": l1_norm,
    "l2": half_squares,
    "elastic_net": elastic_net,
    "group_lasso": group_lasso,
    "sparse_group_lasso": sparse_group_lasso,
}

PROXES = {
    "l1": soft_threshold,
    "l2": half_squares_prox,
    "elastic_net": elastic_net_prox,
    "group_lasso": group_lasso_prox,
    "sparse_group_lasso": sparse_group_lasso_prox,
}


def penalised(net, lane):
    """What the penalty acts on."""
    if (
        lane.include_bias
        and lane.penalty not in ("group_lasso", "sparse_group_lasso")
        and set(lane.layers) == set(dict(net.named_children()))
        and not lane.multipliers
    ):
        # Every parameter, biases too.
        factor = 1.0
        for w in net.parameters():
            yield w, factor
    else:
        for layer in lane.layers:
            module = net.get_submodule(layer)
            factor = lane.multipliers.get(layer, 1.0)  # of λ in this layer
            if lane.include_bias and lane.penalty in ("group_lasso", "sparse_group_lasso"):
                # A unit's bias is a member of its group.
                yield (module.weight, module.bias), factor
            else:
                yield module.weight, factor
                if lane.include_bias:
                    yield module.bias, factor


def joined(w):
    """One row per unit: its weights, then its bias."""
    if isinstance(w, tuple):
        weight, bias = w
        return torch.cat([weight.flatten(1), bias.unsqueeze(1)], dim=1)
    return w


def write(w, rows):
    """Give a weight and its bias the numbers of such rows."""
    weight, bias = w
    weight.copy_(rows[:, :-1].reshape(weight.shape))
    bias.copy_(rows[:, -1])


def penalty_of(net, lane):
    """R(w), summed over all that it acts on."""
    return sum(VALUES[lane.penalty](joined(w), lane) * factor for w, factor in penalised(net, lane))


# Update: how the weights move.


def strength_at(step, lane):
    """λ after `step` updates."""
    if lane.polish and step >= (1.0 - lane.polish) * N_STEPS:
        # The penalty has ended: zeros stay, and the other weights are refitted.
        return 0.0
    if lane.warmup:
        # It rises at first.
        return lane.strength * min(1.0, step / (lane.warmup * N_STEPS))
    return lane.strength


def optimizer_of(parameters, lane):
    """The rule that steps down a loss."""
    if lane.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=lane.learning_rate, fused=True)
    return torch.optim.SGD(parameters, lr=lane.learning_rate, momentum=lane.momentum, fused=True)


def descend(optimizer, loss):
    """One step of the optimizer down a loss."""
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def textbook_update(net, optimizer, data_loss, strength, lane):
    """One step down the total loss, data loss + λ·R(w): autograd differentiates both terms."""
    total = data_loss + strength * penalty_of(net, lane)
    descend(optimizer, total)


def threshold(optimizer, w, strength, lane):
    """τ: how far one update pulls w towards zero, so that data and penalty balance at λ."""
    if lane.optimizer == "sgd":
        # Momentum adds the gradients of many steps up to g/(1 − μ): the shrink must be as much stronger.
        return lane.learning_rate * strength / (1.0 - lane.momentum)
    # Adam moves each weight at a rate of its own, η/D with D = √v̂ + ε, so λ shrinks it at that rate: ηλ/D.
    state = optimizer.state[w]
    correction = math.sqrt(1.0 - 0.999 ** state["step"].item())
    rate = (state["exp_avg_sq"].sqrt() + 1e-8 * correction).reciprocal()
    return lane.learning_rate * strength * correction * rate


def proximal_update(net, optimizer, data_loss, strength, lane):
    """One step down the data term alone, then the penalty's proximal map: weights land on zero."""
    descend(optimizer, data_loss)
    if strength:
        with torch.no_grad():
            for w, factor in penalised(net, lane):
                if isinstance(w, tuple):
                    if lane.optimizer == "adam":
                        tau = joined(tuple(threshold(optimizer, each, strength * factor, lane) for each in w))
                    else:
                        tau = threshold(optimizer, w, strength * factor, lane)
                    write(w, PROXES[lane.penalty](joined(w), tau, lane))
                else:
                    w.copy_(PROXES[lane.penalty](w, threshold(optimizer, w, strength * factor, lane), lane))


def uniform_threshold_update(net, optimizer, data_loss, strength, lane):
    """Wrong on purpose: every weight is shrunk by ηλ, whatever rate the optimizer gives it."""
    descend(optimizer, data_loss)
    if strength:
        with torch.no_grad():
            for w, factor in penalised(net, lane):
                tau = lane.learning_rate * strength * factor
                if isinstance(w, tuple):
                    write(w, PROXES[lane.penalty](joined(w), tau, lane))
                else:
                    w.copy_(PROXES[lane.penalty](w, tau, lane))


def clip_and_kill_update(net, optimizer, data_loss, strength, lane):
    """Down the data term, then down λ·R(w); a weight that λ carries across zero is dead: zero for ever."""
    pulls = {}
    for w, factor in penalised(net, lane):
        # As the data's, the slope is that of the weight before the update.
        (slope,) = torch.autograd.grad(VALUES[lane.penalty](w, lane), w)
        pulls[w] = slope * factor
    descend(optimizer, data_loss)
    with torch.no_grad():
        for w in net.parameters():
            dead = optimizer.state[w].setdefault("dead", torch.zeros_like(w, dtype=torch.bool))
            w.masked_fill_(dead, 0.0)
        if strength:
            for w, pull in pulls.items():
                moved = w - lane.learning_rate * strength * pull
                if lane.penalty != "l2":
                    # With a corner at zero it kills.
                    crossed = moved * w.sign() < 0.0
                    optimizer.state[w]["dead"] |= crossed
                    moved.masked_fill_(crossed, 0.0)
                w.copy_(moved)


FACTORS: dict[Tensor, Any] = {}  # of a parameter w: u, v, and the rule that steps v


def spred_update(net, optimizer, data_loss, strength, lane):
    """Write w = u ⊙ v and let u and v decay: smooth, and L1 for w, because ½(u² + v²) is at least |u·v|."""
    optimizer.zero_grad()
    data_loss.backward()
    pulls = {w: strength * factor for w, factor in penalised(net, lane)}
    with torch.no_grad():
        for w, pull in pulls.items():
            if pull and w not in FACTORS:
                v = torch.ones_like(w)
                FACTORS[w] = w.clone(), v, optimizer_of([v], lane)
        factored = [w for w in net.parameters() if w in FACTORS]
        for w in factored:
            (u, v, rule), pull = FACTORS[w], pulls.get(w, 0.0)
            v.grad, w.grad = w.grad * u + pull * v, w.grad * v + pull * u
            rule.step()
            w.copy_(u)
        optimizer.step()
        for w in factored:
            u, v, _ = FACTORS[w]
            u.copy_(w)
            w.mul_(v)


def prunings(lane):
    """The updates before which weights are pruned: one for each round, the last at 60 % of all."""
    return [math.ceil(k * 0.6 / lane.prune_rounds * N_STEPS) for k in range(1, lane.prune_rounds + 1)]


@torch.no_grad()
def prune(net, step, lane):
    """Magnitude pruning: set the smallest of all weights to zero, each round the same share of the rest."""
    share = 1.0 - (1.0 - lane.prune) ** (sum(step >= each for each in prunings(lane)) / lane.prune_rounds)
    weights = [w for w in net.parameters() if w.ndim > 1]
    sizes = torch.cat([w.abs().flatten() for w in weights])
    kept = torch.ones_like(sizes, dtype=torch.bool)
    kept[sizes.argsort(stable=True)[: round(share * len(sizes))]] = False
    for w in weights:
        mask, kept = kept[: w.numel()], kept[w.numel() :]
        w.masked_fill_(~mask.view(w.shape), 0.0)


UPDATES = {
    "textbook": textbook_update,
    "proximal": proximal_update,
    "uniform_threshold": uniform_threshold_update,
    "clip_and_kill": clip_and_kill_update,
    "spred": spred_update,
}


def freeze_zeros(net, optimizer, lane):
    """From now on a weight that is zero stays zero: no gradient reaches it, no momentum moves it."""
    for w in net.parameters():
        zero = w.detach() == 0
        momentum = optimizer.state[w].get("exp_avg" if lane.optimizer == "adam" else "momentum_buffer")
        if momentum is not None:
            momentum.masked_fill_(zero, 0.0)
        if lane.method == "spred" and w in FACTORS:  # u = 0 is enough for u ⊙ v
            FACTORS[w][0].masked_fill_(zero, 0.0)
        w.register_hook(lambda gradient, zero=zero: gradient.masked_fill(zero, 0.0))


# Training: what is printed, and the loop.

NORMS: deque[float] = deque(maxlen=WINDOW)  # R(w) before each of the last updates


def score(outputs, y):
    """How good the answers are, summed over the images."""
    if LOSS == "cross_entropy":
        # Right answers: the largest output is the label's.
        return int((outputs.argmax(1) == y).sum())
    # Degrees between answer and angle.
    return float(ANGLE_UNIT * (outputs.squeeze(1) - y).abs().sum())


@torch.no_grad()
def mean_score(net, x, y):
    """How good the answers are on many images, some at a time; none of them is learnt from."""
    if MODEL == "textbook_cnn_bn":
        net.eval()  # BatchNorm: the running means, not the batch's
    batches = zip(x.split(512), y.split(512), strict=True)
    total = sum(score(net(some_x), some_y) for some_x, some_y in batches)
    if MODEL == "textbook_cnn_bn":
        net.train()
    return total / len(y)


@torch.no_grad()
def show(step, net, recent, strength, lane):
    """One line: the last updates, as the app shows them, then the network as it is now."""
    losses, scores, n_images = zip(*recent, strict=True)
    data_loss = sum(losses) / len(losses)
    columns = f"{data_loss:10.6f}"
    if lane.penalty != "none":
        penalty = strength * sum(NORMS) / len(NORMS)
        columns += f" {penalty:10.6f} {data_loss + penalty:10.6f}"
    train_score, valid_score = sum(scores) / sum(n_images), mean_score(net, valid_x, valid_y)
    weights = [w for name, w in net.named_parameters() if name.endswith("weight")]
    n_zeros, n_weights = sum(int((w == 0).sum()) for w in weights), sum(w.numel() for w in weights)
    print(f"{step:7d} {columns} {train_score:9.4f} {valid_score:10.4f} {n_zeros:9d} of {n_weights}")


def train(lane):
    """Train one network. All start from the same weights and see the same batches in the same order."""
    torch.manual_seed(SEED)
    _, channels, size, _ = train_x.shape
    n_outputs = 10 if LOSS == "cross_entropy" else 1
    net = MODELS[MODEL](size, channels, n_outputs).to(DEVICE)
    net = net.to(memory_format=torch.channels_last)  # the layout in memory: a CPU is faster with it
    optimizer = optimizer_of(net.parameters(), lane)
    batches = torch.Generator().manual_seed(SEED)
    recent: deque[tuple[float, float, int]] = deque(maxlen=WINDOW)
    if lane.penalty != "none":
        NORMS.clear()
    step = 0
    losses = "data loss" if lane.penalty == "none" else "data loss    penalty      total"
    scores = "    train validation" if LOSS == "cross_entropy" else "  train ° validation °"
    print(f"\n{lane.name}\n   step  {losses} {scores}    exact zeros")
    for epoch in range(1, EPOCHS + 1):
        for batch in torch.randperm(len(train_y), generator=batches).split(BATCH_SIZE):
            if CHANGES and (lane.name, step) in CHANGES:
                change = CHANGES[lane.name, step]
                lane = replace(lane, **change)
                if change.keys() != {"strength"}:
                    NORMS.clear()
            if lane.prune and step in prunings(lane):
                prune(net, step, lane)
                freeze_zeros(net, optimizer, lane)
            x, y = train_x[batch], train_y[batch]
            if PRECISION == "bfloat16":
                with torch.autocast(DEVICE, torch.bfloat16):
                    outputs = net(x)
                outputs = outputs.float()
            else:
                outputs = net(x)
            if LOSS == "cross_entropy":
                data_loss = F.cross_entropy(outputs, y)  # the data term
            else:
                data_loss = F.mse_loss(outputs.squeeze(1), y)  # the data term
            if lane.freeze and step == math.ceil((1.0 - lane.freeze) * N_STEPS):
                freeze_zeros(net, optimizer, lane)
            if lane.polish and step == math.ceil((1.0 - lane.polish) * N_STEPS):
                freeze_zeros(net, optimizer, lane)
            if lane.penalty == "none":
                descend(optimizer, data_loss)
            else:
                strength = strength_at(step, lane)  # λ
                with torch.no_grad():
                    NORMS.append(float(penalty_of(net, lane)))
                UPDATES[lane.method](net, optimizer, data_loss, strength, lane)
            step += 1
            recent.append((data_loss.item(), score(outputs.detach(), y), len(y)))
        if epoch % SHOW_EVERY == 0 or epoch == EPOCHS:
            show(step, net, recent, strength_at(step, lane), lane)
    print(f"On the test images, looked at once: {mean_score(net, test_x, test_y):.4f}")


# Run: each network on its own.

if __name__ == "__main__":
    for each in LANES:
        train(each)
