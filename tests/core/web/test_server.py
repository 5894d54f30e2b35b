import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core.runs import StartError
from core.runs.live.viewer import STILL, UNKNOWN_RUN
from core.runs.store.owners import owner_of
from core.runs.store.store import Store
from core.web import PLOTLY_PATH, Web, modules_path
from core.web.addresses import PLOTLY
from tests.core.runs.live.unpacking import Inflater
from tests.core.runs.made import Lab

KEY = "k" * 22
ORIGIN = {"Origin": "http://testserver"}
PAGE = {"Accept": "text/html,*/*"}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    folder = tmp_path / "assets"
    for name in ("live", "more"):
        (folder / name).mkdir(parents=True)
        (folder / name / "module.js").write_text("export default 1;")
    return folder


@pytest.fixture
def client(lab: Lab, assets: Path, tmp_path: Path) -> Iterator[TestClient]:
    web = Web(assets, tmp_path / "compressed", lambda: lab.runs)
    page = Route("/page", lambda request: HTMLResponse("<p>page</p>"))
    app = Starlette(
        routes=[*web.routes(), page], middleware=web.middleware(), lifespan=lambda app: web.lifespan(app)
    )
    with TestClient(app) as client:
        yield client


class Live:
    """A browser's end of the live feed."""

    def __init__(self, session) -> None:
        self.send_json, self.send_text, self.send_bytes = (
            session.send_json,
            session.send_text,
            session.send_bytes,
        )
        self._session = session
        self._inflater = Inflater()

    def receive_json(self) -> dict:
        """The next message that says something, however long it takes."""
        message = self._session.receive()
        while message.get("text") == STILL:
            message = self._session.receive()
        packed = message.get("bytes")
        return json.loads(message["text"] if packed is None else self._inflater.text(packed))


@contextmanager
def live(client: TestClient, **headers: str) -> Iterator[Live]:
    with client.websocket_connect("/api/live", headers=ORIGIN | headers) as session:
        yield Live(session)


def watch(socket, run: str, since: int = 0, rate: float = 5) -> dict:
    socket.send_json({"op": "watch", "run": run, "since": since, "rate": rate})
    return socket.receive_json()


@pytest.mark.parametrize(
    "origin",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://testserver:81"},
        {"Origin": "http://["},
        {"Origin": "ftp://testserver"},
    ],
)
def test_another_origin_is_not_let_in(client, origin):
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect("/api/live", headers=origin),
    ):
        pass
    assert refused.value.code == 1008


def test_a_viewer_gets_the_past_then_the_news(client, lab):
    run = lab.start()
    lab.worker.show(run, 1)
    with live(client) as socket:
        first = watch(socket, run)
        assert (first["reset"], [p["step"] for p in first["points"]]) == (True, [1, 1])
        lab.worker.show(run, 2)
        second = socket.receive_json()
        assert (second["reset"], [p["step"] for p in second["points"]]) == (False, [2, 2])
    with live(client) as socket:
        lab.worker.show(run, 3)
        again = watch(socket, run, since=second["seq"])
        assert (again["reset"], [p["step"] for p in again["points"]]) == (False, [3, 3])


def test_a_viewer_can_turn_to_another_run(client, lab):
    ann, bob = lab.start("ann"), lab.start("bob")
    with live(client) as socket:
        assert watch(socket, ann)["run"] == ann
        assert watch(socket, bob)["run"] == bob
        lab.worker.show(ann, 1)
        lab.worker.show(bob, 2)
        message = socket.receive_json()
        assert (message["run"], message["points"][0]["step"]) == (bob, 2)


def test_watching_counts_and_ends_with_the_connection(client, lab):
    run = lab.start()
    with live(client) as socket:
        watch(socket, run)
        assert lab.runs._board.get(run).watchers == 1
        watch(socket, lab.start("bob"))
        assert lab.runs._board.get(run).watchers == 0
    assert [lab.runs._board.get(view.id).watchers for view in lab.runs.active("bob")] == [0]


