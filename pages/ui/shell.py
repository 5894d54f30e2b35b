"""The frame around every page: the menu, and the look that config.toml cannot say."""

from pathlib import Path

import streamlit as st

PAGES = Path(__file__).resolve().parents[1]
STYLE = Path(__file__).with_name("shell.css")

st.set_page_config(page_title="Sparsity Lab", page_icon=":material/grid_on:", layout="wide")
st.html(STYLE)

page = st.navigation(
    {
        "Lab": [
            st.Page(PAGES / "train_live.py", title="Train live", icon=":material/play_circle:", default=True)
        ]
    },
    position="top",
)
page.run()
