"""What a page's script posts: who may, how much, and what comes back."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from core import web_questions
from core.runs.questions import TOO_SLOW
from core.web import Web
from tests.core.runs.made import Lab

OWNER = "a" * 22
HEADERS = {"Origin": "http://testserver"}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def client(lab: Lab, tmp_path: Path) -> Iterator[TestClient]:
    web = Web(tmp_path, tmp_path / "compressed", lambda: lab.runs)
    app = Starlette(routes=web.routes(), middleware=web.middleware(), lifespan=lambda app: web.lifespan(app))
    with TestClient(app, headers={"Cookie": lab.cookie(OWNER)}) as client:
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


@pytest.mark.parametrize("retry", [False, True])
def test_a_refusal_is_a_sentence_and_says_whether_to_ask_again(client, lab, retry):
    run = lab.start()
    thread = replying(lab, event="refused", message="There is no lane 9.", retry=retry)
    answer = client.post(f"/api/runs/{run}/ask", headers=HEADERS, json={"question": "weights"})
    thread.join()
    assert (answer.status_code, answer.json()) == (409, {"message": "There is no lane 9.", "retry": retry})


def test_an_answer_that_takes_too_long_is_worth_asking_for_again(client, lab, monkeypatch):
    monkeypatch.setattr(web_questions, "ANSWER_SECONDS", 0.01)
    answer = client.post(f"/api/runs/{lab.start()}/ask", headers=HEADERS, json={"question": "weights"})
    assert (answer.status_code, answer.json()) == (504, {"message": TOO_SLOW, "retry": True})


def test_when_the_asker_leaves_the_question_is_withdrawn(lab):
    run, said = lab.start(), iter([{"type": "http.request", "body": b'{"question": "refit"}'}])

    async def receive() -> dict:
        return next(said, {"type": "http.disconnect"})

    scope = {"type": "http", "method": "POST", "headers": [], "path_params": {"run": run}}
    asyncio.run(web_questions.answered(Request(scope, receive), lab.runs.questions, OWNER))
    assert [message["op"] for message in lab.worker.sent] == ["start", "ask", "withdraw"]


@pytest.mark.parametrize("step", ["-1", "1.5", "true", '"x"', "10000000000"])
def test_a_step_that_is_none_is_a_sentence_at_once(client, lab, step):
    body = f'{{"question": "weights", "lane": 0, "step": {step}}}'.encode()
    answer = client.post(f"/api/runs/{lab.start()}/ask", headers=HEADERS, content=body)
    assert answer.status_code == 409
    assert answer.json()["message"].startswith("step must be a whole number")


def test_what_is_no_question_is_not_worth_asking_again(client, lab):
    answer = client.post(f"/api/runs/{lab.start()}/ask", headers=HEADERS, content=b"{")
    assert answer.json()["retry"] is False


WANTED = {"step": 4, "lane": 1, "which": "full", "ending": "json"}


def test_a_file_is_written_and_handed_out(client, lab):
    run = lab.start()
    lab.runs.checkpoints.keep(run, "a-full.json", b'{"layers": []}')
    files = {"safetensors": "a-full.safetensors", "json": "a-full.json"}
    thread = replying(lab, event="answer", question="export", step=4, live=False, answer={"files": files})
    answer = client.post(f"/api/runs/{run}/files", headers=HEADERS, json=WANTED)
    thread.join()
    assert (answer.status_code, answer.content) == (200, b'{"layers": []}')
    assert answer.headers["content-disposition"] == 'attachment; filename="a-full.json"'
    sent = lab.worker.sent[-1]
    asked = {name: sent[name] for name in ("question", "step", "lane", "which", "format")}
    assert asked == {"question": "export", "step": 4, "lane": 1, "which": "full", "format": "safetensors"}
    assert "ending" not in sent


def test_a_file_that_made_room_already_is_a_sentence(client, lab):
    run = lab.start()
    answer = {"files": {"json": "gone.json"}}
    thread = replying(lab, event="answer", question="export", step=4, live=False, answer=answer)
    answer = client.post(f"/api/runs/{run}/files", headers=HEADERS, json=WANTED)
    thread.join()
    assert answer.status_code == 409
    assert "no longer kept" in answer.json()["message"]


@pytest.mark.parametrize("ending", [None, "pt", ["json"], 3])
def test_a_file_of_no_kind_is_a_sentence_that_names_the_kinds(client, lab, ending):
    answer = client.post(f"/api/runs/{lab.start()}/files", headers=HEADERS, json=WANTED | {"ending": ending})
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("ending must be one of safetensors, json, onnx, got ")


@pytest.mark.parametrize("what", ["ask", "files"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        HEADERS | {"Cookie": ""},
        HEADERS | {"Cookie": "owner=x"},
        HEADERS | {"Cookie": f"owner={OWNER}"},
        HEADERS | {"Cookie": "", "Lab-Name": f"{OWNER}.{OWNER}{OWNER}"},
    ],
)
def test_only_a_page_of_ours_with_a_name_may_ask(client, lab, headers, what):
    answer = client.post(f"/api/runs/{lab.start()}/{what}", headers=headers, json={"question": "predict"})
    assert answer.status_code == 403
    assert answer.json()["message"].endswith(".")
    assert lab.worker.sent[-1]["op"] == "start"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"question": "\\ud800"}',
        b"[]",
        b"null",
        b"\xff",
        b"[" * 9000,
        b'{"question": 3}',
        b'{"x": 1}',
        b" " * 70_000,
    ],
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


def test_a_page_in_a_frame_without_cookies_asks_by_the_name_it_was_given(client, lab):
    run = lab.start()
    thread = replying(lab, event="answer", question="predict", step=7, live=True, answer={})
    named = HEADERS | {"Cookie": "", "Lab-Name": lab.runs.names.issue()}
    answer = client.post(f"/api/runs/{run}/ask", headers=named, json={"question": "predict"})
    thread.join()
    assert answer.status_code == 200
