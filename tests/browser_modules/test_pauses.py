"""When lost connections are tried again: a hall comes back spread out, and soon."""

import random

import pytest

HALL, WINDOW = 200, 100.0

BACK = """async ([outage, draws]) => {
  const { Pauses } = await import("/live/socket/pauses.js");
  return draws.map((own) => {
    const pauses = new Pauses(() => own.shift());
    let time = 0;
    do time += pauses.next(); while (time < outage);
    return time - outage;
  });
}"""


def most_at_once(times):
    times = sorted(times)
    return max(sum(start <= each < start + WINDOW for each in times) for start in times)


@pytest.mark.parametrize("outage", [0, 500, 1_000, 3_000, 10_000, 60_000])
def test_a_hall_comes_back_spread_out_and_within_ten_seconds(modules, outage):
    chance = random.Random(outage)
    draws = [[chance.random() for _ in range(200)] for _ in range(HALL)]
    back = modules.run(BACK, [outage, draws])
    assert most_at_once(back) <= 0.15 * HALL
    assert sum(each <= 10_000 for each in back) >= 0.95 * HALL


def test_a_network_that_is_back_for_all_does_not_bring_all_in_one_moment(modules):
    chance = random.Random(7)
    draws = [chance.random() for _ in range(HALL)]
    soon = """async (draws) => {
      const { Pauses } = await import("/live/socket/pauses.js");
      return draws.map((one) => new Pauses(() => one).soon());
    }"""
    times = modules.run(soon, draws)
    assert most_at_once(times) <= 0.15 * HALL
    assert max(times) <= 1_000


def test_after_a_connection_that_stood_the_next_pause_is_a_first_one(modules):
    pauses = """async () => {
      const { Pauses } = await import("/live/socket/pauses.js");
      const pauses = new Pauses(() => 1);
      const all = Array.from({ length: 5 }, () => pauses.next());
      pauses.reset();
      return [...all, pauses.next()];
    }"""
    assert modules.run(pauses) == [2000, 4000, 8000, 10000, 10000, 2000]
