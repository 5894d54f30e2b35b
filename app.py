"""Sparsity Lab: `streamlit run app.py` or `uvicorn app:app`."""

import os
from pathlib import Path

import streamlit as st

from core.web import Web, write_log
from core.web.limits import heads
from pages.ui import whole_callbacks

ROOT = Path(__file__).resolve().parent

# Streamlit looks for .streamlit/config.toml in the working directory, uvicorn may be started anywhere.
os.chdir(ROOT)
# What is written here is not for other users of the machine.
os.umask(0o077)
write_log()
whole_callbacks.install()
heads.install()

web = Web(ROOT / "pages" / "browser", ROOT / "var" / "compressed")
app = st.App(
    ROOT / "pages" / "ui" / "shell.py",
    routes=web.routes(st.get_option("server.baseUrlPath")),
    middleware=web.middleware(),
    lifespan=web.lifespan,
)
