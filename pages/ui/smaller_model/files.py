"""A model out and in again: files that are written when asked for, and uploads that are checked first."""

import secrets
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import NamedTuple, Protocol

import streamlit as st

from core.checkpoints import MAX_JSON_BYTES, MAX_MODEL_BYTES, NotKeptError
from core.lab.smaller_model.questions import FORMATS, Answer, card, percent
from core.runs import Refused, runs
from core.uncertainty import off
from pages.ui import components, session
from pages.ui.markdown import plain
from pages.ui.smaller_model.subject import ASK_SECONDS, Subject

_mount = components.component("files", "files/files.js", "Files", "files/files.css")


class Network(NamedTuple):
    """What can be taken along.

    Attributes:
        title: what a button's name begins with.
        which: its name in a question.
        endings: of its files.
    """

    title: str
    which: str
    endings: tuple[str, ...]


NETWORKS = (
    Network("Whole network", "full", ("safetensors", "json")),
    Network("Compact network", "compact", ("safetensors", "json", "onnx")),
)
LIMITS = {"safetensors": MAX_MODEL_BYTES, "json": MAX_JSON_BYTES}
NOT_TWO = "Bring two files together: the model's .safetensors and its .json."


class Upload(Protocol):
    """A file from the browser."""

    name: str
    size: int

    def getvalue(self) -> bytes:
        """All of it."""


def downloads(subject: Subject) -> None:
    """One button for every file of the whole and of the compact network, and the card."""
    _mount(
        key="smaller_files",
        data={
            "ask": f"{components.HERE}/api/runs/{subject.run}/files",
            "name": session.name(),
            "step": subject.step,
            "lane": subject.lane,
            "networks": [each._asdict() for each in NETWORKS],
        },
    )
    st.download_button(
        "Model card",
        card(subject.spec, subject.lane, subject.answer),
        f"sparsity-lab-{subject.lane}-card.md",
        "text/markdown",
        icon=":material/description:",
        key="smaller_card",
        on_click="ignore",
        help="Settings and measurements, as Markdown.",
    )


def checked(files: Sequence[Upload]) -> dict[str, Upload]:
    """The two files by their endings; nothing of them has been read. Raises Refused with one sentence."""
    odd = next((file for file in files if _ending(file) not in LIMITS), None)
    if odd is not None:
        raise Refused(
            f"“{odd.name[:60]}” is refused: a model comes back as .safetensors and .json only, "
            "for these cannot hold code."
        )
    by_ending = {_ending(file): file for file in files}
    if len(files) != 2 or by_ending.keys() != LIMITS.keys():
        raise Refused(NOT_TWO)
    for ending, most in LIMITS.items():
        if by_ending[ending].size > most:
            raise Refused(f"The .{ending} file must be at most {_amount(most)}.")
    return by_ending


def _digest(subject: Subject, files: Sequence[Upload]) -> str:
    """What is looked at and the files, as one word. Raises Refused: nothing too large is read."""
    named = (f"{name}:{sha256(file.getvalue()).hexdigest()}" for name, file in checked(files).items())
    return f"{subject.run} {subject.step} {' '.join(sorted(named))}"


def _amount(n_bytes: int) -> str:
    return f"{n_bytes // 10**6} MB" if n_bytes >= 10**6 else f"{n_bytes // 1024} kB"


def _ending(file: Upload) -> str:
    return file.name.rpartition(".")[2].lower()


def loaded(owner: str, subject: Subject, files: Sequence[Upload]) -> Answer:
    """What the worker says about a model that comes back. Raises Refused."""
    by_ending, store = checked(files), runs().checkpoints
    stem = f"upload-{secrets.token_urlsafe(8)}"
    try:
        for ending, file in by_ending.items():
            store.keep(subject.run, f"{stem}.{ending}", file.getvalue())
        return runs().ask(owner, subject.run, "load", step=subject.step, timeout=ASK_SECONDS, file=stem)
    except NotKeptError as error:
        raise Refused(str(error)) from None
    finally:
        for ending in LIMITS:
            store.remove(subject.run, f"{stem}.{ending}")


def upload(subject: Subject) -> None:
    """Take two files in and say what they are, or in one sentence what is wrong with them."""
    files = st.file_uploader(
        "A model's .safetensors and .json, together",
        accept_multiple_files=True,
        key="smaller_upload",
        help="Sizes, names and shapes are checked before a number is read.",
    )
    if not files:
        return
    try:
        # Any click on the page asks again for the files that lie there: they are tried once.
        found = subject.once(_digest(subject, files), partial(loaded, session.owner(), subject, files))
    except Refused as refused:
        st.markdown(f":material/error: {plain(str(refused))}")
        return
    sizes, share = found["sizes"], found["accuracy"]
    st.markdown(
        f":material/check: **{percent(share)}** {off(share, found['images'])} of this run's "
        "validation images right; "
        f"{sizes['parameters']:,} numbers, {sizes['zeros']:,} weights exactly zero; "
        + ", ".join(f"{name} {sizes[name] / 1e3:,.1f} kB" for name in FORMATS)
        + "."
    )
