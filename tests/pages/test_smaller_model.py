"""Smaller model on the server: the example at once, one's own run measured, hostile uploads refused."""

import json
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest
from safetensors.numpy import load
from streamlit.testing.v1 import AppTest

from core.checkpoints import MAX_JSON_BYTES, Checkpoints
from core.lab.smaller_model.questions import BY_SEED, EXAMPLE, card, equal, first_lane, questions
from core.runs import Refused, runs
from core.runs.examples.answers import example_answers
from core.spec import LaneSpec, RunSpec
from core.web_questions import ENDINGS
from pages.ui import menu
from pages.ui.smaller_model.files import NETWORKS, loaded
from pages.ui.smaller_model.subject import Subject
from tests.browser.serving import wait_until
from tests.core.lessons.how_zeros_happen.test_network import told
from tests.pages import visiting
from tests.pages.visiting import said

pytestmark = pytest.mark.usefixtures("service")
opened = partial(visiting.opened, "smaller_model")


@pytest.fixture(scope="module")
def trained(service) -> str:
    """A run of a few updates that has ended."""
    lane = LaneSpec(strength=3e-3, warmup=0.0)
    spec = RunSpec.beside_zero(lane, epochs=2, train_size=256)
    run = runs().start("ann", spec, key="k").id
    wait_until(lambda: runs().view(run).state == "finished" and runs().checkpoints.steps(run), 60)
    return run


def titles(app: AppTest) -> list[str]:
    return [each.value for each in app.header]


def test_the_example_is_there_at_once_and_is_what_the_button_trains():
    app, kept = opened(), example_answers("smaller_model")
    assert said(app, "Computed beforehand")
    assert len(titles(app)) == 8
    assert kept.spec == EXAMPLE
    assert kept.answers.keys() - {BY_SEED} == questions(EXAMPLE, first_lane(EXAMPLE)).keys()
    assert equal(kept.answers["compact"])
    assert app.metric[0].value == "{:.0f} %".format(
        100 * kept.answers["sizes"]["full"]["zeros"] / kept.answers["sizes"]["full"]["weights"]
    )


def test_the_example_is_refitted_over_three_seeds():
    app, by_seed = opened(), example_answers("smaller_model").answers[BY_SEED]
    assert list(by_seed) == ["0", "1", "2"]
    own, rival = (
        [100 * seed[name]["accuracies"][1] for seed in by_seed.values()] for name in ("refit", "refit_rival")
    )
    assert said(app, f"**{told(own, 1)} %** |")
    assert said(app, f"**{told(rival, 1)} %** |")
    more = told(np.subtract(rival, own), 1)
    assert said(app, f"“no penalty, pruned at once” has +{more} points, more in 3 of 3 seeds")


def test_an_own_run_is_measured_and_refitted_on_request(trained):
    app = opened(run=trained)
    assert said(app, "Measured now, on the weights of step 8")
    assert said(app, "the same function")
    assert not said(app, "| refitted |")
    app.button(key="smaller_refit").click().run()
    assert not app.exception
    assert said(app, "| refitted |")
    assert app.selectbox(key="smaller_lane").value == 1
    app.selectbox(key="smaller_lane").set_value(0).run()
    assert app.metric[0].value == "0 %"
    assert opened(run=trained, lane="0").metric[0].value == "0 %"


def test_an_own_runs_accuracies_lead_to_the_images(trained, monkeypatch):
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr(menu, "mistakes", lambda run, lane, _: asked.append((run, lane)))
    opened()
    opened(run=trained)
    assert asked == [(trained, 1)]


def test_a_run_that_is_gone_is_said_to_be_so():
    app = opened(run="gone")
    assert said(app, "This run is not here any more")
    assert said(app, "Computed beforehand")


def test_one_click_trains_a_run_and_a_second_does_not_start_another():
    app = opened()
    app.button(key="smaller_train").click().run()
    run = app.session_state["session_run"]
    view = runs().view(run)
    assert view.spec == EXAMPLE
    assert said(app, "Computed beforehand")
    assert not any(button.key == "smaller_train" for button in app.button)
    app.session_state["session_run"] = ""
    app.query_params.clear()
    app.run()
    # As a second press of the same button, on its way before the first one was answered.
    app.button(key="smaller_train").click().run()
    assert app.session_state["session_run"] == run
    wait_until(lambda: runs().history(run).points[0], 60)
    wait_until(lambda: runs().view(run).state == "running", 60)
    app.run()
    app.button(key="smaller_hold").click().run()
    assert runs().view(run).state == "paused"
    wait_until(lambda: said(app.run(), "Measured now"), 60)
    runs().steering.stop(view.owner, run)


def test_a_run_that_is_not_here_shows_the_example():
    assert said(opened(run="nowhere"), "Computed beforehand")


