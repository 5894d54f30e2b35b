"""How long a run will still take: by its own pace, and only once that is known."""

import pytest

UNTIL = """async ([seen, end]) => {
  const { Pace } = await import("/live/pace.js");
  const pace = new Pace();
  for (const [running, step, at] of seen) pace.take({ running, step }, at);
  return pace.until(end);
}"""


@pytest.mark.parametrize(
    ("seen", "end", "seconds"),
    [
        ([(True, 0, 0), (True, 50, 5000)], 150, 10),
        ([(True, 0, 0), (True, 50, 5000)], None, None),
        ([(True, 0, 0), (True, 10, 1000)], 150, None),
        ([(True, 0, 0), (True, 50, 5000), (False, 50, 6000)], 150, None),
        ([(True, 0, 0), (True, 50, 5000), (False, 50, 6000), (True, 60, 90000)], 150, None),
        ([(True, 0, 0), (True, 10, 5000), (True, 20, 22000), (True, 70, 27000)], 170, 10),
    ],
    ids=["known", "no end", "too early", "paused", "gone on", "slow at first"],
)
def test_the_time_left_is_that_of_the_recent_pace(modules, seen, end, seconds):
    assert modules.run(UNTIL, [seen, end]) == seconds


def test_the_time_left_in_words(modules):
    words = modules.each("live/pace.js", "left", [(s,) for s in (None, 3, 42, 89, 130)])
    assert words == ["", "a few seconds left", "about 40 s left", "about 90 s left", "about 2 min left"]


@pytest.mark.parametrize(
    ("sharing", "pace", "said"),
    [
        (0, 12.0, ""),
        (40, None, "40 runs share this server"),
        (40, 1.23, "40 runs share this server: 1.2 updates a second"),
        (300, 123.4, "300 runs share this server: 123 updates a second"),
    ],
)
def test_where_many_share_a_server_it_says_how_many_and_how_fast_this_one_is(modules, sharing, pace, said):
    assert modules.call("live/pace.js", "shared", sharing, pace) == said
