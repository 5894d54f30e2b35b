import asyncio
import re
from contextlib import suppress

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core.web.door import LOG_SECONDS, Door
from core.web.hosting import Hosting
from core.web.origin import is_own

PROXY, MAPPED, BROWSER = ("127.0.0.1", 5), ("::ffff:127.0.0.1", 5), ("192.0.2.7", 5)
HANDSHAKES = ("/api/live", "/_stcore/stream")


INNER = (
    "/_stcore/metrics",
    "/lab/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/interact",
)


async def _socket(socket):
    await socket.accept()
    await socket.send_json({"origin": socket.headers.get("origin"), "scheme": socket.scope["scheme"]})
    await socket.close()


def _answer(request):
    return JSONResponse({"scheme": request.url.scheme})


def client(hosting: Hosting | None = None, peer: tuple[str, int] = BROWSER, **door) -> TestClient:
    routes = [
        *(WebSocketRoute(path, _socket) for path in HANDSHAKES),
        *(Route(path, _answer, methods=["GET", "POST"]) for path in (*INNER, "/_stcore/health")),
        Route("/upload", _answer, methods=["GET", "POST", "PUT", "DELETE"]),
    ]
    middleware = [Middleware(Door, hosting=hosting or Hosting(), **door)]
    return TestClient(Starlette(routes=routes, middleware=middleware), "http://lab.example:8501", client=peer)


def shaken(asked: TestClient, path: str = HANDSHAKES[0], **headers: str) -> dict | None:
    """What a handshake gets, or None where it is refused."""
    with suppress(WebSocketDisconnect), asked.websocket_connect(path, headers=headers) as socket:
        return socket.receive_json()
    return None


@pytest.mark.parametrize("path", HANDSHAKES)
def test_every_socket_is_for_this_hosts_own_pages_alone(path):
    asked = client()
    assert shaken(asked, path, Host="lab.example:8501", Origin="http://lab.example:8501")
    for origin in ("http://evil.example", "http://lab.example:8502", "http://localhost:8501", "null"):
        assert shaken(asked, path, Host="lab.example:8501", Origin=origin) is None
    assert shaken(asked, path, Host="lab.example:8501") is None


def test_streamlit_does_not_judge_again_who_was_let_in():
    asked = client(Hosting(origins=frozenset({"https://hub.example"})))
    assert shaken(asked, Host="lab.example:8501", Origin="https://hub.example")["origin"] is None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_may_change_something_is_refused_to_others(method):
    asked = client()
    refused = asked.request(method, "/upload", headers={"Origin": "http://evil.example"})
    assert (refused.status_code, refused.json()["message"][-1]) == (403, ".")
    assert refused.headers["x-frame-options"] == "SAMEORIGIN"
    own = asked.request(method, "/upload", headers={"Origin": "http://lab.example:8501"})
    assert own.status_code == 200
    assert asked.get("/upload", headers={"Origin": "http://evil.example"}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://lab.example", "lab.example", True),
        ("HTTP://Lab.Example", "lab.EXAMPLE", True),
        ("https://lab.example", "lab.example:443", True),
        ("https://lab.example", "lab.example:80", False),
        ("http://lab.example:8501", "lab.example", False),
        ("http://lab.example", "lab.example:8501", False),
        ("http://[::1]:8501", "[::1]:8501", True),
        ("http://[::1]:8501", "[::2]:8501", False),
        ("ftp://lab.example", "lab.example", False),
        ("http://lab.example:port", "lab.example", False),
        ("http://lab.example", "lab.example:port", False),
        ("http://[", "[", False),
        ("http://", "", False),
        ("", "", False),
    ],
)
def test_origin_is_the_host_in_the_address_line(origin, host, own):
    headers = Headers({"origin": origin, "host": host})
    assert is_own(headers, Hosting(), behind_proxy=False) is own


