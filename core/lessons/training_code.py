"""The training of a script: λ over time, what is printed, and the loop over batches."""

from textwrap import indent

from core.lessons.parts import IMAGES, NETWORKS, angles, factored, function, takes_lane, value
from core.lessons.recipe import Recipe
from core.lessons.updates import call

SHOW = '''
"""One line: the last 16 batches, as the app shows them, then the network as it is now."""
losses, scores, n_images = zip(*recent)
data_loss = sum(losses) / len(losses)
{penalty}{evaluate}batches = zip(test_x.split(512), test_y.split(512))
test_score = sum(score(net(x), y) for x, y in batches)
{train}weights = [w for name, w in net.named_parameters() if name.endswith("weight")]
n_zeros, n_weights = sum(int((w == 0).sum()) for w in weights), sum(w.numel() for w in weights)
print(
    f"{{step:7d}} {{data_loss:10.6f}}{columns}"
    f" {{sum(scores) / sum(n_images):9.4f}} {{test_score / len(test_y):9.4f}}"
    f" {{n_zeros:9d}} of {{n_weights}}"
)
'''

SCORES = {
    "cross_entropy": (
        "How many answers are right: the largest output is the label's.",
        "int((outputs.argmax(1) == y).sum())",
    ),
    "mean_squared_error": (
        "Degrees between answer and angle, summed over the images.",
        "float(ANGLE_UNIT * (outputs.squeeze(1) - y).abs().sum())",
    ),
}
"""What is said of the answers, by data loss."""

LOSSES = {
    "cross_entropy": "F.cross_entropy(outputs, y)",
    "mean_squared_error": "F.mse_loss(outputs.squeeze(1), y)",
}
"""The data losses."""

FORWARD = {
    "float32": "outputs = net(x)",
    "bfloat16": "with torch.autocast(DEVICE, torch.bfloat16):\n            outputs = net(x)\n"
    "        outputs = outputs.float()",
}
"""The forward pass by precision."""

TRAIN = '''
"""Train one network. All start from the same weights and see the same batches in the same order."""
torch.manual_seed(SEED)
net = {network}({size}).to(DEVICE, memory_format=torch.channels_last)
{optimizer}
batches = torch.Generator().manual_seed(SEED)
recent = deque(maxlen=16)
step = 0{flags}
print(f"\\n{{lane.name}}\\n{header}")
for epoch in range(1, EPOCHS + 1):
    for batch in torch.randperm(len(train_y), generator=batches).split(BATCH_SIZE):
{changes}        x, y = train_x[batch], train_y[batch]
        {forward}
        data_loss = {loss}  # the data term
{update}
        step += 1
        recent.append((data_loss.item(), score(outputs.detach(), y), len(y)))
    if epoch % SHOW_EVERY == 0 or epoch == EPOCHS:
        show(step, net, recent{strength}{lane})
'''

FREEZE = '''
"""From now on a weight that is zero stays zero: no gradient reaches it, no momentum moves it."""
for w in net.parameters():
    zero = w.detach() == 0
{momentum}{factor}    w.register_hook(lambda gradient, zero=zero: gradient.masked_fill(zero, 0.0))
'''

FREEZE_FACTOR = """    if w in FACTORS:  # u = 0 is enough for u ⊙ v
        FACTORS[w][0].masked_fill_(zero, 0.0)
"""


def strength_now(recipe: Recipe) -> str:
    """The function that says which λ is in force at a step; empty when it is constant."""
    warmup, polish = recipe.used("warmup") - {0.0}, recipe.used("polish") - {0.0}
    if not warmup and not polish:
        return ""
    lines, says = [], []
    if polish:
        says.append("0 in the last POLISH·N")
        share = recipe.said("polish")
        guard = f"{share} and " if 0.0 in recipe.used("polish") else ""
        lines.append(f"if {guard}step >= (1.0 - {share}) * N_STEPS:\n    return 0.0")
    if warmup:
        says.insert(0, "rising over the first WARMUP·N")
        if 0.0 in recipe.used("warmup"):
            lines.append(f"if {recipe.said('warmup')} == 0:\n    return lane.strength")
        lines.append(f"return lane.strength * min(1.0, step / ({recipe.said('warmup')} * N_STEPS))")
    else:
        lines.append("return lane.strength")
    body = f'"""λ after `step` of N updates: {", ".join(says)}."""\n' + "\n".join(lines)
    return function("strength_at", "step", body)


