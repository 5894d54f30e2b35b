"""The frame around every page: the menu, the strip of the guided path, the look config.toml lacks."""

from pathlib import Path

import streamlit as st

from pages.ui import guide
from pages.ui.lab import LABS, PAGES

STYLE = Path(__file__).with_name("shell.css")
ICON = Path(__file__).with_name("icon.png")

st.set_page_config(page_title="Sparsity Lab", page_icon=str(ICON), layout="wide")
st.html(STYLE)

page = st.navigation(
    {
        "Lab": [
            st.Page(PAGES / f"{stem}.py", title=title, icon=icon, default=stem == "train_live")
            for stem, (title, icon) in LABS.items()
        ],
        "Lesson": [
            st.Page(PAGES / "guided_path.py", title="Your way through", icon=":material/route:"),
            st.Page(PAGES / "what_is_l1.py", title="What is L1?", icon=":material/function:"),
            st.Page(PAGES / "how_zeros_happen.py", title="How zeros happen", icon=":material/exposure_zero:"),
            st.Page(PAGES / "l1_in_a_cnn.py", title="L1 in a CNN", icon=":material/layers:"),
            st.Page(PAGES / "l1_in_pytorch.py", title="L1 in PyTorch", icon=":material/code:"),
            st.Page(PAGES / "does_it_deliver.py", title="Does it deliver?", icon=":material/fact_check:"),
            st.Page(PAGES / "check.py", title="Check yourself", icon=":material/quiz:"),
            st.Page(PAGES / "summary.py", title="Your summary", icon=":material/description:"),
        ],
    },
    position="top",
)
name = page.url_path or "train_live"
guide.strip(name)
page.run()
guide.remember(name)
