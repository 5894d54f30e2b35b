import logging
import re

from core.web.logs import MOST_KNOWN, QUIET_SECONDS, NoRepeats, write_log


def test_a_line_of_the_log_has_time_level_and_what_it_is_about(capsys, monkeypatch):
    core = logging.getLogger("core")
    for logger in (core, logging.getLogger("pages")):
        monkeypatch.setattr(logger, "handlers", [])
        monkeypatch.setattr(logger, "level", logging.NOTSET)
    write_log()
    logging.getLogger("core.runs").warning("run %s failed: %s", "r", "No room.")
    line = capsys.readouterr().err
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [\d:,]+ WARNING core\.runs: run r failed: No room\.\n", line)


def record(
    text: str, *args: object, name: str = "core.runs", level: int = logging.ERROR
) -> logging.LogRecord:
    return logging.LogRecord(name, level, "file", 1, text, args, None)


def test_the_same_complaint_is_written_once_a_minute():
    now = [0.0]
    news = NoRepeats(lambda: now[0])
    lost = record("the store cannot be read: %s", "gone")
    assert [news.filter(lost) for _ in range(3)] == [True, False, False]
    assert news.filter(record("the store cannot be read: %s", "locked"))
    assert news.filter(record("the store cannot be read: %s", "gone", name="core.classes"))
    ready = record("trainer 0 ready", level=logging.INFO)
    assert [news.filter(ready) for _ in range(2)] == [True, True]
    now[0] = QUIET_SECONDS
    assert [news.filter(lost) for _ in range(2)] == [True, False]


def test_what_is_remembered_of_lines_is_bounded():
    news = NoRepeats(lambda: 0.0)
    for number in range(MOST_KNOWN + 1):
        assert news.filter(record("run %d is none", number))
    assert not news.filter(record("run %d is none", MOST_KNOWN))
    assert news.filter(record("run %d is none", 0))
