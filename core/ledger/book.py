"""All rows of the ledger, by name."""

from collections.abc import Mapping
from types import MappingProxyType

from core.ledger import (
    choices,
    course,
    does_it_deliver,
    how_zeros_happen,
    inside_the_network,
    l1_in_a_cnn,
    l1_in_pytorch,
    lambda_path,
    live,
    smaller_model,
    what_is_l1,
)
from core.ledger.row import Row

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        **choices.ROWS,
        **course.ROWS,
        **does_it_deliver.ROWS,
        **how_zeros_happen.ROWS,
        **inside_the_network.ROWS,
        **l1_in_a_cnn.ROWS,
        **l1_in_pytorch.ROWS,
        **lambda_path.ROWS,
        **live.ROWS,
        **smaller_model.ROWS,
        **what_is_l1.ROWS,
    }
)
