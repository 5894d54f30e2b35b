import gzip

import brotli
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from core.web.compressed import Compressor
from core.web.immutable import ImmutableOnce

SCRIPT = "".join(f"export const n{n} = {n};\n" for n in range(1000))
LASTING = {"Cache-Control": "public, max-age=31536000, immutable"}
PLAIN = {"Accept-Encoding": "identity"}


class Files:
    """An app with a script, a font and a page that changes; it counts what it is asked."""

    def __init__(self, folder):
        self.asked = []
        self.file = folder / "index.js"
        self.file.write_text(SCRIPT)

    def script(self, request):
        self.asked.append(request.url.path)
        return FileResponse(self.file, media_type="text/javascript", headers=LASTING | {"X-Own": "1"})

    def font(self, request):
        return Response(b"\0" * 5000, media_type="font/woff2", headers=LASTING)

    def page(self, request):
        self.asked.append(request.headers.get("accept-encoding"))
        return Response("<p>now</p>", media_type="text/html", headers={"Cache-Control": "no-cache"})


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture
def compressor(tmp_path):
    made = Compressor(tmp_path / "kept")
    yield made
    made.close()


@pytest.fixture
def client(files, compressor):
    routes = [
        Route("/static/js/index.js", files.script),
        Route("/static/js/font.woff2", files.font),
        Route("/static/page", files.page),
        Route("/page", files.page),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(ImmutableOnce, compressor=compressor)])
    with TestClient(app) as client:
        yield client


SCRIPT_PATH = "/static/js/index.js"


def raw(client, **headers):
    """An answer's headers, and its bytes as they were sent."""
    with client.stream("GET", SCRIPT_PATH, headers=headers) as answer:
        return answer.headers, b"".join(answer.iter_raw())


@pytest.mark.parametrize(("coding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_the_bytes_sent_unpack_to_the_file(client, coding, unpack):
    headers, sent = raw(client, **{"accept-encoding": coding})
    assert headers["content-encoding"] == coding
    assert int(headers["content-length"]) == len(sent) < len(SCRIPT) / 3
    assert unpack(sent).decode() == SCRIPT
    assert headers["cache-control"] == LASTING["Cache-Control"]
    assert headers["vary"] == "Accept-Encoding"
    assert headers["x-own"] == "1"


def test_a_coding_that_is_ruled_out_is_not_sent(client):
    for wanted in ("identity", "br;q=0, gzip;q=0"):
        headers, sent = raw(client, **{"accept-encoding": wanted})
        assert "content-encoding" not in headers
        assert headers["vary"] == "Accept-Encoding"
        assert sent.decode() == SCRIPT


def test_the_app_is_asked_once_for_everybody(client, files):
    for coding in ("br", "gzip", "identity", "br"):
        raw(client, **{"accept-encoding": coding, "if-none-match": '"old"'})
    assert files.asked == [SCRIPT_PATH]


def test_who_has_it_is_told_so_whatever_the_coding(client):
    etag = client.get(SCRIPT_PATH).headers["etag"]
    assert client.get(SCRIPT_PATH, headers=PLAIN).headers["etag"] == etag
    for known in (etag, f'"x", {etag}', "*"):
        again = client.get(SCRIPT_PATH, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert client.get(SCRIPT_PATH, headers={"If-None-Match": 'W/"other"'}).status_code == 200


@pytest.mark.parametrize("first", ["GET", "HEAD"])
def test_head_says_what_get_would_without_the_body(client, files, first):
    client.request(first, SCRIPT_PATH)
    head, get = client.head(SCRIPT_PATH), client.get(SCRIPT_PATH)
    assert head.content == b""
    assert {**head.headers} == {**get.headers}
    assert get.text == SCRIPT
    assert len(files.asked) == 1


def test_a_part_is_a_part_of_the_file_itself(client):
    client.get(SCRIPT_PATH)
    part = client.get(SCRIPT_PATH, headers={"Range": "bytes=7-11"})
    assert (part.status_code, part.text) == (206, SCRIPT[7:12])
    assert "content-encoding" not in part.headers


def test_a_font_is_kept_as_it_is(client):
    for _ in range(2):
        answer = client.get("/static/js/font.woff2")
        assert "content-encoding" not in answer.headers
        assert answer.content == b"\0" * 5000


def test_what_may_change_is_asked_for_each_time(client, files):
    for path in ("/page", "/static/page"):
        files.asked.clear()
        for _ in range(2):
            answer = client.get(path)
            assert answer.text == "<p>now</p>"
            assert answer.headers["cache-control"] == "no-cache"
        assert len(files.asked) == 2


def test_other_methods_and_unknown_files_are_the_apps_matter(client):
    assert client.post(SCRIPT_PATH).status_code == 405
    assert client.get("/static/js/none.js").status_code == 404
    assert client.head("/static/page").content == b""
