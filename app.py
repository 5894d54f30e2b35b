"""Sparsity Lab: `streamlit run app.py` or `uvicorn app:app`."""

from pathlib import Path

import streamlit as st

from core.web import Web

ROOT = Path(__file__).resolve().parent

web = Web(live_assets=ROOT / "pages" / "ui" / "live_view")
app = st.App(
    ROOT / "pages" / "ui" / "shell.py",
    routes=web.routes(),
    middleware=web.middleware(),
    lifespan=web.lifespan,
)
