"""Streamlit's page tells a browser early what it will ask for: one way to the server, not five in turn."""

import re
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from core.web.addresses import modules_path
from core.web.answer import Told
from core.web.compressed import Body, Compressor
from core.web.policy import streamlit_folder

HOME = ("", "train_live")
"""The last part of the addresses of Train live."""

PIECES = ("Button", "PageLink", "Html", "BidiComponent", "Slider")
"""Streamlit's scripts that every page asks for, or Train live, once the server has said what is on it."""

_IMPORTED = re.compile(r'(?:\bfrom|\bimport)\s*"(\.[^"]+\.js)"')

_FONT = re.compile(r'<link\s[^>]*as="font"[^>]*>')
"""Streamlit's page asks for its font first, and has nothing to write with it until its scripts have run."""

LATER = 'fetchpriority="low"'

OF_THE_CACHE = (b"if-none-match", b"if-modified-since", b"accept-encoding", b"range")
"""What a browser says of how it wants a page: ours to answer."""

HEAD_ENDS = "</head>"


def imported(modules: list[Path]) -> list[Path]:
    """Modules and all that they import, each once, in the order of their coming."""
    found = dict.fromkeys(modules)
    ahead = list(found)
    while ahead:
        module = ahead.pop(0)
        names = _IMPORTED.findall(module.read_text(encoding="utf-8"))
        new = [each for each in ((module.parent / name).resolve() for name in names) if each not in found]
        found |= dict.fromkeys(new)
        ahead += new
    return list(found)


def of_streamlit(page: str) -> list[str]:
    """Addresses of the scripts in PIECES and what they import, but those that the page names itself."""
    folder = streamlit_folder() / "static" / "js"
    pieces = [file for name in PIECES for file in folder.glob(f"{name}.*.js")]
    return [f"./static/js/{file.name}" for file in imported(pieces) if file.name not in page]


def of_ours(folder: Path) -> list[str]:
    """Addresses of the modules of Train live."""
    below = [folder / "shared" / "mount.js", folder / "live" / "view.js"]
    start = folder.resolve()
    return [f".{modules_path(folder)}/{each.relative_to(start).as_posix()}" for each in imported(below)]


class Hints:
    """Middleware: what a page will ask for stands in its head, and waits for what the head itself needs."""

    def __init__(self, app: ASGIApp, compressor: Compressor, modules: Path) -> None:
        self._app = app
        self._compressor = compressor
        self._modules = modules
        self._hinted: dict[tuple[bytes, bool], Body] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a page with hints in it; pass anything else on."""
        if not (scope["type"] == "http" and scope["method"] == "GET" and _asks_for_page(scope)):
            await self._app(scope, receive, send)
            return
        told = await Told.of(self._app, scope, receive, without=OF_THE_CACHE)
        if told.status != 200 or HEAD_ENDS.encode() not in told.body:
            await told.pass_on(scope["method"], send)
            return
        is_home = scope["path"].rpartition("/")[2] in HOME
        # Streamlit's page is one file: there is nothing that could grow.
        key = (told.body, is_home)
        if key not in self._hinted:
            self._hinted[key] = Body(self._with_hints(told.body.decode(), is_home).encode())
        await told.whole(self._hinted[key]).send(self._compressor, scope, send)

    def _with_hints(self, page: str, is_home: bool) -> str:
        addresses = of_streamlit(page) + (of_ours(self._modules) if is_home else [])
        links = [f'<link rel="modulepreload" crossorigin {LATER} href="{each}">' for each in addresses]
        fonts = [each.replace("<link", f"<link {LATER}") for each in _FONT.findall(page)]
        return _FONT.sub("", page).replace(HEAD_ENDS, "".join([*links, *fonts, HEAD_ENDS]), 1)


def _asks_for_page(scope: Scope) -> bool:
    return "text/html" in Headers(scope=scope).get("accept", "")
