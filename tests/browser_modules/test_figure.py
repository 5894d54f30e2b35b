"""The parts of a figure: colours by role, numbers, slider, lines of a saved sentence."""

import pytest

from core.figures.theme import PALETTES
from core.figures.traces import ROLES, role

LOOK = PALETTES["light"].model_dump() | {"name": "light"}


def coloured(modules, value):
    return modules.call("figure/roles.js", "coloured", value, LOOK)


@pytest.mark.parametrize("name", sorted(ROLES))
def test_every_role_of_the_theme_has_its_colour(modules, name):
    wanted = LOOK["layers"].get(name) or LOOK[name]
    assert coloured(modules, role(name)) == wanted
    channels = ",".join(str(int(wanted[i : i + 2], 16)) for i in (1, 3, 5))
    assert coloured(modules, role(name, 0.3)) == f"rgba({channels},0.3)"


def test_roles_are_found_at_any_depth_and_the_rest_stays(modules):
    value = {
        "a": [{"color": role("ink")}, None, True],
        "b": [1.5, 2],
        "scale": [[0, role("penalty")]],
        "c": "ink",
    }
    found = coloured(modules, value)
    assert found == {
        "a": [{"color": LOOK["ink"]}, None, True],
        "b": [1.5, 2],
        "scale": [[0, LOOK["penalty"]]],
        "c": "ink",
    }


def test_a_role_that_does_not_exist_is_refused(modules):
    with pytest.raises(Exception, match="no colour for the role mauve"):
        coloured(modules, "role:mauve")


NUMBERS = """async ([rows, open]) => {
  const { Numbers } = await import("/figure/numbers.js");
  let opened = 0;
  const numbers = new Numbers({ onOpen: () => (opened += 1) });
  document.body.append(numbers.node);
  numbers.node.open = open;
  numbers.draw(rows);
  const said = ({ localName, scope = "", textContent }) => [localName, scope, textContent];
  const lines = [...numbers.node.querySelectorAll("tr")];
  return { hidden: numbers.node.hidden, cells: lines.map((row) => [...row.children].map(said)) };
}"""


def test_numbers_are_a_table_whose_first_column_names_the_row(modules):
    found = modules.run(NUMBERS, [[{"λ": "1e-3", "zeros": "2"}, {"λ": "1e-2", "zeros": "9"}], True])
    assert found["hidden"] is False
    assert found["cells"] == [
        [["th", "col", "λ"], ["th", "col", "zeros"]],
        [["th", "row", "1e-3"], ["td", "", "2"]],
        [["th", "row", "1e-2"], ["td", "", "9"]],
    ]


def test_numbers_folded_away_are_not_drawn_and_none_are_hidden(modules):
    assert modules.run(NUMBERS, [[{"λ": "1"}], False]) == {"hidden": False, "cells": []}
    assert modules.run(NUMBERS, [[], True])["hidden"] is True


FRAMES = """async ([updates, moves]) => {
  const { Frames } = await import("/figure/frames.js");
  const frames = new Frames({ key: "k", redraw: () => frames.draw() });
  document.body.append(frames.node);
  for (const data of updates) frames.update(data);
  for (const [what, value] of moves) {
    if (what === "choose") frames.node.querySelector(`input[value="${value}"]`).click();
    else {
      frames.input.value = value;
      frames.input.dispatchEvent(new Event("input"));
    }
  }
  frames.draw();
  return { label: frames.now()?.at.label ?? null, hidden: frames.node.hidden, choice: !frames.choice.hidden,
    spoken: frames.input.getAttribute("aria-valuetext"), sentences: frames.sentences() };
}"""


def told(*names: str, n: int = 3, start: int = 1) -> dict:
    def frame(text: str) -> dict:
        return {"at": {"label": text.replace(" ", "")}, "summary": f"{text}.", "traces": []}

    series = [{"name": name, "frames": [frame(f"{name} {i}") for i in range(n)]} for name in names]
    return {"series": series, "slider": "λ", "start": start, "together": ""}


def test_a_slider_starts_where_it_is_told_and_stays_where_it_was_left(modules):
    assert modules.run(FRAMES, [[told("a")], []])["label"] == "a1"
    found = modules.run(FRAMES, [[told("a")], [["move", 2]]])
    assert (found["label"], found["spoken"]) == ("a2", "a2")
    assert modules.run(FRAMES, [[told("a"), told("a", start=0)], []])["label"] == "a1"


TWO = """async ([words, move]) => {
  const { Frames } = await import("/figure/frames.js");
  const drawn = words.map(() => 0);
  const all = words.map((_, i) => new Frames({ key: `k${i}`, redraw: () => (drawn[i] += 1) }));
  const frame = (i) => ({ at: { label: `${i}` }, summary: "", traces: [] });
  const series = [{ name: "a", frames: [0, 1, 2].map(frame) }];
  all.forEach((each, i) => each.update({ series, slider: "λ", start: 0, together: words[i] }));
  const slide = (value) => {
    all[0].input.value = value;
    all[0].input.dispatchEvent(new Event("input"));
  };
  slide(move);
  const found = all.map((each) => each.now().at.label);
  all[1].close();
  slide("1");
  return { found, after: all[1].now().at.label, drawn };
}"""


def test_sliders_of_one_word_move_as_one_until_one_is_closed(modules):
    assert modules.run(TWO, [["both", "both"], "2"]) == {"found": ["2", "2"], "after": "2", "drawn": [2, 1]}


@pytest.mark.parametrize("words", [["", ""], ["one", "other"]])
def test_sliders_without_a_common_word_move_alone(modules, words):
    assert modules.run(TWO, [words, "2"]) == {"found": ["2", "0"], "after": "0", "drawn": [2, 0]}


def test_a_figure_without_frames_has_no_slider(modules):
    found = modules.run(FRAMES, [[told()], []])
    assert (found["hidden"], found["label"], found["sentences"]) == (True, None, [])


def test_of_several_series_the_reader_chooses(modules):
    found = modules.run(FRAMES, [[told("a", "b")], [["choose", "1"]]])
    assert (found["label"], found["choice"]) == ("b1", True)
    assert found["sentences"] == [f"{name} {i}." for name in "ab" for i in range(3)]
    assert modules.run(FRAMES, [[told("a")], []])["choice"] is False


@pytest.mark.parametrize("most", [10, 25, 120])
def test_a_sentence_is_broken_between_words(modules, most):
    sentence = "Of all weights 93 % are exactly zero, and the accuracy is what it was before."
    lines = modules.call("saving/saving.js", "broken", sentence, most)
    assert " ".join(lines).strip() == sentence
    assert all(len(line) <= most + 1 for line in lines)


def test_what_plotly_would_read_as_markup_is_escaped(modules):
    assert modules.call("saving/saving.js", "broken", "a < b & c") == ["a &lt; b &amp; c"]
