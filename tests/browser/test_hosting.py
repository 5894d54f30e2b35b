"""The app as it is really served: behind proxies of all kinds."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from playwright.sync_api import Response, expect

from tests.browser.conftest import Person, settled
from tests.browser.live import VIEW, playing, press, reach, shown_step, state
from tests.browser.proxy import Proxy, standing
from tests.browser.serving import Server, serving


def test_behind_a_proxy_that_knows_streamlit_s_socket_alone_the_picture_lives(browser, server):
    with standing(Proxy(server.url, sockets="/_stcore/stream")) as proxy:
        person = Person(browser, Server(proxy.url, server.process, []))
        page = person()
        playing(page, 60)
        expect(page.locator(VIEW)).to_have_attribute("data-connection", "open")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        reach(page, shown_step(page) + 60)
        assert any("/news?" in url for url in asked)
        # The proxy was set right: the next socket that is tried stands, and nobody asks any more.
        proxy.sockets = "/"
        with page.expect_websocket(lambda socket: "/api/live" in socket.url, timeout=20_000) as stands:
            pass
        stands.value.wait_for_event("framereceived")
        asked.clear()
        reach(page, shown_step(page) + 60)
        assert not any("/news?" in url for url in asked)
        press(page, "Pause")
        state(page, "paused")
        person.leave()
        assert not person.troubles


def test_a_network_that_swallows_everything_is_told_and_the_picture_goes_on_after_it(browser, server):
    with standing(Proxy(server.url)) as proxy:
        person = Person(browser, Server(proxy.url, server.process, []))
        page = person()
        playing(page, 20)
        proxy.hole = True
        expect(page.locator(VIEW)).to_have_attribute("data-connection", "lost", timeout=60_000)
        expect(page.locator(VIEW)).to_contain_text("Reconnecting")
        proxy.hole = False
        expect(page.locator(VIEW)).to_have_attribute("data-connection", "open", timeout=60_000)
        reach(page, shown_step(page) + 60)
        press(page, "Pause")
        state(page, "paused")
        person.leave()
        assert not person.troubles


def note(person: Person, answer: Response) -> None:
    """An answer that is none is a trouble."""
    if not answer.ok and "/_stcore/" not in answer.url:
        person.troubles.append(f"{answer.status} {answer.url}")


def test_behind_a_hub_that_strips_its_folder_every_page_works(browser, server):
    with standing(Proxy(server.url, strip="/user/anna/proxy/8501")) as hub:
        person = Person(browser, Server(hub.url, server.process, []))
        page = person("/")
        # What the browser was told in the page's head is there, too. Streamlit looks where its own part is.
        page.on("response", lambda each: note(person, each))
        run = playing(page, 20)
        page.goto(f"{hub.url}/inside_the_network?run={run}")
        page.wait_for_selector("[data-testid=inside] canvas")
        page.goto(f"{hub.url}/l1_in_a_cnn")
        settled(page)
        measured = page.get_by_role("link", name="see it measured")
        there = measured.evaluate("link => link.href")
        assert there == f"{hub.url}/does_it_deliver#generalization"
        page.goto(f"{hub.url}/lambda_path")
        settled(page)
        page.wait_for_selector(".js-plotly-plot")
        person.leave()
        assert not person.troubles


FRAME = '<!doctype html><title>A course</title><iframe width="1400" height="900" src="{}/"></iframe>'


@contextmanager
def another_site() -> Iterator[HTTPServer]:
    """A site that shows `page`, once it is set."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(site.page.encode())

        def log_message(self, *_: object) -> None:
            pass

    site = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    yield site
    site.shutdown()
    thread.join()
    site.server_close()


def test_in_another_site_s_frame_without_cookies_a_run_is_one_s_own(browser, tmp_path):
    with another_site() as site:
        course = f"http://127.0.0.1:{site.server_port}"
        with serving(tmp_path, SPARSITY_LAB_FRAMES=course) as lab:
            site.page = FRAME.format(lab.url)
            page = browser.new_page(viewport={"width": 1440, "height": 950})
            page.goto(course)
            frame = page.frame_locator("iframe")
            frame.get_by_role("button", name="Play", exact=True).first.click()
            view = frame.locator(VIEW)
            expect(view).to_have_attribute("data-state", "running", timeout=60_000)
            expect(view).not_to_contain_text("read-only")
            expect(view.get_by_role("switch").first).to_be_enabled()
            way_out = frame.get_by_role("link", name="Open it in a tab of its own")
            expect(way_out).to_have_attribute("target", "_blank")
            page.close()
