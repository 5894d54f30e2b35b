"""What a page's script posts: who may, how much, and what comes back."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.web import Web
from tests.core.runs.made import Lab

OWNER = "a" * 22
HEADERS = {"Origin": "http://testserver", "Cookie": f"owner={OWNER}"}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def client(lab: Lab, tmp_path: Path) -> Iterator[TestClient]:
    web = Web({}, lambda: lab.runs)
    with TestClient(Starlette(routes=web.routes(), lifespan=lambda app: web.lifespan(app))) as client:
        yield client


def replying(lab: Lab, **reply: object) -> threading.Thread:
    """A worker that replies to the next question."""

    def reply_soon() -> None:
        while lab.worker.sent[-1]["op"] != "ask":
            time.sleep(0.001)
        lab.worker.say({"id": lab.worker.sent[-1]["id"], "run": "r"} | reply)

    thread = threading.Thread(target=reply_soon)
    thread.start()
    return thread


def test_a_page_asks_and_gets_the_answer(client, lab):
    run = lab.start()
    thread = replying(lab, event="answer", question="predict", step=7, live=True, answer={"lanes": [1]})
    answer = client.post(
        f"/api/runs/{run}/ask", headers=HEADERS, json={"question": "predict", "step": 4, "x": 1}
    )
    thread.join()
    assert answer.status_code == 200
    assert answer.json() == {"lanes": [1], "step": 7, "live": True}
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-store"
    sent = lab.worker.sent[-1]
    assert (sent["question"], sent["step"], sent["x"], sent["run"]) == ("predict", 4, 1, run)


def test_a_refusal_is_a_sentence(client, lab):
    run = lab.start()
    thread = replying(lab, event="refused", message="There is no lane 9.")
    answer = client.post(f"/api/runs/{run}/ask", headers=HEADERS, json={"question": "weights"})
    thread.join()
    assert (answer.status_code, answer.json()) == (409, {"message": "There is no lane 9."})


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": f"owner={OWNER}"},
        {"Origin": "http://evil.example", "Cookie": f"owner={OWNER}"},
        {"Origin": "http://testserver"},
        {"Origin": "http://testserver", "Cookie": "owner=x"},
    ],
)
def test_only_a_page_of_ours_with_a_name_may_ask(client, lab, headers):
    answer = client.post(f"/api/runs/{lab.start()}/ask", headers=headers, json={"question": "predict"})
    assert answer.status_code == 403
    assert answer.json()["message"].endswith(".")
    assert lab.worker.sent[-1]["op"] == "start"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 9000, b'{"question": 3}', b'{"x": 1}', b" " * 70_000]
)
def test_a_body_that_is_no_question_is_a_sentence(client, lab, body):
    answer = client.post(f"/api/runs/{lab.start()}/ask", headers=HEADERS, content=body)
    assert answer.status_code == 400
    assert answer.json()["message"].endswith(".")
    assert lab.worker.sent[-1]["op"] == "start"


@pytest.mark.parametrize(
    "body", [b'{"question": "predict", "x": NaN}', b'{"question": "predict", "x": 1e999}']
)
def test_numbers_that_are_none_do_not_reach_the_worker(client, lab, body):
    answer = client.post(f"/api/runs/{lab.start()}/ask", headers=HEADERS, content=body)
    assert answer.status_code == 409
    assert lab.worker.sent[-1]["op"] == "start"


def test_a_run_nobody_knows_and_the_wrong_method_are_refused(client):
    assert client.post("/api/runs/unknown/ask", headers=HEADERS, json={"question": "x"}).status_code == 409
    assert client.get("/api/runs/unknown/ask", headers=HEADERS).status_code == 405
