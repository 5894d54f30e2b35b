"""What a machine asks of the server: whether it is well, and its numbers. Neither tells of anybody."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from core.runs import Runs
from core.runs.condition import Condition
from core.web.limits.open_files import n_open

FRESH = {"Cache-Control": "no-store"}

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class Health:
    """Answers both. Not for the event loop: a database that is gone takes its time to say nothing."""

    def __init__(self, service: Callable[[], Runs]) -> None:
        self._service = service

    def health(self, _request: Request) -> Response:
        """Status 503 while nothing can be trained, with the reason."""
        now = self._service().condition()
        said = {
            "status": now.status,
            "why": now.why,
            "worker": now.worker,
            "database": now.database,
            "running": now.running,
            "queued": now.queued,
            "viewers": now.viewers,
            "free_mb": now.free_bytes // 1_000_000,
        }
        return JSONResponse(said, status_code=503 if now.status == "not ready" else 200, headers=FRESH)

    def metrics(self, _request: Request) -> Response:
        """The same in Prometheus' format: seven numbers need no library."""
        return PlainTextResponse(exposed(self._service().condition()), headers=FRESH, media_type=PROMETHEUS)


def exposed(now: Condition) -> str:
    """Numbers as Prometheus reads them."""
    gauges = {
        "ready": ("Whether runs can be trained.", int(now.worker == "ready")),
        "database_up": ("Whether the database answers.", int(now.database)),
        "runs_running": ("Runs that have a place, paused ones among them.", now.running),
        "runs_queued": ("Runs that wait for a place.", now.queued),
        "viewers": ("Open pictures of runs.", now.viewers),
        "disk_free_bytes": ("Free on the disk that weights are written to.", now.free_bytes),
        "open_files": ("Files that the web process has open.", n_open()),
    }
    return "".join(
        f"# HELP sparsity_lab_{name} {text}\n# TYPE sparsity_lab_{name} gauge\nsparsity_lab_{name} {number}\n"
        for name, (text, number) in gauges.items()
    )
