"""Downloads: whole files or a few words, from a server on this machine that can be told to misbehave."""

import socket

import pytest

from core.data import downloads
from core.data.downloads import ATTEMPTS, NO_NETWORK, DownloadError, RemoteFile, download
from tests.core.data.tiny_vision import md5

CONTENT = bytes(range(256)) * 1000


class Counted:
    """The bytes that were told of."""

    def __init__(self):
        self.pieces = []

    def __call__(self, n_bytes):
        self.pieces.append(n_bytes)


@pytest.fixture
def progress():
    return Counted()


@pytest.fixture
def closed():
    """An address where nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/file"


def file_at(*urls, content=CONTENT):
    return RemoteFile("file", urls, md5(content))


def test_a_file_is_whole_and_its_bytes_were_told(remote, tmp_path, progress):
    remote.files["file"] = CONTENT
    path = download(file_at(remote.url + "file"), tmp_path, progress)
    assert path == tmp_path / "file"
    assert path.read_bytes() == CONTENT
    assert sum(progress.pieces) == len(CONTENT)
    assert len(progress.pieces) > 1


def test_an_empty_file_is_a_file(remote, tmp_path, progress):
    remote.files["file"] = b""
    assert download(file_at(remote.url + "file", content=b""), tmp_path, progress).read_bytes() == b""


def test_the_next_address_is_asked_when_one_has_it_not(remote, tmp_path, progress):
    remote.files["second"] = CONTENT
    download(file_at(remote.url + "first", remote.url + "second"), tmp_path, progress)
    assert remote.asked == ["first", "second"]


def test_a_file_that_is_nowhere_is_asked_for_once(remote, tmp_path, progress):
    with pytest.raises(DownloadError, match=r"^the server answered 404 for file$"):
        download(file_at(remote.url + "file"), tmp_path, progress)
    assert len(remote.asked) == 1
    assert progress.pieces == []


def test_what_was_cut_off_is_asked_for_again_and_counted_once(remote, tmp_path, progress):
    remote.files["file"], remote.cut_once = CONTENT, {"file"}
    download(file_at(remote.url + "file"), tmp_path, progress)
    assert remote.asked == ["file", "file"]
    assert sum(progress.pieces) == len(CONTENT)
    assert min(progress.pieces) < 0


def test_what_keeps_being_cut_off_is_given_up_and_nothing_of_it_counted(remote, tmp_path, progress):
    remote.files["file"], remote.cut = CONTENT, {"file"}
    with pytest.raises(DownloadError, match=r"^the connection was lost during file$"):
        download(file_at(remote.url + "file"), tmp_path, progress)
    assert len(remote.asked) == ATTEMPTS
    assert sum(progress.pieces) == 0


def test_another_file_than_the_one_that_was_meant_is_refused(remote, tmp_path, progress):
    remote.files["file"] = CONTENT[::-1]
    with pytest.raises(DownloadError, match=r"^file arrived damaged$"):
        download(file_at(remote.url + "file"), tmp_path, progress)
    assert sum(progress.pieces) == 0


def test_without_a_network_it_says_so(closed, tmp_path, progress):
    with pytest.raises(DownloadError, match=f"^{NO_NETWORK}$"):
        download(file_at(closed), tmp_path, progress)


def test_what_a_server_said_tells_more_than_that_another_was_not_there(closed, remote, tmp_path, progress):
    with pytest.raises(DownloadError, match="404"):
        download(file_at(closed, remote.url + "file"), tmp_path, progress)


def test_a_server_that_falls_silent_is_given_up(remote, tmp_path, progress, monkeypatch):
    monkeypatch.setattr(downloads, "TIMEOUT", 0.2)
    remote.files["file"] = CONTENT
    remote.gate.clear()
    with pytest.raises(DownloadError, match=r"^the connection was lost during file$"):
        download(file_at(remote.url + "file"), tmp_path, progress)
    remote.gate.set()


def test_a_folder_that_is_not_there_is_the_callers_mistake(remote, tmp_path, progress):
    remote.files["file"] = CONTENT
    with pytest.raises(FileNotFoundError):
        download(file_at(remote.url + "file"), tmp_path / "none", progress)
