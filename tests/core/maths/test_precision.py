"""bfloat16: only the passes through the network, and off unless asked for."""

import pytest
import torch

from core.maths import precision
from core.maths.precision import PrecisionError
from core.spec import LaneSpec, RunSpec
from core.training.run import Run

CPU = torch.device("cpu")
LANES = (LaneSpec(strength=1e-3, warmup=0.0), LaneSpec(method="textbook", strength=1e-3, warmup=0.0))


def started(device, kind, together=None, **fields):
    return Run(RunSpec(lanes=LANES, precision=kind, **fields), device, together=together)


@pytest.mark.parametrize("together", [False, True])
def test_the_network_computes_in_bfloat16_and_the_weights_stay_float32(device, together, monkeypatch):
    run = started(device, "bfloat16", together)
    seen, proxes = [], []
    relu, prox = torch.nn.functional.relu, type(run.lanes[0].pull.penalty).prox

    def watched(self, v, threshold):
        proxes.append((v.dtype, getattr(threshold, "dtype", torch.float32)))
        return prox(self, v, threshold)

    monkeypatch.setattr("torch.nn.functional.relu", lambda x: seen.append(x.dtype) or relu(x))
    monkeypatch.setattr(type(run.lanes[0].pull.penalty), "prox", watched)
    run.advance()
    assert set(seen) == {torch.bfloat16}
    assert set(proxes) == {(torch.float32, torch.float32)}
    for lane in run.lanes:
        assert {w.dtype for w in lane.net.parameters()} == {torch.float32}
        assert {each.dtype for each in lane._window[-1][:2]} == {torch.float32}


@pytest.mark.parametrize("together", [False, True])
def test_it_differs_from_float32_by_rounding(device, together):
    runs = [started(device, kind, together) for kind in ("float32", "bfloat16")]
    for each in runs:
        each.advance()
    exact, rounded = (torch.stack([lane._window[0][0] for lane in each.lanes]) for each in runs)
    # bfloat16 keeps 8 bits: 2⁻⁹ a rounding, over four layers.
    assert 0.0 < float((exact - rounded).abs().max()) < 2.0**-6
    for each in runs:
        for _ in range(9):
            each.advance()
    losses = [[lane.recent().loss for lane in each.lanes] for each in runs]
    assert losses[1] == pytest.approx(losses[0], rel=0.03)


def test_it_is_off_unless_asked_for(device):
    assert RunSpec().precision == "float32"


def test_a_device_without_it_says_so_in_a_sentence(monkeypatch):
    monkeypatch.setattr(precision, "_has_bfloat16", lambda device: False)
    with pytest.raises(PrecisionError, match=r"choose the precision float32\.$"):
        started(CPU, "bfloat16")
    started(CPU, "float32")
