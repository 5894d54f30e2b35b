"""What a row of the ledger is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One claim, in one wording.

    Attributes:
        claim: what is said to be so.
        holds: why: a line of mathematics, a definition, or where it was measured.
        says: the sentences that say it, by the file they stand in.
        tests: those that fail if it is not so, as file::name.
        experiments: of `core.registry`, whose computed examples show it.
        commands: benchmarks that measured it.
        numbers: every number in its sentences, as it is written there, and what produces it.
    """

    claim: str
    holds: str
    says: Mapping[str, tuple[str, ...]]
    tests: tuple[str, ...]
    experiments: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    numbers: Mapping[str, Callable[[], float]] = field(default_factory=dict)
