"""Behind nginx as `.hosting/nginx.conf` sets it up: https, both sockets, a cookie of this host alone."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import settled
from tests.browser.live import VIEW, press, reach
from tests.browser.serving import ROOT, free_port, wait_until

BINARIES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
MAIN = """daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;
events {{}}
http {{
    access_log off;
    {temp}
    include {folder}/site.conf;
}}
"""
KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def program(name: str) -> str:
    found = shutil.which(name, path=BINARIES)
    assert found, f"{name} is missing: install it, as .dev/env does."
    return found


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[str]:
    """The address behind which nginx has the server, as our file sets it up, on ports of the test's."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj"]
    made += ["/CN=localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    plain, secure = free_port(), free_port()
    changes = {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "/etc/ssl/lab.example/fullchain.pem": str(certificate),
        "/etc/ssl/lab.example/privkey.pem": str(key),
        "lab.example": "localhost",
        "http://127.0.0.1:8501": upstream.replace("localhost", "127.0.0.1"),
    }
    site = (ROOT / ".hosting" / "nginx.conf").read_text(encoding="utf-8")
    for ours, theirs in changes.items():
        assert ours in site
        site = site.replace(ours, theirs)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    temp = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in KINDS)
    main = folder / "nginx.conf"
    main.write_text(MAIN.format(folder=folder, temp=temp), encoding="utf-8")
    with (folder / "log").open("wb") as log:
        command = [program("nginx"), "-p", str(folder), "-e", "stderr", "-c", str(main)]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_until(lambda: _listens(secure))
        yield f"https://localhost:{secure}"
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def test_https_the_live_picture_and_a_cookie_of_this_host_alone(browser, server, tmp_path):
    with nginx(tmp_path, server.url) as address:
        context = browser.new_context(ignore_https_errors=True, viewport={"width": 1440, "height": 900})
        page = context.new_page()
        sockets = []
        page.on("websocket", lambda each: sockets.append(each.url))
        answer = page.goto(address)
        assert "max-age" in answer.headers["strict-transport-security"]
        settled(page)
        (cookie,) = [each for each in context.cookies() if each["name"].startswith("__Host-owner")]
        assert (cookie["secure"], cookie["httpOnly"], cookie["path"]) == (True, True, "/")
        press(page, "Play")
        reach(page, 20)
        expect(page.locator(VIEW)).not_to_contain_text("read-only")
        assert any("/api/live" in url and url.startswith("wss:") for url in sockets)
        assert page.request.get(f"{address}/api/health").json()["status"] == "ready"
        page.get_by_role("button", name="Pause", exact=True).first.click()
        context.close()
