"""A flood on a socket costs its sender: so many messages a second are taken, none too long."""

import asyncio

import pytest

from core.web.limits.rates import BURST, MOST_BYTES, PER_SECOND, TOO_MUCH, Bucket, Rates
from tests.core.runs.made import Clock

SCOPE = {"type": "websocket", "path": "/_stcore/stream", "headers": []}


def test_a_bucket_gives_a_burst_at_once_and_then_one_at_a_time():
    clock = Clock()
    bucket = Bucket(clock)
    assert [bucket.take() for _ in range(BURST)] == [0.0] * BURST
    # Worked by hand: twenty a second are 50 ms apart.
    assert [round(bucket.take(), 6) for _ in range(3)] == [0.05, 0.1, 0.15]
    clock.now += 1000.0
    assert [bucket.take() for _ in range(BURST)] == [0.0] * BURST
    assert bucket.take() > 0.0


def heard(messages, monkeypatch):
    """What the app gets of a socket's messages, when, and what the browser is sent."""
    clock, got, sent = Clock(), [], []

    async def sleep(seconds):
        clock.now += seconds

    async def app(scope, receive, send):
        while (message := await receive())["type"] == "websocket.receive":
            got.append(clock.now)
        got.append(message)

    async def receive():
        return messages.pop(0) if messages else {"type": "websocket.disconnect", "code": 1000}

    async def send(message):
        sent.append(message)

    monkeypatch.setattr("core.web.limits.rates.asyncio.sleep", sleep)
    asyncio.run(Rates(app, clock)(SCOPE, receive, send))
    return got, sent


def test_twelve_thousand_reruns_at_once_take_their_sender_ten_minutes(monkeypatch):
    flood = [{"type": "websocket.receive", "bytes": b"rerun"}] * 12_000
    (*times, last), sent = heard(list(flood), monkeypatch)
    assert len(times) == 12_000
    assert times[-1] - times[0] == pytest.approx((12_000 - BURST) / PER_SECOND, rel=0.01)
    assert (last["code"], sent) == (1000, [])


@pytest.mark.parametrize("kind", ["bytes", "text"])
def test_a_message_that_is_too_long_ends_its_socket(kind, monkeypatch):
    as_long_as_may_be = "x" * MOST_BYTES
    messages = [as_long_as_may_be, as_long_as_may_be + "x", "never heard"]
    each = [{"type": "websocket.receive", kind: m.encode() if kind == "bytes" else m} for m in messages]
    (*times, last), sent = heard(each, monkeypatch)
    assert len(times) == 1
    assert last == {"type": "websocket.disconnect", "code": TOO_MUCH}
    assert sent == [{"type": "websocket.close", "code": TOO_MUCH}]


def test_what_is_no_socket_is_passed_on_as_it_is():
    passed = []

    async def app(*what):
        passed.append(what)

    async def none():
        raise AssertionError

    scope = {"type": "http"}
    asyncio.run(Rates(app)(scope, none, none))
    assert passed == [(scope, none, none)]
