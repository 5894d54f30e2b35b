"""What comes of a lesson: its link, a QR of it, and the frame for a page of a course."""

from base64 import b64encode
from html import escape
from urllib.parse import urlencode, urljoin, urlsplit

import streamlit as st

from core.lesson_link import Lesson, to_link
from core.refusals import SpecError
from core.web.classes.qr import drawn
from core.web.hosting import LOOPBACK, Hosting
from pages.ui import components
from pages.ui.components import HERE
from pages.ui.markdown import plain

_mount = components.component("copying", "copying/copying.js", "Copying", "copying/copying.css")

QR_ALT = "QR code: the address of the lesson"
LONG = "The link is too long for a QR code: shorten the sentence or the question."
HERE_ONLY = (
    "This address works on this computer only: open the page by the name or number that others can reach."
)
FRAME = '<iframe src="{}" title="{}" style="width: 100%; height: {}px; border: 0" loading="lazy"></iframe>'
FRAME_HEIGHT = 900
"""Pixels: all of Train live's charts beside each other."""
FRAME_TITLE = "Sparsity Lab: a lesson"
UNFRAMED = (
    "Another site can show it in a frame only once whoever runs this server names that site in "
    "SPARSITY_LAB_FRAMES."
)


def outcome(lesson: Lesson) -> None:
    """All three, and the way to try it."""
    address = address_of(lesson)
    with st.container(border=True, key="make_outcome"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header("Your lesson", anchor=False, width="content")
            st.link_button("Open it", address, type="primary", icon=":material/open_in_new:")
        copying("make_link", "Link", address)
        _qr(address)
        copying("make_frame", "Frame for a page of a course", frame(address))
        st.caption(frames_sentence(Hosting.from_environment().frames))


def address_of(lesson: Lesson) -> str:
    """Where the lesson is, under the address that the browser has used for this page."""
    return urljoin(str(st.context.url or ""), f"{HERE}/?{urlencode(to_link(lesson))}")


def frame(address: str) -> str:
    """HTML that shows the lesson within another page."""
    return FRAME.format(escape(address), FRAME_TITLE, FRAME_HEIGHT)


def frames_sentence(frames: tuple[str, ...]) -> str:
    """Which sites may show it in a frame."""
    return f"These sites may show it in a frame: {plain(', '.join(frames))}." if frames else UNFRAMED


def copying(key: str, label: str, text: str) -> None:
    """A text with a button that copies it."""
    _mount(key=key, data={"label": label, "text": text})


def _qr(address: str) -> None:
    try:
        code = b64encode(drawn(address, "l")).decode()
    except SpecError:
        st.caption(LONG)
        return
    st.html(f'<img class="make-qr" alt="{QR_ALT}" src="data:image/svg+xml;base64,{code}">')
    if urlsplit(address).hostname in ("localhost", *LOOPBACK):
        st.caption(HERE_ONLY)