@pytest.mark.parametrize("origin", ["http://lab.example:8501", "https://lab.example"])
def test_a_proxy_may_drop_the_port(origin):
    headers = Headers({"origin": origin, "host": "lab.example"})
    assert is_own(headers, Hosting(), behind_proxy=True)


@pytest.mark.parametrize("peer", [PROXY, MAPPED, ("192.0.2.7", 0)])
def test_a_trusted_proxy_tells_host_and_scheme_of_the_browser(peer):
    told = {"Host": "127.0.0.1:8501", "X-Forwarded-Host": "lab.example, inner", "X-Forwarded-Proto": "https"}
    asked = client(peer=peer)
    assert shaken(asked, **told, Origin="https://lab.example") == {"origin": None, "scheme": "wss"}
    assert shaken(asked, **told, Origin="http://127.0.0.1:8501") is None
    assert asked.get("/upload", headers=told).json() == {"scheme": "https"}


def test_nobody_else_does():
    told = {"Host": "lab.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    asked = client()
    assert shaken(asked, **told, Origin="http://evil.example") is None
    assert asked.get("/upload", headers=told).json() == {"scheme": "http"}
    everybody = client(Hosting.from_environment({"FORWARDED_ALLOW_IPS": "*"}))
    assert shaken(everybody, **told, Origin="http://evil.example")


def test_an_operator_names_other_addresses():
    hosting = Hosting.from_environment(
        {"SPARSITY_LAB_ORIGINS": "https://Lab.example/, http://other.example:81"}
    )
    for origin in ("https://lab.example", "http://other.example:81"):
        assert shaken(client(hosting), Host="upstream", Origin=origin)
    assert shaken(client(hosting), Host="upstream", Origin="http://lab.example") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SPARSITY_LAB_ORIGINS", "lab.example"),
        ("SPARSITY_LAB_FRAMES", "https://moodle.example; script-src *"),
        ("FORWARDED_ALLOW_IPS", "proxy.example"),
    ],
)
def test_a_setting_that_says_nothing_is_refused_in_a_sentence(name, value):
    with pytest.raises(ValueError, match=rf"^{name} must be .*\.$"):
        Hosting.from_environment({name: value})


def test_the_log_tells_what_differed_once_a_minute(caplog):
    now = [0.0]
    asked = client(clock=lambda: now[0])
    for _ in range(50):
        shaken(asked, Host="upstream:8501", Origin="https://lab.example")
    (line,) = caplog.messages
    assert "'https://lab.example'" in line
    assert "'upstream:8501'" in line
    now[0] = LOG_SECONDS
    shaken(asked, Host="upstream:8501", Origin="x" * 9000)
    assert "50 refused" in caplog.messages[1]
    assert len(caplog.messages[1]) < 1000


def test_headers_keep_every_answer_safe():
    headers = client().get("/upload").headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self';" in policy
    assert "object-src 'none'" in policy
    (script,) = re.findall(r"script-src ([^;]*)", policy)
    assert "unsafe" not in script
    assert script.count("'sha256-") == 1
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers
    assert "max-age" in client().get("https://lab.example/upload").headers["strict-transport-security"]
    assert client().get("/nothing").headers["content-security-policy"] == policy


def test_an_operator_lets_other_sites_show_it_in_a_frame():
    hosting = Hosting.from_environment({"SPARSITY_LAB_FRAMES": "https://moodle.example"})
    headers = client(hosting).get("/upload").headers
    assert "frame-ancestors 'self' https://moodle.example;" in headers["content-security-policy"]
    assert "x-frame-options" not in headers


def test_start_and_end_pass_the_door():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    asyncio.run(Door(app, Hosting())({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]


@pytest.mark.parametrize("path", INNER)
def test_what_streamlit_tells_of_itself_is_for_nobody(path):
    asked = client()
    own = {"Origin": "http://lab.example:8501"}
    assert [asked.get(path).status_code, asked.post(path, headers=own).status_code] == [404, 404]
    assert asked.get("/_stcore/health").status_code == 200
