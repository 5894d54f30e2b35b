"""The weights themselves: all layers, and the units that do nothing."""

from core.training.chain import Chain
from core.training.compact import silent, unread
from core.training.inspect.fields import Fields
from core.training.inspect.moment import Answer, Moment, QuestionError, finite
from core.training.inspect.packing import few, packed


def weights(moment: Moment, fields: Fields) -> Answer:
    """Every weight of a lane as `packing.packed`, and the biases as numbers.

    Fields: `lane`.
    """
    lane = fields.lane()
    fields.done()
    net = moment.nets[lane]
    if not finite(net):
        raise QuestionError(f"Lane {lane} diverged: its weights are no longer numbers.")
    layers = {}
    for name, module in net.named_children():
        own = dict(module.named_parameters(recurse=False))
        layers[name] = packed(own["weight"]) | ({"bias": few(own["bias"])} if "bias" in own else {})
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
