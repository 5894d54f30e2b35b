"""The frame around every page: the menu, the strip of the guided path, the look config.toml lacks."""

from pathlib import Path

import streamlit as st

from pages.ui import guide

PAGES = Path(__file__).resolve().parents[1]
STYLE = Path(__file__).with_name("shell.css")
ICON = Path(__file__).with_name("icon.png")

st.set_page_config(page_title="Sparsity Lab", page_icon=str(ICON), layout="wide")
st.html(STYLE)

page = st.navigation(
    {
        "Lab": [
            st.Page(PAGES / "train_live.py", title="Train live", icon=":material/play_circle:", default=True),
            st.Page(PAGES / "lambda_path.py", title="λ path", icon=":material/show_chart:"),
            st.Page(PAGES / "compare_runs.py", title="Compare runs", icon=":material/stacked_line_chart:"),
            st.Page(
                PAGES / "inside_the_network.py", title="Inside the network", icon=":material/visibility:"
            ),
            st.Page(PAGES / "smaller_model.py", title="Smaller model", icon=":material/compress:"),
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
