"""What many viewers cost: `python -m benchmarks.live` prints a table (two minutes, real server and trainer).

First 100 viewers at 2 Hz of one run, then 50 runs in one trainer with a viewer each. The age of a
message is that of the oldest news in it, from the hub's taking it in to the viewer's having it.
"""

import argparse
import asyncio
import json
import logging
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import psutil
import uvicorn
import websockets
from websockets.typing import Origin

from benchmarks.options import asked, parser
from tests.core.runs.live.unpacking import Inflater

ROOT = Path(__file__).resolve().parents[1]
RATE = 2.0


@dataclass(frozen=True)
class Server:
    """A server under measurement."""

    started: subprocess.Popen[str]
    process: psutil.Process
    worker: psutil.Process
    port: int
    runs: list[str]
    published: Path

    def times(self) -> dict[tuple[str, int], float]:
        """End the server; when it published each item."""
        self.started.communicate(timeout=30)
        return {(run, seq): at for run, seq, at in json.loads(self.published.read_text())}


@dataclass(frozen=True)
class Received:
    """One message as a viewer got it: everything after `since` up to `seq`, at `at`."""

    run: str
    since: int
    seq: int
    at: float
    points: int


Times = list[tuple[str, int, float]]


def start_runs(n_runs: int, times: Times) -> None:
    """Start runs as owners would, note when news of them comes in, and say where they are."""
    from core.runs import runs
    from core.spec import RunSpec

    def note(run: str) -> None:
        entry = runs()._board.get(run)
        if entry is not None:
            times.append((run, entry.feed.seq, time.time()))

    while runs().worker_state != "ready":
        time.sleep(0.05)
    runs().listeners.append(note)
    views = [runs().start(f"owner{i}", RunSpec(epochs=1000, seed=i), key="k") for i in range(n_runs)]
    print(json.dumps({"worker": runs().trainer_pids[0], "runs": [view.id for view in views]}), flush=True)


def serve(n_runs: int, port: int, published: Path) -> None:
    """Be the server: the real app, until stdin ends."""
    from app import app

    times: Times = []
    made = uvicorn.Server(uvicorn.Config(app, port=port, access_log=False, ws_per_message_deflate=False))

    def end_with_stdin() -> None:
        sys.stdin.read()
        made.should_exit = True

    logging.disable(logging.INFO)
    for work in (lambda: start_runs(n_runs, times), end_with_stdin):
        threading.Thread(target=work, daemon=True).start()
    made.run()
    published.write_text(json.dumps(times))


@contextmanager
def server(n_runs: int) -> Iterator[Server]:
    """The server as a process of its own, ended at the end."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        published = Path(folder) / "published.json"
        command = [sys.executable, "-m", "benchmarks.live", "--serve", str(n_runs), str(port), str(published)]
        settings = {"SPARSITY_LAB_DATABASE": f"sqlite:///{folder}/runs.sqlite", "SPARSITY_LAB_TRAINERS": "1"}
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | settings,
        )
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            said = json.loads(process.stdout.readline())
            worker = psutil.Process(said["worker"])
            yield Server(process, psutil.Process(process.pid), worker, port, said["runs"], published)
        finally:
            process.kill()
            process.wait(30)


async def view(port: int, run: str, until: float, received: list[Received]) -> None:
    """Watch a run until the time is over, noting every message."""
    url, origin = f"ws://127.0.0.1:{port}/api/live", Origin(f"http://127.0.0.1:{port}")
    async with websockets.connect(url, origin=origin, compression=None, max_size=None) as connection:
        await connection.send(json.dumps({"op": "watch", "run": run, "since": 0, "rate": RATE}))
        since, inflater = 0, Inflater()
        while time.time() < until:
            try:
                packed = await asyncio.wait_for(connection.recv(), until - time.time())
            except TimeoutError:
                return
            if isinstance(packed, str):  # There is no news.
                continue
            at, message = time.time(), json.loads(inflater.text(packed))
            received.append(Received(run, since, message["seq"], at, len(message["points"])))
            since = message["seq"]


def watch(port: int, runs: list[str], seconds: float) -> list[list[Received]]:
    """One viewer for each entry of `runs`, all in this process."""
    notes: list[list[Received]] = [[] for _ in runs]

    async def all_of_them() -> None:
        until = time.time() + seconds
        await asyncio.gather(*(view(port, run, until, note) for run, note in zip(runs, notes, strict=True)))

    asyncio.run(all_of_them())
    return notes


def cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def measure(n_runs: int, n_viewers: int, seconds: float, settle: float) -> dict[str, str]:
    """Run one scene and sum it up."""
    with server(n_runs) as made:
        runs = [made.runs[i % n_runs] for i in range(n_viewers)]
        notes: list[list[Received]] = []
        watching = threading.Thread(target=lambda: notes.extend(watch(made.port, runs, settle + seconds)))
        watching.start()
        time.sleep(settle)
        begun, cpu = time.time(), cpu_seconds(made.process)
        time.sleep(seconds - 1.0)
        share = (cpu_seconds(made.process) - cpu) / (time.time() - begun)
        watching.join()
        memory = made.process.memory_full_info(), made.worker.memory_full_info()
        times = made.times()
    steady = [[one for one in note if one.at > begun and one.since] for note in notes]
    # Two threads may publish at once, then the first of the two items has no time of its own.
    oldest = [(one.at, times.get((one.run, one.since + 1))) for note in steady for one in note]
    ages = [at - since for at, since in oldest if since is not None]
    painted = [[one.at for one in note if one.points] for note in steady]
    gaps = [b - a for note in painted for a, b in pairwise(note)]
    return {
        "web process, share of a core": f"{share:.1%}",
        "messages a second": f"{sum(map(len, steady)) / (seconds - 1.0):.0f}",
        "age of a message p50 / p95 / max": _three(ages),
        "gap between painted updates p50 / p95 / max": _three(gaps),
        "viewers with updates": f"{sum(len(note) > 1 for note in painted)} of {n_viewers}",
        "memory web / trainer (private part)": " / ".join(
            f"{each.rss / 1e6:.0f} ({each.uss / 1e6:.0f}) MB" for each in memory
        ),
    }


def _three(values: list[float]) -> str:
    p95 = statistics.quantiles(values, n=20)[-1]
    return f"{statistics.median(values):.2f} / {p95:.2f} / {max(values):.2f} s"


def main() -> None:
    """Measure both scenes and print them."""
    asks = parser(__doc__)
    asks.add_argument("--seconds", type=float, default=30.0, help="how long each scene is measured")
    asks.add_argument(
        "--settle",
        type=float,
        default=15.0,
        help="seconds before that: the worker reads its data and every viewer has its first picture",
    )
    asks.add_argument("--viewers", type=int, default=100, help="of one run, in the first scene")
    asks.add_argument("--runs", type=int, default=50, help="with a viewer each, in the second scene")
    asks.add_argument("--serve", nargs=3, metavar=("RUNS", "PORT", "FILE"), help=argparse.SUPPRESS)
    options = asked(asks, seconds=3.0, settle=2.0, viewers=2, runs=2)
    if options.serve:
        n_runs, port, published = options.serve
        serve(int(n_runs), int(port), Path(published))
        return
    for n_runs, n_viewers in ((1, options.viewers), (options.runs, options.runs)):
        print(f"\n{n_viewers} viewers at {RATE:g} Hz of {n_runs} live run{'s' * (n_runs > 1)}")
        for name, value in measure(n_runs, n_viewers, options.seconds, options.settle).items():
            print(f"  {name:<46}{value}")


if __name__ == "__main__":
    main()
