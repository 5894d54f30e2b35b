"""Train live in any order of presses, with a browser that lags: what was made last is on the screen.

A press is a script run: the browser sends the link it has, the press does its work, the page takes the run
from the link and writes its own. The browser hears of that at once, or only after its next message.
"""

from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.runs import Config, runs
from core.runs.views import GOING
from core.spec import PRESETS, LaneSpec, RunSpec
from pages.ui import session, transport
from pages.ui.train_live import controls

pytestmark = pytest.mark.usefixtures("worker")

OWNERS = map("owner{:017d}".format, count())
OTHER_TAB = RunSpec.beside_zero(LaneSpec(strength=0.5))

ACTS = (
    "play",
    "pause",
    "one update",
    "reset",
    *PRESETS,
    "move λ",
    "another seed",
    "switch a layer",
    "another multiplier",
    "branch",
    "the same moves",
    "leave the queue",
    "stop the other",
    "news",
    "the run ends",
    "another tab starts one",
)


@dataclass
class Screen:
    """What must be on the screen.

    Attributes:
        run: the id of the run, "" before there is one; `spec`: the settings.
        seen: every run that this tab has made.
    """

    run: str = ""
    spec: RunSpec = field(default_factory=RunSpec)
    seen: set[str] = field(default_factory=set)

    @property
    def state(self) -> str:
        view = runs().view(self.run) if self.run else None
        return view.state if view is not None else "none"

    def chooses(self, **fields: object) -> None:
        """Another choice in the reader's lane, and beside it the lane without a penalty."""
        lane = self.spec.lanes[1].changed(**fields)
        self.spec = RunSpec.checked(self.spec.model_dump() | {"lanes": (lane.without_penalty(), lane)})

    def makes(self, act: str) -> bool:
        """Whether a press makes a run."""
        if act in ("reset", *PRESETS):
            return True
        if act in ("branch", "the same moves"):
            # The run that they are made of ends only when the new one is there: of three that wait none is.
            return self.state != "none" and len(runs().active(session.owner())) <= Config().queued_per_owner
        return act in ("play", "one update") and self.state not in GOING


def press(act: str, screen: Screen, worker: object) -> None:
    """What a press does, on the page and in the model."""
    match act:
        case "play":
            transport.play()
        case "pause" if screen.state == "running":
            transport.pause()
        case "one update":
            transport.step("update")
        case "reset":
            transport.reset()
        case "move λ":
            lane = screen.spec.lanes[1]
            strength = 3e-3 if lane.strength != 3e-3 else 1e-2
            screen.spec = RunSpec.checked(
                screen.spec.model_dump() | {"lanes": (screen.spec.lanes[0], lane.changed(strength=strength))}
            )
            transport.change(screen.spec)
        case "another seed":
            screen.spec = screen.spec.model_copy(update={"seed": screen.spec.seed + 1})
            transport.change(screen.spec)
        case "switch a layer":
            layers = screen.spec.lanes[1].layers ^ {"fc1"}
            screen.chooses(layers=layers)
            controls.layers_changed(sorted(layers))
        case "another multiplier":
            factor = 2.0 if screen.spec.lanes[1].multiplier("fc2") == 1.0 else 1.0
            screen.chooses(multipliers={"fc2": factor})
            controls._set_multiplier("fc2", factor)
        case "branch" if screen.makes(act):
            transport.branch(0)
            screen.spec = runs().view(session.shown_run()).spec
        case "the same moves" if screen.makes(act):
            transport.same_moves()
            screen.spec = runs().view(session.shown_run()).spec
        case "leave the queue" if screen.state == "queued":
            transport.leave_queue()
        case "stop the other":
            transport.stop_others()
        case "the run ends" if screen.state == "running":
            worker.say({"event": "finished", "run": screen.run, "reason": "done"})
        case "another tab starts one" if len(runs().active(session.owner())) < 2:
            runs().start(session.owner(), OTHER_TAB, key=f"other{len(screen.seen)}")
        case _ if act in PRESETS:
            screen.spec = PRESETS[act]
            transport.preset(act)
        case _:
            pass  # Nothing to press: news of the run, say, runs the script as well.


def page() -> None:
    """What the page's script does with the run and the link, as pages/train_live.py."""
    session.open_from_link()
    shown = session.current()
    if shown is not None and shown.owner == session.owner() and shown.state in GOING:
        transport.follow(shown)
    session.write_link()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.booleans()), min_size=1, max_size=30))
def test_the_run_just_made_and_the_settings_just_chosen_are_on_the_screen(worker, tab, monkeypatch, acts):
    monkeypatch.setattr(transport, "DOUBLE_CLICK_SECONDS", -1e9)
    for left in runs().active(session.owner()):
        runs().steering.stop(session.owner(), left.id)  # Places are few: of the order before.
    tab.reload()
    tab.link.clear()
    tab.state.session_owner = next(OWNERS)
    page()
    screen, browser = Screen(), dict(tab.link)
    for act, hears in acts:
        tab.link.from_dict(browser)
        makes = screen.makes(act)
        press(act, screen, worker)
        page()
        assert session.take_notice() == ""
        if makes:
            screen.run = session.shown_run()
            assert screen.run not in screen.seen, "a run of its own"
            screen.seen.add(screen.run)
        assert session.shown_run() == screen.run
        assert session.settings() == screen.spec
        assert tab.link.get("run", "") == screen.run
        if screen.run and not transport.needs_restart(runs().view(screen.run)):
            assert runs().view(screen.run).spec == screen.spec
        browser = dict(tab.link) if hears else browser