def test_mine_is_told_by_the_cookie_alone(client, lab):
    run = lab.start(owner_of(KEY))
    with live(client, Cookie=lab.cookie(KEY)) as socket:
        assert watch(socket, run)["mine"] is True
    made_up = lab.cookie(KEY)[:-1] + "x"
    for cookie in ("owner=eve", f"owner={owner_of(KEY)}", f"owner={KEY}", made_up, lab.cookie("l" * 22), ""):
        with live(client, Cookie=cookie) as socket:
            message = watch(socket, run)
            assert message["mine"] is False
            assert owner_of(KEY) not in json.dumps(message)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 900,
        "[]",
        "null",
        '{"op":"start"}',
        '{"op":"watch"}',
        '{"op":"watch","run":3}',
        '{"op":"watch","run":"\\ud800"}',
        '{"op":"watch","run":"r","since":-1}',
        '{"op":"watch","run":"r","since":true}',
        '{"op":"watch","run":"r","since":1.5}',
        '{"op":"watch","run":"r","rate":"fast"}',
        '{"op":"watch","run":"r","rate":NaN}',
        '{"op":"watch","run":"r","rate":1' + "0" * 400 + "}",
        '{"op":"watch","run":"unknown"}',
        " " * 2000,
    ],
)
def test_a_bad_message_is_answered_with_a_sentence_and_the_connection_stays(client, lab, text):
    run = lab.start()
    with live(client) as socket:
        socket.send_text(text)
        answer = socket.receive_json()
        assert answer["type"] == "error"
        assert answer["message"].endswith(".")
        assert watch(socket, run)["type"] == "update"


def test_bytes_are_a_bad_message(client):
    with live(client) as socket:
        socket.send_bytes(b"\xff")
        assert socket.receive_json()["type"] == "error"


def test_plotly_comes_compressed_and_for_ever(client):
    answer = client.get(PLOTLY_PATH)
    assert answer.headers["content-encoding"] == "br"
    assert "immutable" in answer.headers["cache-control"]
    assert int(answer.headers["content-length"]) < 500_000
    assert answer.content == PLOTLY.read_bytes()


