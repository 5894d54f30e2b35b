"""A smaller model, asked for: equality, sizes and files of a lane that trained."""


def n_zeros(net):
    return sum(int((w == 0).sum()) for w in net.parameters() if w.ndim >= 2)


def test_the_compact_lane_is_proven_equal_on_all_test_images(lab):
    answer = lab.ask("compact", lane=1)
    assert answer["images"] == 258
    assert answer["largest_difference"] <= 1e-4 * answer["largest_logit"]
    assert answer["accuracies"][0] == answer["accuracies"][1] == lab.ask("confusion", lane=1)["accuracy"]
    assert answer["parameters"][0] == sum(each.numel() for each in lab.net(1).parameters())
    assert answer["parameters"][1] < answer["parameters"][0]
    assert [len(units) for units in answer["kept"].values()] == [each["left"] for each in answer["layers"]]


def test_the_sizes_are_of_the_whole_and_of_the_compact_lane(lab):
    answer, compact = lab.ask("sizes", lane=1), lab.ask("compact", lane=1)
    assert [answer[name]["parameters"] for name in ("full", "compact")] == compact["parameters"]
    assert answer["full"]["zeros"] == n_zeros(lab.net(1))
    assert answer["full"]["dense"] == 4 * compact["parameters"][0]


def test_pruning_to_equal_zeros_is_a_fair_rival(lab):
    answer = lab.ask("prune", lane=0, like=1)
    assert answer["zeros"] == n_zeros(lab.net(1))
    assert lab.ask("prune", lane=0, zeros=1000)["zeros"] == 1000
    assert lab.ask("prune", lane=0, epsilon=0.0)["largest_difference"] < 1e-5
    everything = lab.ask("prune", lane=0, epsilon=1e6)
    assert everything["zeros"] == everything["weights"]
    assert n_zeros(lab.net(0)) == 0


def test_latency_has_a_row_for_each_network_and_batch(lab):
    rows = lab.ask("latency", lane=1)["milliseconds"]
    assert [(row["network"], row["batch"]) for row in rows] == [
        (name, batch) for batch in (1, 256) for name in ("dense", "csr", "compact")
    ]
    assert all(0 < row["low"] <= row["median"] <= row["high"] for row in rows)
