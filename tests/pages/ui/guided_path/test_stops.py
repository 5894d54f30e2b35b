"""The stops: on every page of the lesson, with controls and goals that a reader can reach."""

from pathlib import Path

import pytest

from core.lab.lambda_path.figures import place
from core.lab.lambda_path.path import path
from core.lessons.does_it_deliver.claims import CLAIMS
from core.lessons.how_zeros_happen import noise_figures, two_weights_figures
from core.lessons.what_is_l1 import four_weights_figures, least_squares_figures
from core.lessons.what_is_l1.least_squares import mean_squared_error, solution
from core.runs.examples.histories import example
from pages.ui.experiment.runs import trained
from pages.ui.guided_path.stops import NAMES, STOPS
from pages.ui.menu import PAGES

README = Path(__file__).parents[4] / "README.md"


def test_the_readme_counts_the_steps():
    assert f"{len(STOPS)} small steps" in README.read_text(encoding="utf-8")


SHORT = 4 * 45
"""Four lines of a phone: under more, with λ's dock below, no chart is to be seen there."""


def test_beside_a_live_chart_the_words_leave_room_for_it():
    live = [stop for stop in STOPS if stop.page == "train_live"]
    assert max(len(words) for stop in live for words in (stop.instruction, stop.afterwards)) <= SHORT


def test_every_page_of_the_lesson_has_a_stop_and_names_are_unique():
    lesson = {page.stem for page in PAGES.values() if page.group == "Lesson"} - {"guided_path"}
    assert {stop.page for stop in STOPS} == lesson | {"train_live", "inside_the_network", "lambda_path"}
    assert len(set(NAMES)) == len(NAMES)
    assert [stop.of for stop in STOPS if stop.done == "checked"] == ["before", "after"]


def test_a_stop_calls_a_claim_what_its_card_stands_under():
    cards = {stop.of: stop.title for stop in STOPS if stop.page == "does_it_deliver"}
    kinds = ("advantage", "disadvantage", "myth")
    for name, title in cards.items():
        named = [kind for kind in kinds if kind in title.split()]
        assert named in ([], [CLAIMS[name].kind])


def test_a_stop_that_a_result_ticks_names_both_presses_that_bring_it():
    for stop in (stop for stop in STOPS if stop.done == "revealed"):
        assert "**Run it**" in stop.instruction
        assert "**Only show the result**" in stop.instruction


def test_goals_are_where_the_pictures_sliders_can_come():
    one, both = mean_squared_error(0), mean_squared_error(0, 1)
    pictures = {
        "what_is_l1_price": four_weights_figures.price().frames,
        "what_is_l1_one_weight": least_squares_figures.one_weight(one).frames["L1: λ·|w|"],
        "what_is_l1_two_weights": least_squares_figures.two_weights(both).frames["L1: diamond"],
        "how_zeros_methods": two_weights_figures.four_methods().frames,
        "how_zeros_stay": noise_figures.staying().frames["momentum 0"],
    }
    computed = example("lambda_path")
    walked = [{"at": {"value": place(stop, "zeros")}} for stop in path(trained(computed.histories)).stops]
    for stop in (stop for stop in STOPS if stop.done == "moved"):
        assert stop.goal, f"any touch of {stop.control} would do"
        low, high = stop.goal
        frames = (pictures | {"path_view": walked})[stop.control]
        within = [low <= frame["at"]["value"] <= high for frame in frames]
        assert any(within)
        assert not all(within)


def test_the_goals_on_the_axis_are_where_weights_are_zero():
    goals = {stop.name: stop.goal for stop in STOPS}
    assert goals["one_weight"][0] == pytest.approx(mean_squared_error(0).pull[0], abs=0.01)
    both = mean_squared_error(0, 1)
    assert solution(both, "l1", goals["two_weights"][0])[1] == 0.0 < solution(both, "l1", 1.05)[1]
