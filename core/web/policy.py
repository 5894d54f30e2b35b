"""Headers that every answer carries: what a page may load, who may frame it, what a browser must not do."""

import base64
import hashlib
import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from core.web.hosting import Hosting

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
"""A script in a page itself."""

HSTS = "max-age=31536000"
"""For a year this host by https alone. Other hosts of its domain are not ours to speak for."""

FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
"""What a browser could lend a page, and no page of ours ever asks for."""


def streamlit_folder() -> Path:
    """Where Streamlit's page and its scripts lie."""
    spec = find_spec("streamlit")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "static"


def headers(hosting: Hosting) -> dict[str, str]:
    """Every header but the one that only https has."""
    page = (streamlit_folder() / "index.html").read_text(encoding="utf-8")
    said = {
        "Content-Security-Policy": content_policy(page, hosting.frames),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
        # No run's id in links to elsewhere.
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    # It knows no lists; browsers that read the policy's own line do not read it.
    return said if hosting.frames else said | {"X-Frame-Options": "SAMEORIGIN"}


def content_policy(page: str, frames: Iterable[str]) -> str:
    """What Streamlit's page may load: what comes from here, and the scripts in it as they are installed.

    Components' own scripts run from blob: addresses, figures are saved through data: ones, and styles are
    written into elements.
    """
    hashes = [_hash(script) for script in _INLINE.findall(page)]
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "blob:", *hashes],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        # Not in every browser is a socket to this host the page's own.
        "connect-src": ["'self'", "ws:", "wss:"],
        "worker-src": ["'self'", "blob:"],
        "frame-ancestors": ["'self'", *frames],
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
        "form-action": ["'self'"],
    }
    return "; ".join(" ".join([rule, *sources]) for rule, sources in rules.items())


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
