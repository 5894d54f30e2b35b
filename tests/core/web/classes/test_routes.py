"""The routes of classes: who may do what, that a second time changes nothing, and what comes back."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core.classes.state import STEERING
from core.refusals import SpecError
from core.web import Web
from core.web.classes import casting, qr
from core.web.classes.throttle import FREE, LONGEST, Throttle
from pages.ui.components import BROWSER
from tests.core.runs.made import Clock, Lab

ORIGIN = {"Origin": "http://testserver"}
CARDS = ["claim.sparsity", "before.zeros"]


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture(autouse=True)
def _no_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a socket is told is told once, however slow the machine."""
    monkeypatch.setattr(casting, "BEAT_SECONDS", 3600.0)


@pytest.fixture
def client(lab: Lab, tmp_path: Path) -> Iterator[TestClient]:
    web = Web(BROWSER, tmp_path / "compressed", lambda: lab.runs)
    app = Starlette(
        routes=web.routes("app"), middleware=web.middleware(), lifespan=lambda app: web.lifespan(app)
    )
    with TestClient(app, headers=ORIGIN) as client:
        client.lab = lab
        yield client


class Somebody:
    """One browser."""

    def __init__(self, client: TestClient, name: str) -> None:
        named, _, value = client.lab.cookie(name * 22).partition("=")
        self.cookies = {named: value}
        self._client = client

    def post(self, path: str, **told):
        return self._client.post(f"/app/api/class{path}", json=told, headers={"Cookie": self._jar()})

    def get(self, path: str):
        return self._client.get(f"/app/api/class{path}", headers={"Cookie": self._jar()})

    def live(self, path: str):
        return self._client.websocket_connect(
            f"/app/api/class{path}", headers=ORIGIN | {"Cookie": self._jar()}
        )

    def _jar(self) -> str:
        # The client's own jar would be everybody's.
        self._client.cookies.clear()
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


@pytest.fixture
def lecturer(client):
    return Somebody(client, "l")


@pytest.fixture
def opened(client, lecturer):
    made = lecturer.post("", cards=CARDS)
    assert made.status_code == 200
    code, secret = made.json()["code"], made.json()["secret"]
    said = made.headers["set-cookie"]
    assert "HttpOnly" in said
    assert "samesite=strict" in said.lower()
    lecturer.cookies[f"class_{code}"] = secret
    return code, secret


def scene(answer) -> dict:
    return answer.json()["frames"][0]


def own(answer) -> dict:
    return answer.json()["frames"][2]["own"]


def test_a_class_from_the_lobby_to_the_end(client, lecturer, opened):
    code, _ = opened
    ann, bob = Somebody(client, "a"), Somebody(client, "b")
    assert own(ann.post(f"/{code}/join"))["name"] == "Blue 1"
    assert own(bob.post(f"/{code.lower()}/join"))["name"] == "Green 1"
    assert own(ann.post(f"/{code}/join"))["name"] == "Blue 1"
    assert scene(lecturer.post(f"/{code}/steer", do="next", at=0))["phase"] == "predict"
    for _ in range(2):
        answer = ann.post(f"/{code}/answer", card=0, round=1, value=40)
        assert own(answer)["answers"] == [40]
        assert answer.json()["frames"][1] == {"n": 1, "count": 1, "joined": 2}
    assert bob.post(f"/{code}/answer", card=0, round=1, value=400).status_code == 400
    lecturer.post(f"/{code}/steer", do="close", at=1)
    assert bob.post(f"/{code}/answer", card=0, round=1, value=4).json()["became"] == "late"
    shown = scene(lecturer.post(f"/{code}/steer", do="reveal", at=2))
    assert shown["rounds"] == [{"n": 1, "counts": [0] * 8 + [1] + [0] * 11, "mean": 40}]
    assert shown["answer"] == 0.0
    assert scene(lecturer.post(f"/{code}/steer", do="end", at=3))["phase"] == "done"


@pytest.mark.parametrize("do", STEERING)
def test_nothing_is_steered_without_the_secret(client, lecturer, opened, do):
    code, _ = opened
    ann = Somebody(client, "a")
    ann.post(f"/{code}/join")
    ann.cookies[f"class_{code}"] = "guessed"
    assert ann.post(f"/{code}/steer", do=do, at=0).status_code == 403
    assert ann.get(f"/{code}?console").status_code == 403
    assert scene(lecturer.get(f"/{code}"))["n"] == 0


def test_the_console_moves_by_the_secret_and_stays_shut_without(client, lecturer, opened):
    code, secret = opened
    other = Somebody(client, "o")
    for path in ("link", "delete"):
        assert other.post(f"/{code}/{path}").status_code == 403
    assert other.post(f"/{code}/present", secret="guessed").status_code == 403
    key = lecturer.post(f"/{code}/link", at="https://lab.example/folder/")
    told = key.json()["secret"]
    assert told == secret
    assert key.json()["qr"] == qr.drawn(f"https://lab.example/folder/console#{code}.{secret}", "m").decode()
    assert key.headers["cache-control"] == "no-store"
    assert lecturer.post(f"/{code}/link", at="javascript:alert(1)").status_code == 400
    taken = other.post(f"/{code}/present", secret=told)
    assert f"class_{code}={secret}" in taken.headers["set-cookie"]
    assert secret not in taken.text
    other.cookies[f"class_{code}"] = secret
    assert other.post(f"/{code}/delete").status_code == 200
    assert lecturer.get(f"/{code}").status_code == 404


