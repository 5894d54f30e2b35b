"""Train live as a person uses it: real Chromium, real server, real worker."""

import re

import pytest
from playwright.sync_api import expect

from core.words import METHODS, PENALTIES
from tests.browser.access import faults
from tests.browser.conftest import settled
from tests.browser.live import (
    layout,
    marks,
    move_strength,
    playing,
    press,
    reach,
    run_id,
    shown_step,
    state,
    traces,
    visible,
)
from tests.browser.serving import wait_until


def most(page, chart):
    """The highest value of a chart; the kinds of zeros are not known at first."""
    return max(y or 0 for trace in traces(page, chart) for y in [0, *trace["y"]])


def test_play_makes_curves_grow_and_zeros_appear(person):
    page = person()
    playing(page, 20)
    longest = max(len(t["x"]) for t in traces(page, "loss"))
    reach(page, 120)
    wait_until(lambda: max(len(t["x"]) for t in traces(page, "loss")) > longest)
    wait_until(lambda: most(page, "zeros") > 5)
    expect(page.get_by_test_id("formula")).to_contain_text(re.compile(r"\d\.\d+"))
    expect(page.get_by_test_id("sentence")).to_contain_text("validation accuracy")
    press(page, "Pause")
    state(page, "paused")


def test_moving_strength_marks_the_moment_and_keeps_the_weights(person):
    page = person()
    run = playing(page, 30)
    move_strength(page, +2)
    for chart in ("loss", "accuracy", "zeros"):
        wait_until(lambda chart=chart: any("1e-3" in str(mark.get("text")) for mark in marks(page, chart)))
    assert run_id(page) == run, "the same run goes on"
    step = shown_step(page)
    assert step >= 30, "nothing was reset"
    expect(page).to_have_url(re.compile("strength=0.001"))


def test_reload_shows_the_same_run_going_on(person):
    page = person()
    run = playing(page, 40)
    before = shown_step(page)
    page.reload()
    settled(page)
    reach(page, before)
    assert run_id(page) == run
    first_steps = [x for t in traces(page, "loss") for x in t["x"][:3]]
    assert min(first_steps) < 40, "the history is there, not only what came after the reload"
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_second_tab_sees_it_and_a_stranger_may_only_watch(person):
    page = person()
    run = playing(page, 10)
    tab = person.visit(page.context, f"/?run={run}")
    reach(tab, 10)
    expect(tab.get_by_role("button", name="Pause", exact=True)).to_be_enabled()
    stranger = person(f"/?run={run}")
    reach(stranger, 10)
    expect(stranger.get_by_role("button", name="Pause", exact=True)).to_be_disabled()
    press(stranger, "Train my own copy")
    wait_until(lambda: run_id(stranger) not in ("", run))


def test_zoom_and_hidden_trace_survive_updates(person):
    page = person()
    playing(page, 30)
    plot = page.locator("[data-chart=loss] .nsewdrag").first
    box = plot.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20, steps=6)
    page.mouse.up()
    zoomed = layout(page, "loss")["xaxis"]["range"]
    page.locator("[data-chart=zeros]").locator("xpath=..").get_by_role("button", name="fc2").click()
    wait_until(lambda: "fc2" not in visible(page, "zeros"))
    reach(page, shown_step(page) + 60)
    assert layout(page, "loss")["xaxis"]["range"] == zoomed
    assert "fc2" not in visible(page, "zeros")
    assert "fc1" in visible(page, "zeros")


def test_deep_link_as_first_request_sets_everything(person):
    page = person("/?strength=0.003&layers=fc1.fc2&method=textbook&seed=7")
    slider = page.locator("[class*=st-key-train_strength]")
    expect(slider).to_contain_text("3e-3")
    expect(page.locator("[data-layer=fc1]")).to_have_attribute("aria-checked", "true")
    expect(page.locator("[data-layer=conv1]")).to_have_attribute("aria-checked", "false")
    press(page, "More")
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("7")


