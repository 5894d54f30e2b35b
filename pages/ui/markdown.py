"""Text that came from elsewhere, for Streamlit's Markdown."""

import re

from core.words import ZEROS

MARKS = re.compile(r"([\\`*_{}\[\]()#+!|<>~:$&-])")
"""What Markdown reads as more than text."""


ADDRESSES = re.compile(r"(?<=www)(?=\.)|(?<=:)(?=//)|(?<=@)", re.IGNORECASE)
"""Where Markdown sees by itself that a word is an address."""

JOINER = "\u2060"
"""Of no width, and no part of an address."""


NO_BREAK = "\u00a0"


def plain(text: str) -> str:
    """Text for Markdown that shows it as it is: a refused value comes from a link anyone may have made."""
    return MARKS.sub(r"\\\1", ADDRESSES.sub(JOINER, text))


EXPONENT = re.compile(r"(\de-)(?=\d)")

KIND = re.compile(rf" % (?={'|'.join(choice.name for choice in ZEROS.values())})")
"""Between a share of zeros and what made them."""


def unbroken(text: str) -> str:
    """A sentence in which no line ends within "72.0 ± 2.2 %", "17 % idle" or "1e-4"."""
    return (
        KIND.sub(f" %{NO_BREAK}", EXPONENT.sub(rf"\1{JOINER}", text))
        .replace(" %", f"{NO_BREAK}%")
        .replace(" ± ", f"{NO_BREAK}±{NO_BREAK}")
    )
