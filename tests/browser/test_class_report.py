"""After the lecture: the report on one sheet of paper, for who has the presenter's right."""

import re
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from playwright.sync_api import ViewportSize, expect

from core.classes.cards import MOST_CARDS, READY
from core.classes.guide.lectures import LECTURES
from core.link import from_link
from tests.browser.access import faults
from tests.browser.conftest import settled
from tests.browser.hall import PHONE, STAGE, Crowd, Hall, Scheme, opened, steer
from tests.browser.serving import wait_until
from tests.browser.test_saved_pictures import file_of, is_a_picture_on_white

DESK: ViewportSize = {"width": 1440, "height": 900}
SVG = "{http://www.w3.org/2000/svg}"
PAGES = re.compile(rb"/Type\s*/Page\b")


class Lecturer:
    """Who opens and steers a class by the routes alone."""

    def __init__(self, hall: Hall, cards: list) -> None:
        self._client = hall.client()
        made = self._client.post("/api/class", json={"cards": cards}).json()
        self.code, self.secret = made["code"], made["secret"]
        hall.classes[self.code] = self.secret

    def scene(self) -> dict:
        return self._client.get(f"/api/class/{self.code}").json()["frames"][0]

    def steer(self, do: str, **more) -> None:
        told = {"do": do, "at": self.scene()["n"], **more}
        assert self._client.post(f"/api/class/{self.code}/steer", json=told).is_success


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_opened_from_the_console_and_prints_on_one_sheet(hall: Hall, scheme: Scheme) -> None:
    console, code, secret = opened(hall, scheme=scheme)
    steer(console, "Ask the first question")
    Crowd(hall, code, 9).answer(0, lambda i: 3 if i < 6 else 90)
    console.keyboard.press("r")
    expect(console.locator("body")).to_have_attribute("data-phase", "reveal")
    with console.context.expect_page() as tab:
        console.get_by_role("link", name="Report on one sheet").click()
    report = tab.value
    report.set_viewport_size(DESK)
    expect(report.get_by_role("heading", name=f"Class {code[:3]} {code[3:]}")).to_be_visible()
    expect(report.get_by_text("Question 1 · Answers: 6+")).to_be_visible()
    expect(report.get_by_text("Measured: 0 %")).to_be_visible()
    assert faults(report) == []
    report.set_viewport_size(PHONE)
    assert faults(report) == []
    assert len(PAGES.findall(report.pdf(prefer_css_page_size=True))) == 1
    report.emulate_media(media="print", color_scheme=scheme)
    ink, paper = report.evaluate(
        "[document.querySelector('.sheet h1'), document.documentElement].map((e) => "
        "[getComputedStyle(e).color, getComputedStyle(e).backgroundColor])"
    )
    assert paper[1] == "rgb(255, 255, 255)"
    assert ink[0] == "rgb(23, 32, 43)"
    assert not [each for each in hall.addresses if secret in each]


def test_who_has_no_right_reads_no_report(hall: Hall) -> None:
    lecturer = Lecturer(hall, ["claim.sparsity"])
    report = hall.open(f"/report?c={lecturer.code}", PHONE)
    expect(report.get_by_text("by the whole link you were given")).to_be_visible()
    assert faults(report) == []
    report.goto(f"{hall.server.url}/report#{lecturer.code}.{lecturer.secret}")
    report.reload()
    expect(report.get_by_text("Nothing has been revealed yet")).to_be_visible()
    assert lecturer.secret not in report.url


LONG = [card.kept() for card in LECTURES["long"].cards]


@pytest.mark.parametrize(("cards", "rounds", "points"), [(LONG, 1, 6.0), ([*READY][:MOST_CARDS], 2, 4.5)])
def test_a_long_lecture_is_one_sheet_that_can_be_read(
    hall: Hall, cards: list, rounds: int, points: float
) -> None:
    lecturer = Lecturer(hall, cards)
    crowd = Crowd(hall, lecturer.code, 8)
    for at in range(len(cards)):
        lecturer.steer("card", card=at)
        low = lecturer.scene()["question"].get("low", 0)
        for round_ in range(1, rounds + 1):
            crowd.answer(at, lambda _, low=low: low, round_)
            lecturer.steer("reveal")
            if round_ < rounds:
                lecturer.steer("again")
    report = hall.open(f"/report#{lecturer.code}.{lecturer.secret}", DESK)
    expect(report.locator(".sheet .card")).to_have_count(len(cards))
    assert len(PAGES.findall(report.pdf(prefer_css_page_size=True))) == 1
    size = report.locator(".sheet").evaluate("(sheet) => parseFloat(getComputedStyle(sheet).fontSize)")
    assert size >= points * 96 / 72