@pytest.mark.parametrize("name", ["live", "more"])
def test_modules_are_kept_for_ever_under_an_address_of_their_content(client, assets, name):
    address = f"{modules_path(assets)}/{name}/module.js"
    answer = client.get(address)
    assert "immutable" in answer.headers["cache-control"]
    assert "javascript" in answer.headers["content-type"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text == "export default 1;"
    for beside in ("module.d.ts", "README.md", "__init__.py"):
        (assets / name / beside).write_text("for people")
        assert client.get(f"{modules_path(assets)}/{name}/{beside}").status_code == 404
    assert client.get(f"/assets/{name}/module.js").status_code == 404
    assert client.get(f"{modules_path(assets)}/{name}/../../runs.sqlite").status_code == 404
    assert client.get(f"{modules_path(assets)}/{name}/%2e%2e/%2e%2e/runs.sqlite").status_code == 404


def test_frames_are_the_kept_moments(client, lab):
    run = lab.start()
    for step in range(3):
        lab.worker.show(run, step)
    answer = client.get(f"/api/runs/{run}/frames")
    assert answer.headers["content-encoding"] == "gzip"
    body = answer.json()
    assert body["run"] == run
    assert [(f["lane"], f["step"]) for f in body["frames"]] == [
        (lane, s) for s in range(3) for lane in (0, 1)
    ]
    assert client.get("/api/runs/unknown/frames").status_code == 404


def test_the_latest_frames_are_one_of_each_lane(client, lab):
    run = lab.start()
    for step in range(3):
        lab.worker.show(run, step)
    answer = client.get(f"/api/runs/{run}/frames?latest=1")
    assert answer.headers["content-encoding"] == "gzip"
    assert [(f["lane"], f["step"]) for f in answer.json()["frames"]] == [(0, 2), (1, 2)]
    assert client.get("/api/runs/unknown/frames?latest=1").status_code == 404


def test_an_example_gives_its_frames(client):
    answer = client.get("/api/examples/lambda_path/frames")
    assert answer.headers["content-encoding"] == "gzip"
    assert [frame["lane"] for frame in answer.json()["frames"]] == list(range(12))
    for name in ("unknown", "..%2Fcomputed%2Flambda_path", "../lambda_path"):
        assert client.get(f"/api/examples/{name}/frames").status_code == 404


@pytest.mark.parametrize("base", ["lab", "/lab/"])
def test_under_a_folder_our_routes_leave_the_rest_of_it_to_streamlit(lab, assets, tmp_path, base):
    web = Web(assets, tmp_path / "compressed", lambda: lab.runs)
    page = Route("/lab/page", lambda request: HTMLResponse("<p>page</p>"))
    client = TestClient(Starlette(routes=[*web.routes(base), page], middleware=web.middleware()))
    paths = ("/api/health", PLOTLY_PATH, f"{modules_path(assets)}/live/module.js", "/page")
    assert [client.get(f"/lab{path}").status_code for path in paths] == [200] * 4
    assert client.get("/api/health").status_code == 404
    with client.websocket_connect("/lab/api/live", headers=ORIGIN):
        pass


def test_the_end_of_the_server_closes_the_runs(lab, tmp_path):
    web = Web(tmp_path, tmp_path / "compressed", lambda: lab.runs)
    with TestClient(Starlette(routes=web.routes(), lifespan=lambda app: web.lifespan(app))):
        run = lab.start()
    assert Store(lab.runs.config.database, "main").view(run).state == "running"


def test_a_setting_of_the_hosting_that_cannot_be_is_said_in_a_line(tmp_path, monkeypatch, capsys):
    def end(status):
        raise SystemExit(status)

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setenv("SPARSITY_LAB_ORIGINS", "lab.example")
    with pytest.raises(SystemExit, match="3"):
        Web(tmp_path, tmp_path / "compressed")
    told = "SPARSITY_LAB_ORIGINS must be addresses such as https://lab.example, got 'lab.example'.\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("error", [StartError, ValueError])
def test_a_server_that_cannot_start_says_so_in_a_line_and_ends(tmp_path, monkeypatch, capsys, error):
    def refuse():
        raise error("The database cannot be used.")

    def end(status):
        raise SystemExit(status)

    monkeypatch.setattr(os, "_exit", end)
    web = Web(tmp_path, tmp_path / "compressed", refuse)
    with pytest.raises(SystemExit, match="3"):
        asyncio.run(web.lifespan(None).__aenter__())
    assert capsys.readouterr().err == "The database cannot be used.\n"


def test_who_gets_no_socket_asks_for_the_same_messages(client, lab):
    run = lab.start(owner_of(KEY))
    lab.worker.show(run, 1)
    address, mine = f"/api/runs/{run}/news", {"Cookie": lab.cookie(KEY)}
    first = client.get(address, headers=mine)
    assert (first.headers["content-encoding"], first.headers["cache-control"]) == ("gzip", "no-store")
    with live(client, **mine) as socket:
        assert first.json() == watch(socket, run)
    assert (first.json()["mine"], first.json()["reset"]) == (True, True)
    since = first.json()["seq"]
    assert client.get(f"{address}?since={since}").status_code == 204
    lab.worker.show(run, 2)
    second = client.get(f"{address}?since={since}").json()
    assert (second["mine"], second["reset"], [p["step"] for p in second["points"]]) == (False, False, [2, 2])
    assert lab.runs._board.get(run).watchers == 0


@pytest.mark.parametrize("since", ["-1", "1.5", "x", "", "٣", "9" * 5000])
def test_news_since_what_cannot_be_is_refused_in_a_sentence(client, lab, since):
    answer = client.get(f"/api/runs/{lab.start()}/news", params={"since": since})
    assert (answer.status_code, answer.json()["type"]) == (400, "error")
    assert answer.json()["message"] == "since must be a whole number from 0."


def test_news_of_a_run_that_is_not_there_is_refused_in_a_sentence(client):
    answer = client.get("/api/runs/unknown/news")
    assert (answer.status_code, answer.json()["message"]) == (404, UNKNOWN_RUN)
