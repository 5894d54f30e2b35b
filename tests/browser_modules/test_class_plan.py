"""The clock of the console: minutes by the server's time, whatever the lecturer's device believes."""

import pytest

PLAN = {"cards": [{"minutes": 5}, {"minutes": 5}]}

AHEAD = """async (behind) => {
  const now = Date.now() / 1000 + behind;
  const real = globalThis.fetch;
  globalThis.fetch = async () => new Response(JSON.stringify({ now, joining: 3, cards: [] }));
  const { Plan } = await import("/class/plan.js");
  const plan = new Plan("ABCDEF");
  while (!plan.planned) await new Promise((resolve) => setTimeout(resolve));
  globalThis.fetch = real;
  return Date.now() / 1000 + plan.ahead >= now && plan.ahead <= behind;
}"""


@pytest.mark.parametrize(
    ("began", "came", "phase", "card", "over"),
    [
        (850, 850, "predict", 2, -8),
        (450, 670, "reveal", 5, -1),
        (250, 910, "discuss", 1, 2),
        (390, 990, "done", None, 0),
        (1001, 1001, "predict", 0, -10),
    ],
)
def test_minutes_gone_begin_when_the_question_came(modules, began, came, phase, card, over):
    scene, desk = {"phase": phase, "card": 0}, {"began": began, "came": came}
    told = modules.call("class/plan.js", "spent", PLAN, scene, desk, 1000)
    assert told["card"] == (None if card is None else {"gone": card, "minutes": 5})
    assert told["all"] == {"gone": over + 10, "minutes": 10}
    assert told["over"] == over


def test_before_the_first_question_no_clock_goes(modules):
    told = modules.call(
        "class/plan.js", "spent", PLAN, {"phase": "lobby", "card": 0}, {"began": None, "came": None}, 9
    )
    assert (told["card"], told["all"]) == (None, None)


@pytest.mark.parametrize("behind", [0, 3000, -3000])
def test_time_is_the_server_s(modules, behind):
    assert modules.run(AHEAD, behind)
