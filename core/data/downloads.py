"""Files from the network: streamed with progress, checked by their checksum, refused in a few words."""

import hashlib
import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

Progress = Callable[[int], None]
"""Told how many bytes have arrived since it was told last."""

TIMEOUT = 15.0
"""Seconds without a byte after which a server counts as gone."""

ATTEMPTS = 2
"""Times every address is asked when what came was not whole."""

CHUNK = 64 * 1024
NO_NETWORK = "no network"


class DownloadError(Exception):
    """A file cannot be had. `str()` says why in a few words, such as 'no network'."""


class _NotWholeError(DownloadError):
    """What came was not the file: worth asking again."""


@dataclass(frozen=True)
class RemoteFile:
    """A file to download.

    Attributes:
        name: what it is called here.
        urls: where it may be had, best first.
        md5: its checksum, in hexadecimal.
    """

    name: str
    urls: tuple[str, ...]
    md5: str


def download(file: RemoteFile, folder: Path, progress: Progress) -> Path:
    """Download a file into an existing folder; what is there afterwards under its name is whole.

    Raises:
        DownloadError: no address gave the file.
        OSError: it cannot be written.
    """
    reasons: list[DownloadError] = []
    for _ in range(ATTEMPTS):
        for url in file.urls:
            try:
                return _from(url, file, folder, progress)
            except DownloadError as error:
                reasons.append(error)
        if not any(isinstance(reason, _NotWholeError) for reason in reasons):
            break
    raise next((reason for reason in reasons if str(reason) != NO_NETWORK), reasons[0])


def _from(url: str, file: RemoteFile, folder: Path, progress: Progress) -> Path:
    path = folder / file.name
    arrived = 0
    try:
        # The addresses are the ones torchvision publishes, not a visitor's.
        with urlopen(Request(url, headers={"User-Agent": "sparsity-lab"}), timeout=TIMEOUT) as response:
            digest = hashlib.md5(usedforsecurity=False)
            with path.open("wb") as target:
                while chunk := response.read(CHUNK):
                    target.write(chunk)
                    digest.update(chunk)
                    arrived += len(chunk)
                    progress(len(chunk))
            _check(response.headers.get("Content-Length"), arrived, digest.hexdigest(), file)
    except HTTPError as error:
        error.close()
        raise DownloadError(f"the server answered {error.code} for {file.name}") from error
    except URLError as error:
        unsafe = isinstance(error.reason, ssl.SSLError)
        raise DownloadError("no safe connection to the server" if unsafe else NO_NETWORK) from error
    except (ConnectionError, TimeoutError, ssl.SSLError, http.client.HTTPException) as error:
        progress(-arrived)
        raise _NotWholeError(f"the connection was lost during {file.name}") from error
    except _NotWholeError:
        progress(-arrived)
        raise
    return path


def _check(length: str | None, arrived: int, md5: str, file: RemoteFile) -> None:
    if length is not None and arrived < int(length):
        raise _NotWholeError(f"the connection was lost during {file.name}")
    if md5 != file.md5:
        raise _NotWholeError(f"{file.name} arrived damaged")
