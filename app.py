"""Sparsity Lab: `streamlit run app.py` or `uvicorn app:app`."""

import os
from pathlib import Path

import streamlit as st

from core.web import Web

ROOT = Path(__file__).resolve().parent
UI = ROOT / "pages" / "ui"

# Streamlit looks for .streamlit/config.toml in the working directory, uvicorn may be started anywhere.
os.chdir(ROOT)

SAME = ("figure", "glossary", "guide", "inside", "runs_table", "shared")
ASSETS = {"live": "live_view", "path": "lambda_path"} | {name: name for name in SAME}

web = Web(assets={name: UI / folder for name, folder in ASSETS.items()})
app = st.App(
    UI / "shell.py",
    routes=web.routes(),
    middleware=web.middleware(),
    lifespan=web.lifespan,
)