def test_a_run_whose_weights_made_room_says_so_once_beside_the_example(trained):
    spec = RunSpec.beside_zero(LaneSpec(strength=3e-3), epochs=1, train_size=128)
    run = runs().start("eve", spec, key="gone").id
    wait_until(lambda: runs().view(run).state == "finished" and runs().checkpoints.steps(run), 60)
    runs().checkpoints.forget(run)
    app = opened(run=run)
    assert sum("No weights of this run are kept" in text.value for text in app.markdown) == 1
    assert said(app, "Computed beforehand")
    assert len(titles(app)) == 8


def test_a_full_or_unwritable_store_is_one_sentence(trained, monkeypatch, tmp_path):
    store = runs().checkpoints
    (tmp_path / "weights").touch()
    store.pin(trained)
    stores = {
        r"full of pinned runs \(0\.005 MB\)": Checkpoints(store.folder, 5000),
        "could not be kept": Checkpoints(tmp_path / "weights", 10**9),
    }
    files = [Brought("a.json", b"{}"), Brought("a.safetensors", b"x" * 4000)]
    for sentence, bad in stores.items():
        monkeypatch.setattr(runs(), "checkpoints", bad)
        with pytest.raises(Refused, match=sentence):
            loaded("ann", subject(trained), files)
    store.pin(trained, False)
    assert store.steps(trained)
    assert not list(store.of(trained).glob("upload-*"))


@dataclass
class Brought:
    """What a browser sends."""

    name: str
    data: bytes
    claimed: int | None = None

    @property
    def size(self) -> int:
        return len(self.data) if self.claimed is None else self.claimed

    def getvalue(self) -> bytes:
        assert self.claimed is None, "a file that is too large is not read"
        return self.data


def subject(run: str) -> Subject:
    return Subject(run, runs().view(run).spec, 1, None, {})


def exported(run: str, which: str) -> list[Brought]:
    """The two files of a network of lane 1."""
    written = runs().ask("ann", run, "export", lane=1, which=which, format="safetensors")["files"]
    read = partial(runs().checkpoints.read, run)
    return [Brought(f"model.{ending}", read(written[ending])) for ending in ("safetensors", "json")]


def test_every_file_that_a_button_asks_for_is_one_that_the_worker_writes(trained):
    for network in NETWORKS:
        for ending in network.endings:
            fields = {"lane": 1, "which": network.which, "format": ENDINGS[ending]}
            assert ending in runs().ask("ann", trained, "export", **fields)["files"]


@pytest.mark.parametrize("which", ["full", "compact"])
def test_a_download_comes_back_as_the_same_network(trained, which):
    own = subject(trained)
    files = exported(trained, which)
    answer = loaded("ann", own, files[::-1])
    assert answer["sizes"] == runs().ask("ann", trained, "sizes", lane=1)[which]
    assert answer["accuracy"] == runs().ask("ann", trained, "confusion", lane=1)["accuracy"]
    layers = json.loads(files[1].data)["layers"]
    assert [list(load(files[0].data)[f"{each['name']}.weight"].shape) for each in layers] == [
        each["shape"] for each in layers
    ]
    folder = runs().checkpoints.of(trained)
    assert not list(folder.glob("upload-*"))


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([Brought("model.pt", b"PK")], "cannot hold code"),
        ([Brought("a.json", b"{}"), Brought("evil.pkl", b"\x80\x04")], "evil.pkl"),
        ([Brought("a.json", b"{}")], "two files together"),
        ([Brought("a.json", b"{}"), Brought("b.json", b"{}")], "two files together"),
        ([Brought("a.json", b"{}"), Brought("a.safetensors", b"", 33_000_000)], "at most 32 MB"),
        ([Brought("a.json", b"", MAX_JSON_BYTES + 1), Brought("a.safetensors", b"")], "at most 64 kB"),
        ([Brought("a.json", b"{}"), Brought("a.safetensors", b"\x80\x04pickle")], "does not describe"),
        ([Brought("a.json", b"\xff"), Brought("a.safetensors", b"")], "not JSON"),
    ],
)
def test_anything_else_is_one_sentence_and_leaves_nothing(trained, files, sentence):
    with pytest.raises(Refused, match=sentence) as refused:
        loaded("ann", subject(trained), files)
    assert str(refused.value).count(". ") == 0
    assert not list(runs().checkpoints.of(trained).glob("upload-*"))


def test_the_card_has_the_settings_and_every_measurement():
    kept = example_answers("smaller_model")
    text = card(kept.spec, kept.lane, kept.answers.__getitem__)
    assert kept.spec == RunSpec.from_json(text.partition("```json")[2].partition("```")[0])
    for which in ("full", "compact"):
        for value in kept.answers["sizes"][which].values():
            assert f"{value:,}" in text or value == kept.answers["sizes"][which]["weights"]
    assert text.count("| 256 |") == 3


def test_a_run_without_labels_or_rival_says_so():
    spec = RunSpec(dataset="rotated_digits", epochs=1, train_size=128, lanes=(LaneSpec(strength=1e-2),))
    run = runs().start("bob", spec, key="angles").id
    wait_until(lambda: runs().view(run).state == "finished" and runs().checkpoints.steps(run), 60)
    app = opened(run=run)
    assert said(app, "This run tells angles")
    assert app.metric[3].value == "no labels"
