"""The link that takes somebody's runs to another browser: nothing before the press, once, and a way back."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.web import Web, modules_path
from tests.core.runs.made import Lab
from tests.core.web.test_owner_cookie import PAGE

ADDRESS, HEADERS = "/api/handover", PAGE | {"Origin": "http://testserver"}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def client(lab: Lab, tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "modules").mkdir()
    web = Web(tmp_path / "modules", tmp_path / "compressed", lambda: lab.runs)
    app = Starlette(routes=web.routes(), middleware=web.middleware(), lifespan=lambda app: web.lifespan(app))
    with TestClient(app) as client:
        yield client


def pressed(client: TestClient, token: str, cookie: str = ""):
    client.cookies.clear()
    return client.post(ADDRESS, headers=HEADERS | {"Cookie": cookie}, data={"token": token})


def test_the_page_asks_and_uses_nothing_up(client, lab, tmp_path):
    token = lab.runs.handovers.offer(lab.runs.names.issue())
    page = client.get(ADDRESS, headers=PAGE)
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert f'src="..{modules_path(tmp_path / "modules")}/handover/handover.js"' in page.text
    assert token not in page.text
    assert lab.runs.handovers.is_open(token)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_press_gives_this_browser_the_name_once(client, lab, scheme):
    client.base_url = f"{scheme}://testserver"
    name, headers = lab.runs.names.issue(), HEADERS | {"Origin": f"{scheme}://testserver"}
    token = lab.runs.handovers.offer(name)
    answer = client.post(ADDRESS, headers=headers, data={"token": token})
    ((cookie, given),) = SimpleCookie(answer.headers["set-cookie"]).items()
    assert (given.value, given["httponly"]) == (name, True)
    assert cookie == lab.runs.names.cookies[scheme == "http"]
    again = client.post(ADDRESS, headers=headers, data={"token": token})
    assert (again.status_code, "set-cookie" in again.headers) == (410, False)
    assert name not in answer.text


def test_what_this_browser_had_can_be_had_back(client, lab):
    mine, theirs = lab.runs.names.issue("k" * 22), lab.runs.names.issue()
    answer = pressed(client, lab.runs.handovers.offer(theirs), lab.cookie("k" * 22))
    (token,) = re.findall(r'name="token" value="([^"]+)"', answer.text)
    back = pressed(client, token, f"{lab.runs.names.cookies[1]}={theirs}")
    ((_, given),) = SimpleCookie(back.headers["set-cookie"]).items()
    assert given.value == mine


def test_a_page_of_elsewhere_hands_nothing_over(client, lab):
    token = lab.runs.handovers.offer(lab.runs.names.issue())
    foreign = client.post(ADDRESS, headers={"Origin": "http://evil.example"}, data={"token": token})
    assert foreign.status_code == 403
    assert lab.runs.handovers.is_open(token)


@pytest.mark.parametrize("body", [b"", b"token=", b"token=made+up", b"\xff", b"token=" + b"x" * 10**6])
def test_what_is_no_token_is_told_what_to_do(client, body):
    answer = client.post(ADDRESS, headers=HEADERS, content=body)
    assert answer.status_code == 410
    assert "make another one" in answer.text
    assert "set-cookie" not in answer.headers
