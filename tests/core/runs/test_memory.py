"""A run looks the same whether it is still in memory or only in the store."""

from tests.core.runs.made import Lab, ended


def test_what_leaves_the_memory_is_found_in_the_store(lab):
    run = ended(lab, "1")
    memory = lab.runs._memory
    before = memory.view(run), memory.history(run, 100)
    lab.runs._writer.flush()
    lab.pass_minutes(6)
    assert lab.runs._board.get(run) is None
    assert (memory.view(run), memory.history(run, 100)) == before
    assert memory.recent("ann") == memory.active("ann") == []


def test_owners_see_their_own_runs_oldest_first(lab):
    first, other, second = lab.start(key="1"), lab.start("bob"), lab.start(key="2")
    memory = lab.runs._memory
    assert [view.id for view in memory.active("ann")] == [first, second]
    lab.runs.steering.stop("ann", first)
    assert [view.id for view in memory.active("ann")] == [second]
    assert [view.id for view in memory.recent("ann")] == [first, second]
    assert [view.id for view in memory.recent("bob")] == [other]


def test_who_watches_keeps_a_run_and_whoever_looks_gets_the_same(lab):
    run = ended(lab, "1")
    memory = lab.runs._memory
    entry = memory.attach(run)
    lab.runs._writer.flush()
    lab.pass_minutes(60)
    assert memory.attach(run) is entry
    assert entry.watchers == 2
    memory.detach(entry)
    memory.detach(entry)
    lab.pass_minutes(6)
    assert memory.attach(run) is not entry


def test_what_is_dropped_is_known_no_more_once_the_store_has_removed_it(tmp_path):
    lab = Lab(tmp_path)
    run = ended(lab, "1")
    lab.runs._writer.flush()
    lab.runs._board.drop(run)
    # From now on the archive has it in memory.
    lab.runs._memory.detach(lab.runs._memory.attach(run))
    lab.runs._memory.drop(run)
    lab.runs._store.remove([run])
    assert lab.runs._memory.view(run) is lab.runs._memory.attach(run) is None
    assert lab.start(key="1") != run
    lab.runs.close()
