"""The summary: what was guessed beside what was measured, the last moment of a run."""

from core.lessons import summary
from core.lessons.does_it_deliver import CLAIMS
from core.lessons.experiments import Trained
from core.runs.examples import example


def kept(name: str) -> list[Trained]:
    return [Trained(h.view.spec, h.points, h.frames) for h in example(name).histories]


def test_a_claim_not_run_says_so_and_one_that_was_has_guess_and_measurement():
    claim = CLAIMS["sparsity"]
    assert summary.claim_row(claim, None, None) == (
        summary.ClaimRow(claim.claim, summary.NO_GUESS, summary.NOT_YET, "")
    )
    result = claim.measure(kept("sparsity"))
    row = summary.claim_row(claim, result, 30.0)
    assert (row.predicted, row.measured, row.verdict) == ("30 %", "0 %", result.verdict)


def test_every_claim_has_a_row():
    for name, claim in CLAIMS.items():
        row = summary.claim_row(claim, claim.measure(kept(name)), None)
        assert row.measured not in ("", summary.NOT_YET)


def test_a_run_s_last_moment_is_in_the_columns_of_its_lanes():
    run = kept("sparsity")[0]
    head, *rows = summary.run_rows(run)
    table = {row[0]: row[1:] for row in rows}
    assert len(head) == 1 + len(run.spec.lanes)
    assert table["exactly zero"][2] == f"{run.zero_percent(2):.3g} %"
    assert table["test accuracy"][0] == f"{run.test_percent(0):.1f} %"
    assert f"update {run.points[-1][-1]['step']:,}" in summary.described(run)
