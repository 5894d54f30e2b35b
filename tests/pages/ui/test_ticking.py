"""The page starts and ends the ticking of its pieces: once each, and nothing ticks when nothing goes on."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.timers import Timers


def two_pieces() -> None:
    """A page with two pieces, or another page while the reader is away; it counts what is drawn."""
    from functools import partial

    import streamlit as st

    from pages.ui.ticking import ticking

    state = st.session_state

    def draw(name: str) -> None:
        state[f"{name}_drawn"] += 1
        if state.pop(f"{name}_ends", False):
            state[name] = False

    for name in ("one", "two"):
        state.setdefault(f"{name}_drawn", 0)
    if state.get("away"):
        st.markdown("Another page.")
        st.stop()
    for name, seconds in (("one", 1.0), ("two", 5.0)):
        ticking(
            partial(draw, name),
            going=lambda name=name: bool(state.get(name)),
            around=lambda name=name: state.get(f"{name}_around"),
            seconds=seconds,
        )
    state.end_reached = True


@pytest.fixture
def page(monkeypatch) -> Timers:
    return Timers(AppTest.from_function(two_pieces, default_timeout=20), monkeypatch).visit()


def drawn(page: Timers) -> tuple[int, int]:
    """How often each piece was drawn since this was asked last."""
    state = page.app.session_state
    one, two = state["one_drawn"], state["two_drawn"]
    state["one_drawn"] = state["two_drawn"] = 0
    return one, two


def test_nothing_ticks_while_nothing_goes_on(page):
    assert page.seconds == {}
    assert (page.n_whole, drawn(page)) == (1, (1, 1))
    assert page.app.session_state["end_reached"]


def test_what_goes_on_already_ticks_from_the_first_run_and_needs_no_second(page):
    page.app.session_state["one"] = True
    page.visit()
    assert list(page.seconds.values()) == [1.0]
    assert page.n_whole == 1
    for _ in range(3):
        drawn(page)
        page.tick()
        assert (page.n_whole, drawn(page)) == (0, (1, 0))


def test_a_press_that_starts_something_in_the_piece_starts_the_ticking_by_one_whole_run(page):
    page.app.session_state["two"] = True
    page.visit()
    (second,) = page.seconds
    page.app.session_state["two"] = False
    page.visit()
    drawn(page)
    page.app.session_state["two"] = True
    page.press(second)
    assert page.runs == [(second,), ()]
    assert page.seconds == {second: 5.0}
    # What was on the screen stays until the whole page has it right.
    assert drawn(page) == (1, 1)


def test_the_end_is_noticed_by_the_next_tick_and_costs_one_whole_run(page):
    page.app.session_state["one"] = True
    page.visit()
    drawn(page)
    page.app.session_state["one"] = False
    page.tick()
    assert (page.n_whole, page.seconds) == (1, {})
    assert drawn(page) == (1, 1)
    page.visit()
    assert (page.n_whole, page.seconds) == (1, {})


def test_what_ends_while_it_is_drawn_is_noticed_at_once(page):
    page.app.session_state["one"] = True
    page.visit()
    page.app.session_state["one_ends"] = True
    page.tick()
    assert (page.n_whole, page.seconds) == (1, {})
    page.app.session_state["one"] = page.app.session_state["one_ends"] = True
    page.visit()
    assert (page.n_whole, page.seconds) == (2, {})


@pytest.mark.parametrize("ended", [False, True])
def test_who_leaves_and_comes_back_finds_it_as_it_is(page, ended):
    page.app.session_state["one"] = page.app.session_state["away"] = True
    page.visit()
    assert page.seconds == {}
    page.app.session_state["away"] = False
    page.visit()
    assert len(page.seconds) == 1
    page.app.session_state["away"] = True
    page.visit()
    page.app.session_state["one"], page.app.session_state["away"] = not ended, False
    page.visit()
    assert len(page.seconds) == (0 if ended else 1)
    assert page.n_whole == 1


def test_two_pieces_do_not_disturb_each_other(page):
    page.app.session_state["one"] = page.app.session_state["two"] = True
    page.visit()
    assert sorted(page.seconds.values()) == [1.0, 5.0]
    one, two = sorted(page.seconds, key=page.seconds.__getitem__)
    drawn(page)
    page.press(one)
    assert (page.runs, drawn(page)) == ([(one,)], (1, 0))
    page.app.session_state["one"] = False
    page.tick()
    assert (page.n_whole, page.seconds) == (1, {two: 5.0})
    drawn(page)
    page.tick()
    assert (page.n_whole, drawn(page)) == (0, (0, 1))


def test_two_that_end_together_cost_one_whole_run(page):
    page.app.session_state["one"] = page.app.session_state["two"] = True
    page.visit()
    page.app.session_state["one"] = page.app.session_state["two"] = False
    page.tick()
    assert (page.n_whole, page.seconds) == (1, {})


def test_the_whole_page_follows_what_the_piece_changes_around_it(page):
    page.app.session_state["one"] = True
    page.visit()
    for value in ("pressed", "pressed again"):
        page.app.session_state["one_around"] = value
        page.tick()
        assert (page.n_whole, list(page.seconds.values())) == (1, [1.0])
        page.tick()
        assert page.n_whole == 0


def behind() -> None:
    """A page whose run ends between its top and its piece."""
    import streamlit as st

    from pages.ui.ticking import ticking

    state = st.session_state
    top = state.going
    state.going = False
    st.markdown(f"The run {'goes' if top else 'has ended'}.")

    def going() -> bool:
        return state.going

    def draw() -> None:
        state.drawn += 1

    ticking(draw, going, around=going, drawn_for=top)


def test_what_ends_before_the_piece_is_reached_does_not_leave_the_page_behind(monkeypatch):
    app = AppTest.from_function(behind, default_timeout=20)
    app.session_state["going"], app.session_state["drawn"] = True, 0
    page = Timers(app, monkeypatch).visit()
    assert (page.n_whole, page.seconds) == (2, {})
    assert [text.value for text in app.markdown] == ["The run has ended."]
    assert app.session_state["drawn"] == 1
