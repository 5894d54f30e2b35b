"""The one door, at the real server: who is let in, and that nothing leaves the host."""

import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx2

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


def shaken(url: str, origin: str) -> int:
    """The status that a handshake with Streamlit's own socket gets."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", "/_stcore/stream", headers=HANDSHAKE | {"Origin": origin})
    status = connection.getresponse().status
    connection.close()
    return status


def test_pages_of_elsewhere_are_refused_at_once_and_nobody_waits(server):
    with ThreadPoolExecutor(20) as threads:
        start = time.monotonic()
        foreign = [threads.submit(shaken, server.url, "http://evil.example") for _ in range(20)]
        httpx2.get(f"{server.url}/api/health", timeout=60).raise_for_status()
        assert [each.result() for each in foreign] == [403] * 20
        # Streamlit alone took 2 s for each, one after the other.
        assert time.monotonic() - start < 2
    assert shaken(server.url, server.url) == 101
    assert not server.abroad
