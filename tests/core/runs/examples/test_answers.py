"""The example of Inside the network: what was noted while it trained fits its curves and its weights."""

import pytest

from core.checkpoints import Checkpoints, NotKeptError, moment_name
from core.lab.inside_the_network.first_run import FIRST, FIRST_WATCHED
from core.runs.examples import FOLDER, answers
from core.runs.examples.answers import INSIDE_RUN, example_answers, inside_answers
from core.runs.examples.histories import example_run

LAYERS = FIRST.layer_names


@pytest.fixture
def store(tmp_path):
    return Checkpoints(tmp_path / "weights", limit=10_000_000, examples=FOLDER)


def test_the_example_is_a_run_of_todays_settings():
    assert example_run(INSIDE_RUN).view.spec == FIRST
    assert example_run("example.inside_the_network.1") is None


def test_its_weights_are_kept_at_the_end_and_before(store):
    steps = store.steps(INSIDE_RUN)
    assert len(steps) >= 3
    assert steps[-1] == example_run(INSIDE_RUN).points[0][-1].step
    assert len(store.read(INSIDE_RUN, moment_name(steps[0]))) > 100_000


def test_nothing_is_written_to_it_or_taken_from_it(store):
    before = sorted(path.name for path in FOLDER.rglob("*"))
    name = moment_name(store.steps(INSIDE_RUN)[-1])
    store.keep(INSIDE_RUN, moment_name(1), b"another's")
    store.remove(INSIDE_RUN, name)
    store.pin(INSIDE_RUN)
    store.forget(INSIDE_RUN)
    assert sorted(path.name for path in FOLDER.rglob("*")) == before
    with pytest.raises(NotKeptError):
        store.read("example.../etc.0", name)


@pytest.mark.parametrize("layer", LAYERS)
def test_each_fate_ends_at_zero_because_lambda_holds_it(layer):
    other, own = inside_answers().fates[layer]
    assert own["values"][-1] == 0.0
    assert other["values"][-1] != 0.0
    assert 0.0 < abs(own["gradients"][-1]) <= own["strengths"][-1] == FIRST.lanes[1].strength
    assert own["values"][0] == other["values"][0]
    if layer == FIRST_WATCHED[0]:
        assert own["index"] == FIRST_WATCHED[1]


@pytest.mark.parametrize("layer", LAYERS)
def test_each_update_shrinks_by_its_threshold_and_stops_at_zero(layer):
    other, own = inside_answers().updates[layer]
    assert own["indices"] == other["indices"]
    for stepped, threshold, after in zip(own["stepped"], own["threshold"], own["after"], strict=True):
        shrunk = max(abs(stepped) - threshold, 0.0)
        assert abs(after) == pytest.approx(shrunk, rel=1e-3, abs=1e-7)
    assert [w for w in other["after"] if w == 0.0] == []


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where answers are written and read, in place of the real ones."""
    monkeypatch.setattr(answers, "FOLDER", tmp_path)
    yield tmp_path
    answers.inside_answers.cache_clear()
    answers.example_answers.cache_clear()


def test_what_is_kept_is_read_as_it_was(folder):
    answers.inside_answers.cache_clear()
    found = answers.InsideAnswers({"fc1": [{"index": 3}]}, {"fc1": [{"after": [0.0, 1e-9]}]})
    answers.save_inside_answers(found, folder=folder)
    assert answers.inside_answers() == found
    about = answers.ExampleAnswers("2026-11-21", "a machine", FIRST, 1, {"sizes": {"full": {"weights": 3}}})
    answers.save_answers("mine", about, folder=folder)
    assert answers.example_answers("mine") == about


def test_the_same_answers_are_the_same_file(folder):
    for name in ("one", "two"):
        answers.save_answers(name, answers.ExampleAnswers("2026-11-21", "m", FIRST, 0, {}), folder=folder)
    one, two = (path.read_bytes() for path in sorted(folder.glob("*.answers.json.gz")))
    assert one == two


def test_the_kept_answers_are_about_a_run_of_theirs():
    kept = example_answers("smaller_model")
    assert 0 <= kept.lane < len(kept.spec.lanes)
    assert kept.answers


def test_without_the_examples_folder_there_are_no_weights(tmp_path):
    assert Checkpoints(tmp_path, limit=10).steps(INSIDE_RUN) == []
