"""A run goes on when its process dies, from an earlier moment, and once more with the same moves."""

import json

from playwright.sync_api import expect

from tests.browser.conftest import settled
from tests.browser.live import (
    VIEW,
    drawn,
    layout,
    move_strength,
    press,
    reach,
    run_id,
    shown_step,
    state,
    traces,
)
from tests.browser.serving import wait_until


def test_a_killed_trainer_costs_a_moment_and_no_number(person, server):
    # No other test's run is like it: what is shown again of one that has ended needs no trainer.
    page = person("/?seed=29")
    press(page, "Play")
    reach(page, 40)
    for trainer in server.trainers():
        trainer.kill()
    expect(page.locator(VIEW)).to_contain_text("with the same numbers, computed again", timeout=60_000)
    state(page, "running")
    reach(page, shown_step(page) + 40)
    assert page.get_by_role("button", name="Pause", exact=True).is_visible()
    for trace in traces(page, "loss"):
        assert trace["x"] == sorted(trace["x"]), json.dumps(trace["name"])
        assert len(trace["x"]) == len(set(trace["x"])), json.dumps(trace["name"])


def test_one_goes_back_in_time_and_on_from_there_with_another_strength(person):
    page = person("/")
    press(page, "Play")
    reach(page, 60)
    first = run_id(page)
    press(page, "Pause")
    state(page, "paused")
    scrubber, branch = page.get_by_test_id("scrubber"), page.get_by_test_id("branch")
    expect(branch).to_be_hidden()
    scrubber.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    drawn(page)
    expect(branch).to_be_visible()
    at, past = shown_step(page), traces(page, "loss")
    branch.click()
    wait_until(lambda: run_id(page) not in ("", first))
    expect(page.get_by_test_id("note")).to_contain_text(f"Branched at step {at}")
    state(page, "paused")
    wait_until(lambda: shown_step(page) == at)
    for before, now in zip(past, traces(page, "loss"), strict=True):
        known = dict(zip(before["x"], before["y"], strict=True))
        assert {x: known[x] for x in now["x"]} == dict(zip(now["x"], now["y"], strict=True))
    move_strength(page, 3)
    settled(page)
    press(page, "Play")
    reach(page, at + 30)
    assert page.get_by_role("button", name="Pause", exact=True).is_visible()
    expect(page.get_by_test_id("note")).not_to_contain_text("press Play")


def test_the_same_moves_are_made_again_with_another_seed(person):
    page = person("/")
    press(page, "Play")
    reach(page, 20)
    move_strength(page, 3)
    reach(page, shown_step(page) + 20)
    first = run_id(page)
    mark = layout(page, "loss")["shapes"][0]["x0"]
    page.get_by_role("button", name="More").click()
    page.get_by_label("Seed", exact=True).fill("7")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    again = page.locator(".st-key-train_same_moves button")
    expect(again).to_contain_text("Start with the same")
    again.click()
    wait_until(lambda: run_id(page) not in ("", first))
    reach(page, int(mark) + 10)
    assert layout(page, "loss")["shapes"][0]["x0"] == mark
