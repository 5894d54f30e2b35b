import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.runs.live import hub
from core.runs.live.hub import RING, Feed
from core.spec import LaneSpec, RunSpec
from tests.core.runs.live.unpacking import Inflater
from tests.core.runs.made import event, snapshot


class Shelf:
    """A sink that keeps what a store would."""

    def __init__(self) -> None:
        self.moments: dict[int, tuple[bytes, bytes | None]] = {}
        self.events: list[str] = []

    def moment(self, run: str, number: int, points: bytes, frames: bytes | None) -> None:
        self.moments[number] = (points, frames)

    def event(self, run: str, number: int, body: str) -> None:
        self.events.append(body)

    def thinned(self, run: str, points_stride: int, frames_stride: int) -> None:
        self.moments = {
            number: (points, None if number % frames_stride else frames)
            for number, (points, frames) in self.moments.items()
            if number % points_stride == 0
        }


def feed(points: int = 1000, frames: int = 120, lanes: int = 2) -> Feed:
    spec = RunSpec(lanes=(LaneSpec(),) * lanes)
    made = Feed("r", spec, Shelf(), points, frames)
    made.set_status({"state": "running"})
    return made


def show(made: Feed, step: int, lanes: int = 2) -> None:
    for lane in range(lanes):
        made.add_snapshot(snapshot(lane=lane, step=step))


def read(made: Feed, since: int = 0) -> dict:
    news = made.update(since, mine=False)
    assert news is not None
    seq, text = news
    message = json.loads(text, parse_constant=pytest.fail)
    assert message["seq"] == seq == made.seq
    return message


def steps(message: dict, lane: int = 0) -> list[int]:
    return [point["step"] for point in message["points"] if point["lane"] == lane]


def test_a_new_viewer_gets_everything_and_the_spec():
    made = feed()
    show(made, 0)
    made.add_event(event(step=0))
    show(made, 9)
    message = read(made)
    assert message["reset"] is True
    assert message["spec"] == json.loads(made.spec.to_json())
    assert message["status"] == {"state": "running"}
    assert steps(message, 0) == steps(message, 1) == [0, 9]
    assert [e["text"] for e in message["events"]] == ["λ 0 → 1"]
    assert [(frame["lane"], frame["step"]) for frame in message["frames"]] == [(0, 9), (1, 9)]
    assert message["frames"][0]["kernels"] == [[0.0, 0.123, -1e-9]]
    assert len(message["frames"][0]["layers"]["conv1"]["counts"]) == 60


def test_who_has_everything_gets_nothing_and_then_only_the_news():
    made = feed()
    show(made, 0)
    assert made.update(made.seq, mine=False) is None
    since = made.seq
    show(made, 1)
    message = read(made, since)
    assert (message["reset"], steps(message), "spec" in message) == (False, [1], False)
    since = made.seq
    made.set_status({"state": "paused"})
    message = read(made, since)
    assert (message["status"], message["points"], message["frames"]) == ({"state": "paused"}, [], [])


def test_a_number_from_another_life_or_too_old_resets():
    made = feed()
    show(made, 0)
    old = made.seq
    for step in range(1, RING + 2):
        show(made, step)
    assert read(made, old)["reset"] is True
    assert read(made, 12345)["reset"] is True
    assert read(made, made.seq + 1)["reset"] is True
    assert read(made, made.seq - RING)["reset"] is False


def test_a_moment_is_shown_when_its_last_lane_is_there_with_the_sentence_in_it():
    made = feed()
    show(made, 0)
    made.add_snapshot(snapshot(lane=0, step=50))
    assert steps(read(made)) == [0]
    made.add_snapshot(snapshot(lane=1, step=50))
    texts = [point["text"] for point in read(made)["points"][-2:]]
    assert texts[0] == ""
    assert texts[1].endswith(".")


def test_a_lane_that_stopped_is_not_waited_for():
    made = feed()
    show(made, 0)
    made.add_snapshot(snapshot(lane=0, step=5))
    made.add_event(event(lane=1, kind="diverged"))
    assert steps(read(made)) == [0, 5]
    made.add_snapshot(snapshot(lane=0, step=6))
    assert steps(read(made)) == [0, 5, 6]


