"""The λ path explorer: accuracy against zeros, and at every λ its weights, drawn in the browser."""

from collections.abc import Callable
from pathlib import Path as File
from typing import Any

from core.figures import lambda_path as figures
from core.figures import lambda_words as words
from core.figures.theme import HATCH
from core.lessons.lambda_path import Path
from core.spec import RunSpec, strength_text
from pages.ui import shared

_LIVE = File(__file__).parents[1] / "live_view" / "live_view.css"

_mount = shared.component("lambda_path", _LIVE, File(__file__).with_name("lambda_path.css"))


def lambda_path(
    path: Path,
    *,
    frames: str,
    version: str,
    spec: RunSpec,
    key: str,
    on_open: Callable[[], None],
    on_look: Callable[[], None] | None,
) -> Any:
    """Draw a path; dragging along it shows each λ's weights without asking the server.

    Args:
        path: what is drawn.
        frames: where the browser fetches the latest frames of every λ, from the app's root: "/api/…".
        version: another one makes the browser fetch the frames again.
        spec: of its runs.
        key: of the component, unique on the page.
        on_open: called before the rerun that opening a λ causes; the index of that λ is
            `st.session_state[key].open`, from a browser: check it.
        on_look: the same for a λ that another page is to look at, {"page", "lane"} under `look`; None where
            there is no run to look at.
    """
    told = {
        "figures": {across: figures.accuracy(path, across) for across in ("zeros", "left")},
        "stops": [
            {
                "label": strength_text(stop.strength),
                "zeros": figures.place(stop, "zeros"),
                "left": figures.place(stop, "left"),
                "score": stop.score,
                "summary": words.sentence(path, i),
            }
            for i, stop in enumerate(path.stops)
        ],
        "title": f"{'Error' if path.in_degrees else 'Accuracy'} against exact zeros",
        "near": figures.near_range(path),
        "start": path.knee,
        "summary": words.summary(path),
        "table": words.table(path),
        "layers": spec.layer_names,
        "spec": spec.model_dump(mode="json", include={"dataset", "model"}),
        "hatch": HATCH,
        "frames": f"{shared.root()}{frames}",
        "version": version,
        "own": on_look is not None,
    }
    return _mount(
        key=key,
        data=shared.data("path") | told,
        on_open_change=on_open,
        on_look_change=on_look or _nothing,
    )


def _nothing() -> None:
    """Streamlit gives a component the attributes it has callbacks for."""
