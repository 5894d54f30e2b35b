"""Marks are what was last said of each field, and one run at most is an owner's baseline."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.runs.store.marks import Mark
from core.runs.store.store import Store

pytestmark = pytest.mark.sqlite_alone

OWNERS, RUNS = st.sampled_from(["ann", "bob"]), st.sampled_from(["r", "s", "t"])
MOMENTS = st.none() | st.floats(0.0, 1e9)
FIELDS = st.fixed_dictionaries(
    {},
    optional={"name": st.text(max_size=5), "pinned": MOMENTS, "baseline": st.booleans(), "deleted": MOMENTS},
)


def opened() -> Store:
    store = Store("sqlite://", "main")
    store.open()
    return store


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(OWNERS, RUNS, FIELDS), max_size=12), st.floats(0.0, 1e9))
def test_what_is_kept_is_what_was_last_said(sayings, moment):
    store, known = opened(), {}
    for owner, run, fields in sayings:
        store.marks.say(owner, run, **fields)
        if fields.get("baseline"):
            known = {
                key: replace(mark, baseline=False) if key[0] == owner else mark for key, mark in known.items()
            }
        known[owner, run] = replace(known.get((owner, run), Mark()), **fields)
    for owner in ("ann", "bob"):
        marks = store.marks.of(owner)
        assert marks == {run: mark for (who, run), mark in known.items() if who == owner}
        assert sum(mark.baseline for mark in marks.values()) <= 1
    due = sorted(
        run for (_, run), mark in known.items() if mark.deleted is not None and mark.deleted < moment
    )
    assert sorted(store.marks.deleted_before(moment)) == due
    store.close()