def test_no_screen_is_told_the_secret(client, lecturer, opened):
    code, secret = opened
    for path in (
        f"/app/api/class/{code}",
        f"/app/api/class/{code}/qr?at=http://testserver/app",
        "/app/projector",
        "/app/report",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert secret not in answer.text
        assert secret not in str(answer.headers)


def test_news_come_by_socket_and_end_with_the_class(client, lecturer, opened):
    code, _ = opened
    ann = Somebody(client, "a")
    ann.post(f"/{code}/join")
    with ann.live(f"/{code}/live") as socket:
        frames = [socket.receive_json() for _ in range(3)]
        assert [frames[0]["phase"], frames[1]["joined"], frames[2]["own"]["name"]] == ["lobby", 1, "Blue 1"]
        lecturer.post(f"/{code}/steer", do="next", at=0)
        assert socket.receive_json()["phase"] == "predict"
        assert socket.receive_json()["n"] == 1
        ann.post(f"/{code}/answer", card=0, round=1, value=7)
        assert socket.receive_json()["count"] == 1
        assert socket.receive_json()["own"]["answers"] == [7]
        lecturer.post(f"/{code}/delete")
        assert socket.receive_json() == {"gone": True}


def test_while_there_is_no_news_a_socket_is_told_the_counts_again(client, lecturer, opened, monkeypatch):
    monkeypatch.setattr(casting, "BEAT_SECONDS", 0.01)
    code, _ = opened
    ann = Somebody(client, "a")
    ann.post(f"/{code}/join")
    with ann.live(f"/{code}/live") as socket:
        counts = [socket.receive_json() for _ in range(3)][1]
        assert [socket.receive_json() for _ in range(3)] == [counts] * 3
        lecturer.post(f"/{code}/steer", do="next", at=0)
        while "phase" not in (told := socket.receive_json()):
            assert told == counts
        assert told["phase"] == "predict"
        lecturer.post(f"/{code}/delete")
        while "gone" not in socket.receive_json():
            pass


def test_the_lecturers_socket_is_the_lecturers(client, lecturer, opened):
    code, _ = opened
    with Somebody(client, "a").live(f"/{code}/live?console") as socket, pytest.raises(WebSocketDisconnect):
        socket.receive_json()
    with lecturer.live(f"/{code}/live?console") as socket:
        told = [socket.receive_json() for _ in range(3)][2]["console"]
        assert told["tempo"] == {"with": 0, "faster": 0, "slower": 0, "lost": 0}
        assert len(told["titles"]) == 2


def test_connected_are_phones_and_no_screen_of_the_lecturers(client, lecturer, opened):
    code, _ = opened
    ann = Somebody(client, "a")

    def here() -> int:
        return lecturer.get(f"/{code}?console").json()["frames"][2]["console"]["here"]

    with lecturer.live(f"/{code}/live?console") as console, lecturer.live(f"/{code}/live") as projector:
        for socket in (console, projector):
            socket.receive_json()
        assert here() == 0
        ann.post(f"/{code}/join")
        assert here() == 0
        with ann.live(f"/{code}/live") as first, ann.live(f"/{code}/live") as second:
            for socket in (first, second):
                socket.receive_json()
            assert here() == 1
    # Whose browser has tried a seat is no phone by its console.
    lecturer.post(f"/{code}/join")
    with lecturer.live(f"/{code}/live?console") as console:
        console.receive_json()
        assert here() == 0


def test_the_plan_is_the_lecturers(client, lecturer, opened):
    code, secret = opened
    told = lecturer.get(f"/{code}/plan")
    assert [card["minutes"] for card in told.json()["cards"]] == [5, 1]
    assert told.json()["cards"][0]["terms"][0][0] == "λ"
    assert told.headers["cache-control"] == "no-store"
    assert secret not in told.text
    assert Somebody(client, "a").get(f"/{code}/plan").status_code == 403


def test_the_summary_leaves_out_groups_in_which_one_is_known(client, lecturer, opened):
    code, _ = opened
    lecturer.post(f"/{code}/steer", do="next", at=0)
    for i in range(9):
        each = Somebody(client, "abcdefghi"[i])
        each.post(f"/{code}/join")
        each.post(f"/{code}/answer", card=0, round=1, value=3 if i < 5 else 97)
    assert lecturer.get(f"/{code}/summary").text.count("\n") == 1
    lecturer.post(f"/{code}/steer", do="reveal", at=1)
    lines = lecturer.get(f"/{code}/summary").text.splitlines()
    assert len(lines) == 2
    assert lines[1].endswith(",1,0 to 5 %,5,0.0")
    assert Somebody(client, "a").get(f"/{code}/summary").status_code == 403


def test_the_report_is_the_lecturers(client, lecturer, opened):
    code, secret = opened
    lecturer.post(f"/{code}/steer", do="next", at=0)
    lecturer.post(f"/{code}/steer", do="reveal", at=1)
    told = lecturer.get(f"/{code}/report")
    assert [card["card"] for card in told.json()["cards"]] == [0]
    assert told.headers["cache-control"] == "no-store"
    assert secret not in told.text
    assert Somebody(client, "a").get(f"/{code}/report").status_code == 403
    assert lecturer.get("/ABCDEF/report").status_code == 404


def test_the_dots_and_what_opens_them_are_the_lecturers(client, lecturer):
    own = {"question": "Which λ?", "experiment": {"values": [1e-3, 1e-2], "seeds": 2}}
    made = lecturer.post("", cards=[{"own": own}]).json()
    code, secret = made["code"], made["secret"]
    lecturer.cookies[f"class_{code}"] = secret
    told = lecturer.get(f"/{code}/dots")
    assert [each[:2] for each in told.json()["links"]] == [[-1, 0], [0, 0], [1, 0], [-1, 1], [0, 1], [1, 1]]
    assert "seed=1" in told.json()["links"][4][2]
    assert secret not in told.text
    assert Somebody(client, "a").get(f"/{code}/dots").status_code == 403
    assert scene(lecturer.post(f"/{code}/steer", do="show", at=0, dot=[0, 1]))["n"] == 0
    for bad in ("0 1", [0], [0, "1"], [True, 0], {"a": 1}):
        assert lecturer.post(f"/{code}/steer", do="show", at=0, dot=bad).status_code == 400
    for at, do in enumerate(("next", "reveal", "next")):
        lecturer.post(f"/{code}/steer", do=do, at=at)
    assert scene(lecturer.post(f"/{code}/steer", do="show", at=3, dot=[0, 9]))["n"] == 3
    assert scene(lecturer.post(f"/{code}/steer", do="show", at=3, dot=[0, 1]))["n"] == 4


def test_a_page_of_elsewhere_joins_nothing(client, opened):
    code, _ = opened
    refused = client.post(f"/app/api/class/{code}/join", headers={"Origin": "http://evil.example"})
    assert refused.status_code == 403


def test_a_wrong_code_and_a_wrong_card_are_refused_in_a_sentence(client, lecturer, opened):
    code, _ = opened
    ann = Somebody(client, "a")
    assert ann.post("/ABCDEF/join").status_code == 404
    for cards in ([], ["claim.nothing"], "claim.sparsity", [{"own": {"question": ""}}]):
        refused = lecturer.post("", cards=cards)
        assert refused.status_code == 400
        assert refused.json()["message"].endswith(".")
    assert lecturer.post(f"/{code}/steer", do="dance", at=0).status_code == 400
    assert lecturer.post(f"/{code}/steer", do="next", at="0").status_code == 400
    assert Somebody(client, "b").post(f"/{code}/answer", card=0, value=1).status_code == 404


def test_a_browser_without_a_name_is_told_why_it_has_no_seat(client, opened):
    code, _ = opened
    nobody = Somebody(client, "a")
    nobody.cookies.clear()
    assert "cookie" in nobody.post(f"/{code}/join").json()["message"]


def test_wrong_codes_take_longer_and_longer_and_are_never_shut_out():
    clock = Clock()
    throttle = Throttle(clock)
    waits = [throttle.wrong("a") for _ in range(FREE + 10)]
    assert waits[:FREE] == [0.0] * FREE
    assert waits[FREE : FREE + 3] == [0.25, 0.5, 1.0]
    assert max(waits) == LONGEST
    assert throttle.wrong("b") == 0.0
    clock.now += 301.0
    assert throttle.wrong("a") == 0.0


def test_the_qr_code_is_of_the_address_that_the_browser_used(client, opened):
    code, _ = opened
    segno = pytest.importorskip("segno")
    at = "https://lab.example/folder/"
    drawn = client.get(f"/app/api/class/{code}/qr", params={"at": at})
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    path = segno.make(f"https://lab.example/folder/seat?c={code}", error="m", micro=False).svg_inline(
        border=4, omitsize=True
    )
    assert json.dumps(path).partition(' d=\\"')[2].partition('\\"')[0] in drawn.text
    assert drawn.text == qr.drawn(f"{at}seat?c={code}", "m").decode()
    for bad in ("", "javascript:alert(1)", "http://", "x" * 300):
        assert client.get(f"/app/api/class/{code}/qr", params={"at": bad}).status_code == 400


def test_an_address_with_too_many_bytes_has_no_code():
    longest = "http://lab.example/?say="
    longest += "a" * (qr.MOST_BYTES - len(longest))
    assert b"<svg" in qr.drawn(longest, "l")
    for error in ("l", "m"):
        with pytest.raises(SpecError, match="address must be at most 800 bytes"):
            qr.drawn(longest[:-1] + "λ", error)
