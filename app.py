"""Sparsity Lab: `streamlit run app.py` or `uvicorn app:app`."""

import os
from pathlib import Path

import streamlit as st

from core.web import Web

ROOT = Path(__file__).resolve().parent
UI = ROOT / "pages" / "ui"

# Streamlit looks for .streamlit/config.toml in the working directory, uvicorn may be started anywhere.
os.chdir(ROOT)

web = Web(
    assets={
        "live": UI / "live_view",
        "figure": UI / "figure",
        "runs_table": UI / "runs_table",
        "shared": UI / "shared",
    }
)
app = st.App(
    UI / "shell.py",
    routes=web.routes(),
    middleware=web.middleware(),
    lifespan=web.lifespan,
)
