"""How zeros happen: every position of every slider draws and says the numbers of core.lessons."""

import re

import numpy as np
import pytest

from core.figures.traces import ROLES, roles_in
from core.lessons.how_zeros_happen import noise_figures
from core.lessons.how_zeros_happen import two_weights as lesson
from core.lessons.how_zeros_happen import two_weights_figures as figures

MOVING = {
    "four methods": figures.four_methods(),
    "lowered": figures.lowered(),
    "hovering": noise_figures.hovering(),
    "falling rate": noise_figures.falling_rate(),
    "staying": noise_figures.staying(),
}


@pytest.mark.parametrize("name", MOVING)
def test_every_position_has_its_words_and_the_same_traces(name):
    drawing = MOVING[name]
    series = drawing.frames if isinstance(drawing.frames, dict) else {"": drawing.frames}
    assert set(roles_in([drawing.fig, *series.values()])) <= ROLES
    for frames in series.values():
        assert len({frame["at"]["label"] for frame in frames}) == len(frames)
        assert len({tuple(t["name"] for t in frame["traces"]) for frame in frames}) == 1
        assert all(frame["summary"] and frame["table"] for frame in frames)
    axes = [value for key, value in drawing.fig["layout"].items() if re.match("[xy]axis", key)]
    assert all("title" in axis for axis in axes)


@pytest.mark.parametrize("name", MOVING)
def test_a_sentence_begins_with_a_capital_and_nothing_falls_to_where_it_is(name):
    frames = MOVING[name].frames
    for frame in (
        each for some in (frames.values() if isinstance(frames, dict) else [frames]) for each in some
    ):
        assert not re.search(r"\. [a-z]{2}", frame["summary"])
        for start, end in re.findall(r"from ([\d.]+) to ([\d.]+) ", frame["summary"]):
            assert float(end) < float(start)
            assert len(end) == len(start)


def test_four_panels_draw_the_paths_and_count_their_zeros():
    for frame, strength in zip(figures.four_methods().frames, figures.STRENGTHS, strict=True):
        weights = [t for t in frame["traces"] if t["name"].startswith("w")]
        for i, method in enumerate(figures.NAMES):
            path = lesson.steady_path(method, strength)
            drawn = np.transpose([weights[2 * i]["y"], weights[2 * i + 1]["y"]])
            np.testing.assert_allclose(drawn, path, atol=1e-3)
            zeros = int((path[-1] == 0).sum())
            assert frame["table"][i]["exact zeros"] == zeros
            assert figures.NAMES[method] in frame["layout"]["annotations"][i]["text"]
        right, proximal = frame["table"][4]["exact zeros"], frame["table"][2]["exact zeros"]
        assert right == proximal == int((lesson.best(strength) == 0).sum())


def test_lowered_names_who_comes_back():
    for frame, later in zip(figures.lowered().frames, figures.LATER, strict=True):
        back = lesson.lowered_path("proximal", figures.LATER[0], later)[-1][1] != 0.0
        assert ("w₂ left zero again" in frame["summary"]) == back == (later < lesson.PULLS[1])
        dead = lesson.lowered_path("clip_and_kill", figures.LATER[0], later)[-1] == 0.0
        assert dead.tolist() == [False, True]
        assert "Clip and kill: w₂, killed, at 0 for ever" in frame["summary"]