def discussing(hall: Hall) -> Lecturer:
    """A class before its board: two λs with two seeds, five seats."""
    experiment = {"question": "Which λ?", "experiment": {"epochs": 1, "seeds": 2, "values": [1e-4, 1e-2]}}
    lecturer = Lecturer(hall, ["claim.sparsity", {"own": experiment}])
    crowd = Crowd(hall, lecturer.code, 5)
    lecturer.steer("card", card=1)
    crowd.answer(1, lambda i: i % 2)
    for do in ("reveal", "next"):
        lecturer.steer(do)
    return lecturer


@pytest.mark.parametrize("size", [STAGE, {"width": 1024, "height": 768}, {"width": 1920, "height": 1080}])
def test_two_rounds_of_seven_settings_fit_the_projector(hall: Hall, size: ViewportSize) -> None:
    values = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2]
    asked = {"question": "Which λ makes the most exact zeros and costs at most one point of accuracy?"}
    experiment = {"epochs": 1, "seeds": 1, "values": values}
    lecturer = Lecturer(hall, [{"own": asked | {"experiment": experiment}}])
    crowd = Crowd(hall, lecturer.code, 6)
    lecturer.steer("next")
    crowd.answer(0, lambda i: i)
    lecturer.steer("reveal")
    lecturer.steer("again")
    crowd.answer(0, lambda _: 2, 2)
    lecturer.steer("reveal")
    projector = hall.open(f"/projector?c={lecturer.code}", size)
    expect(projector.locator(".bar.is-first")).to_have_count(7)
    body = projector.locator(".stage-body")
    assert body.evaluate("(body) => body.scrollHeight - body.clientHeight") <= 1
    shown = [
        projector.locator(".bars li").first,
        projector.locator(".bars li").last,
        body.locator("figcaption"),
    ]
    for each in shown:
        expect(each).to_be_in_viewport(ratio=1)


def test_the_board_is_saved_from_the_projector_dark_on_white(hall: Hall) -> None:
    lecturer = discussing(hall)
    projector = hall.open(f"/projector?c={lecturer.code}", STAGE)
    projector.keyboard.press("d")
    board = projector.locator("figure", has=projector.locator("circle.dot"))
    expect(board.locator("circle")).to_have_count(6)
    expect(board.get_by_text("3 settings with 2 seeds each; most seats chose λ = 1e-4.")).to_be_visible()
    board.get_by_text("Numbers").click()
    expect(board.locator("tbody tr")).to_have_count(6)
    name, png = file_of(board, "PNG")
    assert name == f"class_{lecturer.code}_board_2.png"
    is_a_picture_on_white(projector, png)
    name, svg = file_of(board, "SVG")
    assert name == f"class_{lecturer.code}_board_2.svg"
    drawn = ElementTree.fromstring(svg)
    texts = ["".join(each.itertext()) for each in drawn.iter(f"{SVG}text")]
    assert {"λ = 1e-2", "weights exactly zero (%)"} <= set(texts)
    assert any(text.startswith("3 settings with 2 seeds each") for text in texts)
    assert {each.get("fill") for each in drawn.iter(f"{SVG}circle")} == {"rgb(184, 74, 0)", "none"}
    assert "light-dark" not in svg.decode()
    assert "class=" not in svg.decode()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_dot_opens_in_the_laboratory_and_esc_brings_the_projector_back(hall: Hall, scheme: Scheme) -> None:
    lecturer = discussing(hall)
    console = hall.open(f"/console#{lecturer.code}.{lecturer.secret}", PHONE, scheme)
    projector = hall.open(f"/projector?c={lecturer.code}", STAGE)
    rows = console.locator(".desk-dots button")
    expect(rows).to_have_count(6)
    expect(rows.first).to_contain_text("λ = 1e-4, seed 0")
    expect(rows.first).to_contain_text("seats: 3")
    expect(console.get_by_role("link", name="Open in the laboratory")).to_be_hidden()
    console.get_by_role("button", name="λ = 1e-2, seed 1").click()
    assert faults(console) == []
    link = console.get_by_role("link", name="Open in the laboratory")
    settings = dict(parse_qsl(urlsplit(link.get_attribute("href") or "").query))
    assert from_link(settings).lanes[1].strength == 1e-2
    assert (settings["seed"], settings["epochs"]) == ("1", "1")

    console.get_by_role("button", name="Show on the projector").click()
    lab = projector.frame_locator("iframe")
    expect(lab.locator("[data-testid=live-view]")).to_be_visible()
    expect(lab.get_by_role("heading", name="Train live")).to_be_visible()
    expect(projector.get_by_text("λ = 1e-2 · seed 1")).to_be_visible()
    assert "strength=0.01" in projector.frames[1].url
    assert "seed=1" in projector.frames[1].url
    assert faults(projector) == []
    # Esc in the frame, which has the focus: this browser shows, and the console still has it on.
    lab.get_by_role("heading", name="Train live").click()
    projector.keyboard.press("Escape")
    expect(projector.locator("iframe")).to_have_count(0)
    expect(projector.locator("circle.dot").first).to_be_visible()
    console.get_by_role("button", name="Back to the board on the projector").click()
    console.get_by_role("button", name="λ = 0, seed 0").click()
    console.get_by_role("button", name="Show on the projector").click()
    expect(projector.get_by_text("λ = 0 · seed 0")).to_be_visible()
    # A reload comes back to the same state, and who goes on leaves the laboratory.
    projector.reload()
    expect(projector.get_by_text("λ = 0 · seed 0")).to_be_visible()
    console.get_by_role("button", name="Pause", exact=True).click()
    expect(projector.locator("iframe")).to_have_count(0)
    assert not [each for each in hall.addresses if lecturer.secret in each.partition("#")[0]]


