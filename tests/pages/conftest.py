"""The process-wide service on files of its own, with a real worker or with one that only takes notes."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

import core.runs
from core.runs import Runs, runs
from tests.browser.serving import wait_until
from tests.core.runs.made import Clock, NotedWorker
from tests.pages.tab import Tab


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


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NotedWorker]:
    """The service's worker; what it says is said by the test.

    Runs are not trained together: one that is equal to another that has ended would end by itself.
    """
    monkeypatch.setenv("SPARSITY_LAB_DATABASE", f"sqlite:///{tmp_path}/lab.sqlite")
    monkeypatch.setenv("SPARSITY_LAB_TOGETHER", "0")
    monkeypatch.setenv("SPARSITY_LAB_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setattr(core.runs, "Runs", partial(Runs, clock=Clock(), make_pool=NotedWorker))
    runs.cache_clear()
    runs().open()
    worker = runs()._pool
    assert isinstance(worker, NotedWorker)
    yield worker
    runs().close()
    runs.cache_clear()


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> Tab:
    return Tab(monkeypatch)
