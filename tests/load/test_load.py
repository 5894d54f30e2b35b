"""A small class, twice: all of it works, and of those who have left nothing stays."""

import asyncio

import httpx2
import psutil

from tests.browser.serving import serving, wait_until
from tests.load.tab import opened

TABS = 8

SETTINGS = {
    # A run is stopped soon after its tab has gone, a session forgotten as soon as the next one comes.
    "SPARSITY_LAB_IDLE_MINUTES": "0.2",
    "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1",
    "SPARSITY_LAB_TRAINERS": "1",
}
AT_REST = {"status": "ready", "running": 0, "queued": 0, "viewers": 0}


async def visit(url: str) -> None:
    """Open the laboratory, play, move λ while it trains, see what comes of it, and leave."""
    async with opened(url) as tab:
        await tab.press("Play")
        async with tab.watching() as live:
            await live.until(lambda: live.step > 20)
            await tab.choose("λ, the regularization strength", "3e-3")
            await live.until(lambda: "0.003" in live.strengths)
            moved = live.step
            await live.until(lambda: live.step > moved)
        assert live.mine
        assert not tab.errors


async def visits(url: str) -> None:
    """All at once; what goes wrong in one of them is raised."""
    await asyncio.gather(*(visit(url) for _ in range(TABS)))


def connections(process: psutil.Process) -> int:
    """How many sockets of others stand."""
    return sum(each.status == psutil.CONN_ESTABLISHED for each in process.net_connections("tcp"))


def test_a_class_comes_trains_and_leaves_nothing_behind(tmp_path):
    with serving(tmp_path, **SETTINGS) as server:
        process, kept = psutil.Process(server.process.pid), []
        for _ in range(2):
            asyncio.run(visits(server.url))
            wait_until(lambda: connections(process) == 0)
            kept.append((process.num_threads(), process.num_fds()))
        wait_until(lambda: httpx2.get(f"{server.url}/api/health").json().items() >= AT_REST.items())
        (threads, files), (threads_later, files_later) = kept
        # Pools of threads grow by one or two; one thread or two files left behind by each tab are more.
        assert threads_later < threads + TABS - 2, kept
        assert files_later < files + 2 * TABS, kept
    assert "Traceback" not in (tmp_path / "log").read_text()
