"""The command line of a benchmark: its sizes, and the small start."""

import pytest

from benchmarks.options import asked, parser


def options(monkeypatch, *words):
    monkeypatch.setattr("sys.argv", ["benchmark", *words])
    asks = parser("What it measures.\n\nAnd how.")
    asks.add_argument("--rounds", type=int, default=20)
    asks.add_argument("--mode", default="nearest")
    return asked(asks, rounds=1)


def test_a_small_start_is_small_whatever_else_is_asked(monkeypatch):
    assert options(monkeypatch).rounds == 20
    assert options(monkeypatch, "--rounds", "7").rounds == 7
    small = options(monkeypatch, "--small", "--rounds", "7", "--mode", "linear")
    assert (small.rounds, small.mode) == (1, "linear")


def test_a_small_start_sets_no_option_that_there_is_not(monkeypatch):
    monkeypatch.setattr("sys.argv", ["benchmark"])
    with pytest.raises(AssertionError, match="options that there are"):
        asked(parser("It."), rounds=1)


def test_help_says_the_first_line(monkeypatch, capsys):
    with pytest.raises(SystemExit):
        options(monkeypatch, "--help")
    said = capsys.readouterr().out
    assert "What it measures." in said
    assert "And how." not in said
