"""What a tab looks at: the link wins over the session, and what neither knows is said in one sentence."""

import pytest

from core.link import to_link
from core.runs import runs
from core.runs.store.owners import owner_of
from core.spec import LaneSpec, RunSpec
from pages.ui import session
from tests.pages.tab import OWNER

pytestmark = pytest.mark.usefixtures("worker")

SPEC = RunSpec.beside_zero(LaneSpec(strength=3e-3), seed=3)
PATH = RunSpec(lanes=tuple(LaneSpec(strength=s) for s in (0.0, 1e-4, 1e-3)))


def started(spec: RunSpec = SPEC, owner: str = OWNER) -> str:
    return runs().start(owner, spec, key=spec.to_json()).id


def test_the_owner_is_the_cookies_and_scripts_need_no_name(tab):
    names = runs().names
    tab.cookies[names.cookies[1]] = names.issue("c" * 22)
    assert session.owner() == owner_of("c" * 22)
    assert session.name() == ""


@pytest.mark.parametrize("cookie", ["", "c" * 22, "c" * 22 + "." + "0" * 44, "é" * 22, "c" * 21 + "\n"])
def test_a_cookie_that_is_not_ours_leaves_the_session_its_own_owner(tab, cookie):
    tab.cookies |= dict.fromkeys(("owner", *runs().names.cookies), cookie)
    del tab.state["session_owner"]
    first = session.owner()
    assert first == runs().names.owner_named(session.name())
    assert session.owner() == first


def test_a_first_visit_has_the_default_settings_and_says_nothing(tab):
    session.open_from_link()
    assert session.settings() == RunSpec()
    assert (session.take_notice(), session.current()) == ("", None)


def test_settings_come_from_the_link_and_go_back_into_it(tab):
    tab.link.update(to_link(SPEC) | {"elsewhere": "kept"})
    session.open_from_link()
    assert session.settings() == SPEC
    session.write_link()
    assert tab.link == to_link(SPEC) | {"elsewhere": "kept"}
    other = SPEC.model_copy(update={"seed": 4})
    session.settle(other)
    session.write_link()
    assert tab.link == to_link(other) | {"elsewhere": "kept"}


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"strength": "much"}, "strength must be a number"),
        ({"strength": "0,001"}, "strength must be written with a point"),
        ({"lambda": "0.01"}, "the setting is called strength"),
        ({"lanes": "3"}, "lanes must be 2 on this page, got '3'"),
        ({"run": "gone", "seed": "3"}, "press Play to train it again"),
    ],
)
def test_what_the_link_cannot_have_is_said_once(tab, link, words):
    tab.link.update(link)
    session.open_from_link()
    assert words in session.take_notice()
    assert session.take_notice() == ""
    assert session.settings() == RunSpec(seed=3 if "seed" in link else 0)


def test_the_links_run_is_shown_with_its_settings_also_after_a_reload(tab):
    run = started()
    tab.link["run"] = run
    session.open_from_link()
    assert (session.shown_run(), session.settings()) == (run, SPEC)
    assert session.current() == runs().view(run)
    session.write_link()
    tab.reload()
    session.open_from_link()
    assert (session.shown_run(), session.settings()) == (run, SPEC)


def test_the_links_settings_count_only_on_a_sessions_first_run(tab):
    session.open_from_link()
    tab.link["seed"] = "9"
    session.open_from_link()
    assert session.settings().seed == 0


def test_forgetting_the_run_keeps_its_settings(tab):
    session.open_from_link()
    session.show(runs().view(started()))
    session.forget_run()
    assert session.current() is None
    assert session.settings() == SPEC
    assert "run" not in tab.link


def test_a_path_is_looked_at_but_not_shown_on_train_live(tab):
    run = started(PATH)
    tab.link.update(run=run, lane="1")
    view = session.looked_at()
    assert view is not None
    assert (view.id, session.lane_in_hand(view), session.shown_run()) == (run, 1, "")
    assert not session.can_show(view)
    assert session.run_link(view) == {"run": run, "lane": "1"}


