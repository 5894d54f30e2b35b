"""The console: the plan with its clock, and how it moves to another device."""

import pytest
from playwright.sync_api import expect

from tests.browser.access import faults
from tests.browser.hall import PHONE, STAGE, Crowd, Hall, Scheme, everywhere, opened, predict, steer


def test_the_console_says_what_is_on_what_to_say_and_what_to_press(hall: Hall) -> None:
    console, code, _ = opened(hall)
    expect(console.locator(".desk-clock")).to_have_text(
        "Planned: 3 min until all are in, then 17 min of questions."
    )
    expect(console.locator(".desk-press")).to_contain_text("press “Ask the first question”")
    expect(
        console.get_by_text("Comes next: question 1, L1 makes many weights exactly zero. (5 min)")
    ).to_be_visible()
    steer(console, "Ask the first question")
    everywhere([console], "predict")
    expect(console.locator(".desk-clock")).to_have_text("This question: 0 of 5 min · Class: 0 of 17 min")
    expect(console.locator(".desk-press")).to_contain_text("press “Close the question”")
    expect(console.locator(".desk-ask")).to_contain_text("does one also land there")
    expect(console.locator(".desk-terms dt").first).to_have_text("λ")
    expect(console.get_by_text("Typical wrong answer: “most of them: the textbook says so”")).to_be_visible()
    expect(console.locator(".desk-now")).not_to_contain_text("The textbook recipe leaves")
    Crowd(hall, code, 2)
    expect(console.locator(".desk-count")).to_have_text("0 of 2 have answered · phones connected: 0")
    expect(console.get_by_text("0 of 2 said how it goes.")).to_be_visible()
    seat = hall.open(f"/seat?c={code}", PHONE)
    expect(console.locator(".desk-count")).to_have_text("0 of 3 have answered · phones connected: 1")
    seat.get_by_role("button", name="slower").click()
    expect(console.get_by_text("1 of 3 said how it goes.")).to_be_visible()
    steer(console, "Reveal")
    expect(console.locator(".desk-ask")).to_contain_text("Which update stops at zero")
    expect(console.locator(".desk-now")).to_contain_text("The textbook recipe leaves")


def test_neighbours_talk_and_vote_again_before_they_see_a_number(hall: Hall) -> None:
    console, code, _ = opened(hall)
    projector = hall.open(f"/projector?c={code}", STAGE)
    ann, bob = (hall.open(f"/seat?c={code}", PHONE) for _ in range(2))
    again = console.get_by_role("button", name="Ask again")
    steer(console, "Ask the first question")
    predict(ann, 40)
    predict(bob, 80)
    expect(again).to_be_disabled()
    steer(console, "Close the question")
    again.click()
    everywhere([projector, ann, bob], "predict")
    expect(ann.get_by_text("Second try")).to_be_visible()
    expect(projector.locator("#counted")).to_have_text("0")
    assert projector.locator("svg").count() == 0
    predict(bob, 10)
    steer(console, "Close the question")
    expect(console.locator(".desk-press")).to_contain_text("Both rounds are in.")
    steer(console, "Reveal the answers")
    everywhere([projector, ann, bob], "reveal")
    # Two of the first round and one of the second.
    tall = "(bars) => bars.filter((bar) => Number(bar.getAttribute('height')) > 0).length"
    assert projector.locator(".hist-first").evaluate_all(tall) == 2
    assert projector.locator(".hist-bar").evaluate_all(tall) == 1
    expect(ann.get_by_text("You said 40 %.")).to_be_visible()
    expect(bob.get_by_text("You said 10 %.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_console_moves_by_a_code_that_is_there_only_while_it_is_asked_for(
    hall: Hall, scheme: Scheme
) -> None:
    console, code, secret = opened(hall, scheme=scheme)
    projector = hall.open(f"/projector?c={code}", STAGE)
    picture = console.get_by_role("img", name="QR code: the link to this console")
    moves = console.get_by_role("button", name="Move to another device")
    expect(picture).to_have_count(0)
    moves.click()
    expect(picture).to_be_visible()
    assert picture.evaluate("(qr) => qr.decode().then(() => qr.naturalWidth > 0)")
    assert secret in console.get_by_label("Move to another device").last.input_value()
    assert faults(console) == []
    assert secret not in projector.content()
    moves.click()
    expect(picture).to_have_count(0)
    assert secret not in console.content()
    asked = [each for each in hall.addresses if not each.startswith("data:")]
    assert not [each for each in asked if secret in each.partition("#")[0] + each.partition(" ")[2]]
