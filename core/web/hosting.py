"""What an operator says of where the app is served, read once from the environment."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

LOOPBACK = ("127.0.0.1", "::1")

ORIGIN = re.compile(r"https?://[a-z0-9.:\[\]_-]+")
"""A scheme and a host, perhaps with a port: nothing behind it, and no words that a header could not hold."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Hosting:
    """Who may ask, who may frame, and whose word on that is believed.

    Attributes:
        origins: besides the app's own, what pages may ask it: "https://lab.example" (SPARSITY_LAB_ORIGINS).
        frames: besides the app's own, what pages may show it in a frame (SPARSITY_LAB_FRAMES).
        proxies: whose X-Forwarded-Host and -Proto are true, as uvicorn has it; None: anybody's
            (FORWARDED_ALLOW_IPS).
    """

    origins: frozenset[str] = frozenset()
    frames: tuple[str, ...] = ()
    proxies: tuple[Network, ...] | None = tuple(map(ipaddress.ip_network, LOOPBACK))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the variables named above, each a list with commas or blanks between.

        Raises:
            ValueError: a variable is not what it must be, in one sentence.
        """
        return cls(
            origins=frozenset(_origins(environment, "SPARSITY_LAB_ORIGINS")),
            frames=tuple(_origins(environment, "SPARSITY_LAB_FRAMES")),
            proxies=_networks(environment, "FORWARDED_ALLOW_IPS"),
        )

    def believes(self, peer: tuple[str, int] | None) -> bool:
        """Whether what this end of a connection says of the browser is true."""
        if self.proxies is None:
            return True
        if peer is None:
            return False
        address = _address(peer[0])
        # No connection comes from port 0: uvicorn has put the browser's address in a trusted proxy's place.
        return peer[1] == 0 or (address is not None and any(address in each for each in self.proxies))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address; on a socket for both kinds an IPv4 one comes in the other's clothes."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _words(environment: Mapping[str, str], name: str) -> list[str]:
    return environment.get(name, "").replace(",", " ").split()


def _origins(environment: Mapping[str, str], name: str) -> list[str]:
    words = [word.lower().removesuffix("/") for word in _words(environment, name)]
    for word in words:
        if ORIGIN.fullmatch(word) is None:
            raise ValueError(f"{name} must be addresses such as https://lab.example, got '{word}'.")
    return words


def _networks(environment: Mapping[str, str], name: str) -> tuple[Network, ...] | None:
    words = _words(environment, name) or LOOPBACK
    if "*" in words:
        return None
    try:
        return tuple(ipaddress.ip_network(word, strict=False) for word in words)
    except ValueError:
        raise ValueError(f"{name} must be addresses or networks, got '{' '.join(words)}'.") from None
