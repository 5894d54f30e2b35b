"""What every test gets: weights are kept in a folder of the test session, not in the repository."""

import os
from collections.abc import Iterator

import pytest

# What the tests' helpers assert says what differs, as in the tests themselves.
pytest.register_assert_rewrite("tests.browser", "tests.core", "tests.pages")


@pytest.fixture(autouse=True, scope="session")
def checkpoint_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    if "SPARSITY_LAB_CHECKPOINTS" not in os.environ:
        patch.setenv("SPARSITY_LAB_CHECKPOINTS", str(tmp_path_factory.mktemp("checkpoints")))
    yield
    patch.undo()
