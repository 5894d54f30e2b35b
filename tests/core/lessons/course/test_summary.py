"""The summary: what was guessed beside what was measured, the last moment of a run."""

import math

from core.experiments import Trained
from core.lessons.course import summary
from core.lessons.course.check import QUESTIONS
from core.lessons.does_it_deliver.claims import CLAIMS
from core.runs.examples.histories import example


def kept(name: str) -> list[Trained]:
    return [Trained(h.view.spec, h.points, h.frames) for h in example(name).histories]


def test_a_claim_not_run_says_so_and_one_that_was_has_guess_and_measurement():
    claim = CLAIMS["sparsity"]
    assert summary.claim_row(claim, None, None) == (
        summary.ClaimRow(claim.claim, claim.question, summary.NO_GUESS, summary.NOT_YET, "")
    )
    result = claim.measure(kept("sparsity"))
    row = summary.claim_row(claim, result, 30.0)
    assert (row.predicted, row.measured, row.verdict) == ("30 %", "0.00 %", result.verdict)


def test_what_was_computed_beforehand_is_named_and_is_no_test():
    claim = CLAIMS["sparsity"]
    result = claim.measure(kept("sparsity"))
    row = summary.claim_row(claim, result, 30.0, own=False)
    assert (row.predicted, row.measured) == ("30 %", "0.00 % (computed beforehand)")
    none = summary.claim_row(claim, None, None)
    said = summary.sentences(None, [row, none], None, None)[1]
    assert said == "Of 2 claims you have looked at 1 result computed beforehand, and run none yourself yet."
    own = summary.claim_row(claim, result, None)
    said = summary.sentences(None, [row, row, own], None, None)[1]
    assert said == "Of 3 claims you have looked at 2 results computed beforehand, and run 1 yourself."


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
    right = run.valid_percent(0)
    error = math.sqrt(right * (100.0 - right) / 258)
    assert table["validation accuracy"][0] == f"{right:.1f} ± {error:.1f} %"
    assert f"update {run.points[-1][-1].step:,}" in summary.described(run)


def test_three_sentences_have_the_readers_own_figures():
    run, claim = kept("sparsity")[0], CLAIMS["sparsity"]
    row = summary.claim_row(claim, claim.measure(kept("sparsity")), 30.0)
    before, after = ({name: q.right for name, q in QUESTIONS[moment].items()} for moment in QUESTIONS)
    said = summary.sentences(run, [row], before | {"zeros": 0}, after)
    last = len(run.spec.lanes) - 1
    assert said[0].startswith("At the end, at λ = " if run.done else "So far, at λ = ")
    assert f"{run.zero_percent(last):.3g} % of your network's weights" in said[0]
    assert summary.run_rows(run)[-1][-1] in said[0]
    assert said[1] == f"“{claim.claim}” {claim.question} You guessed 30 % and measured 0.00 %."
    assert said[2] == "You had 5 of 6 questions right before the lesson, and 6 of 6 others after it."


def test_what_has_not_been_done_is_said_in_three_sentences_too():
    claim = CLAIMS["sparsity"]
    rows = [summary.claim_row(claim, None, None)] * 10
    assert summary.sentences(None, rows, None, None) == (
        "You have trained no network on Train live yet.",
        "Of 10 claims you have run none yourself yet.",
        "The twelve questions are not all answered yet.",
    )
