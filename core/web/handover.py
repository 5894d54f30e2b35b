"""Where a link leads that takes somebody's runs to another browser: a question, and after the press the runs.

What opens a link without being asked, a messenger's preview say, uses nothing up: only the press does. The
link's secret stands behind its #, which browsers send to no server and no log.
"""

from collections.abc import Callable
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core.runs import Runs
from core.web.owner_cookie import cookie_with

MOST_BYTES = 1_000

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sparsity Lab: your runs</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root{{color-scheme:light dark}}body{{font:1.1rem/1.5 sans-serif;max-width:34rem;margin:12vh auto;
padding:0 1rem}}button{{font:inherit;padding:.4rem 1rem}}</style><main><h1>{title}</h1>{body}</main></html>"""

QUESTION = """<p>Your runs, answers and progress of the other browser open here, too. What this browser
has had until now is set aside: for ten minutes you can go back to it.</p>
<form method="post" action="handover"><input type="hidden" name="token">
<button disabled>Open them here</button></form>
<script type="module" src="{script}"></script>"""

DONE = """<p>This browser has your runs now, and the other one has them still.</p>
<p><a href="../">Open Sparsity Lab</a></p>"""

BACK = """<form method="post" action="handover"><input type="hidden" name="token" value="{token}">
<p>Not yours? <button>Go back to what this browser had</button></p></form>"""

USED = """<p>A link works once, and for ten minutes: make another one in the browser that has your runs, on
Your summary.</p><p><a href="../">Open Sparsity Lab</a></p>"""


class Handover:
    """Asks, and hands over.

    Args:
        service: what gives the runs.
        modules: where the browser's modules are served, from the app's folder: "/assets/…".
    """

    def __init__(self, service: Callable[[], Runs], modules: str) -> None:
        self._service = service
        self._modules = modules

    async def ask(self, _request: Request) -> Response:
        """The question."""
        question = QUESTION.format(script=f"..{self._modules}/handover/handover.js")
        return _page("Open your runs in this browser?", question)

    async def take(self, request: Request) -> Response:
        """Give this browser the name that the token stands for; what it had can be had back."""
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                break
        service = self._service()
        token = parse_qs(body[:MOST_BYTES].decode("ascii", "replace")).get("token", [""])[0]
        name, before = service.handovers.take(token), service.names.held(request.cookies)
        if name is None:
            return _page("This link cannot be used any more", USED, status=410)
        back = (
            BACK.format(token=escape(service.handovers.offer(before))) if before not in (None, name) else ""
        )
        answer = _page("Your runs are here", DONE + back)
        answer.headers.append("Set-Cookie", cookie_with(name, service.names, request.scope))
        return answer


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        PAGE.format(title=title, body=body), status_code=status, headers={"Cache-Control": "no-store"}
    )
