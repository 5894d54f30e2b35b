"""The parts of a script: data, network, penalty, update, training, each with only what its recipe uses."""

import re
from collections.abc import Callable
from textwrap import dedent, indent

from core.lessons.maths import PROXES, VALUES, functions
from core.lessons.recipe import Recipe
from core.lessons.source import constant, listing
from core.spec import GROUP_PENALTIES, MIXTURES

NETWORKS = {
    "textbook_cnn": "TextbookCNN",
    "small_cnn": "SmallCNN",
    "textbook_cnn_bn": "TextbookCNNWithBatchNorm",
    "linear": "Linear",
}
"""The class of each network, by its name in the spec."""

IMAGES = {
    "digits": (8, 1),
    "rotated_digits": (8, 1),
    "mnist": (28, 1),
    "fashion_mnist": (28, 1),
    "cifar10": (32, 3),
}
"""Height and width in pixels, and colour channels, by dataset."""

TORCHVISION = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST", "cifar10": "CIFAR10"}
"""torchvision's classes."""

DIGITS = '''
def digits():
    """1,437 images of 8×8 pixels to train on and 360 to test on, every digit in proportion."""
    pixels, labels = load_digits(return_X_y=True)
    x = torch.tensor(pixels, dtype=torch.float32).reshape(-1, 1, 8, 8) / 16
    y = torch.tensor(labels)
    # Shuffled, then sorted by label: every fifth is a fair share of each digit.
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(0))
    order = order[y[order].argsort(stable=True)]
    in_test = torch.zeros(len(y), dtype=torch.bool)
    in_test[order[::5]] = True
    return x[~in_test], y[~in_test], x[in_test], y[in_test]
'''

VISION = '''
def images():
    """Training and test images with their labels; downloaded once, into the folder `data`."""
    parts = []
    for train in (True, False):
        raw = datasets.{kind}("data", train=train, download=True)
        x = torch.as_tensor(raw.data){axes}
        x = x.to(torch.float32, memory_format=torch.contiguous_format) / 255
        parts += [x, torch.as_tensor(raw.targets)]
    return parts
'''

JOINED = '''
def joined(weight, bias):
    """One row per unit: its weights, then its bias, which is a member of its group."""
    return torch.cat([weight.flatten(1), bias.unsqueeze(1)], dim=1)
'''

WRITE = '''
def write(w, rows):
    """Give a weight and its bias the numbers of such rows."""
    weight, bias = w
    weight.copy_(rows[:, :-1].reshape(weight.shape))
    bias.copy_(rows[:, -1])
'''

ROTATED = """
# Every image is turned by an angle of its own; that is what the network is to tell.
turns = torch.Generator().manual_seed(0)
train_x, train_y = turned(train_x, turns)
test_x, test_y = turned(test_x, turns)
"""

SUBSET = """
# A small training set, the same for every network.
kept = torch.randperm(len(train_y), generator=draws)[:TRAIN_SIZE]
train_x, train_y = train_x[kept], train_y[kept]
"""

NOISE = """
# Wrong labels: a shift by 1 to 9 never gives the right one back.
n_wrong = round(LABEL_NOISE * len(train_y))
wrong = torch.randperm(len(train_y), generator=draws)[:n_wrong]
train_y[wrong] = (train_y[wrong] + torch.randint(1, 10, (n_wrong,), generator=draws)) % 10
"""


WRONG_ANGLES = """
# Wrong angles: any of the range.
n_wrong = round(LABEL_NOISE * len(train_y))
wrong = torch.randperm(len(train_y), generator=draws)[:n_wrong]
train_y[wrong] = torch.empty(n_wrong).uniform_(-1.0, 1.0, generator=draws)
"""


def angles(recipe: Recipe) -> bool:
    """Whether the network tells an angle, not a label."""
    return recipe.spec.loss == "mean_squared_error"


def data(recipe: Recipe) -> str:
    """Reading the images, and what the run does to them."""
    spec = recipe.spec
    if spec.dataset in ("digits", "rotated_digits"):
        parts, call = [DIGITS], "digits"
        if angles(recipe):
            unit = f"ANGLE_UNIT = {constant('ANGLE_UNIT')}  # degrees in one unit of the network's output"
            turning = [listing(name).text for name in ("angles", "rotated", "turned")]
            parts = ["\n\n\n".join([unit, *turning, DIGITS.strip()]) + "\n"]
    else:
        axes = ".permute(0, 3, 1, 2)" if spec.dataset == "cifar10" else ".unsqueeze(1)"
        parts, call = [VISION.format(kind=TORCHVISION[spec.dataset], axes=axes)], "images"
    parts.append(f"\n\ntrain_x, train_y, test_x, test_y = {call}()\n")
    parts += [ROTATED] if angles(recipe) else []
    if spec.train_size or spec.label_noise:
        parts.append("\ndraws = torch.Generator().manual_seed(SEED + 2**31)\n")
    parts += [SUBSET] if spec.train_size else []
    parts += [WRONG_ANGLES if angles(recipe) else NOISE] if spec.label_noise else []
    parts.append("\ntrain_x, train_y = train_x.to(DEVICE), train_y.to(DEVICE)\n")
    parts.append("test_x, test_y = test_x.to(DEVICE), test_y.to(DEVICE)\n")
    if recipe.used("warmup") - {0.0} or recipe.last_shares:
        parts.append("N_STEPS = EPOCHS * math.ceil(len(train_y) / BATCH_SIZE)  # updates in the whole run\n")
    return "".join(parts).strip()


