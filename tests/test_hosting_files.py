"""The files in `.hosting` name what is there: settings that are read, files that exist, ports that agree."""

import configparser
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".hosting"
FILES = sorted(FOLDER.iterdir())
SETTING = re.compile(r"SPARSITY_LAB_[A-Z_]+")
CODE = "".join(file.read_text(encoding="utf-8") for file in ROOT.glob("core/**/*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_setting_is_one_that_is_read_and_in_the_readme(file):
    table = SETTING.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert set(SETTING.findall(file.read_text(encoding="utf-8"))) <= set(SETTING.findall(CODE)) & set(table)


def test_the_container_has_all_that_is_imported_and_nothing_that_is_not_there():
    text = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    copied = {words.split()[0] for words in re.findall(r"^COPY (.+)$", text, re.MULTILINE)}
    assert all((ROOT / each).exists() for each in copied)
    assert copied == {"requirements.txt", "app.py", ".streamlit", "core", "pages"}
    # Not as root, and where it may write is kept.
    assert text.index("\nUSER ") > text.index("pip install")
    assert all(
        value.startswith(("/data", "sqlite:////data"))
        for value in re.findall(r"SPARSITY_LAB_\w+=(\S+)", text)
    )


def test_the_unit_is_one_and_serves_this_machine_alone():
    # A setting may be said more than once there.
    unit = configparser.RawConfigParser(strict=False)
    unit.read(FOLDER / "sparsity-lab.service", encoding="utf-8")
    assert unit.sections() == ["Unit", "Service", "Install"]
    assert "--server.address 127.0.0.1 --server.port 8501" in unit["Service"]["execstart"]
    assert unit["Service"]["execstart"].split()[1:3] == ["run", "app.py"]


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_proxies_ask_the_port_that_the_unit_serves_and_keep_the_metrics_inside(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", text)) == {"8501"}
    assert "/api/metrics" in text
