import os
import time
from pathlib import Path

import pytest

from core.checkpoints import Checkpoints, NotKeptError, moment_name


@pytest.fixture
def store(tmp_path: Path) -> Checkpoints:
    return Checkpoints(tmp_path / "weights", limit=100)


def aged(store: Checkpoints, run: str, step: int, seconds: int, data: bytes = b"x" * 40) -> None:
    """A file written so many seconds ago."""
    store.keep(run, moment_name(step), data)
    then = time.time() - seconds
    os.utime(store.path(run, moment_name(step)), (then, then))


def files(store: Checkpoints) -> set[str]:
    return {path.relative_to(store.folder).as_posix() for path in store.folder.rglob("*") if path.is_file()}


def test_what_was_kept_is_read_back_and_listed_by_step(store):
    for step in (420, 7):
        store.keep("r", moment_name(step), str(step).encode())
    store.keep("r", "export.onnx", b"o")
    assert store.steps("r") == [7, 420]
    assert store.read("r", moment_name(7)) == b"7"
    assert store.read("r", moment_name(420), 2) == b"42"
    assert store.steps("nobody") == []


def test_the_oldest_goes_first_and_no_more_than_needed(store):
    for step, age in ((1, 30), (2, 20)):
        aged(store, "old", step, age)
    aged(store, "new", 3, 0)
    assert (store.steps("old"), store.steps("new")) == ([2], [3])
    store.keep("new", moment_name(4), b"y" * 20)
    assert (store.steps("old"), store.steps("new")) == ([2], [3, 4])


def test_a_run_whose_last_file_went_leaves_no_folder(store):
    aged(store, "old", 1, 30, b"x" * 90)
    aged(store, "new", 1, 0, b"x" * 90)
    assert not store.of("old").exists()


def test_a_pinned_run_stays_until_it_is_unpinned(store):
    aged(store, "pinned", 1, 30, b"x" * 60)
    store.pin("pinned")
    assert store.pinned("pinned")
    with pytest.raises(NotKeptError, match="full of pinned runs"):
        store.keep("new", moment_name(1), b"x" * 60)
    assert (store.steps("pinned"), store.steps("new")) == ([1], [])
    store.pin("pinned", False)
    store.keep("new", moment_name(1), b"x" * 60)
    assert (store.steps("pinned"), store.steps("new")) == ([], [1])


def test_a_pinned_run_that_goes_on_and_on_keeps_its_newest_weights_and_takes_nobody_elses_room(store):
    aged(store, "other", 1, 99)
    aged(store, "pinned", 1, 60, b"x" * 20)
    store.keep("pinned", "export.onnx", b"o")
    store.pin("pinned")
    for step in range(2, 9):
        aged(store, "pinned", step, 50 - step, b"x" * 20)
    assert store.steps("pinned") == [5, 6, 7, 8]
    store.keep("new", moment_name(1), b"x" * 79)
    assert (store.steps("pinned"), store.steps("new")) == ([8], [1])
    assert "pinned/export.onnx" in files(store)
    with pytest.raises(NotKeptError, match="full of pinned runs"):
        store.keep("late", moment_name(1), b"x" * 80)


def test_a_file_replaces_itself_and_counts_once(store):
    for _ in range(3):
        store.keep("r", moment_name(1), b"x" * 90)
    assert files(store) == {"r/000000001.weights.safetensors"}


def test_what_is_larger_than_everything_is_refused_and_nothing_goes(store):
    store.keep("r", moment_name(1), b"x" * 90)
    with pytest.raises(NotKeptError, match="more than all checkpoints may"):
        store.keep("r", moment_name(2), b"x" * 101)
    assert store.steps("r") == [1]


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "weights").write_text("a file in the way")
    store = Checkpoints(tmp_path / "weights", limit=100)
    with pytest.raises(NotKeptError, match=r"could not be kept \(.*\)\.$"):
        store.keep("r", moment_name(1), b"x")
    with pytest.raises(NotKeptError, match="could not be pinned"):
        store.pin("r")
    assert store.steps("r") == []


def test_a_write_that_fails_leaves_nothing_half_written(store, monkeypatch):
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    store.keep("r", moment_name(1), b"old")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(NotKeptError, match="no space left on device"):
        store.keep("r", moment_name(1), b"new")
    assert files(store) == {"r/000000001.weights.safetensors"}
    assert store.read("r", moment_name(1)) == b"old"


def test_what_a_killed_process_left_half_written_goes_after_a_while(store):
    store.keep("r", moment_name(1), b"x")
    for name, age in ((".half-old", 3600), (".half-new", 0)):
        (store.of("r") / name).write_bytes(b"x" * 90)
        then = time.time() - age
        os.utime(store.of("r") / name, (then, then))
    store.keep("r", moment_name(2), b"x")
    assert files(store) == {f"r/{name}" for name in (moment_name(1), moment_name(2), ".half-new")}


@pytest.mark.parametrize("run", ["../../etc", "a/b", "", ".", "λ", "x" * 200, "nul\0"])
def test_no_run_id_leads_out_of_the_folder(store, run):
    store.keep(run, moment_name(1), b"x")
    assert store.of(run).parent == store.folder
    assert store.steps(run) == [1]


@pytest.mark.parametrize("name", ["../x.json", "a/b.json", "", ".half-x", "x.", "a.b.c", "x\n", "C:x"])
def test_no_name_leads_out_of_the_folder(store, name):
    with pytest.raises(NotKeptError, match="no file of this name"):
        store.keep("r", name, b"x")


def test_a_run_can_be_forgotten(store):
    store.keep("r", moment_name(1), b"x")
    store.pin("r")
    store.forget("r")
    assert not store.of("r").exists()
    with pytest.raises(NotKeptError, match="no longer kept"):
        store.read("r", moment_name(1))


def test_the_environment_says_where_and_how_much(tmp_path):
    made = Checkpoints.from_environment(
        {"SPARSITY_LAB_CHECKPOINTS": str(tmp_path), "SPARSITY_LAB_CHECKPOINT_MB": "1.5"}
    )
    assert (made.folder, made.limit) == (tmp_path, 1_500_000)
    assert Checkpoints.from_environment({}).folder.parts[-2:] == ("var", "checkpoints")
    for bad in ("0", "-1", "many", "inf", "nan"):
        with pytest.raises(ValueError, match="SPARSITY_LAB_CHECKPOINT_MB must be a number above zero"):
            Checkpoints.from_environment({"SPARSITY_LAB_CHECKPOINT_MB": bad})
