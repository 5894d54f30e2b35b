"""One update of a script's network, by method: the data term's step, and what the penalty does."""

from core.lessons.parts import Update, factored, function, grouped, prox, takes_lane, value
from core.lessons.recipe import Recipe

ARGUMENTS = "net, optimizer, data_loss, strength"

DATA_STEP = """
    optimizer.zero_grad()
    data_loss.backward()
    optimizer.step()
"""

ADAM_THRESHOLD = """
# Adam moves each weight at a rate of its own, η/D with D = √v̂ + ε, so λ shrinks it at that rate: ηλ/D.
state = optimizer.state[w]
correction = math.sqrt(1.0 - 0.999 ** state["step"].item())
rate = (state["exp_avg_sq"].sqrt() + 1e-8 * correction).reciprocal()
return {eta} * strength * correction * rate
"""

SGD_THRESHOLD = """
# Momentum adds the gradients of many steps up to g/(1 − μ): the shrink must be as much stronger.
return {eta} * strength / (1.0 - {mu})
"""


def updates(recipe: Recipe, before: str) -> str:
    """The functions of one update, for every method of the recipe.

    Args:
        recipe: what the script is to say.
        before: the script's code so far.
    """
    methods = sorted(recipe.used("method"))
    parts: list[str] = []
    for method in methods:
        for make in UPDATES[method]:
            parts.append(make(recipe, "\n".join([before, *parts])))
    if recipe.differs("method"):
        # All are called alike, whether they ask their lane anything or not.
        parts = [part.replace(f"_update({ARGUMENTS}):", f"_update({ARGUMENTS}, lane):") for part in parts]
        rows = [f'    "{each}": {each}_update,' for each in methods]
        parts.append("\n".join(["UPDATES = {", *rows, "}"]))
    return "\n\n\n".join(parts)


def call(recipe: Recipe, code: str) -> str:
    """The statement that makes one update in the training loop."""
    if not any(recipe.penalised):
        return "optimizer.zero_grad()\ndata_loss.backward()\noptimizer.step()"
    if recipe.differs("method"):
        return f"UPDATES[lane.method]({ARGUMENTS}, lane)"
    name = f"{recipe.lane.method}_update"
    return f"{name}({ARGUMENTS}{takes_lane(code, name)})"


def _each(recipe: Recipe, code: str) -> tuple[str, str]:
    """The loop over what is penalised, and the strength there."""
    weights = f"penalised(net{takes_lane(code, 'penalised')})"
    if factored(recipe):
        return f"for w, factor in {weights}", "strength * factor"
    return f"for w in {weights}", "strength"


def textbook(recipe: Recipe, code: str) -> str:
    """λ·R added to the loss."""
    loop, strength = _each(recipe, code)
    total = f"data_loss + strength * sum({value(recipe)} {loop})"
    if factored(recipe):
        total = f"data_loss + sum({strength} * {value(recipe)} {loop})"
    body = f'''
        """One step down the total loss, data loss + λ·R(w): autograd differentiates both terms."""
        total = {total}
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
    '''
    return function("textbook_update", ARGUMENTS, body)


def threshold(recipe: Recipe, code: str) -> str:
    """How far the proximal step shrinks."""
    eta, mu = recipe.said("learning_rate"), recipe.said("momentum")
    plain = recipe.used("momentum") == {0.0}
    sgd = f"return {eta} * strength" if plain else SGD_THRESHOLD.format(eta=eta, mu=mu).strip()
    adam = ADAM_THRESHOLD.format(eta=eta).strip()
    rules = recipe.used("optimizer")
    body = adam if rules == {"adam"} else sgd
    if len(rules) == 2:
        inside = "\n".join(f"    {line}" for line in sgd.splitlines())
        body = f"if isinstance(optimizer, torch.optim.SGD):\n{inside}\n{adam}"
    says = '"""τ: how far one update pulls w towards zero, so that data and penalty balance at λ."""\n'
    return function("threshold", "optimizer, w, strength", says + body)


