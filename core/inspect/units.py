"""The weights themselves: all layers, and the units that do nothing."""

from core.inspect.fields import Fields
from core.inspect.moment import Answer, Moment, QuestionError, finite
from core.inspect.packing import few, kinds, packed
from core.smaller.blocks import Chain
from core.smaller.dead_units import silent, unread


def weights(moment: Moment, fields: Fields) -> Answer:
    """Every weight of a lane as `packing.packed` with the `kinds` of its zeros, and the biases as numbers.

    Fields: `lane`.
    """
    lane = fields.lane()
    fields.done()
    net, unreached = moment.nets[lane], moment.unreached[lane]
    if not finite(net):
        raise QuestionError(f"Lane {lane} diverged: its weights are no longer numbers.")
    layers = {}
    for name, module in net.named_children():
        own = dict(module.named_parameters(recurse=False))
        layers[name] = packed(own["weight"]) | {"kinds": kinds(own["weight"], unreached.get(name))}
        layers[name] |= {"bias": few(own["bias"])} if "bias" in own else {}
    return {"lane": lane, "layers": layers}


def dead_units(moment: Moment, fields: Fields) -> Answer:
    """For each layer, the units that read nothing (with the constant they give) and those nobody reads.

    The last layer's units are read by the person who asks. Fields: `lane`.
    """
    lane = fields.lane()
    fields.done()
    return {"lane": lane, "layers": _dead(moment.chain(lane))}


def _dead(chain: Chain) -> Answer:
    layers: Answer = {}
    for i, block in enumerate(chain):
        quiet = silent(block)
        last = i + 1 == len(chain)
        constants = block.bias if last else block.bias.clamp_min(0.0)
        layers[block.name] = {
            "units": len(block.weight),
            "silent": quiet.nonzero().flatten().tolist(),
            "constants": few(constants[quiet]),
            "unread": [] if last else unread(block, chain[i + 1]).nonzero().flatten().tolist(),
        }
    return layers
