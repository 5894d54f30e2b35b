"""Names, pins and the baseline: what an owner may do to the own runs, and nobody else."""

import pytest
from sqlalchemy.exc import OperationalError

from core.runs import Refused
from core.runs.examples.histories import example_runs
from core.runs.store.marks import Mark
from core.runs.store.shelf import MOST_LISTED, MOST_PINNED
from tests.core.runs.made import Lab, ended, ids


def forgotten(lab: Lab) -> None:
    """Everything ended leaves the memory; the store has it."""
    lab.runs._writer.flush()
    lab.pass_minutes(lab.runs.config.evict_minutes + 1)


def test_the_list_is_the_owners_newest_first_from_memory_and_store(lab):
    old = ended(lab, "1")
    forgotten(lab)
    assert lab.runs._memory.recent("ann") == []
    new, _ = ended(lab, "2"), ended(lab, "3", owner="bob")
    assert ids(lab) == [new, old]
    assert ids(lab, "nobody") == []


def test_the_list_is_bounded_but_what_is_pinned_stays_on_it(lab):
    runs = []
    for i in range(MOST_LISTED + 3):
        runs.append(ended(lab, str(i)))
        lab.clock.now += 3
    lab.runs.shelf.pin("ann", runs[0], True)
    forgotten(lab)
    assert ids(lab) == [*runs[:2:-1], runs[0]]


NAME = "Große λ = 1e-4, η 0.1 🧑\u200d🎓"


def test_a_name_is_kept_over_a_restart(lab, tmp_path):
    run = ended(lab, "1")
    lab.runs.shelf.rename("ann", run, f"  {NAME} ")
    lab.runs.shelf.pin("ann", run, True)
    lab.runs._writer.flush()
    again = Lab(tmp_path)
    (listed,) = again.runs.shelf.listed("ann")
    assert listed.mark.name == NAME
    assert listed.mark.pinned > 0.0
    again.runs.close()


@pytest.mark.parametrize("name", ["<b>", "a" * 41, "a\nb", "a\u202eb", "a\0"])
def test_a_name_that_cannot_be_is_refused_and_the_old_one_stays(lab, name):
    run = ended(lab, "1")
    lab.runs.shelf.rename("ann", run, "mine")
    with pytest.raises(Refused, match="A name must be at most 40 characters"):
        lab.runs.shelf.rename("ann", run, name)
    assert lab.runs.shelf.marks("ann")[run].name == "mine"
    lab.runs.shelf.rename("ann", run, "")
    assert lab.runs.shelf.marks("ann")[run].name == ""


def test_only_its_owner_names_deletes_or_brings_back_a_run(lab):
    run, shelf = ended(lab, "1"), lab.runs.shelf
    for do in (lambda: shelf.rename("eve", run, "x"), lambda: shelf.delete("eve", run)):
        with pytest.raises(Refused, match="someone else"):
            do()
    shelf.delete("ann", run)
    with pytest.raises(Refused, match="someone else"):
        shelf.undo("eve", run)
    assert shelf.listed("ann") == []
    for do in (lambda: shelf.rename("ann", "none", "x"), lambda: shelf.pin("ann", "example.none.0", True)):
        with pytest.raises(Refused, match="no such run"):
            do()


def test_six_runs_can_be_pinned_in_the_order_of_pinning(lab):
    runs = [ended(lab, str(i)) for i in range(MOST_PINNED + 1)]
    for run in runs[:MOST_PINNED]:
        lab.runs.shelf.pin("ann", run, True)
    with pytest.raises(Refused, match="take one off"):
        lab.runs.shelf.pin("ann", runs[-1], True)
    marks = lab.runs.shelf.marks("ann")
    assert sorted(marks, key=lambda run: marks[run].pinned) == runs[:MOST_PINNED]
    lab.runs.shelf.pin("ann", runs[0], False)
    lab.runs.shelf.pin("ann", runs[-1], True)
    assert lab.runs.shelf.marks("ann")[runs[0]].pinned == 0.0


def test_an_example_is_pinned_but_neither_named_nor_deleted(lab):
    example = next(iter(example_runs()))
    lab.runs.shelf.pin("ann", example, True)
    lab.runs.shelf.set_baseline("ann", example, True)
    assert lab.runs.shelf.marks("ann")[example].baseline
    for do in (lab.runs.shelf.delete, lab.runs.shelf.undo):
        with pytest.raises(Refused):
            do("ann", example)


def test_the_weights_of_a_run_that_is_too_old_go_with_it(lab, tmp_path):
    run = ended(lab, "1")
    lab.runs.shelf.pin("ann", run, True)
    lab.runs.close()
    again = Lab(tmp_path, keep_days=1e-9)
    assert again.runs.view(run) is None
    assert not again.runs.checkpoints.of(run).exists()
    again.runs.close()


def test_one_run_is_the_baseline(lab):
    first, second = ended(lab, "1"), ended(lab, "2")
    for run in (first, second):
        lab.runs.shelf.set_baseline("ann", run, True)
    assert {run: mark.baseline for run, mark in lab.runs.shelf.marks("ann").items()} == {
        first: False,
        second: True,
    }
    lab.runs.shelf.set_baseline("ann", second, False)
    assert not any(mark.baseline for mark in lab.runs.shelf.marks("ann").values())


def test_a_store_that_cannot_be_written_is_said_in_a_sentence(lab, monkeypatch):
    run = ended(lab, "1")

    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    for name in ("say", "of", "deleted_before"):
        monkeypatch.setattr(lab.runs._store.marks, name, full)
    monkeypatch.setattr(lab.runs._store, "listed", full)
    with pytest.raises(Refused, match="try again"):
        lab.runs.shelf.rename("ann", run, "mine")
    assert [each.mark for each in lab.runs.shelf.listed("ann")] == [Mark()]
    lab.runs.shelf.tick()


@pytest.mark.sqlite_alone
def test_the_history_of_a_run_in_the_store_is_the_one_it_had_in_memory(lab):
    run = ended(lab, "1", steps=50)
    in_memory = {most: lab.runs.history(run, most) for most in (7, 1000)}
    forgotten(lab)
    assert lab.runs._memory.recent("ann") == []
    for most, before in in_memory.items():
        after = lab.runs.history(run, most)
        assert (after.points, after.frames, after.share) == (before.points, before.frames, before.share)
    assert len(lab.runs.history(run, 7).points[0]) <= 8
    assert lab.runs.history(run, 7).points[0][-1].step == 49
