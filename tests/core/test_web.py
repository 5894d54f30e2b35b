import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core.web import PLOTLY_PATH, Web
from tests.core.runs.made import Lab

ORIGIN = {"Origin": "http://testserver"}
PAGE = {"Accept": "text/html,*/*"}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def client(lab: Lab, tmp_path: Path) -> Iterator[TestClient]:
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "main.js").write_text("export default 1;")
    web = Web({"live": assets, "more": assets}, lambda: lab.runs)
    page = Route("/page", lambda request: HTMLResponse("<p>page</p>"))
    app = Starlette(
        routes=[*web.routes(), page], middleware=web.middleware(), lifespan=lambda app: web.lifespan(app)
    )
    with TestClient(app) as client:
        yield client


def live(client: TestClient, **headers: str):
    return client.websocket_connect("/api/live", headers=ORIGIN | headers)


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
    run = lab.start("ann")
    with live(client, Cookie="owner=ann") as socket:
        assert watch(socket, run)["mine"] is True
    for cookie in ("owner=eve", "other=ann", ""):
        with live(client, Cookie=cookie) as socket:
            message = watch(socket, run)
            assert message["mine"] is False
            assert "ann" not in json.dumps(message)


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


def test_a_page_load_without_a_name_gets_one_and_keeps_it(client):
    first = client.get("/page", headers=PAGE)
    cookie = first.headers["set-cookie"]
    assert all(part in cookie for part in ("owner=", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Secure" not in cookie
    name = first.cookies["owner"]
    assert len(name) == 22
    assert "set-cookie" not in client.get("/page", headers=PAGE).headers
    client.cookies.clear()
    assert client.get("/page", headers=PAGE).cookies["owner"] != name


def test_a_made_up_name_is_replaced_and_assets_get_none(client):
    assert "set-cookie" in client.get("/page", headers=PAGE | {"Cookie": "owner=x"}).headers
    assert "set-cookie" not in client.get("/api/health").headers


def test_over_https_the_cookie_is_secure(client):
    assert "Secure" in client.get("https://testserver/page", headers=PAGE).headers["set-cookie"]


def test_plotly_comes_compressed_and_for_ever(client):
    answer = client.get(PLOTLY_PATH)
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert int(answer.headers["content-length"]) < 2_000_000 < len(answer.content)
    assert "plotly" in answer.text[:200].lower()
    plain = client.get(PLOTLY_PATH, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content


@pytest.mark.parametrize("name", ["live", "more"])
def test_assets_are_asked_about_each_time(client, name):
    answer = client.get(f"/assets/{name}/main.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert "javascript" in answer.headers["content-type"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = client.get(f"/assets/{name}/main.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert client.get(f"/assets/{name}/../runs.sqlite").status_code == 404
    assert client.get(f"/assets/{name}/%2e%2e/runs.sqlite").status_code == 404


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


def test_health_tells_of_the_worker(client, lab):
    assert client.get("/api/health").json() == {"ok": True, "worker": "ready"}
    lab.worker.state = "lost"
    assert client.get("/api/health").json()["worker"] == "lost"


def test_the_end_of_the_server_closes_the_runs(lab, tmp_path):
    web = Web({}, lambda: lab.runs)
    with TestClient(Starlette(routes=web.routes(), lifespan=lambda app: web.lifespan(app))):
        run = lab.start()
    assert lab.state(run) == "interrupted"
