import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.web import modules_path
from core.web.compressed import Compressor
from core.web.hints import PIECES, Hints, of_ours, of_streamlit
from core.web.owner_cookie import OwnerCookie
from pages.ui.components import BROWSER
from tests.core.runs.made import Lab

STREAMLIT = Path(find_spec("streamlit").origin).parent / "static"
PAGE = (STREAMLIT / "index.html").read_text(encoding="utf-8")
ASKS = {"Accept": "text/html,*/*"}


@pytest.fixture
def client(tmp_path):
    compressor = Compressor(tmp_path)
    hints = Middleware(Hints, compressor=compressor, modules=BROWSER)
    lab = Lab(tmp_path / "lab")
    owner = Middleware(OwnerCookie, service=lambda: lab.runs)
    pages = [Route(path, lambda request: HTMLResponse(PAGE)) for path in ("/", "/train_live", "/check")]
    routes = [*pages, Route("/text", lambda request: HTMLResponse("no page"))]
    with TestClient(Starlette(routes=routes, middleware=[hints, owner])) as client:
        yield client
    compressor.close()
    lab.runs.close()


def hinted(page: str) -> list[str]:
    return re.findall(r'<link rel="modulepreload" crossorigin fetchpriority="low" href="([^"]+)">', page)


def test_every_module_that_train_live_imports_is_hinted_at_once():
    modules = of_ours(BROWSER)
    assert len(set(modules)) == len(modules) > 20
    root = f".{modules_path(BROWSER)}/"
    assert all((BROWSER / each.removeprefix(root)).is_file() for each in modules)
    assert {f"{root}live/view.js", f"{root}shared/drawn.js", f"{root}weights/histogram.js"} <= set(modules)


def test_streamlits_scripts_are_found_by_name_and_those_in_its_head_are_not_said_twice():
    scripts = of_streamlit(PAGE)
    assert all((STREAMLIT / each).is_file() for each in scripts)
    assert all(any(each.startswith(f"./static/js/{name}.") for each in scripts) for name in PIECES)
    assert not any(each in PAGE for each in scripts)


def test_train_live_is_told_of_its_modules_and_other_pages_of_streamlits_alone(client):
    for path in ("/", "/train_live"):
        assert hinted(client.get(path, headers=ASKS).text) == of_streamlit(PAGE) + of_ours(BROWSER)
    assert hinted(client.get("/check", headers=ASKS).text) == of_streamlit(PAGE)


def test_the_font_waits_for_the_scripts(client):
    page = client.get("/", headers=ASKS).text
    assert page.count('as="font"') == PAGE.count('as="font"') == 1
    assert page.index("modulepreload") < page.index('as="font"') < page.index("</head>")


def test_a_page_is_compressed_named_by_its_content_and_gives_a_name(client):
    first = client.get("/", headers=ASKS)
    assert (first.headers["content-encoding"], first.headers["vary"]) == ("br", "Accept-Encoding")
    assert "owner-" in first.headers["set-cookie"]
    etag = first.headers["etag"]
    assert client.get("/check", headers=ASKS).headers["etag"] != etag
    assert client.get("/", headers=ASKS | {"If-None-Match": etag}).status_code == 304


def test_what_is_no_page_is_passed_on(client):
    assert client.get("/text", headers=ASKS).text == "no page"
    assert client.get("/", headers={"Accept": "*/*"}).text == PAGE
