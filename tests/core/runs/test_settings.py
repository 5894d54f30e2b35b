import pytest

from core.runs.settings import ROOT, Settings


def test_the_defaults_are_the_promised_limits():
    made = Settings.from_environment({})
    assert made == Settings()
    assert (made.max_runs, made.queued_per_owner, made.idle_minutes) == (50, 2, 10.0)
    assert made.database == f"sqlite:///{(ROOT / 'var' / 'sparsity_lab.sqlite').as_posix()}"
    assert made.worker[1:] == ("-m", "core.training.worker")


def test_the_environment_is_read():
    made = Settings.from_environment(
        {
            "SPARSITY_LAB_DATABASE": "postgresql+psycopg://lab",
            "SPARSITY_LAB_MAX_RUNS": "3",
            "SPARSITY_LAB_IDLE_MINUTES": "0.5",
            "SPARSITY_LAB_INSTANCE": "two",
        }
    )
    assert (made.database, made.max_runs) == ("postgresql+psycopg://lab", 3)
    assert (made.idle_minutes, made.instance) == (0.5, "two")


@pytest.mark.parametrize("text", ["0", "-1", "many", "2.5", "inf", "nan", ""])
def test_a_limit_that_cannot_be_is_refused(text):
    with pytest.raises(ValueError, match="SPARSITY_LAB_MAX_RUNS must be a whole number above zero"):
        Settings.from_environment({"SPARSITY_LAB_MAX_RUNS": text})
