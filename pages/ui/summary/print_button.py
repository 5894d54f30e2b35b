"""A button that opens the browser's print view, where a page can also be saved as PDF."""

import streamlit as st

_mount = st.components.v2.component(
    "print_button",
    html='<button type="button" class="print-button">Print, or save as PDF</button>',
    css="""
    .print-button {
      min-height: 40px; padding: 0 16px; border: 1px solid var(--st-primary-color); border-radius: 9px;
      background: none; color: var(--st-text-color); font: inherit; cursor: pointer;
    }
    .print-button:focus-visible { outline: 2.5px solid var(--st-link-color); outline-offset: 2px; }
    """,
    js="""
    export default function ({ parentElement }) {
      parentElement.querySelector("button").onclick = () => window.print();
    }
    """,
    isolate_styles=False,
)


def print_button(key: str) -> None:
    """Offer the print view of this page."""
    with st.container(key=key):
        _mount(key=f"{key}_button")
