"""Right and wrong on the validation images, counted by scikit-learn."""

import pytest
import torch
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix


def test_the_confusion_matrix_is_scikit_learns(lab):
    answer = lab.ask("confusion", lane=1)
    data = lab.run.images
    with torch.no_grad():
        given = lab.net(1)(data.valid_x).argmax(1)
    assert answer["matrix"] == confusion_matrix(data.valid_y, given, labels=range(10)).tolist()
    assert answer["accuracy"] == pytest.approx(float((given == data.valid_y).float().mean()))


def test_disagreements_are_wrong_here_and_right_there(lab):
    answer = lab.ask("disagreements", lane=1, other=0)
    data = lab.run.images
    with torch.no_grad():
        one, two = (lab.net(lane)(data.valid_x).argmax(1) == data.valid_y for lane in (1, 0))
    assert answer["lane_wrong"]["count"] == int((~one & two).sum())
    assert answer["other_wrong"]["count"] == int((one & ~two).sum())
    assert answer["images"] == len(data.valid_y)
    counts = [answer[each]["count"] for each in ("lane_wrong", "other_wrong")]
    assert answer["p"] == pytest.approx(binomtest(counts[0], sum(counts)).pvalue)
    shown = answer["lane_wrong"]
    assert shown["count"] > 0
    for index, label, wrong, right in zip(
        shown["indices"], shown["labels"], shown["lane_answers"], shown["other_answers"], strict=True
    ):
        assert label == int(data.valid_y[index]) == right != wrong
