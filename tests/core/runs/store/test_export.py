"""What people take with them, and bring back."""

import io
import json

import pandas as pd
import pytest

from core.refusals import SpecError
from core.registry import EXPERIMENTS
from core.runs.examples.histories import example_runs
from core.runs.store.export import COLUMNS, csv, parquet, read_settings, table, write_settings
from core.runs.views import RunHistory
from core.spec import PRESETS, LaneSpec, RunSpec
from tests.core.runs.made import point

SPECS = [*PRESETS.values(), *(spec for each in EXPERIMENTS.values() for spec in each.specs)]


def test_a_row_for_each_moment_of_each_lane(lab):
    run = lab.start()
    for step in (0, 4):
        lab.worker.show(run, step)
    found = table([("mine", lab.runs.history(run, 2000))])
    assert found[["run", "lane", "step"]].to_numpy().tolist() == [
        ["mine", 0, 0],
        ["mine", 0, 4],
        ["mine", 1, 0],
        ["mine", 1, 4],
    ]
    assert (found["id"] == run).all()
    assert found["zeros_fc1"].tolist() == [0, 4, 0, 4]
    assert found["idle_fc1"].tolist() == [0, 2, 0, 2]
    assert found["cut_off_fc1"].tolist() == [0, 0, 0, 0]
    assert found["dead_fc1"].tolist() == [1, 1, 1, 1]
    assert found["data_loss"].tolist() == [2.0] * 4
    assert "valid_error" not in found


def test_what_is_not_known_is_an_empty_cell_and_counts_stay_whole():
    before, after = point(4, idle=None, cut_off=None), point(8)
    view = next(iter(example_runs().values())).view
    history = RunHistory.of(view, [before, after], [], [])
    lines = csv([("mine", history)]).decode().splitlines()
    at = lines[0].split(",").index("idle_fc1")
    assert [line.split(",")[at] for line in lines[1:]] == ["", "4"]


@pytest.mark.parametrize(("write", "read"), [(csv, pd.read_csv), (parquet, pd.read_parquet)])
def test_a_file_reads_back_as_the_table(write, read):
    named = [(f"run {i}", history) for i, history in enumerate(example_runs().values())]
    again = read(io.BytesIO(write(named)))
    pd.testing.assert_frame_equal(again, table(named), check_dtype=False)
    assert len(again) == sum(len(points) for _, history in named for points in history.points)


def test_excel_knows_that_a_csv_is_utf_8():
    [history, *_] = example_runs().values()
    content = csv([("größer", history)])
    assert content.startswith(b"\xef\xbb\xbf")
    assert set(pd.read_csv(io.BytesIO(content))["run"]) == {"größer"}


def test_nothing_to_export_is_a_file_with_a_head():
    assert csv([]).decode("utf-8-sig").startswith("run,id,lane," + ",".join(COLUMNS))


@pytest.mark.parametrize("spec", SPECS)
def test_settings_come_back_as_they_were(spec):
    assert read_settings(write_settings(spec)) == spec


def test_settings_keep_what_is_unusual():
    lane = LaneSpec(layers=frozenset({"fc1"}), multipliers=(("fc1", 2.5),), strength=3.3e-5, alpha=0.25)
    spec = RunSpec.beside_zero(lane, dataset="mnist", label_noise=0.1, seed=2**31 - 1)
    assert read_settings(write_settings(spec)) == spec
    assert json.loads(write_settings(spec))["lanes"][1]["multipliers"] == {"fc1": 2.5}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"{}}",
        b"[]",
        b"null",
        b'{"epochs": 0}',
        b'{"epochs": 1e999}',
        b'{"lanes": [{"strength": NaN}]}',
        b'{"__class__": "os.system"}',
        b"[" * 10_000,
        b'{"dataset": "' + b"x" * 30_000 + b'"}',
        b'{"epochs": ' + b"9" * 5_000 + b"}",
    ],
)
def test_a_file_that_is_no_settings_is_refused_in_a_sentence(content):
    with pytest.raises(SpecError) as refused:
        read_settings(content)
    assert len(str(refused.value)) < 300
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@x"])
def test_a_name_that_looks_like_a_formula_is_none_in_a_spreadsheet(name):
    history = next(iter(example_runs().values()))
    assert set(pd.read_csv(io.BytesIO(csv([(name, history)])))["run"]) == {f"'{name}"}
    assert set(table([(name, history)])["run"]) == {name}
