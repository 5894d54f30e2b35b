"""Two people press Play on one link: one training, until one of them moves something."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.live import VIEW, move_strength, press, reach, run_id, shown_step, state, traces
from tests.browser.serving import serving, wait_until

LINK = "/?seed=31"
TOGETHER = "trained once for all with these settings"


def losses(page) -> list[dict[int, float]]:
    return [dict(zip(trace["x"], trace["y"], strict=True)) for trace in traces(page, "loss")]


def agree(one, other) -> bool:
    """Whether two pages show the same numbers at the steps that both have; and they have some."""
    pairs = list(zip(losses(one), losses(other), strict=True))
    both = [first.keys() & second.keys() for first, second in pairs]
    assert all(
        first[step] == second[step]
        for (first, second), steps in zip(pairs, both, strict=True)
        for step in steps
    )
    return min(map(len, both)) > 2


@pytest.fixture
def person(browser, tmp_path):
    with serving(tmp_path) as server:
        person = Person(browser, server)
        yield person
        person.leave()


def test_two_who_press_play_on_one_link_see_one_training_until_one_moves(person):
    ann = person(LINK)
    press(ann, "Play")
    reach(ann, 60)
    expect(ann.locator(VIEW)).not_to_contain_text(TOGETHER)
    bob = person(LINK)
    press(bob, "Play")
    reach(bob, 60)
    for page in (ann, bob):
        expect(page.locator(VIEW)).to_contain_text(TOGETHER)
    assert run_id(bob) != run_id(ann)
    wait_until(lambda: agree(ann, bob), 30)
    move_strength(ann, 3)
    for page in (ann, bob):
        expect(page.locator(VIEW)).not_to_contain_text("computed again")
    reach(bob, shown_step(bob) + 60)
    reach(ann, shown_step(ann) + 60)
    state(bob, "running")
    press(bob, "Pause")
    state(bob, "paused")
    held = shown_step(bob)
    reach(ann, shown_step(ann) + 60)
    assert shown_step(bob) == held
