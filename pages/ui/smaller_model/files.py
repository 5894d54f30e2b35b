"""A model out and in again: downloads that are written when asked for, and uploads that are checked first."""

import secrets
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Protocol

import streamlit as st

from core.checkpoints import MAX_JSON_BYTES, MAX_MODEL_BYTES, NotKeptError
from core.lab.smaller_model.questions import FORMATS, Answer, card, percent
from core.runs import Refused, runs
from core.uncertainty import off
from pages.ui import session
from pages.ui.markdown import plain
from pages.ui.smaller_model.subject import ASK_SECONDS, Subject

BYTES = "application/octet-stream"
MIMES = {"safetensors": BYTES, "json": "application/json", "onnx": BYTES}
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
    for which, title in (("full", "Whole network"), ("compact", "Compact network")):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{title}**", width=150)
            for ending in ("safetensors", "json", *(("onnx",) if which == "compact" else ())):
                _button(subject, which, ending)
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


def _button(subject: Subject, which: str, ending: str) -> None:
    st.download_button(
        {"safetensors": "safetensors", "json": "JSON", "onnx": "ONNX"}[ending],
        # Written when somebody wants it, by the worker: the owner is known here, not there.
        partial(exported, session.owner(), subject, which, ending),
        f"sparsity-lab-{which}.{ending}",
        MIMES[ending],
        icon=":material/download:",
        key=f"smaller_{which}_{ending}",
        on_click="ignore",
    )


def exported(owner: str, subject: Subject, which: str, ending: str) -> bytes:
    """A file that the worker writes now. Raises Refused, NotKeptError."""
    kind = "onnx" if ending == "onnx" else "safetensors"
    answer = runs().ask(
        owner,
        subject.run,
        "export",
        step=subject.step,
        timeout=ASK_SECONDS,
        lane=subject.lane,
        which=which,
        format=kind,
    )
    return runs().checkpoints.read(subject.run, answer["files"][ending])


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
