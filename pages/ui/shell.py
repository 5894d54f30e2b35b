"""The frame around every page: the menu, the strip of the guided path, the look config.toml lacks."""

from base64 import b64encode
from pathlib import Path

import streamlit as st

from core.runs import runs
from pages.ui import menu, session
from pages.ui.components import BROWSER, colours, style
from pages.ui.guided_path import strip
from pages.ui.markdown import plain

# Given as a file it would be opened, looked through and stored anew in every rerun.
ICON = f"data:image/png;base64,{b64encode(Path(__file__).with_name('icon.png').read_bytes()).decode()}"

NO_COOKIE = (
    "Your browser keeps no cookie of this page, as in another site's frame: your runs are yours until you "
    "reload it. [Open it in a tab of its own](./) to keep them."
)

st.set_page_config(page_title="Sparsity Lab", page_icon=ICON, layout="wide")
page = menu.navigation()
name = page.url_path or menu.HOME
# A page's own sheet has the name of its file.
sheets = [sheet for sheet in ("page/shell.css", f"page/{name}.css") if (BROWSER / sheet).exists()]
st.html(f"<style>{colours()}{''.join(map(style, sheets))}</style>")
menu.closing()
if runs().notice:
    st.markdown(f":material/error: {plain(runs().notice)}")
# Without a host no browser asks.
if "Host" in st.context.headers and session.name():
    st.markdown(f":material/cookie_off: {NO_COOKIE}")
strip.show(name)
page.run()
strip.remember(name)