def freezing(recipe: Recipe) -> str:
    """The function that keeps a lane's zeros; empty when no lane is frozen or polished."""
    if not recipe.last_shares:
        return ""
    rules = recipe.used("optimizer")
    name = {"sgd": '["momentum_buffer"]', "adam": '["exp_avg"]'}.get(recipe.lane.optimizer, "")
    line = f"    optimizer.state[w]{name}.masked_fill_(zero, 0.0)\n"
    if len(rules) == 2 or ("sgd" in rules and 0.0 in recipe.used("momentum")):
        line = (
            '    for name in ("exp_avg", "momentum_buffer"):\n'
            "        if optimizer.state[w].get(name) is not None:\n"
            "            optimizer.state[w][name].masked_fill_(zero, 0.0)\n"
        )
    if rules == {"sgd"} and recipe.used("momentum") == {0.0}:
        line = ""
    factor = FREEZE_FACTOR if "spred" in recipe.used("method") else ""
    return function("freeze_zeros", "net, optimizer", FREEZE.format(momentum=line, factor=factor))


def show(recipe: Recipe, code: str) -> str:
    """The functions that score answers and print one line."""
    says, formula = SCORES[recipe.spec.loss]
    score = function("score", "outputs, y", f'"""{says}"""\nreturn {formula}')
    return f"{score}\n\n\n{_show(recipe, code)}"


def _show(recipe: Recipe, code: str) -> str:
    if not any(recipe.penalised):
        body = SHOW.format(penalty="", columns="", **_modes(recipe))
        return function("show", "step, net, recent", body, "@torch.no_grad()\n")
    weights = f"penalised(net{takes_lane(code, 'penalised')})"
    each = f"factor * {value(recipe)} for w, factor" if factored(recipe) else f"{value(recipe)} for w"
    penalty = f"penalty = strength * float(sum({each} in {weights}))\n"
    columns = " {penalty:10.6f} {data_loss + penalty:10.6f}"
    body = SHOW.format(penalty=penalty, columns=columns, **_modes(recipe))
    return function("show", "step, net, recent, strength", body, "@torch.no_grad()\n")


def _modes(recipe: Recipe) -> dict[str, str]:
    """What to do around the test images: BatchNorm then uses its running means, not the batch's."""
    if recipe.spec.model != "textbook_cnn_bn":
        return {"evaluate": "", "train": ""}
    says = "  # BatchNorm: the running means, not the batch's"
    return {"evaluate": f"net.eval(){says}\n", "train": "net.train()\n"}


def train(recipe: Recipe, code: str) -> str:
    """The function that trains one lane."""
    size, channels = IMAGES[recipe.spec.dataset]
    acting = any(recipe.penalised)
    header = "   step  data loss" + ("    penalty      total" if acting else "")
    header += ("   train °    test °" if angles(recipe) else "     train      test") + "    exact zeros"
    body = TRAIN.format(
        network=NETWORKS[recipe.spec.model],
        size=f"size={size}"
        + (f", channels={channels}" if channels != 1 else "")
        + (", n_classes=1" if angles(recipe) else ""),
        loss=LOSSES[recipe.spec.loss],
        forward=FORWARD[recipe.spec.precision],
        optimizer=optimizer(recipe),
        flags=("", "\nfrozen = False", "\nfrozen = 0")[len(recipe.last_shares)],
        header=header,
        changes=_changes(recipe),
        update=indent(_update(recipe, code), " " * 8),
        strength=", " + _strength(code, "step") if acting else "",
        lane=takes_lane(code, "show"),
    )
    return function("train", "lane", body).replace("(lane, lane)", "(lane)")


def _strength(code: str, step: str) -> str:
    return f"strength_at({step}, lane)" if "def strength_at" in code else "lane.strength"


def _update(recipe: Recipe, code: str) -> str:
    lines = []
    # No step is as large as a share of 0 asks for.
    begun = "step >= (1.0 - {}) * N_STEPS"
    if len(recipe.last_shares) == 1:
        lines.append(f"if not frozen and {begun.format(recipe.last_shares[0])}:")
        lines += ["    freeze_zeros(net, optimizer)", "    frozen = True"]
    elif recipe.last_shares:
        lines.append(f"begun = sum({begun.format('share')} for share in ({', '.join(recipe.last_shares)}))")
        lines += ["if begun > frozen:", "    freeze_zeros(net, optimizer)", "    frozen = begun"]
    if any(recipe.penalised):
        lines.append(f"strength = {_strength(code, 'step')}  # λ")
    return "\n".join([*lines, call(recipe, code)])


def _changes(recipe: Recipe) -> str:
    if not any(recipe.changes):
        return ""
    return "        lane = replace(lane, **CHANGES.get((lane.name, step), {}))\n"


def optimizer(recipe: Recipe) -> str:
    """The statement that makes the optimizer."""
    eta, mu = recipe.said("learning_rate"), recipe.said("momentum")
    momentum = "" if recipe.used("momentum") == {0.0} else f", momentum={mu}"
    adam = f"optimizer = torch.optim.Adam(net.parameters(), lr={eta}, fused=True)"
    sgd = f"optimizer = torch.optim.SGD(net.parameters(), lr={eta}{momentum}, fused=True)"
    if len(recipe.used("optimizer")) == 1:
        return {"adam": adam, "sgd": sgd}[recipe.lane.optimizer]
    return f'if lane.optimizer == "adam":\n    {adam}\nelse:\n    {sgd}'
