"""Lines of stdin as they come: each in order, the bad ones too, and none of them holds anything up."""

import io
import threading

import pytest

from core.worker import inbox
from core.worker.inbox import END_OF_INPUT, SHOWN_LINE, Inbox
from core.worker.protocol import MAX_LINE_BYTES, BadLineError, Pause, Stop

PAUSE = b'{"op": "pause", "run": "a"}\n'
STOP = b'{"op": "stop", "run": "a"}'


def read(text):
    """All that an inbox makes of some bytes."""
    commands, found = Inbox(io.BytesIO(text)).commands, []
    while not found or found[-1] is not END_OF_INPUT:
        found.append(commands.get(timeout=30))
    return found[:-1]


def test_commands_come_in_order_with_their_text():
    first, second = read(PAUSE + STOP)
    assert (first.command, second.command) == (Pause("a"), Stop("a"))
    assert (first.text, second.text) == (PAUSE.decode().rstrip(), STOP.decode())


def test_empty_lines_are_nothing():
    assert [line.command for line in read(b"\n  \n" + PAUSE + b"\r\n\n")] == [Pause("a")]


def test_a_bad_line_is_said_and_the_next_one_read():
    bad, good = read(b"oops\n" + PAUSE)
    assert isinstance(bad.command, BadLineError)
    assert bad.text == "oops"
    assert good.command == Pause("a")


def test_a_line_that_is_too_long_is_one_bad_line():
    long = b'{"op": "pause", "run": "' + b"x" * 3 * MAX_LINE_BYTES + b'"}\n'
    bad, good = read(long + PAUSE)
    assert str(bad.command) == f"A line must be at most {MAX_LINE_BYTES} bytes."
    assert good.command == Pause("a")
    assert len(bad.text) == SHOWN_LINE


@pytest.mark.parametrize("character", ["x", "λ", "😀", "\x00"])
def test_the_shown_text_is_whole_characters(character):
    (bad,) = read((character * 1000).encode())
    assert bad.text == character * SHOWN_LINE


def test_bytes_that_are_no_text_can_be_shown():
    (bad,) = read(b"\xff\xfe\n")
    assert bad.text == "��"
    assert str(bad.command) == "A line must be JSON."


def test_once_something_was_trained_the_end_of_the_input_ends_the_process(monkeypatch):
    ended, gate = threading.Event(), threading.Event()

    class Source(io.BytesIO):
        def readline(self, size=-1):
            gate.wait(30)
            return b""

    monkeypatch.setattr(inbox.os, "_exit", lambda code: ended.set())
    box = Inbox(Source())
    box.trained.set()
    gate.set()
    assert ended.wait(30)
