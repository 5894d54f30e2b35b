"""Datasets on their way: one thread each, news now and then, one copy for all, and a second try."""

import queue

import pytest
import torch

from core.data import loader as module
from core.data.images import digits
from core.data.loader import Loaded, Loader, Loading
from core.data.vision import VISION, DataError
from core.spec import RunSpec

CPU = torch.device("cpu")
PATIENCE = 30


class Lab:
    """A loader, its news, and a `read` that does as it is told."""

    def __init__(self, patch):
        self.news = queue.SimpleQueue()
        self.loader = Loader(CPU, self.news.put)
        self.gate, self.reads = queue.SimpleQueue(), []
        patch.setattr(module, "read", self.read)

    def read(self, dataset, device, tell):
        self.reads.append((dataset, device))
        outcome = self.gate.get(timeout=PATIENCE)
        for text, share in outcome.get("told", ()):
            tell(text, share)
        if "error" in outcome:
            raise outcome["error"]
        return outcome["images"]

    def heard(self):
        """All news up to the last."""
        heard = []
        while not heard or not isinstance(heard[-1], Loaded):
            heard.append(self.news.get(timeout=PATIENCE))
        return heard


@pytest.fixture
def lab(monkeypatch):
    return Lab(monkeypatch)


def test_the_apps_own_images_are_there_at_once():
    loader = Loader(CPU, lambda news: None)
    assert loader.has("digits")
    assert loader.has("rotated_digits")
    images = loader.images(RunSpec(train_size=100))
    assert len(images.train_y) == 100
    assert torch.equal(images.test_x, digits().test_x)


@pytest.mark.parametrize("dataset", VISION)
def test_others_are_not_and_say_what_they_wait_for(lab, dataset):
    assert not lab.loader.has(dataset)
    assert lab.loader.begin(dataset) == Loading(dataset, f"Loading {VISION[dataset].title}", 0.0)
    lab.gate.put({"images": digits()})
    assert lab.heard() == [Loaded(dataset)]
    assert lab.loader.has(dataset)
    assert lab.reads == [(dataset, CPU)]


def test_one_copy_is_loaded_for_all_and_each_run_cuts_its_own(lab):
    first, again = lab.loader.begin("mnist"), lab.loader.begin("mnist")
    assert first == again
    lab.gate.put({"images": digits()})
    lab.heard()
    assert len(lab.reads) == 1
    whole, cut = (lab.loader.images(RunSpec(dataset="mnist", train_size=size)) for size in (0, 50))
    assert (len(whole.train_y), len(cut.train_y)) == (1157, 50)
    assert whole.test_x is cut.test_x


def test_who_asks_later_hears_how_far_it_is(lab, monkeypatch):
    monkeypatch.setattr(module, "NEWS_SECONDS", 0.0)
    lab.loader.begin("mnist")
    told = [("Downloading MNIST: 10 %", 0.1), ("Downloading MNIST: 20 %", 0.2)]
    lab.gate.put({"told": told, "images": digits()})
    assert lab.heard() == [*(Loading("mnist", text, share) for text, share in told), Loaded("mnist")]
    assert lab.loader.begin("mnist") == Loading("mnist", *told[-1])


def test_news_are_rare_and_the_end_of_a_download_is_always_told(lab, monkeypatch):
    monkeypatch.setattr(module, "NEWS_SECONDS", 1e9)
    told = [(f"Downloading MNIST: {n} %", n / 100) for n in range(1, 100)]
    monkeypatch.setattr(module.time, "monotonic", lambda: 1e10)
    lab.loader.begin("mnist")
    lab.gate.put({"told": [*told, ("Reading MNIST", 1.0)], "images": digits()})
    assert [each.share for each in lab.heard()[:-1]] == [0.01, 1.0]


def test_the_same_words_are_not_told_twice(lab, monkeypatch):
    monkeypatch.setattr(module, "NEWS_SECONDS", 0.0)
    lab.loader.begin("mnist")
    lab.gate.put(
        {"told": [("Downloading MNIST: 1 %", 0.010), ("Downloading MNIST: 1 %", 0.012)], "images": digits()}
    )
    assert len(lab.heard()) == 2


def test_after_a_failure_the_next_run_may_try_again(lab):
    error = DataError("MNIST cannot be had: no network.")
    lab.loader.begin("mnist")
    lab.gate.put({"error": error})
    assert lab.heard() == [Loaded("mnist", error)]
    assert not lab.loader.has("mnist")
    lab.loader.settle("mnist")
    lab.loader.begin("mnist")
    lab.gate.put({"images": digits()})
    assert lab.heard() == [Loaded("mnist")]
    assert lab.loader.has("mnist")
