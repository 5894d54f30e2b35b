"""What is known of a run, asked for any moment: by definition, over whole lists."""

import random

import pytest

from tests.browser_modules.runs import SPEC, STATUS, change, frame, point, update

SCRIPT = """async ([spec, updates, past, asked]) => {
  const { History } = await import("/live/history.js");
  const history = new History("r", spec);
  for (const update of updates) history.apply(update);
  if (past) history.applyPast(past);
  return asked.map(([name, ...given]) => {
    const value = history[name];
    return typeof value === "function" ? value.apply(history, given) ?? null : value;
  });
}"""


@pytest.fixture
def known(modules):
    def known(updates, *asked, past=None, spec=SPEC):
        return modules.run(SCRIPT, [spec, updates, past, [list(one) for one in asked]])

    return known


def test_points_and_frames_go_to_their_lanes(known):
    news = update(points=[point(1, 0), point(1), point(2)], frames=[frame(2, 0)])
    points, frames = known([news], ("points",), ("frames",))
    assert [[p["step"] for p in lane] for lane in points] == [[1], [1, 2]]
    assert [[f["step"] for f in lane] for lane in frames] == [[2], []]


def test_the_same_step_again_replaces_what_was_there(known):
    updates = [update(points=[point(5, total=1.0)]), update(points=[point(5, total=2.0)])]
    [points] = known(updates, ("points",))
    assert [p["total"] for p in points[1]] == [2.0]


def test_a_message_says_who_may_steer_and_how_the_run_is(known):
    status = STATUS | {"state": "paused"}
    assert known([update(mine=False, status=status, seq=9)], ("mine",), ("status",), ("seq",)) == [
        False,
        status,
        9,
    ]


def test_a_reset_forgets_everything_and_takes_the_new_settings(known):
    other = SPEC | {"epochs": 3}
    updates = [
        update(points=[point(1)], events=[change(1, 0, 1)]),
        update(reset=True, spec=other, points=[point(7)]),
    ]
    points, events, spec, reached = known(updates, ("points",), ("events",), ("spec",), ("lastStep",))
    assert [p["step"] for p in points[1]] == [7]
    assert (events, spec["epochs"], reached) == ([], 3, 7)


def test_the_reader_works_on_the_last_lane_beside_that_without_a_penalty(known):
    assert known([], ("yours",), ("reference",)) == [1, 0]
    alone = SPEC | {"lanes": SPEC["lanes"][:1]}
    assert known([], ("yours",), ("reference",), spec=alone) == [0, None]
    both = SPEC | {"lanes": [SPEC["lanes"][1]] * 2}
    assert known([], ("reference",), spec=both) == [None]


def test_a_moment_shows_the_last_point_at_or_before_it(known):
    steps = sorted(random.Random(0).sample(range(10, 1000), 60))
    asked = [0, *range(9, 1010, 7)]
    found = known([update(points=[point(s) for s in steps])], *(("pointAt", 1, s) for s in asked))
    for step, one in zip(asked, found, strict=True):
        # Before the first there is nothing earlier: the first stands.
        assert one["step"] == max((s for s in steps if s <= step), default=steps[0])


def test_now_is_the_last_point_and_no_lane_has_none(known):
    news = update(points=[point(3), point(8)])
    now, none, empty = known([news], ("pointAt", 1, None), ("pointAt", None, 3), ("frameAt", 1, None))
    assert (now["step"], none, empty) == (8, None, None)


def test_of_many_points_the_older_half_is_thinned_and_both_ends_stay(known):
    [points] = known([update(points=[point(s) for s in range(1, 2002)])], ("points",))
    steps = [p["step"] for p in points[1]]
    assert len(steps) == 1501
    assert steps[:3] == [1, 3, 5]
    assert steps[500:] == list(range(1001, 2002))


def test_steps_of_the_whole_run_are_known_once_a_share_of_an_epoch_is_done(known):
    assert known([update(points=[point(0)])], ("totalSteps",)) == [None]
    assert known([update(points=[point(50)])], ("totalSteps",)) == [1000]


def test_a_change_of_lambda_is_in_the_settings_from_then_on(known):
    events = [change(50, 1e-3, 0.01), change(80, 0.01, 0.5)]
    asked = [("strengthSetAt", at) for at in (None, 90, 80, 79, 50, 49, 0)]
    assert known([update(events=events)], *asked) == [0.5, 0.5, 0.5, 0.01, 0.01, 1e-3, 1e-3]


def test_events_are_in_the_order_of_their_steps_and_told_up_to_a_moment(known):
    updates = [update(events=[change(80, 1, 2)]), update(events=[change(50, 0, 1)])]
    everything, early = known(updates, ("eventsUntil", None), ("eventsUntil", 60))
    assert [event["step"] for event in everything] == [50, 80]
    assert [event["step"] for event in early] == [50]


def test_frames_of_the_past_stand_between_those_at_hand(known):
    news = update(points=[point(1000)], frames=[frame(900), frame(1000)])
    past = [frame(100), frame(900), frame(500), frame(100, 0)]
    frames, fetched = known([news], ("frames",), ("fetchedTo",), past=past)
    assert [[f["step"] for f in lane] for lane in frames] == [[100], [100, 500, 900, 1000]]
    assert fetched == 900


def test_the_past_is_wanted_where_frames_are_coarse_and_it_was_not_fetched(known):
    news = update(points=[point(1000)], frames=[frame(s) for s in (500, 1000)])
    assert known([news], *(("wantsPast", s) for s in (505, 700, 995))) == [False, True, True]
    assert known([news], ("wantsPast", 100), past=[frame(500)]) == [False]
