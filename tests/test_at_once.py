"""A failed test is named when it fails, not at the end of the suite."""

from pathlib import Path

pytest_plugins = ("pytester",)

CONFTEST = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")


def test_a_failure_is_named_before_the_next_test_ends(pytester):
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(
        """
        def test_first(): assert 1 == 2, "because"
        def test_second(): print("the second ran")
        """
    )
    lines = pytester.runpytest_subprocess("-q", "-s").outlines
    named = next(i for i, line in enumerate(lines) if line.startswith("FAILED"))
    assert "test_first" in lines[named]
    assert named < next(i for i, line in enumerate(lines) if "the second ran" in line)
