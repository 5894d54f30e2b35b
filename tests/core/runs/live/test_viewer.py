import asyncio
import json

import pytest

from core.runs.live import viewer as module
from core.runs.live.viewer import STILL, Bell, Viewer, Watch
from tests.core.runs.live.unpacking import Unpacking
from tests.core.runs.made import Lab


@pytest.mark.parametrize(("asked", "given"), [(0, 1.0), (0.01, 1.0), (2, 2.0), (99, 5.0), (1e300, 5.0)])
def test_the_rate_stays_within_bounds(asked, given):
    assert Watch.parse(json.dumps({"op": "watch", "run": "r", "rate": asked})).rate == given


def test_a_slow_viewer_gets_everything_in_one_message_later(lab: Lab):
    """While a message is under way nothing piles up, however much happens."""
    run = lab.start()
    received: list[dict] = []

    async def scene() -> None:
        gate, arrived = asyncio.Event(), asyncio.Event()

        async def send(text: str) -> None:
            received.append(json.loads(text))
            arrived.set()
            await gate.wait()

        bell = Bell(lab.runs)
        viewer = Viewer(lab.runs, bell, "eve", Unpacking(send))
        pushing = asyncio.create_task(viewer.push())
        await viewer.watch(json.dumps({"op": "watch", "run": run, "rate": 5}))
        await arrived.wait()
        for step in range(200):
            lab.worker.show(run, step)
            await asyncio.sleep(0)
        assert len(received) == 1
        arrived.clear()
        gate.set()
        await arrived.wait()
        pushing.cancel()
        viewer.close()
        bell.close()

    asyncio.run(scene())
    assert [p["step"] for p in received[1]["points"] if p["lane"] == 0] == list(range(200))
    assert {frame["step"] for frame in received[1]["frames"]} == {199}


def test_news_from_another_thread_wakes_the_viewer(lab: Lab):
    run = lab.start()

    async def scene() -> list[str]:
        texts: asyncio.Queue[str] = asyncio.Queue()
        bell = Bell(lab.runs)
        viewer = Viewer(lab.runs, bell, "eve", Unpacking(texts.put))
        pushing = asyncio.create_task(viewer.push())
        await viewer.watch(json.dumps({"op": "watch", "run": run, "rate": 5}))
        first = await texts.get()
        await asyncio.to_thread(lab.worker.show, run, 7)
        second = await asyncio.wait_for(texts.get(), 30)
        pushing.cancel()
        viewer.close()
        bell.close()
        return [first, second]

    first, second = map(json.loads, asyncio.run(scene()))
    assert first["reset"] is True
    assert [p["step"] for p in second["points"]] == [7, 7]
    assert lab.runs.listeners == []


def test_while_there_is_no_news_of_a_run_that_goes_there_is_a_word_now_and_then(lab: Lab, monkeypatch):
    monkeypatch.setattr(module, "BEAT_SECONDS", 0.01)
    run = lab.start()

    async def scene() -> None:
        texts: asyncio.Queue[str] = asyncio.Queue()
        bell = Bell(lab.runs)
        viewer = Viewer(lab.runs, bell, "eve", Unpacking(texts.put))
        pushing = asyncio.create_task(viewer.push())

        async def until(wanted: str) -> dict:
            while wanted not in (text := await asyncio.wait_for(texts.get(), 60)):
                pass
            return json.loads(text)

        await viewer.watch(json.dumps({"op": "watch", "run": run, "rate": 5}))
        assert (await until("update"))["reset"] is True
        assert [await asyncio.wait_for(texts.get(), 60) for _ in range(3)] == [STILL] * 3
        lab.worker.show(run, 7)
        assert [point["step"] for point in (await until("update"))["points"]] == [7, 7]
        lab.worker.say({"event": "finished", "run": run, "reason": "done"})
        await until('"finished"')
        # Nothing more comes of a run that is over.
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(texts.get(), 0.3)
        pushing.cancel()
        viewer.close()
        bell.close()

    asyncio.run(scene())


def test_whoever_watches_nothing_is_told_nothing(lab: Lab, monkeypatch):
    monkeypatch.setattr(module, "BEAT_SECONDS", 0.01)

    async def scene() -> None:
        texts: asyncio.Queue[str] = asyncio.Queue()
        bell = Bell(lab.runs)
        pushing = asyncio.create_task(Viewer(lab.runs, bell, "eve", Unpacking(texts.put)).push())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(texts.get(), 0.2)
        pushing.cancel()
        bell.close()

    asyncio.run(scene())
