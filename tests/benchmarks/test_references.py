"""How the reproduced tables are made: images, rows and what counts as outside."""

import pytest
import torch

from benchmarks.references import Row, cnn_rows, enlarged, line, mlp_rows, redrawn, spread
from core.data.images import digits
from core.spec import LaneSpec


def test_redrawn_images_are_the_same_ones_with_other_ones_for_validation():
    images, other = digits(), redrawn(digits(), seed=1)
    assert other.train_x.shape == images.train_x.shape
    assert not torch.equal(other.valid_x, images.valid_x)
    assert torch.equal(other.test_x, images.test_x)

    def pixels(some):
        sums = torch.cat([some.train_x, some.valid_x]).sum(dim=(1, 2, 3))
        return torch.sort(sums + 1000 * torch.cat([some.train_y, some.valid_y])).values

    torch.testing.assert_close(pixels(other), pixels(images))
    torch.testing.assert_close(redrawn(images, seed=1).valid_x, other.valid_x, rtol=0, atol=0)


@pytest.mark.parametrize("mode", ["bilinear", "nearest"])
def test_enlarged_images_keep_their_labels_and_about_their_light(mode):
    images = digits()
    large = enlarged(images, mode)
    assert large.train_x.shape == (len(images.train_x), 1, 28, 28)
    assert large.size == 28
    torch.testing.assert_close(large.train_y, images.train_y)
    assert float(large.train_x.mean()) == pytest.approx(float(images.train_x.mean()), rel=0.05)


def test_a_row_says_by_how_much_the_means_are_off_and_marks_what_is_outside():
    row = Row("ours", LaneSpec(), accuracy=97.0, zeros=80.0, dead="1")
    within = line(row, [(96.0, 79.0), (97.0, 82.0)], dead="2")
    assert within == "| ours |  96.5 (96.0–97.0) | 97.0 |  80.5 (79.0–82.0) | 80.0 | 2 | 1 | -0.5, +0.5 |"
    assert "+0.0, +2.5 **outside**" in line(row, [(97.0, 82.5)])
    assert "-2.0, +0.0 **outside**" in line(row, [(95.0, 80.0)])


def test_a_spread_is_mean_least_and_largest():
    assert spread([1.0, 2.0, 6.0]) == "  3.0 (1.0–6.0)"


def test_rows_have_names_of_their_own_and_no_warm_up():
    for rows in (mlp_rows(), cnn_rows()):
        assert len({row.name for row in rows}) == len(rows)
        assert all(row.lane.warmup == 0.0 for row in rows)
