"""Numbers as in the worker."""

import pytest
import torch


@pytest.fixture(autouse=True)
def as_in_the_worker():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    yield
    torch.set_num_threads(threads)
    torch.set_flush_denormal(False)
