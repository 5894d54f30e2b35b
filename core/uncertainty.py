"""How sure an accuracy is: the images it is measured on are a sample, and seeds and folds differ."""

import math
from collections.abc import Sequence
from statistics import fmean, variance


def standard_error(share: float, n: int) -> float:
    """How far a share p of n images is typically from that of all images there might be.

    Half the width of Wilson's interval for one standard error, √(p(1 − p)/n + 1/(4n²)) / (1 + 1/n): next to
    √(p(1 − p)/n), but above 0 where all images are right, or none, as others might not be.

    Example: 258 of 258 images give 0.5/259, 0.19 points.

    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference".
    """
    return math.sqrt(n * share * (1.0 - share) + 0.25) / (n + 1)


def error_by_seeds(shares: Sequence[float], n: int) -> float:
    """Standard error of a mean accuracy of k seeds on the same n images: √(s²/k + e²).

    The seeds differ by s; the images that they share are a sample of all there might be, which more seeds
    make no better: e is the `standard_error` of their mean.
    """
    return math.hypot(error_of_mean(shares), standard_error(fmean(shares), n))


def error_by_folds(shares: Sequence[float], n: int) -> float:
    """The same of k folds, each measured on images of its own, n in all: s/√k, at least `standard_error`.

    That the images are a sample is part of how the folds differ; three that agree by chance are no proof.
    """
    return max(error_of_mean(shares), standard_error(fmean(shares), n))


def error_of_mean(values: Sequence[float]) -> float:
    """s/√k of k values; 0 of a single one, of which it is not known."""
    return math.sqrt(variance(values) / len(values)) if len(values) > 1 else 0.0


def only_one_right(b: int, c: int) -> float:
    """McNemar's exact p: how likely so uneven a split is, or a more uneven one, if both are equally good.

    Of two networks on the same images only those count that one of them alone gets right. If neither is
    better, each of these b + c images falls to either side like a coin.

    Args:
        b: images that only the first gets right.
        c: images that only the second gets right.

    Source: McNemar (1947), "Note on the sampling error of the difference between correlated proportions".
    """
    n, tail, ways = b + c, 0, 1
    for i in range(min(b, c) + 1):
        tail += ways
        ways = ways * (n - i) // (i + 1)
    return min(1.0, 2 * tail / (1 << n))


def off(share: float, n: int) -> str:
    """What an accuracy in percent may be off because it is measured on n images: "± 1.0"."""
    return f"± {100.0 * standard_error(share, n):.1f}"


def sampling(shares: Sequence[float], n: int) -> str:
    """The same with what it is of: "± 1.0 points: 258 validation images"; of several from least to most.

    An accuracy near 0 or 1 is off by less than one in the middle: "± 0.9 to 1.8 points: …".
    """
    errors = sorted(standard_error(share, n) for share in shares)
    least, *most = dict.fromkeys(f"{100.0 * error:.1f}" for error in (errors[0], errors[-1]))
    return f"± {' to '.join([least, *most])} points: {n:,} validation images"