def test_by_the_menu_the_run_in_hand_is_looked_at(tab):
    run = started()
    tab.link["run"] = run
    session.looked_at()
    tab.link.clear()
    view = session.looked_at()
    assert view is not None
    assert view.id == run
    assert tab.link["run"] == run


def test_a_lost_run_leaves_the_link_and_is_said(tab):
    tab.link["run"] = "gone"
    session.open_from_link()
    session.take_notice()
    assert session.looked_at() is None
    assert "not here any more" in session.take_notice()
    assert "run" not in tab.link


@pytest.mark.parametrize("lane", ["3", "-1", "x", "²", "", "1 "])
def test_a_lane_the_run_has_not_is_none(tab, lane):
    tab.link.update(run=started(PATH), lane=lane)
    view = session.looked_at()
    assert view is not None
    assert session.lane_in_hand(view) is None
    assert session.run_link(view) == {"run": view.id}


def test_another_run_does_not_take_over_the_lane(tab):
    first, second = started(PATH), started(PATH.model_copy(update={"seed": 1}))
    tab.link["run"] = first
    session.looked_at()
    session.choose_lane(2)
    session.link_now()
    assert tab.link["lane"] == "2"
    view = runs().view(second)
    assert view is not None
    session.take_in_hand(view)
    assert session.lane_in_hand(view) is None
    session.look_at(view)
    session.link_now()
    assert session.lane_in_hand(view) is None
    assert tab.link["run"] == second
    assert "lane" not in tab.link


def test_a_deleted_run_is_let_go_and_no_other(tab):
    run = started()
    tab.link["run"] = run
    session.looked_at()
    session.let_go("another")
    assert session.run_in_hand() == run
    session.let_go(run)
    assert session.run_in_hand() == ""


def test_the_way_to_train_live_has_settings_and_run(tab):
    assert session.link() == {}
    session.open_from_link()
    session.settle(SPEC)
    assert session.link() == to_link(SPEC)
    run = started()
    session.show(runs().view(run))
    assert session.link() == to_link(SPEC) | {"run": run}


def rerun(tab, link):
    """A script run of Train live, for which the browser has sent `link`."""
    tab.link.clear()
    tab.link.update(link)
    session.open_from_link()
    session.write_link()


def on_screen(tab) -> dict[str, str]:
    """The link once the page has drawn the run that was put on the screen, and the browser has heard."""
    rerun(tab, dict(tab.link))
    link = dict(tab.link)
    rerun(tab, link)
    rerun(tab, link)
    assert link["run"] == session.shown_run()
    return link


def test_a_link_from_before_the_reset_does_not_bring_the_old_run_back(tab):
    session.open_from_link()
    old, new = runs().view(started()), runs().view(started(SPEC.model_copy(update={"seed": 4})))
    session.show(old)
    before = on_screen(tab)
    session.show(new)
    for _ in range(3):
        rerun(tab, before)
        assert (session.shown_run(), session.settings()) == (new.id, new.spec)
        assert tab.link["run"] == new.id


def test_a_link_from_before_does_not_bring_back_a_run_that_was_taken_off(tab):
    session.open_from_link()
    session.show(runs().view(started()))
    before = on_screen(tab)
    session.forget_run()
    rerun(tab, before)
    assert session.shown_run() == ""
    assert "run" not in tab.link


def test_back_and_forward_still_lead_to_the_runs_of_the_link(tab):
    session.open_from_link()
    old, new = runs().view(started()), runs().view(started(SPEC.model_copy(update={"seed": 4})))
    session.show(old)
    before = on_screen(tab)
    session.show(new)
    after = on_screen(tab)
    for link, view in ((before, old), (after, new), (before, old)):
        rerun(tab, link)
        assert (session.shown_run(), session.settings()) == (view.id, view.spec)


def test_a_link_that_penalises_no_layer_is_taken_as_it_is(tab):
    nothing = RunSpec.beside_zero(LaneSpec(layers=frozenset()))
    tab.link.update(to_link(nothing))
    session.open_from_link()
    assert session.settings() == nothing
    session.write_link()
    assert tab.link == to_link(nothing)
