"""Before files run out nobody new is let in, in a sentence; the limit is as high as the system lets it be."""

import subprocess
import sys

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core.web.limits.open_files import FULL, LOOK_SECONDS, TRY_AGAIN, OpenFiles, n_open
from tests.core.runs.made import Clock

PAGE = {"Accept": "text/html,*/*"}


async def _echo(socket):
    await socket.accept()
    await socket.close()


class Crowded:
    """A server with a limit of 1,000 files of which `n` are open."""

    def __init__(self, limit=1000):
        self.n, self.counts, self.clock = 0, 0, Clock()
        routes = [Route("/", lambda request: PlainTextResponse("here")), WebSocketRoute("/live", _echo)]
        files = Middleware(OpenFiles, limit=limit, count=self._count, clock=self.clock)
        self.client = TestClient(Starlette(routes=routes, middleware=[files]))

    def _count(self):
        self.counts += 1
        return self.n

    def now(self, n):
        self.n = n
        self.clock.now += LOOK_SECONDS

    def page(self):
        return self.client.get("/", headers=PAGE)


def test_a_full_server_says_so_and_goes_on_for_those_who_are_there(caplog):
    crowded = Crowded()
    crowded.now(900)
    assert crowded.page().status_code == 200
    crowded.now(901)
    assert (crowded.page().status_code, crowded.page().json()) == (503, {"message": FULL, "retry": True})
    with pytest.raises(WebSocketDisconnect) as refused, crowded.client.websocket_connect("/live"):
        pass
    assert refused.value.code == TRY_AGAIN
    # What belongs to a page that is there already.
    assert crowded.client.get("/").text == "here"
    assert len(caplog.records) == 1
    crowded.now(800)
    assert crowded.page().status_code == 200
    with crowded.client.websocket_connect("/live"):
        pass


def test_files_are_not_counted_for_each_of_a_crowd():
    crowded = Crowded()
    crowded.now(10)
    for _ in range(100):
        crowded.page()
    assert crowded.counts == 1


def test_without_a_limit_nobody_is_refused():
    crowded = Crowded(limit=0)
    crowded.now(10**6)
    assert crowded.page().status_code == 200


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit there")
def test_the_soft_limit_becomes_the_hard_one():
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (128, 256));"
        "from core.web.limits.open_files import raise_limit;"
        "print(raise_limit(), raise_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["256"] * 4


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can say there")
def test_open_files_are_counted(tmp_path):
    before = n_open()
    opened = [(tmp_path / str(i)).open("w") for i in range(7)]
    assert n_open() == before + 7
    for file in opened:
        file.close()