def proximal(recipe: Recipe, code: str) -> str:
    """A step down the data loss, then the proximal map."""
    loop, strength = _each(recipe, code)
    of = f"threshold(optimizer, {{}}, {strength}{takes_lane(code, 'threshold')})"
    says = "One step down the data term alone, then the penalty's proximal map: weights land on zero."
    if not grouped(recipe):
        return _shrinking("proximal_update", says, loop, f"w.copy_({prox(recipe, of.format('w'))})")
    # One number is the same for a weight and its bias.
    each = f"joined(*({of.format('each')} for each in w))"
    tau = each if recipe.used("optimizer") == {"adam"} else of.format("w[0]")
    return _shrinking("proximal_update", says, loop, f"tau = {tau}", f"write(w, {prox(recipe, 'tau')})")


def uniform_threshold(recipe: Recipe, code: str) -> str:
    """The same with one threshold for all weights."""
    loop, strength = _each(recipe, code)
    factor = f"({strength})" if factored(recipe) else strength
    says = "Wrong on purpose: every weight is shrunk by ηλ, whatever rate the optimizer gives it."
    tau = f"{recipe.said('learning_rate')} * {factor}"
    shrunk = prox(recipe, tau)
    write = f"write(w, {shrunk})" if grouped(recipe) else f"w.copy_({shrunk})"
    return _shrinking("uniform_threshold_update", says, loop, write)


def _shrinking(name: str, says: str, loop: str, *shrink: str) -> str:
    lines = "\n                ".join(shrink)
    body = f'''
    """{says}"""
{DATA_STEP.strip(chr(10))}
    if strength:
        with torch.no_grad():
            {loop}:
                {lines}
    '''
    return function(name, ARGUMENTS, body)


def clip_and_kill(recipe: Recipe, code: str) -> str:
    """A step down λ·R; who crosses zero stays there."""
    loop, strength = _each(recipe, code)
    factor = f"({strength})" if factored(recipe) else strength
    body = f'''
    """Down the data term, then down λ·R(w); a weight that crosses zero is dead: zero for ever."""
{DATA_STEP.strip(chr(10))}
    with torch.no_grad():
        for w in net.parameters():
            dead = optimizer.state[w].setdefault("dead", torch.zeros_like(w, dtype=torch.bool))
            w.masked_fill_(dead, 0.0)
    if strength:
        {loop}:
            (slope,) = torch.autograd.grad({value(recipe)}, w)
            with torch.no_grad():
                moved = w - {recipe.said("learning_rate")} * {factor} * slope
                crossed = moved * w.sign() < 0.0
                optimizer.state[w]["dead"] |= crossed
                w.copy_(moved.masked_fill(crossed, 0.0))
    '''
    return function("clip_and_kill_update", ARGUMENTS, body)


def spred(recipe: Recipe, code: str) -> str:
    """Weight decay of two factors."""
    weights = f"penalised(net{takes_lane(code, 'penalised')})"
    each = (
        f"w: strength * factor for w, factor in {weights}"
        if factored(recipe)
        else f"w: strength for w in {weights}"
    )
    body = f'''
    """Write w = u ⊙ v and let u and v decay: smooth, and L1 for w, because ½(u² + v²) is at least |u·v|."""
    optimizer.zero_grad()
    data_loss.backward()
    pulls = {{{each}}}
    with torch.no_grad():
        for w, pull in pulls.items():
            if pull and w not in FACTORS:
                v = torch.ones_like(w)
                FACTORS[w] = w.clone(), v, type(optimizer)([v], **optimizer.defaults)
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
    '''
    before = "FACTORS = {}  # of a parameter w: u, v, and the rule that steps v\n\n\n"
    return function("spred_update", ARGUMENTS, body, before)


UPDATES: dict[str, tuple[Update, ...]] = {
    "textbook": (textbook,),
    "proximal": (threshold, proximal),
    "uniform_threshold": (uniform_threshold,),
    "clip_and_kill": (clip_and_kill,),
    "spred": (spred,),
}
"""What makes the functions of each method, by its name in the spec."""
