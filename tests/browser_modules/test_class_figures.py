"""What the class's figures say: who leads, and of a tie nothing."""

import pytest

ANSWERS = """async ([counts, paper]) => {
  const { answers } = await import("/class/chart.js");
  const question = { choices: counts.map((_, i) => `choice ${i}`) };
  const rounds = [{ counts, n: counts.reduce((sum, n) => sum + n, 0), more: false }];
  const figure = answers({ question, rounds }, { width: 400, height: 200, type: 14 });
  return figure.querySelector("figcaption").textContent.trim();
}"""

BOARD = """async (seats) => {
  const { board } = await import("/class/board.js");
  const question = { choices: seats.map((_, i) => `choice ${i}`) };
  const dots = seats.map((n, i) => [i, 0, 10 * i, 90, n]);
  const figure = board({ question, dots }, { width: 400, height: 200, type: 14 });
  return figure.querySelector("figcaption").textContent.trim();
}"""


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([1, 3, 2], "reveal.sentence"),
        ([1, 1, 1], "reveal.sentence.spread"),
        ([2, 0, 2], "reveal.sentence.spread"),
    ],
)
def test_of_answers_that_are_as_many_none_leads(modules, counts, said):
    """Without a catalogue a sentence is its name."""
    assert modules.run(ANSWERS, [counts, None]) == said


@pytest.mark.parametrize(
    ("seats", "said"),
    [([1, 3, 2], "board.sentence"), ([1, 1, 1], "board.sentence.few"), ([0, 0, 0], "board.sentence.nobody")],
)
def test_of_settings_that_as_many_chose_none_leads(modules, seats, said):
    assert modules.run(BOARD, seats) == said
