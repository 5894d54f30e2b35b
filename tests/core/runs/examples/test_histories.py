"""An example's file: what was trained is read back as pages get it of a live run."""

import gzip
import json
from dataclasses import replace

import pytest

from core.registry import EXPERIMENTS
from core.runs.examples import histories
from core.runs.examples.histories import example, example_run, example_runs, frames, packed, save
from core.snapshots import Frame, Point
from core.spec import LaneSpec, RunSpec
from tests.core.runs.made import event, snapshot

SPEC = RunSpec.beside_zero(LaneSpec(strength=3e-3), epochs=1)
SHOWN = [snapshot(lane=lane, step=step) for step in (0, 9, 23) for lane in range(2)]
HAPPENED = [event(step=9, field="strength", old="0.0", new="0.003")]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(histories, "FOLDER", tmp_path)
    for read in (example, example_run, example_runs, frames):
        read.cache_clear()
    yield tmp_path
    for read in (example, example_run, example_runs, frames):
        read.cache_clear()


def test_a_run_comes_back_with_all_its_points_and_the_last_frames(folder):
    save("mine", "2026-11-28", "a machine", 12.345, [packed(SHOWN, HAPPENED, SPEC)] * 2, folder=folder)
    kept = example("mine")
    assert (kept.date, kept.machine, kept.seconds, len(kept.histories)) == (
        "2026-11-28",
        "a machine",
        12.3,
        2,
    )
    history = kept.histories[1]
    assert (history.view.spec, history.view.state, history.events) == (SPEC, "finished", tuple(HAPPENED))
    for lane, points in enumerate(history.points):
        mine = [Point.of(each) for each in SHOWN if each.lane == lane]
        assert [replace(point, epoch=0.0) for point in points] == [replace(each, epoch=0.0) for each in mine]
    assert [frame.step for frame in history.frames] == [23, 23]
    assert history.frames[1].layers.keys() == Frame.of(SHOWN[-1]).layers.keys()
    assert history.share == 1.0


def test_its_runs_are_found_by_their_ids(folder):
    save("mine", "2026-11-28", "a machine", 1.0, [packed(SHOWN, [], SPEC)], folder=folder)
    assert example_run("example.mine.0").view.id == "example.mine.0"
    for other in ("example.mine.1", "example.yours.0", "mine", "example.mine.x"):
        assert example_run(other) is None


def test_the_same_results_are_the_same_file(folder):
    for name in ("one", "two"):
        save(name, "2026-11-28", "a machine", 1.0, [packed(SHOWN, HAPPENED, SPEC)], folder=folder)
    one, two = (path.read_bytes() for path in sorted(folder.glob("*.json.gz")))
    assert one == two


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_frames_go_to_the_browser_as_the_file_has_them(name):
    kept = json.loads(gzip.decompress((histories.FOLDER / f"{name}.json.gz").read_bytes()))
    assert json.loads(gzip.decompress(frames(name)))["frames"] == kept["runs"][0]["frames"]
