"""The λ path explorer: accuracy against zeros, and at every λ its weights, drawn in the browser."""

from collections.abc import Callable

from streamlit.components.v2.bidi_component import ComponentResult

from core.figures.theme import HATCH
from core.lab.lambda_path import figures, words
from core.lab.lambda_path.path import Path
from core.spec import RunSpec, strength_text
from pages.ui import components

_mount = components.component(
    "lambda_path", "path/view.js", "PathView", "live/live_view.css", "path/lambda_path.css"
)


def lambda_path(
    path: Path,
    *,
    whose: str,
    frames: str,
    version: str,
    spec: RunSpec,
    key: str,
    on_open: Callable[[], None],
    on_look: Callable[[], None] | None,
) -> ComponentResult:
    """Draw a path; dragging along it shows each λ's weights without asking the server.

    Args:
        path: what is drawn.
        whose: of which run its frames are; "" where there is one.
        frames: where the browser fetches the latest frames of every λ, from the app's root: "/api/…".
        version: another one makes the browser fetch the frames again.
        spec: of its runs.
        key: of the component, unique on the page.
        on_open: called before the rerun that opening a λ causes; the index of that λ is
            `st.session_state[key].open`, from a browser: check it.
        on_look: the same for a λ that another page is to look at, {"page", "lane"} under `look`; None where
            there is no run to look at.
    """
    props = {
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
        "start": path.choice.chosen if path.choice else path.knee,
        "choice": path.choice.chosen if path.choice else -1,
        "summary": words.summary(path),
        "table": words.table(path),
        "layers": spec.layer_names,
        "whose": whose,
        "spec": spec.model_dump(mode="json", include={"dataset", "model"}),
        "hatch": HATCH,
        "frames": f"{components.HERE}{frames}",
        "version": version,
        "own": on_look is not None,
    }
    return _mount(
        key=key,
        data=props,
        on_open_change=on_open,
        on_look_change=on_look or _nothing,
    )


def _nothing() -> None:
    """Streamlit gives a component the attributes it has callbacks for."""
