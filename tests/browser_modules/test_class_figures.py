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


LABELS = """async ([mean, measured]) => {
  const { answers } = await import("/class/chart.js");
  const question = { unit: "%", low: 0, high: 100 };
  const counts = Array(20).fill(9);
  const scene = { question, rounds: [{ counts, n: 180, mean }], answer: measured };
  const figure = answers(scene, { width: 700, height: 300, type: 16 });
  document.body.append(figure);
  const box = (node) => node.getBBox();
  const bars = Math.min(...[...figure.querySelectorAll(".hist-bar")].map((bar) => box(bar).y));
  const [first, second] = [".mean-name", ".measured-name"].map((name) => box(figure.querySelector(name)));
  const bottom = (of) => of.y + of.height;
  return { above: bars - bottom(first), apart: first.y - bottom(second), top: second.y };
}"""


@pytest.mark.parametrize("mean", [2, 50, 99])
def test_no_name_of_a_line_lies_across_a_bar_or_another(modules, mean):
    """All bars are as tall as any can be. A line of type is higher than its letters by a few pixels."""
    told = modules.run(LABELS, [mean, 50])
    assert told["above"] >= -2
    assert told["apart"] >= -4
    assert told["top"] >= 0


@pytest.mark.parametrize(
    ("accuracies", "floor", "ceiling", "below"),
    [
        ([97.2, 98.1, 97.8], 97, 98.5, []),
        ([94, 98], 93, 99, []),
        ([9.7, 10.1, 90.5, 98.4], 90, 100, [9.7, 10.1]),
        ([60, 97], 50, 100, []),
        ([3, 30], 0, 40, []),
        ([99.2, 100], 99, 100, []),
        ([98], 97.5, 98.5, []),
    ],
)
def test_the_board_s_axis_is_where_the_dots_are(modules, accuracies, floor, ceiling, below):
    """A network that only guesses is not on it: all that is between 90 and 98 % would be one heap."""
    told = modules.call("class/board.js", "band", accuracies)
    assert (told["floor"], told["ceiling"], told["below"]) == (floor, ceiling, below)


PLACES = """async (accuracies) => {
  const { board } = await import("/class/board.js");
  const question = { choices: accuracies.map((_, i) => `choice ${i}`) };
  const dots = accuracies.map((accuracy, i) => [i, 0, 10 * i, accuracy, 1]);
  const figure = board({ question, dots }, { width: 700, height: 300, type: 16 });
  document.body.append(figure);
  const broken = figure.querySelector(".is-broken");
  const line = broken ? Number(broken.getAttribute("y1")) : null;
  const heights = [...figure.querySelectorAll("circle")].map((dot) => Number(dot.getAttribute("cy")));
  return [line, heights, figure.querySelector("figcaption").textContent.includes("board.below")];
}"""


def test_dots_far_below_lie_under_a_broken_line(modules):
    line, (best, good, guesses), said = modules.run(PLACES, [98, 91, 10])
    assert best < good < line < guesses < 300
    assert good - best > 80
    assert said
    line, _, said = modules.run(PLACES, [98, 91, 90])
    assert (line, said) == (None, False)
