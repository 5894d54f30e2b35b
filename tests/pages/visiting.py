"""Opening a page on the server, without a browser, and reading what it says."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from core.runs import RunView, runs
from pages.ui.train_live.bar import MORE

ROOT = Path(__file__).resolve().parents[2]


def opened(page: str | Path, state: Mapping[str, Any] | None = None, **link: str) -> AppTest:
    """A page, "train_live" or a path, after its first run: with this session state, and this query."""
    path = ROOT / "pages" / f"{page}.py" if isinstance(page, str) else page
    app = AppTest.from_file(str(path), default_timeout=120)
    for name, value in (state or {}).items():
        app.session_state[name] = value
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


train_live = partial(opened, "train_live")


def broken(text: str) -> str:
    """What `unbroken` of pages/ui/markdown.py was given."""
    return text.replace("\u00a0", " ").replace("\u2060", "")


def said(app: AppTest, words: str) -> bool:
    """Whether the page says so, in Markdown."""
    return any(words in broken(text.value.replace("\\", "")) for text in app.markdown)


def setting(app: AppTest, name: str) -> Any:
    """The widget of a setting, "train_strength", in whichever version it is; opens More for it."""
    if not _widgets(app, name):
        app.session_state[MORE] = True
        app.run()
    (found,) = _widgets(app, name)
    return found


def _widgets(app: AppTest, name: str) -> list[Any]:
    widgets = [*app.select_slider, *app.selectbox, *app.number_input, *app.toggle]
    return [each for each in widgets if re.fullmatch(rf"{name}(_\d+)?", each.key or "")]


def run_of(app: AppTest) -> RunView | None:
    """The run on Train live's screen."""
    return runs().view(app.session_state["train_run"])
