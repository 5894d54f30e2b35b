"""Rescaling two layers: the same outputs, another penalty."""

import pytest

from core.inspect.moment import QuestionError
from core.spec import Move


def test_rescaling_keeps_the_outputs_and_changes_the_penalty(lab):
    answer = lab.ask("rescale", lane=1, factor=100)
    assert answer["largest_difference"] <= 1e-4 * answer["largest_logit"]
    # Of all of them, as everywhere.
    assert answer["images"] == lab.ask("compact", lane=1)["images"] == 258
    net = lab.net(1)
    size = {
        name: float(net.get_parameter(f"{name}.weight").detach().abs().sum()) for name in ("conv1", "conv2")
    }
    before, after = answer["before"], answer["after"]
    assert before["norms"]["conv1"] == pytest.approx(size["conv1"], rel=1e-3)
    assert after["norms"]["conv1"] == pytest.approx(size["conv1"] / 100, rel=1e-3)
    assert after["norms"]["conv2"] == pytest.approx(size["conv2"] * 100, rel=1e-3)
    moved = 1e-3 * (size["conv1"] * (1 / 100 - 1) + size["conv2"] * (100 - 1))
    assert after["penalty"] - before["penalty"] == pytest.approx(moved, rel=1e-3)


def test_with_conv1_alone_penalised_rescaling_games_the_penalty(own):
    own.run.change(1, Move(layers={"conv1"}))
    answer = own.ask("rescale", lane=1, factor=100)
    assert answer["after"]["penalty"] == pytest.approx(answer["before"]["penalty"] / 100, rel=1e-3)


@pytest.mark.parametrize("factor", [0, -1, 1e9, float("nan"), "2", True])
def test_a_factor_must_be_a_sensible_number(lab, factor):
    with pytest.raises(QuestionError, match="factor must be a number"):
        lab.ask("rescale", lane=1, factor=factor)