def test_a_lecturers_projector_takes_the_run_off_for_everybody(hall: Hall) -> None:
    lecturer = discussing(hall)
    console = hall.open(f"/console#{lecturer.code}.{lecturer.secret}", DESK)
    expect(console.locator(".desk-dots button")).to_have_count(6)
    projector = console.context.new_page()
    projector.goto(f"{hall.server.url}/projector?c={lecturer.code}")
    lecturer.steer("show", dot=[1, 0])
    expect(projector.locator("iframe")).to_be_visible()
    projector.keyboard.press("Escape")
    expect(projector.locator("iframe")).to_have_count(0)
    wait_until(lambda: "lab" not in lecturer.scene())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_laboratory_follows_the_class_until_its_reader_leaves(hall: Hall, scheme: Scheme) -> None:
    lecturer = discussing(hall)
    console = hall.open(f"/console#{lecturer.code}.{lecturer.secret}", PHONE, scheme)
    seat = hall.open(f"/seat?c={lecturer.code}", PHONE, scheme)
    link = seat.get_by_role("link", name="Open the laboratory")
    expect(seat.locator("body")).to_have_attribute("data-phase", "discuss")
    expect(link).to_be_hidden()
    console.get_by_role("button", name="Laboratories follow: off").click()
    expect(link).to_be_visible()
    assert faults(seat) == []
    assert faults(console) == []
    lab = hall.open(f"/{(link.get_attribute('href') or '').removeprefix('./')}", DESK, scheme)
    settled(lab)
    strip = lab.locator(".st-key-class_strip")
    expect(strip).to_contain_text(f"You follow class {lecturer.code[:3]} {lecturer.code[3:]}")
    expect(lab).to_have_url(re.compile("epochs=1"))
    assert faults(lab) == []
    lab.set_viewport_size(PHONE)
    assert faults(lab) == []
    lecturer.steer("show", dot=[1, 1])
    expect(lab).to_have_url(re.compile(r"seed=1.*strength=0\.01"))
    lecturer.steer("show")
    lecturer.steer("card", card=0)
    asks = strip.get_by_role("link", name="Question 1 is open: answer it")
    expect(asks).to_be_visible()
    lab.locator(".stMain").evaluate("(main) => main.scrollTo(0, main.scrollHeight)")
    expect(asks).to_be_in_viewport(ratio=1)
    assert faults(lab) == []
    expect(lab).to_have_url(re.compile(r"seed=1.*strength=0\.01"))
    lecturer.steer("close")
    expect(asks).to_have_count(0)
    lecturer.steer("follow")
    expect(strip).to_contain_text("The lecturer sets nothing at the moment.")
    strip.get_by_role("button", name="Leave and try for yourself").click()
    expect(strip).to_have_count(0)
    expect(lab).not_to_have_url(re.compile("class="))
    lecturer.steer("follow")
    lab.wait_for_timeout(4000)
    expect(lab).to_have_url(re.compile(r"strength=0\.01"))
