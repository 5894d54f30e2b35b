"""What the tests of core share: the devices of this machine, and one thread, so that sums do not vary."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import settings

from tests.core.data.tiny_vision import Remote, TinyVision

# A shared machine stalls now and then: how long one example takes says nothing about the code.
settings.register_profile("shared_machine", deadline=None)
settings.load_profile("shared_machine")

DEVICES = [
    torch.device(name)
    for name, found in {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }.items()
    if found
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "device" in metafunc.fixturenames:
        metafunc.parametrize("device", DEVICES, ids=str)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def remote() -> Iterator[Remote]:
    """A file server on this machine."""
    remote = Remote()
    yield remote
    remote.close()


@pytest.fixture
def tiny_vision(tmp_path: Path, remote: Remote) -> Iterator[TinyVision]:
    """Torchvision's datasets with forty images each, to be had from `remote`; the data folder is empty."""
    patch = pytest.MonkeyPatch()
    yield TinyVision(tmp_path, remote, patch)
    patch.undo()