def test_more_shows_the_settings_in_force_after_reruns(person):
    page = person()
    playing(page, 40)
    press(page, "Pause")
    state(page, "paused")
    settled(page)
    press(page, "More")
    for label, value in (("Epochs", "200"), ("Batch size", "64"), ("Learning rate η", "0.001")):
        expect(page.get_by_role("spinbutton", name=label)).to_have_value(value)
    expect(page.locator("[class*=st-key-train_speed]")).to_contain_text("60 updates/s")


def test_the_formula_shows_the_chosen_penalty(person):
    page = person("/?penalty=none,group_lasso&method=clip_and_kill")
    norm = page.locator('[data-testid="formula"] [data-term="norm"]')
    expect(norm).to_contain_text(PENALTIES["group_lasso"].symbol)
    expect(page.get_by_test_id("formula")).to_contain_text(METHODS["clip_and_kill"].label)


def test_bad_link_is_one_sentence_and_the_page_works(person):
    page = person("/?strength=nan")
    expect(page.get_by_text(re.compile("strength must be"))).to_be_visible()
    playing(page, 40)


def test_layer_card_switches_the_target(person):
    page = person()
    playing(page, 40)
    page.locator("[data-layer=conv1]").click()
    expect(page.locator("[data-layer=conv1]")).to_have_attribute("aria-checked", "false")
    expect(page).to_have_url(re.compile("layers=.*conv2.fc1.fc2"))


def test_one_step_then_hold_then_reset(person):
    page = person()
    press(page, "1 update")
    state(page, "paused")
    wait_until(lambda: shown_step(page) == 1)
    press(page, "1 update")
    wait_until(lambda: shown_step(page) == 2)
    first = run_id(page)
    press(page, "Reset to the same start")
    wait_until(lambda: run_id(page) not in ("", first))
    wait_until(lambda: shown_step(page) == 0)
    playing(page, 40)


def test_the_accuracies_lead_to_the_images_they_differ_in(person):
    page = person()
    button = page.get_by_role("button", name="Which images?")
    expect(button).to_be_hidden()
    press(page, "1 update")
    state(page, "paused")
    button.click()
    expect(page.get_by_text("images are right only in")).to_be_visible()
    assert "lane=1" in page.url


def test_double_click_on_play_is_one_running_run(person):
    page = person()
    page.get_by_role("button", name="Play", exact=True).dblclick()
    reach(page, 20)
    state(page, "running")


def test_textbook_recipe_is_one_click_and_makes_no_zero(person):
    page = person()
    press(page, "Textbook recipe")
    reach(page, 60)
    assert most(page, "zeros") == 0
    for name in ("method=textbook", "include_bias=true", "epochs=10"):
        assert name in page.url
    state(page, "finished")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_scrubber_moves_everything_back_and_live_again(person):
    page = person()
    playing(page, 120)
    press(page, "Pause")
    state(page, "paused")
    page.wait_for_timeout(300)
    last = shown_step(page)
    now = page.get_by_test_id("formula").inner_text()
    page.get_by_test_id("scrubber").focus()
    page.keyboard.press("Home")
    wait_until(lambda: shown_step(page) == 0)
    assert page.get_by_test_id("formula").inner_text() != now
    page.get_by_test_id("live").click()
    wait_until(lambda: shown_step(page) == last)
    assert page.get_by_test_id("formula").inner_text() == now


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious_and_nothing_overflows(person, scheme, width):
    page = person(width=width, scheme=scheme)
    playing(page, 40)
    press(page, "Pause")
    state(page, "paused")
    assert faults(page) == []


def test_a_dataset_that_cannot_be_had_is_one_sentence_and_play_works_on_digits(person):
    page = person("/?dataset=mnist")
    press(page, "Play")
    state(page, "failed")
    expect(page.get_by_test_id("note")).to_contain_text("MNIST could not be kept in")
    page = person("/")
    playing(page, 60)


