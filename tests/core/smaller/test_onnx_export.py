"""The ONNX graph, run by ONNX Runtime, is the network."""

import onnx
import pytest
import torch

from core.smaller.blocks import answers, chain_of
from core.smaller.dead_units import compacted
from core.smaller.onnx_export import run_by_onnxruntime, to_onnx
from tests.core.networks import KINDS, images, network

CHAIN = chain_of(network("small_cnn", 0.9))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("small", [False, True])
def test_onnx_runtime_gives_the_same_logits(kind, small):
    chain = chain_of(network(kind, 0.9))
    chain = compacted(chain).chain if small else chain
    model = to_onnx(chain, 8, 1)
    for n in (1, 7):
        x = images(n)
        assert torch.allclose(run_by_onnxruntime(model)(x), answers(chain, x), atol=1e-5)


def test_the_onnx_graph_says_its_shapes_and_its_version():
    model = onnx.load_from_string(to_onnx(CHAIN, 8, 1))
    (image,) = model.graph.input
    dimensions = image.type.tensor_type.shape.dim
    assert [d.dim_param or d.dim_value for d in dimensions] == ["N", 1, 8, 8]
    assert [(each.domain, each.version) for each in model.opset_import] == [("", 17)]
