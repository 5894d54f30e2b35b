"""L1 in PyTorch: the guess is answered, the check computes, the script is that of the run."""

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from core.lessons import l1_in_pytorch as lesson
from core.link import to_link
from core.runs import runs
from core.script.assemble import script
from core.spec import PRESETS, LaneSpec, RunSpec
from tests.browser.serving import wait_until
from tests.pages import visiting
from tests.pages.visiting import said

pytestmark = pytest.mark.usefixtures("service")
opened = partial(visiting.opened, "l1_in_pytorch")


def shown(app: AppTest) -> list[str]:
    return [each.value.strip() for each in app.code]


def test_a_wrong_line_is_answered_and_the_right_one_can_be_mended():
    app = opened()
    for line, reply in lesson.REPLIES.items():
        app.radio(key="pytorch_guess").set_value(line).run()
        assert said(app, reply)
    app.radio(key="pytorch_guess").set_value(lesson.BUG).run()
    assert said(app, "64x3136 and 50176x128")
    app.segmented_control(key="pytorch_patch").set_value("64 · 14 · 14").run()
    assert said(app, "64x3136 and 12544x128")
    app.segmented_control(key="pytorch_patch").set_value("64 · 7 · 7").run()
    assert said(app, "it runs")
    assert not said(app, "cannot be multiplied")


def test_the_check_runs_before_the_bug_is_found():
    app = opened()
    assert not said(app, "cannot be multiplied")
    app.toggle(key="pytorch_ran").set_value(True).run()
    assert said(app, "64x3136 and 50176x128")


def test_presets_and_the_settings_in_the_link_become_scripts():
    spec = RunSpec.beside_zero(LaneSpec(strength=3e-3, method="clip_and_kill"), seed=4, epochs=1)
    app = opened(**to_link(spec))
    assert script(spec).strip() in shown(app)
    for name, preset in PRESETS.items():
        app.segmented_control(key="pytorch_which").set_value(name).run()
        assert script(preset).strip() in shown(app)
        assert script(spec).strip() not in shown(app)


def test_a_run_becomes_a_script_with_what_was_changed_and_its_numbers_beside_it():
    spec = RunSpec(train_size=64, epochs=3)
    owner, key = "o" * 22, "key"
    view = runs().start(owner, spec, key=key, paused=True)
    wait_until(lambda: runs().view(view.id).state == "paused")
    runs().steering.step(owner, view.id, "update")
    wait_until(lambda: any(point.step == 1 for point in runs().history(view.id).points[1]))
    runs().steering.change(owner, view.id, 1, spec.lanes[1].changed(strength=3e-2))
    runs().steering.resume(owner, view.id)
    wait_until(lambda: runs().view(view.id).state == "finished", 30)
    app = opened(run=view.id)
    code = next(text for text in shown(app) if "CHANGES" in text)
    assert '("λ = 1e-4", 1): {"strength": 0.03}' in code
    assert 'Lane("λ = 1e-4", strength=0.0001)' in code
    table = app.table[0].value
    assert list(table["step"]) == ["3", "3"]
    data, penalty, total = (float(table[name][1]) for name in ("data loss", "penalty", "total"))
    assert total == pytest.approx(data + penalty, rel=1e-5)


def test_what_has_no_script_is_one_sentence():
    app = opened(method="fista", model="linear")
    assert said(app, "fista has no script yet")


def test_the_way_to_train_live_takes_the_settings_along():
    app = visiting.opened("ui/shell")
    app.switch_page(str(visiting.ROOT / "pages" / "l1_in_pytorch.py")).run()
    assert not app.exception
    app.button(key="pytorch_recipe").click().run()
    assert app.session_state["train_spec"] == PRESETS["textbook_recipe"]
