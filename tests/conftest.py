"""What every test gets: weights are kept in a folder of the test session, not in the repository."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# What the tests' helpers assert says what differs, as in the tests themselves.
pytest.register_assert_rewrite("tests.browser", "tests.core", "tests.pages")


# For once, by `--hypothesis-profile thorough`, where a test leaves the number of examples open.
settings.register_profile("thorough", max_examples=500)


class AtOnce:
    """Names a failed test when it fails: the whole suite takes longer than one likes to wait for a name."""

    def __init__(self, reporter: pytest.TerminalReporter) -> None:
        self._reporter = reporter

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            where = "" if report.when == "call" else f" in its {report.when}"
            self._reporter.write_line("")
            self._reporter.write_line(f"FAILED{where} {report.nodeid}", red=True)
            self._reporter.write_line(str(report.longrepr).splitlines()[-1])


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        config.pluginmanager.register(AtOnce(reporter))


@pytest.fixture(autouse=True, scope="session")
def checkpoint_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    if "SPARSITY_LAB_CHECKPOINTS" not in os.environ:
        patch.setenv("SPARSITY_LAB_CHECKPOINTS", str(tmp_path_factory.mktemp("checkpoints")))
    yield
    patch.undo()
