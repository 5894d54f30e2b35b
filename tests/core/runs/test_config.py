import pytest

from core.runs import config
from core.runs.config import ROOT, Config
from core.runs.examples import FOLDER
from core.runs.store.store import Store


def test_the_defaults_are_the_promised_limits():
    made = Config.from_environment({})
    assert made == Config()
    assert (made.max_runs, made.queued_per_owner, made.idle_minutes) == (300, 2, 10.0)
    assert str(made.database) == f"sqlite:///{(ROOT / 'var' / 'sparsity_lab.sqlite').as_posix()}"
    assert made.worker[1:] == ("-m", "core.worker", str(FOLDER))


def test_the_environment_is_read():
    made = Config.from_environment(
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
        Config.from_environment({"SPARSITY_LAB_MAX_RUNS": text})


def test_the_default_database_lies_in_the_folder_whatever_its_name(monkeypatch, tmp_path):
    folder = tmp_path / "Was ist L1? 100%"
    monkeypatch.setattr(config, "ROOT", folder)
    store = Store(Config().database, "main")
    store.open()
    store.close()
    names = [file.name for file in (folder / "var").iterdir() if file.suffix != ".lock"]
    assert names == ["sparsity_lab.sqlite"]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("", ()),
        ("ssh gpu1 lab", (("ssh", "gpu1", "lab"),)),
        ("ssh a lab; ssh b lab", (("ssh", "a", "lab"), ("ssh", "b", "lab"))),
        ("ssh a lab\n\nssh b lab\n", (("ssh", "a", "lab"), ("ssh", "b", "lab"))),
        ("ssh a 'cd lab; N=1 python -m core.worker';", (("ssh", "a", "cd lab; N=1 python -m core.worker"),)),
        ("srun --gres=gpu:1 -u lab # 1", (("srun", "--gres=gpu:1", "-u", "lab", "#", "1"),)),
    ],
)
def test_commands_of_trainers_are_a_line_each_or_parted_by_semicolons(text, commands):
    assert Config.from_environment({"SPARSITY_LAB_TRAINER_COMMANDS": text}).commands == commands


def test_a_command_that_does_not_end_is_refused():
    with pytest.raises(
        ValueError, match=r"^SPARSITY_LAB_TRAINER_COMMANDS must be commands, [^\n]*'ssh \"a'\.$"
    ):
        Config.from_environment({"SPARSITY_LAB_TRAINER_COMMANDS": 'ssh "a'})


def test_a_number_of_trainers_is_read_and_only_without_commands():
    assert Config.from_environment({"SPARSITY_LAB_TRAINERS": "3"}).trainers == 3
    with pytest.raises(ValueError, match="SPARSITY_LAB_TRAINERS must be a whole number above zero, got '0'"):
        Config.from_environment({"SPARSITY_LAB_TRAINERS": "0"})
    both = {"SPARSITY_LAB_TRAINERS": "3", "SPARSITY_LAB_TRAINER_COMMANDS": "ssh gpu1 lab"}
    with pytest.raises(ValueError, match=r"^SPARSITY_LAB_TRAINERS must be left out [^\n]*'3'\.$"):
        Config.from_environment(both)


def test_equal_runs_are_trained_once_unless_the_operator_says_no():
    assert Config().together
    assert Config.from_environment({"SPARSITY_LAB_TOGETHER": "1"}).together
    assert not Config.from_environment({"SPARSITY_LAB_TOGETHER": "0"}).together
    for text in ("", "yes", "2"):
        with pytest.raises(ValueError, match=rf"^SPARSITY_LAB_TOGETHER must be 0 or 1, got '{text}'\.$"):
            Config.from_environment({"SPARSITY_LAB_TOGETHER": text})
