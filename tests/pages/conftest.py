"""The process-wide service, with a real worker, on files of its own."""

from collections.abc import Iterator

import pytest

from core.runs import runs
from tests.browser.serving import wait_until


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("lab")
    # A file in the way: no test downloads.
    (folder / "nowhere").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARSITY_LAB_DATA", str(folder / "nowhere"))
        patch.setenv("SPARSITY_LAB_DATABASE", f"sqlite:///{folder}/lab.sqlite")
        patch.setenv("SPARSITY_LAB_CHECKPOINTS", str(folder / "checkpoints"))
        runs.cache_clear()
        runs().open()
        wait_until(lambda: runs().worker_state == "ready", 60)
        yield
        runs().close()
        runs.cache_clear()
