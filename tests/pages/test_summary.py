"""Your summary: what is the reader's, to take to another browser and to delete."""

import pytest

from core.runs import runs
from core.spec import RunSpec
from tests.core.runs.made import NotedWorker
from tests.pages.visiting import opened, said

OWNER = "o" * 22

pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def page(worker: NotedWorker):
    runs().start(OWNER, RunSpec(), key="k")
    runs().learners.keep(OWNER, "deliver_guess_sparsity", 30)
    return opened("summary", {"session_owner": OWNER, "session_name": runs().names.issue()})


def test_a_link_takes_the_name_of_this_browser_along(page):
    assert not page.code
    page.button("summary_link").click().run()
    address = page.code[0].value
    assert "api/handover#" in address
    token = address.partition("#")[2]
    page.run()
    assert page.code[0].value == address
    assert runs().handovers.take(token) == page.session_state["session_name"]
    page.run()
    assert not page.code
    assert said(page, "The link was used")


def test_everything_of_mine_is_deleted(page):
    assert runs().active(OWNER)
    page.button("summary_forget_all").click().run()
    assert not page.exception
    assert said(page, "Everything of yours was deleted.")
    assert not runs().active(OWNER)
    assert not runs().shelf.listed(OWNER)
    assert not runs().learners.kept(OWNER)
    assert page.session_state["session_owner"] == OWNER