def network(recipe: Recipe) -> str:
    """The network's class, from the app's own source."""
    return listing(NETWORKS[recipe.spec.model]).text


def penalty(recipe: Recipe) -> str:
    """R(w), its proximal map where a method uses it, and what they act on."""
    kinds = sorted(recipe.used("penalty"))
    proximal = recipe.used("method") & {"proximal", "uniform_threshold"}
    names = [VALUES[kind] for kind in kinds] + [PROXES[kind] for kind in kinds if proximal]
    code = functions(names, _thresholds(recipe))
    if recipe.differs("penalty"):
        code += "\n\n\n" + _table("VALUES", {kind: VALUES[kind] for kind in kinds}, "w", recipe)
        if proximal:
            code += "\n" + _table("PROXES", {kind: PROXES[kind] for kind in kinds}, "w, threshold", recipe)
    if grouped(recipe):
        code = "\n\n\n".join([code, JOINED.strip(), *([WRITE.strip()] if proximal else [])])
    return f"{code}\n\n\n{_penalised(recipe)}"


def _thresholds(recipe: Recipe) -> str:
    each = "proximal" in recipe.used("method") and "adam" in recipe.used("optimizer")
    one = "uniform_threshold" in recipe.used("method") or "sgd" in recipe.used("optimizer")
    return "both" if each and one else "each" if each else "one"


def _table(name: str, kinds: dict[str, str], arguments: str, recipe: Recipe) -> str:
    lines = [f"{name} = {{"]
    for kind, function in kinds.items():
        alpha = f", {recipe.said('alpha')}" if kind in MIXTURES else ""
        lines.append(f'    "{kind}": lambda {arguments}, lane: {function}({arguments}{alpha}),')
    return "\n".join([*lines, "}"])


def _applied(recipe: Recipe, names: dict[str, str], table: str, arguments: str) -> str:
    """A call of R or of its proximal map."""
    if recipe.differs("penalty"):
        return f"{table}[lane.penalty]({arguments}, lane)"
    kind = recipe.lane.penalty
    alpha = f", {recipe.said('alpha')}" if kind in MIXTURES else ""
    return f"{names[kind]}({arguments}{alpha})"


def value(recipe: Recipe) -> str:
    """A call of R for the tensor w."""
    return _applied(recipe, VALUES, "VALUES", _whole(recipe))


def prox(recipe: Recipe, threshold: str) -> str:
    """A call of the proximal map for the tensor w."""
    return _applied(recipe, PROXES, "PROXES", f"{_whole(recipe)}, {threshold}")


def _whole(recipe: Recipe) -> str:
    """The tensor that R is of: what is penalised is called w, a pair where groups hold biases."""
    return "joined(*w)" if grouped(recipe) else "w"


def factored(recipe: Recipe) -> bool:
    """Whether layers have a λ of their own."""
    return recipe.used("multipliers") not in (set(), {()})


def grouped(recipe: Recipe) -> bool:
    """Whether a unit's bias is a member of its group; of such a recipe every penalty has groups."""
    return recipe.used("include_bias") == {True} and recipe.used("penalty") <= GROUP_PENALTIES


def _pairs(recipe: Recipe) -> str:
    each = "tuple(net.get_submodule(layer).parameters())"
    pair = f"({each}, {recipe.said('multipliers')}.get(layer, 1.0))" if factored(recipe) else each
    says = "What the penalty acts on: each weight with the biases of its units."
    body = f'"""{says}"""\nreturn [\n    {pair}\n    for layer in {recipe.said("layers")}\n]'
    return function("penalised", "net", body)


def _penalised(recipe: Recipe) -> str:
    if grouped(recipe):
        return _pairs(recipe)
    layers, biases = recipe.said("layers"), recipe.used("include_bias")
    everything = not recipe.differs("layers") and recipe.lane.layers == set(recipe.spec.layer_names)
    pair = f"(w, {recipe.said('multipliers')}.get(layer, 1.0))" if factored(recipe) else "w"
    if everything and biases == {True} and pair == "w":
        says, body = "Every parameter, biases too.", "return list(net.parameters())"
    elif biases == {False} and pair == "w":
        says = "The weights that the penalty acts on: no biases."
        body = f"return [net.get_submodule(layer).weight for layer in {layers}]"
    else:
        says = "What the penalty acts on" + (", each with its layer's factor of λ." if pair != "w" else ".")
        only = {
            "False": '\n    if name == "weight"',
            "True": "",
        }.get(str(recipe.lane.include_bias) if len(biases) == 1 else "")
        only = '\n    if name == "weight" or lane.include_bias' if only is None else only
        body = (
            f"return [\n    {pair}\n    for layer in {layers}\n"
            f"    for name, w in net.get_submodule(layer).named_parameters(){only}\n]"
        )
    return function("penalised", "net", f'"""{says}"""\n{body}')


def function(name: str, arguments: str, body: str, before: str = "") -> str:
    """A function's source; it takes `lane` as well when its body speaks of it."""
    lane = ", lane" if re.search(r"\blane\b", re.sub(r'""".*?"""', "", body, flags=re.DOTALL)) else ""
    return f"{before}def {name}({arguments}{lane}):\n{indent(dedent(body).strip(), '    ')}"


def takes_lane(code: str, name: str) -> str:
    """What to add to a call of `name`, defined in `code`: `, lane` or nothing."""
    found = re.search(rf"def {name}\((.*?)\):", code)
    return ", lane" if found and found[1].endswith("lane") else ""


Update = Callable[[Recipe, str], str]
"""From a recipe and the code so far to the source of an update."""
