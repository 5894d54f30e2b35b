"""Lines to commands: every bad line is one sentence, never anything else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spec import Move, RunSpec
from core.worker import protocol
from core.worker.protocol import MAX_LINE_BYTES, BadLineError, parse


def line(**message):
    return json.dumps(message).encode()


@pytest.mark.parametrize(
    ("message", "command"),
    [
        ({"op": "start", "run": "a", "spec": {}}, protocol.Start("a", RunSpec(), False, 0.0)),
        (
            {"op": "start", "run": "a", "spec": {"seed": 3}, "paused": True, "speed": 60},
            protocol.Start("a", RunSpec(seed=3), True, 60.0),
        ),
        (
            {"op": "change", "run": "a", "lane": 1, "strength": 0.003, "layers": ["fc1"]},
            protocol.ChangeLane("a", 1, Move(strength=0.003, layers=["fc1"])),
        ),
        ({"op": "change", "run": "a", "speed": 0.5}, protocol.ChangeSpeed("a", 0.5)),
        ({"op": "step", "run": "a", "unit": "epoch"}, protocol.Step("a", "epoch")),
        ({"op": "step", "run": "a"}, protocol.Step("a", "update")),
        ({"op": "pause", "run": "a"}, protocol.Pause("a")),
        ({"op": "resume", "run": "a"}, protocol.Resume("a")),
        ({"op": "stop", "run": "a"}, protocol.Stop("a")),
    ],
)
def test_commands(message, command):
    assert parse(line(**message)) == command


BAD_LINES = {
    b"{": "JSON",
    b"\xff\xfe": "JSON",
    b"[" * 20_000: "JSON",
    b"[1]": "object",
    b"null": "object",
    b'{"run": "a"}': "op",
    b'{"op": ["start"], "run": "a"}': "op",
    b'{"op": "fly", "run": "a"}': "op",
    b'{"op": "pause"}': "run",
    b'{"op": "pause", "run": 3}': "run",
    b'{"op": "pause", "run": ""}': "run",
    b'{"op": "pause", "run": "\\ud800"}': "run",
    b'{"op": "pause", "run": "a", "now": 1}': "now",
    b'{"op": "start", "run": "a"}': "settings",
    b'{"op": "start", "run": "a", "spec": {"seed": -1}}': "seed",
    b'{"op": "start", "run": "a", "spec": {"lanes": [{"strength": NaN}]}}': "strength",
    b'{"op": "start", "run": "a", "spec": {}, "paused": 1}': "paused",
    b'{"op": "start", "run": "a", "spec": {}, "speed": true}': "speed",
    b'{"op": "change", "run": "a", "speed": -1}': "speed",
    b'{"op": "change", "run": "a", "speed": Infinity}': "speed",
    b'{"op": "change", "run": "a", "speed": 1' + b"0" * 400 + b"}": "speed",
    b'{"op": "change", "run": "a", "strength": 1}': "lane",
    b'{"op": "change", "run": "a", "lane": true, "strength": 1}': "lane",
    b'{"op": "change", "run": "a", "lane": 0}': "change",
    b'{"op": "change", "run": "a", "lane": 0, "strength": -1}': "^strength must be at least 0",
    b'{"op": "change", "run": "a", "lane": 0, "strength": null}': "^strength must be",
    b'{"op": "change", "run": "a", "lane": 0, "layers": ["fc9"]}': "^layers",
    b'{"op": "change", "run": "a", "lane": 0, "include_bias": 1}': "^include_bias must be true or false",
    b'{"op": "change", "run": "a", "lane": 0, "strength": 1, "method": "textbook"}': "method",
    b'{"op": "step", "run": "a", "unit": "year"}': "unit",
    b'{"op": "step", "run": "a", "unit": ["epoch"]}': "unit",
    b" " * (MAX_LINE_BYTES + 1): "bytes",
}


@pytest.mark.parametrize("bad", BAD_LINES, ids=lambda bad: bad[:60].decode(errors="replace"))
def test_a_bad_line_is_one_sentence_that_names_the_field(bad):
    with pytest.raises(BadLineError, match=BAD_LINES[bad]) as caught:
        parse(bad)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["run", "spec", "lane", "strength", "layers", "include_bias", "speed", "paused", "unit"]
OPS = st.sampled_from(["start", "change", "pause", "resume", "stop", "step"]) | JSON


@given(
    st.binary(max_size=200)
    | st.dictionaries(st.sampled_from(FIELDS), JSON).flatmap(
        lambda fields: OPS.map(lambda op: json.dumps({"op": op, **fields}).encode())
    )
)
def test_any_line_is_a_command_or_one_sentence(text):
    try:
        outcome = parse(text)
    except BadLineError as error:
        outcome = str(error)
    if isinstance(outcome, str):
        assert outcome.endswith(".")
        assert "\n" not in outcome
    else:
        assert isinstance(outcome, protocol.Command)
