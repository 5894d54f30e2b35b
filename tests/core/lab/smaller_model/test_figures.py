"""The figures of Smaller model show the numbers they are given."""

from core.figures.traces import ROLES, roles_in
from core.lab.smaller_model import figures
from core.lab.smaller_model.questions import FORMATS, equal

FULL = {"dense": 400_000, "gzip": 90_000, "csr": 210_000, "bitmap": 110_000, "bound": 105_000}
FULL |= {
    "parameters": 100_000,
    "weights": 99_000,
    "zeros": 74_250,
    "multiply_adds": 2000,
    "multiply_adds_nonzero": 500,
}
COMPACT = {name: value // 2 for name, value in FULL.items()}
SIZES = {"full": FULL, "compact": COMPACT}
PROOF = {
    "layers": [{"name": "conv1", "units": 32, "left": 30}, {"name": "fc1", "units": 128, "left": 8}],
    "parameters": [100_000, 50_000],
    "accuracies": [0.9, 0.9],
    "images": 258,
    "largest_difference": 1e-5,
    "largest_logit": 20.0,
}
ROWS = [
    {"network": name, "batch": batch, "low": 1.0, "median": 2.0 * i, "high": 9.0, "repeats": 30}
    for batch in (1, 256)
    for i, name in enumerate(("dense", "csr", "compact"), start=1)
]
PATH = {"epsilons": [0.0, 0.1, 1.0], "zeros": [0, 50, 100], "weights": 100, "images": 258}
PATH["accuracies"] = [0.95, 0.9, 0.1]


def test_storage_has_both_networks_in_every_format():
    drawing = figures.storage(SIZES, PROOF)
    compact, whole = drawing.fig["data"]
    assert whole["x"] == [FULL[name] / 1e3 for name in FORMATS]
    assert compact["x"] == [COMPACT[name] / 1e3 for name in FORMATS]
    assert [row["whole (bytes)"] for row in drawing.table] == [FULL[name] for name in FORMATS]
    assert "7.3 times smaller" in drawing.summary


def test_a_nearly_dead_network_is_told_in_three_digits():
    tiny = {"full": FULL, "compact": COMPACT | {"csr": 300, "bitmap": 59, "multiply_adds": 3}}
    summary = figures.storage(tiny, PROOF).summary
    assert "without its dead units and stored as a bitmap 0.059 kB, 6,779.7 times smaller" in summary
    assert "3 when compact (0.15 %)" in figures.multiply_adds(tiny, PROOF).summary


def test_units_left_and_gone_add_up():
    left, gone = figures.units(PROOF).fig["data"]
    assert (left["x"], gone["x"]) == ([30, 8], [2, 120])
    assert "122 of 160" in figures.units(PROOF).summary


def test_latency_shows_median_and_quartiles_of_its_batch():
    drawing = figures.latency({"milliseconds": ROWS}, 256, PROOF)
    (bars,) = drawing.fig["data"]
    assert bars["x"] == [2.0, 4.0, 6.0]
    assert bars["error_x"]["array"] == [7.0, 5.0, 3.0]
    assert bars["error_x"]["arrayminus"] == [1.0, 3.0, 5.0]
    assert "CSR 2 times as long (no more than the spread)" in drawing.summary
    narrow = [row | {"low": row["median"], "high": row["median"]} for row in ROWS]
    sentence = figures.latency({"milliseconds": narrow}, 256, PROOF).summary
    assert "CSR 2 times as long, compact 3 times as long." in sentence
    assert "Validation accuracy: 90.0 % ± 1.9 points: 258 validation images." in sentence


def test_the_slider_has_a_frame_for_each_bound():
    drawing = figures.pruned(PATH)
    assert [frame["at"]["label"] for frame in drawing.frames] == ["ε = 0", "ε = 0.1", "ε = 1"]
    right, zeros = drawing.frames[1]["traces"]
    assert (right["y"], zeros["y"]) == ([90.0], [50.0])
    assert right["x"] == [0.1]


def test_rivals_lie_where_their_zeros_are():
    drawing = figures.rivals({"a": PATH, "b": PATH}, {"own": (75.0, 97.0), "rival": (75.0, 91.0)})
    assert [trace["name"] for trace in drawing.fig["data"]] == ["a", "b", "own", "rival"]
    assert drawing.fig["data"][0]["x"] == [0.0, 50.0, 100.0]
    assert drawing.fig["data"][3]["y"] == [91.0]


def test_only_roles_of_the_theme_are_asked_for():
    drawings = [figures.storage(SIZES, PROOF), figures.units(PROOF), figures.multiply_adds(SIZES, PROOF)]
    drawings += [figures.latency({"milliseconds": ROWS}, 1, PROOF), figures.pruned(PATH)]
    for drawing in drawings:
        assert set(roles_in(drawing.fig)) <= ROLES


def test_equal_is_a_ten_thousandth_of_the_largest_logit():
    assert equal(PROOF)
    assert equal(PROOF | {"largest_difference": 0.0019})
    assert not equal(PROOF | {"largest_difference": 0.0021})