def test_an_incomplete_moment_is_shown_when_the_next_begins_or_nothing_comes_any_more():
    made = feed()
    made.add_snapshot(snapshot(lane=0, step=5))
    made.add_snapshot(snapshot(lane=0, step=6))
    assert steps(read(made)) == [5]
    made.finish()
    assert steps(read(made)) == [5, 6]


def test_viewers_who_have_the_same_get_one_packed_message_made_once(monkeypatch):
    made = feed()
    packed = []
    monkeypatch.setattr(hub.Sent, "of", lambda *told, of=hub.Sent.of: packed.append(told) or of(*told))
    show(made, 0)
    since, before = made.sent(0, False, None)
    show(made, 1)
    seq, first = made.sent(since, False, before)
    assert all(made.sent(since, False, before)[1] is first for _ in range(100))
    assert len(packed) == 2
    assert (seq, first.text.decode()) == made.update(since, False)


def test_a_message_unpacks_by_the_one_before_it_and_is_a_fraction_of_it():
    made, inflater, before, since = feed(), Inflater(), None, 0
    for step in range(4):
        show(made, step)
        update = made.update(since, False)[1]
        since, before = made.sent(since, False, before)
        assert inflater.text(before.packed) == update
    assert len(before.packed) < len(update) / 4


def test_viewers_who_have_the_same_share_one_text():
    made = feed()
    show(made, 0)
    since = made.seq
    show(made, 1)
    assert made.update(since, False)[1] is made.update(since, False)[1]
    mine = json.loads(made.update(since, True)[1])
    assert mine["mine"] is True
    assert mine["points"] == read(made, since)["points"]


def test_a_sentence_that_fails_costs_only_itself(monkeypatch):
    monkeypatch.setattr("core.runs.live.hub.describe", lambda *_: 1 / 0)
    made = feed()
    show(made, 0)
    assert read(made)["points"][1]["text"] == ""


def test_the_past_stays_within_bounds_and_spans_the_run():
    made = feed(points=10, frames=4)
    for step in range(100):
        show(made, step)
    kept = steps(read(made))
    assert len(kept) <= 11
    assert (kept[0], kept[-1]) == (0, 99)
    frames = json.loads(gzip.decompress(made.frames()))["frames"]
    seen = [frame["step"] for frame in frames if frame["lane"] == 1]
    assert len(seen) <= 5
    assert (seen[0], seen[-1]) == (0, 99)
    assert seen == sorted(set(seen))


@settings(max_examples=60)
@given(n=st.integers(0, 150), points=st.integers(4, 20), frames=st.integers(2, 4))
def test_what_the_store_has_is_what_the_memory_has(n, points, frames):
    made = feed(points, frames)
    for step in range(n):
        show(made, step)
    made.finish()
    shelf: Shelf = made._sink
    again = Feed("r", made.spec, Shelf(), points, frames)
    again.restore([(number, *row) for number, row in sorted(shelf.moments.items())], [])
    assert steps(read(again)) == steps(read(made)) if n else again.update(again.seq, False) is None
    assert gzip.decompress(again.frames()) == gzip.decompress(made.frames())


@given(
    doings=st.lists(st.sampled_from(["moment", "event", "status", "look", "leave"]), max_size=60),
    ring=st.integers(2, 20),
)
def test_a_viewer_who_comes_and_goes_misses_nothing_and_gets_nothing_twice(doings, ring):
    made = feed()
    made._ring = type(made._ring)(made._ring, maxlen=ring)
    seen: list[int] = []
    marks: list[int] = []
    shown, happened, since = 0, 0, 0
    for number, doing in enumerate([*doings, "look"]):
        if doing == "moment":
            show(made, shown)
            shown += 1
        elif doing == "event":
            made.add_event(event(step=happened))
            happened += 1
        elif doing == "status":
            made.set_status({"state": str(number)})
        elif doing == "leave":
            # The page was reloaded: it knows nothing any more.
            since, seen, marks = 0, [], []
        elif made.update(since, mine=False) is not None:
            message = read(made, since)
            if message["reset"]:
                seen, marks = [], []
            seen += steps(message)
            marks += [e["step"] for e in message["events"]]
            since = message["seq"]
    assert seen == list(range(shown))
    assert marks == list(range(happened))
