"""A network as an ONNX graph, built node by node, and the same network run by ONNX Runtime.

`torch.onnx` would need onnxscript beside onnx and traces the module; six kinds of node are all there is.
Both packages are imported when somebody asks for a file: they take half a second.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from core.smaller.blocks import Block

OPSET = 17
"""Of 2022: what most programs that read ONNX understand."""

IR_VERSION = 8


def to_onnx(chain: Sequence[Block], size: int, channels: int) -> bytes:
    """Images `image`, N × channels × size × size, to `logits`, for any N; checked by ONNX's own checker."""
    from onnx import TensorProto, checker, helper

    nodes: list[Any] = []
    value, flat = "image", False
    for i, block in enumerate(chain):
        last = i + 1 == len(chain)
        if block.kind == "linear" and not flat:
            nodes.append(helper.make_node("Flatten", [value], ["flat"], axis=1))
            value, flat = "flat", True
        nodes += _nodes(block, value, last)
        value = nodes[-1].output[0]
    n_outputs = len(chain[-1].bias)
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", channels, size, size])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", n_outputs])
    graph = helper.make_graph(nodes, "sparsity_lab", [image], [logits], initializer=_constants(chain))
    opset = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION)
    checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString())


def _nodes(block: Block, value: str, last: bool) -> list[Any]:
    from onnx.helper import make_node

    name, inputs = block.name, [value, f"{block.name}.weight", f"{block.name}.bias"]
    if block.kind == "linear":
        product = make_node("Gemm", inputs, ["logits" if last else f"{name}.out"], transB=1)
        return [product] if last else [product, make_node("Relu", [f"{name}.out"], [f"{name}.relu"])]
    pad = block.weight.shape[-1] // 2
    return [
        make_node("Conv", inputs, [f"{name}.out"], pads=[pad] * 4),
        make_node("MaxPool", [f"{name}.out"], [f"{name}.pool"], kernel_shape=[2, 2], strides=[2, 2]),
        make_node("Relu", [f"{name}.pool"], [f"{name}.relu"]),
    ]


def _constants(chain: Sequence[Block]) -> list[Any]:
    from onnx import numpy_helper

    named = {f"{b.name}.{part}": getattr(b, part) for b in chain for part in ("weight", "bias")}
    return [numpy_helper.from_array(w.detach().contiguous().cpu().numpy(), name) for name, w in named.items()]


def run_by_onnxruntime(model: bytes) -> Callable[[Tensor], Tensor]:
    """The network as ONNX Runtime computes it, on one thread of the CPU."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def network(x: Tensor) -> Tensor:
        (logits,) = session.run(["logits"], {"image": x.contiguous().cpu().numpy()})
        return torch.from_numpy(logits)

    return network
