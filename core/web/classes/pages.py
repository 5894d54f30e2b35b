"""The pages of seats, projector, console and report: plain HTML of our own, a few kB, beside Streamlit's."""

import json
from collections.abc import Awaitable, Callable
from functools import cache
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from core.classes.words import WORDS
from core.figures.theme import PALETTES, Palette
from core.web.addresses import modules_path
from core.web.hints import imported

SCREENS = ("seat", "projector", "console", "report")

# No end of the head, which HTML does not ask for: Streamlit's pages are told there what they will load.
PAGE = """<!doctype html>
<html lang="en"{dressed}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{colours}</style>
<link rel="stylesheet" href="{assets}/class/class.css">
<link rel="stylesheet" href="{assets}/class/{screen}.css">
{modules}
<script type="application/json" id="words">{words}</script>
<script type="application/json" id="paper">{paper}</script>
<script type="module" src="{assets}/class/{screen}.js"></script>
<body data-screen="{screen}"><main id="screen"></main>
<noscript>{noscript}</noscript>
</html>
"""


def pages(root: str, modules: Path) -> list[BaseRoute]:
    """All four, under the app's own root."""
    return [Route(f"{root}/{screen}", _answered(screen, modules)) for screen in SCREENS]


@cache
def page(screen: str, modules: Path) -> str:
    """The HTML of a screen; its addresses are relative, so that a proxy may put the app into any folder."""
    assets = f".{modules_path(modules)}"
    mine = imported([modules / "class" / f"{screen}.js"])[1:]
    parts = [each.relative_to(modules.resolve()).as_posix() for each in mine]
    return PAGE.format(
        dressed=' data-theme="light"' if screen == "projector" else "",
        title=escape(WORDS[f"{screen}.title"]),
        colours=colours(),
        assets=assets,
        screen=screen,
        modules="".join(f'<link rel="modulepreload" href="{assets}/{part}">' for part in parts),
        # A script's text ends at the first "</".
        words=json.dumps(words_of(screen), ensure_ascii=False).replace("</", "<\\/"),
        # Of figures that are saved as files; a phone in a hall saves none.
        paper="{}" if screen == "seat" else PALETTES["light"].model_dump_json(),
        noscript=escape(WORDS["noscript"]),
    )


def words_of(screen: str) -> dict[str, str]:
    """A screen's own words, and those of all."""
    others = tuple(f"{each}." for each in SCREENS if each != screen)
    return {name: word for name, word in WORDS.items() if not name.startswith(others)}


def colours() -> str:
    """The app's colours as CSS variables: of the theme that a page is dressed in, else of the reader's."""
    light, dark = _named(PALETTES["light"]), _named(PALETTES["dark"])
    pairs = "".join(f"--{name}:light-dark({light[name]},{dark[name]});" for name in light)
    return (
        f":root{{color-scheme:light dark;{pairs}}}"
        '[data-theme="light"]{color-scheme:light}[data-theme="dark"]{color-scheme:dark}'
    )


def _named(palette: Palette) -> dict[str, str]:
    values = palette.model_dump(exclude={"layers"})
    return {name.replace("_", "-"): colour for name, colour in values.items()}


def _answered(screen: str, modules: Path) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_request: Request) -> Response:
        return HTMLResponse(page(screen, modules), headers={"Cache-Control": "no-cache"})

    return answer
