import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from core.runs.live.encoding import packed, unpacked
from core.runs.store.batch import Batch
from core.runs.store.store import Store
from core.runs.views import Origin, RunView
from core.spec import LaneSpec, Moved, RunSpec
from tests.core.runs import made
from tests.core.runs.made import Lab, event

VIEW = RunView("r", "ann", RunSpec(), "running", 0, "", 5, created=2000.0)


def opened(folder: Path, instance: str = "main") -> Store:
    store = Store(made.url(folder / "deep"), instance)
    store.open()
    return store


def batch(*views: RunView) -> Batch:
    kept = Batch()
    kept.runs = {view.id: view for view in views}
    return kept


def moment(number: int) -> dict:
    return {"run": "r", "number": number, "points": packed(["1"]), "frames": packed(["2"])}


def test_a_run_comes_back_as_it_was(tmp_path):
    store = opened(tmp_path)
    store.write(batch(VIEW))
    assert store.view("r") == VIEW
    changed = replace(VIEW, state="finished", reason="Done.", speed=0)
    store.write(batch(changed))
    assert store.view("r") == changed
    assert store.view("other") is None


@pytest.mark.sqlite_alone
def test_the_file_is_in_wal_mode(tmp_path):
    opened(tmp_path)
    with sqlite3.connect(tmp_path / "deep" / "runs.sqlite") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_runs_left_going_can_go_on_where_their_origin_is_known_and_those_of_other_servers_are_left_alone(
    tmp_path,
):
    here, there = opened(tmp_path, "here"), opened(tmp_path, "there")
    unknown, queued = replace(VIEW, id="u"), replace(VIEW, id="q", state="queued", created=1.0)
    kept = batch(VIEW, unknown, queued, replace(VIEW, id="f", state="finished"))
    kept.origins["r"] = Origin(VIEW.spec)
    here.write(kept)
    there.write(batch(replace(VIEW, id="t")))
    again = opened(tmp_path, "here")
    states = {run: again.view(run).state for run in "ruqft"}
    assert states == {"r": "running", "u": "interrupted", "q": "queued", "f": "finished", "t": "running"}
    assert "restarted" in again.view("u").reason
    assert [view.id for view in again.left()] == ["q", "r"]


def test_what_a_run_began_as_and_its_moves_come_back_in_their_order(tmp_path):
    store = opened(tmp_path)
    moves = [Moved.checked({"step": n, "lane": n % 2, "move": {"strength": n / 100}}) for n in range(12)]
    kept = batch(VIEW)
    kept.origins["r"] = Origin(VIEW.spec)
    for n, move in enumerate(moves):
        kept.moves["r", n] = {"run": "r", "number": n, "body": json.dumps(move.to_dict())}
    store.write(kept)
    assert store.past("r") == (Origin(VIEW.spec), moves)
    assert store.past("r")[1][3].move.model_fields_set == {"strength"}
    assert store.past("other") is None
    store.remove(["r"])
    assert store.past("r") is None


def test_old_runs_are_deleted_with_all_they_had(tmp_path):
    store = opened(tmp_path)
    kept = batch(replace(VIEW, state="finished"), replace(VIEW, id="new", created=5000.0))
    kept.moments["r", 0] = moment(0)
    kept.events["r", 0] = {"run": "r", "number": 0, "body": event().model_dump_json()}
    store.write(kept)
    assert store.tidy(now=6000.0, seconds=3000.0) == ["r"]
    assert store.view("r") is None
    assert (store.moments("r"), store.events("r")) == ([], [])
    assert store.view("new") is not None


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("spec", [{"dataset": "faces"}, {"train_size": 5000}, {"lanes": []}])
def test_a_spec_of_another_version_is_no_run_and_the_others_stay(tmp_path, spec):
    store = opened(tmp_path)
    store.write(batch(VIEW, replace(VIEW, id="new")))
    with sqlite3.connect(tmp_path / "deep" / "runs.sqlite") as connection:
        connection.execute("UPDATE runs SET spec = ? WHERE id = 'r'", [json.dumps(spec)])
    connection.close()
    again = opened(tmp_path)
    assert again.view("r") is None
    assert [view.id for view in again.listed("ann", 10)] == ["new"]


def test_moments_are_thinned_and_the_last_replaces(tmp_path):
    store = opened(tmp_path)
    first = batch()
    first.moments = {("r", n): moment(n) for n in range(8)}
    store.write(first)
    second = batch()
    second.thin("r", 2, 4)
    second.moments["r", 6] = moment(6) | {"points": packed(["last"])}
    store.write(second)
    rows = store.moments("r")
    assert [number for number, _, _ in rows] == [0, 2, 4, 6]
    assert [frames is not None for _, _, frames in rows] == [True, False, True, True]
    assert unpacked(rows[-1][1]) == "last"


def test_after_a_restart_a_run_goes_on_with_its_history_its_origin_and_its_moves(tmp_path):
    lab = Lab(tmp_path)
    run = lab.start()
    for step in range(5):
        lab.worker.show(run, step)
    lab.runs.steering.change("ann", run, 1, LaneSpec(strength=3e-3))
    kept = {"step": 4, "lane": 1, "move": {"strength": 3e-3}}
    lab.worker.say({"event": "moved", "run": run, **kept})
    lab.worker.say({"event": "event", **event(run, step=4).model_dump()})
    # Asked for, and not done when the server ended.
    lab.runs.steering.change("ann", run, 1, LaneSpec(strength=1e-2))
    lab.runs.close()

    again = Lab(tmp_path)
    view = again.runs.view(run)
    assert (view.state, view.owner, view.spec.lanes[1].strength) == ("running", "ann", 1e-2)
    start, change = again.worker.sent
    assert RunSpec.checked(start["spec"]) == RunSpec()
    assert (start["until"], start["moves"]) == (4, [kept])
    assert change == {"op": "change", "run": run, "lane": 1, "strength": 1e-2}
    feed = again.runs.attach(run).feed
    again.worker.show(run, 5)
    message = json.loads(feed.update(0, False)[1])
    assert [p["step"] for p in message["points"] if p["lane"] == 0] == [0, 1, 2, 3, 4, 5]
    assert [e["text"] for e in message["events"]] == ["λ 0 → 1"]
    again.runs.close()
    rows = Store(again.runs.config.database, "main").moments(run)
    assert [number for number, _, _ in rows] == [0, 1, 2, 3, 4, 5]


def test_what_was_held_or_waited_when_the_server_ended_does_so_again(tmp_path):
    lab = Lab(tmp_path)
    held, waiting = lab.start(key="1", paused=True), lab.start(key="2")
    lab.worker.show(held, 0)
    lab.runs.close()
    again = Lab(tmp_path)
    assert (again.state(held), again.state(waiting)) == ("paused", "queued")
    assert again.worker.sent[0]["paused"]
    again.runs.close()


def test_the_last_moment_before_a_close_is_kept_with_its_frames_wherever_it_stands(tmp_path):
    lab = Lab(tmp_path, points_kept=4, frames_kept=2)
    run = lab.start()
    for step in range(12):
        lab.worker.show(run, step)
    lab.runs.close()
    again = Lab(tmp_path, points_kept=4, frames_kept=2)
    feed = again.runs.attach(run).feed
    assert feed.shown == 11
    assert {frame["step"] for frame in json.loads(feed.update(0, False)[1])["frames"]} == {11}
    for step in range(12, 30):
        again.worker.show(run, step)
    kept = [p["step"] for p in json.loads(feed.update(0, False)[1])["points"] if p["lane"] == 0]
    assert kept == sorted(set(kept))
    assert kept[-1] == 29
    again.runs.close()
