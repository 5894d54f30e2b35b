"""Torchvision's datasets in small, and a server of files that can be told to misbehave."""

import gzip
import hashlib
import io
import pickle
import re
import struct
import tarfile
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from torchvision import datasets

from core.data import vision
from core.data.vision import DataError, load_raw

N_TRAIN, N_TEST = 40, 20
TITLES = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST"}
IDX = {
    "train-images-idx3-ubyte": (N_TRAIN, 28, 28),
    "train-labels-idx1-ubyte": (N_TRAIN,),
    "t10k-images-idx3-ubyte": (N_TEST, 28, 28),
    "t10k-labels-idx1-ubyte": (N_TEST,),
}


class Remote:
    """Files over HTTP on 127.0.0.1.

    Attributes:
        files: content by path.
        cut: paths whose connection is dropped half way, each time.
        cut_once: the same, but only the first time.
        gate: cleared, the second half of every file waits for it.
        asked: the paths in the order they were asked for.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.cut: set[str] = set()
        self.cut_once: set[str] = set()
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        remote = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                remote.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.lstrip("/")
        self.asked.append(path)
        content = self.files.get(path)
        if content is None:
            handler.send_error(404)
            return
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        half = len(content) // 2
        handler.wfile.write(content[:half])
        handler.wfile.flush()
        self.gate.wait(60)
        if path in self.cut or path in self.cut_once:
            self.cut_once.discard(path)
            return
        handler.wfile.write(content[half:])

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def idx(shape: tuple[int, ...]) -> bytes:
    """Bytes in MNIST's format: labels 0, 1, …, 9, 0, …; images with black, white and what lies between."""
    n = int(np.prod(shape))
    values = np.arange(n) % 10 if len(shape) == 1 else np.arange(n) % 256
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape) + values.astype(np.uint8).tobytes()


def cifar() -> dict[str, bytes]:
    """CIFAR-10's pickled batches, eight training images each."""
    files = {"batches.meta": pickle.dumps({"label_names": [str(label) for label in range(10)]})}
    for number, name in enumerate([*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]):
        n = N_TEST if name == "test_batch" else N_TRAIN // 5
        pixels = (np.arange(n * 3072) % 256).astype(np.uint8).reshape(n, 3072)
        files[name] = pickle.dumps({"data": pixels, "labels": [(8 * number + i) % 10 for i in range(n)]})
    return files


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


class TinyVision:
    """Makes `remote` the only source of the tiny datasets, and `folder` the data folder.

    Attributes:
        archives: for each dataset, what is downloaded: content by name.
        unpacked: for each dataset, what is read: content by path below the data folder.
    """

    def __init__(self, tmp_path: Path, remote: Remote, patch: pytest.MonkeyPatch) -> None:
        self.folder = tmp_path / "data"
        self.remote = remote
        self.archives: dict[str, dict[str, bytes]] = {}
        self.unpacked: dict[str, dict[str, bytes]] = {}
        patch.setenv("SPARSITY_LAB_DATA", str(self.folder))
        for name in TITLES:
            self._idx_set(name, patch)
        self._cifar(patch)
        for name, archives in self.archives.items():
            size = sum(map(len, archives.values()))
            patch.setitem(vision.VISION, name, replace(vision.VISION[name], download_bytes=size))

    def put(self, name: str) -> None:
        """Write a dataset's unpacked files into the data folder."""
        for path, content in self.unpacked[name].items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def files(self) -> dict[str, bytes]:
        """What lies in the data folder."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}

    def leftovers(self) -> list[Path]:
        """What a download has not cleared away."""
        return list(self.folder.glob(".*"))

    def _idx_set(self, name: str, patch: pytest.MonkeyPatch) -> None:
        raw = {file: idx(shape) for file, shape in IDX.items()}
        archives = {f"{file}.gz": gzip.compress(content, mtime=0) for file, content in raw.items()}
        source = getattr(datasets, TITLES[name])
        patch.setattr(source, "mirrors", [f"{self.remote.url}{name}/"])
        patch.setattr(source, "resources", [(file, md5(content)) for file, content in archives.items()])
        self._serve(name, f"{name}/", archives)
        self.unpacked[name] = {f"{TITLES[name]}/raw/{file}": content for file, content in raw.items()}

    def _cifar(self, patch: pytest.MonkeyPatch) -> None:
        files, packed = cifar(), io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            for name, content in files.items():
                member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        archive, source = "cifar-10-python.tar.gz", datasets.CIFAR10
        listed = [[name, md5(content)] for name, content in files.items()]
        patch.setattr(source, "url", self.remote.url + archive)
        patch.setattr(source, "tgz_md5", md5(packed.getvalue()))
        patch.setattr(source, "train_list", [each for each in listed if "data" in each[0]])
        patch.setattr(source, "test_list", [each for each in listed if "test" in each[0]])
        patch.setattr(source, "meta", source.meta | {"md5": md5(files["batches.meta"])})
        self._serve("cifar10", "", {archive: packed.getvalue()})
        self.unpacked["cifar10"] = {f"cifar-10-batches-py/{name}": content for name, content in files.items()}

    def _serve(self, name: str, path: str, archives: dict[str, bytes]) -> None:
        self.archives[name] = archives
        self.remote.files |= {path + file: content for file, content in archives.items()}


class Heard:
    """What a load said."""

    def __init__(self):
        self.news = []

    def __call__(self, text, share):
        self.news.append((text, share))


def refused(name):
    with pytest.raises(DataError) as error:
        load_raw(name, Heard())
    sentence = str(error.value)
    assert re.fullmatch(r"[^\n]+\.", sentence)
    return sentence
