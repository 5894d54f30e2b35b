import logging
import re

from core.web.logs import write_log


def test_a_line_of_the_log_has_time_level_and_what_it_is_about(capsys, monkeypatch):
    core = logging.getLogger("core")
    for logger in (core, logging.getLogger("pages")):
        monkeypatch.setattr(logger, "handlers", [])
        monkeypatch.setattr(logger, "level", logging.NOTSET)
    write_log()
    logging.getLogger("core.runs").warning("run %s failed: %s", "r", "No room.")
    line = capsys.readouterr().err
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [\d:,]+ WARNING core\.runs: run r failed: No room\.\n", line)
