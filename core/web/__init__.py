"""What the server answers beside Streamlit's pages, and how the browser gets what never changes."""

from core.web.addresses import PLOTLY_PATH, modules_path
from core.web.logs import write_log
from core.web.server import Web

__all__ = ["PLOTLY_PATH", "Web", "modules_path", "write_log"]
