"""The tests of the store run on SQLite and on a real PostgreSQL server, but those about SQLite's file."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from core.runs.store import store
from tests.core.runs import made

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
PATH = os.pathsep.join([*map(str, reversed(BINARIES)), os.environ.get("PATH", "")])
PATIENCE = 60.0
make_engine = store._engine


def program(name: str) -> str:
    found = shutil.which(name, path=PATH)
    assert found, f"{name} is missing: install PostgreSQL, as .dev/env does."
    return found


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The folder of a server's socket; the server is ours alone, and gone with its data at the end."""
    # It refuses to run as root, whose folders of pytest nobody else may enter.
    user = "postgres" if os.getuid() == 0 else None
    with tempfile.TemporaryDirectory() as folder:
        if user:
            shutil.chown(folder, user)
        data = f"{folder}/data"
        initdb = [program("initdb"), "-D", data, "-A", "trust", "-U", "lab", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        serve = [program("postgres"), "-D", data, "-k", folder, "-c", "listen_addresses=", "-F"]
        with open(f"{folder}/log", "wb") as log:
            server = subprocess.Popen(serve, user=user, cwd=folder, stdout=log, stderr=log)
        try:
            end = time.monotonic() + PATIENCE
            while not answers(folder):
                assert time.monotonic() < end, Path(f"{folder}/log").read_text(encoding="utf-8")
                time.sleep(0.05)
            yield folder
        finally:
            server.send_signal(signal.SIGINT)  # Nobody is waited for, unlike with SIGTERM.
            server.wait(PATIENCE)


def answers(folder: str) -> bool:
    try:
        psycopg.connect(host=folder, user="lab", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("sqlite_alone")
        metafunc.parametrize("backend", ["sqlite"] if alone else ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What `made.url` gives: a database of its own for each folder. No connection outlives a test."""
    engines: list[Engine] = []

    def noted(url: str) -> Engine:
        engines.append(make_engine(url))
        return engines[-1]

    monkeypatch.setattr(store, "_engine", noted)
    if request.param == "postgresql":
        socket = request.getfixturevalue("postgresql")

        def url(folder: Path) -> str:
            name = f"lab_{sha256(str(folder).encode()).hexdigest()[:20]}"
            with psycopg.connect(host=socket, user="lab", dbname="postgres", autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchall():
                    connection.execute(f'CREATE DATABASE "{name}"'.encode())
            return f"postgresql+psycopg://lab@/{name}?host={socket}"

        monkeypatch.setattr(made, "url", url)
    yield
    for engine in engines:
        engine.dispose()