def test_cards_and_curves_follow_the_network(person):
    page = person("/?model=textbook_cnn_bn")
    expect(page.locator(".sl-card-name")).to_have_text(["conv1", "bn1", "conv2", "bn2", "fc1", "fc2"])
    expect(page.locator("[data-layer=bn2]")).to_have_attribute("aria-checked", "false")
    playing(page, 5)
    expect(page.locator("[data-card=bn2]")).to_contain_text("of 64 channels dead")
    dots = "() => document.querySelector('%s').data.filter(t => t.line.dash === 'dot').map(t => t.name)"
    assert page.evaluate(dots % "[data-chart=zeros]") == ["bn1", "bn2"]
    page.locator("[data-layer=bn2]").click()
    expect(page.locator("[data-layer=bn2]")).to_have_attribute("aria-checked", "true")
    expect(page).to_have_url(re.compile(r"layers=[^&]*bn2"))


def test_the_linear_network_is_ten_images(person):
    page = person("/?model=linear", width=390, height=844)
    playing(page, 5)
    expect(page.locator(".sl-card-name")).to_have_text(["fc1"])
    images = page.locator("[data-chart=kernels]")
    expect(images).to_have_attribute("aria-label", re.compile("^10 units of fc1 at step"))
    expect(page.locator(".sl-panel-kernels h2")).to_have_text("Weights of fc1, one image per digit")


def test_reset_and_presets_show_the_run_just_made_however_often(person):
    page = person()
    playing(page, 20)
    seen = [run_id(page)]
    for name in ("Reset to the same start", "Reset to the same start", "Textbook recipe", "Exact zeros"):
        press(page, name)
        wait_until(lambda: run_id(page) not in seen)
        seen.append(run_id(page))
        # Long enough for what was on its way to have come.
        page.wait_for_timeout(1500)
        assert run_id(page) == seen[-1]
        if name.startswith("Reset"):
            assert shown_step(page) == 0
            playing(page, 20)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_slider_stays_where_it_is_when_play_becomes_pause(person, width):
    page = person("/", width=width)
    slider = page.locator(".st-key-train_lambda")
    before = slider.bounding_box()
    page.locator(".st-key-train_play button").click()
    expect(page.locator(".st-key-train_pause button")).to_be_visible()
    after = slider.bounding_box()
    assert (after["x"], after["width"]) == (before["x"], before["width"])


def test_a_narrow_phone_shows_every_button_in_full_and_the_end_of_the_page(person):
    page = person(width=360, height=740)
    boxes = [each.bounding_box() for each in page.locator(".st-key-train_rest button:visible").all()]
    assert len(boxes) == 6
    assert len({round(box["y"]) for box in boxes}) == 2
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in boxes)
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, main.scrollHeight)")
    thumb = page.locator(".st-key-train_thumb").bounding_box()
    symbols = page.locator(".glossary").bounding_box()
    assert thumb["height"] < 140
    assert symbols["y"] + symbols["height"] < thumb["y"]


def test_the_charts_stand_still_while_the_sentence_above_them_grows(person):
    longest = (
        "λ 1e-4 → 3e-3 at step 12,345: since then the zeros of conv1 rose by 12.3 points to 45.6 % (at "
        "step 12,567: 12.3 % selected, 3.45 % cut off, 29.8 % idle); validation accuracy rose from "
        "96.1 to 97.1 ± 1.0 % (96.9 ± 1.0 % without penalty)."
    )
    page = person()
    playing(page, 1)
    for width in (1440, 1024, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        # In one go: the run says its own sentence in between.
        tops = page.get_by_test_id("sentence").evaluate(
            """(node, longest) => ["Short.", longest].map((text) => {
                node.textContent = text;
                return document.querySelector(".sl-grid").getBoundingClientRect().y;
            })""",
            longest,
        )
        assert tops[0] == tops[1], width
