"""What the live view is told: its run and settings as JSON, and where the feed is."""

import json
from typing import Any
from urllib.parse import urljoin

import pytest

from core.link import to_link
from core.spec import PRESETS, RunSpec
from pages.ui.train_live import view


@pytest.fixture
def told(monkeypatch) -> dict[str, Any]:
    told: dict[str, Any] = {}
    monkeypatch.setattr(view, "_mount", lambda **call: told.update(call))
    return told


@pytest.mark.parametrize("spec", PRESETS.values())
def test_the_browser_gets_the_settings_whole(spec, told):
    view.live_view("r", spec, editable=True, key="k", state="running")
    data = json.loads(json.dumps(told["data"]))
    assert to_link(RunSpec.from_json(json.dumps(data["spec"]))) == to_link(spec)
    assert (data["run"], data["state"], data["editable"]) == ("r", "running", True)


def test_feed_and_frames_are_found_in_the_folder_where_the_browser_sees_the_app(told):
    view.live_view("r", RunSpec(), editable=False, key="k")
    found = {
        name: urljoin("/user/anna/train_live", told["data"][name]) for name in ("feed", "news", "frames")
    }
    assert found["feed"] == "/user/anna/api/live"
    assert found["news"] == "/user/anna/api/runs/r/news"
    assert found["frames"] == "/user/anna/api/runs/r/frames"


def test_before_there_is_a_run_there_is_none(told):
    view.live_view(None, RunSpec(), editable=True, key="k")
    assert told["data"]["run"] is None
    assert told["on_layers_change"]() is None
