"""Sparsity Lab: `streamlit run app.py` or `uvicorn app:app`."""

import os
from pathlib import Path

import streamlit as st

from core.web import Web

ROOT = Path(__file__).resolve().parent

# Streamlit looks for .streamlit/config.toml in the working directory, uvicorn may be started anywhere.
os.chdir(ROOT)

web = Web(live_assets=ROOT / "pages" / "ui" / "live_view")
app = st.App(
    ROOT / "pages" / "ui" / "shell.py",
    routes=web.routes(),
    middleware=web.middleware(),
    lifespan=web.lifespan,
)
