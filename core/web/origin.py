"""Whether a page of this very app asks: its Origin is the host that the browser used."""

from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers

from core.web.hosting import Hosting

PORTS = {"http": 80, "https": 443}
"""What a browser leaves out of an address."""


def is_own(headers: Headers, hosting: Hosting, *, behind_proxy: bool) -> bool:
    """Whether a page of the host that the browser used asks, or one that the operator names.

    No Origin is no browser, and nothing of ours. Behind a trusted proxy a host without a port is compared by
    its name: many a proxy drops the port.
    """
    origin = headers.get("origin", "")
    if origin.lower() in hosting.origins:
        return True
    asking, asked = _parts(origin), _parts(f"//{host_used(headers, behind_proxy=behind_proxy)}")
    if asking is None or asked is None or asking.scheme not in PORTS or not asking.hostname:
        return False
    if asking.hostname != asked.hostname:
        return False
    usual = PORTS[asking.scheme]
    if asked.port is None and behind_proxy:
        return True
    return (asked.port or usual) == (asking.port or usual)


def host_used(headers: Headers, *, behind_proxy: bool) -> str:
    """The host in the browser's address line, as a trusted proxy tells it."""
    told = headers.get("x-forwarded-host", "") if behind_proxy else ""
    # Of several proxies the first has seen the browser.
    return told.partition(",")[0].strip() or headers.get("host", "")


def _parts(address: str) -> SplitResult | None:
    """An address in parts, if it is one and its port a number."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts
