"""Whom a request says it is for, and whom it comes from. In: what the connection and its headers say. Pure.

`Host` must be one of ours. `X-Forwarded-For` counts only as far as it was written by proxies that we trust; the other
X-Forwarded headers, X-Original-URL and the like count for nothing at all.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

FORWARDED_MAX = 32
HOST_CHARS_MAX = 262
"""A name of 253 characters, a dot at its end, and a port."""

Network = IPv4Network | IPv6Network


class Hosts:
    """The names under which we answer: that of the base address, and those allowed beside it. Any port."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(name.lower().rstrip(".") for name in names)

    @classmethod
    def of(cls, base_url: str, allowed: Iterable[str] = ()) -> "Hosts":
        return cls([urlsplit(base_url).hostname or "", *allowed])

    def know(self, host: str) -> bool:
        return len(host) <= HOST_CHARS_MAX and bool(name := _name_of(host)) and name in self._names

    def own(self, origin: str) -> bool:
        """Whether an `Origin` header names a page of ours."""
        parts = urlsplit(origin)
        return parts.scheme in {"http", "https"} and (parts.hostname or "") in self._names


@lru_cache(maxsize=1024)
def _name_of(host: str) -> str:
    """The name in a Host header, without its port. Empty for anything that is not a plain name or address."""
    if host.startswith("["):
        name, closed, port = host[1:].partition("]")
        if not closed or (port and not port.startswith(":")):
            return ""
        port = port[1:]
    else:
        name, _, port = host.partition(":")
    if port and not (port.isascii() and port.isdigit()):
        return ""
    return name.lower().rstrip(".")


class Proxies:
    """The proxies in front of us whose word about the visitor's address counts."""

    def __init__(self, networks: Iterable[str] = ()) -> None:
        self._networks: tuple[Network, ...] = tuple(ip_network(network) for network in networks)

    def visitor(self, peer: str, forwarded: Iterable[str]) -> str:
        """The nearest address that no trusted proxy stands at: never one that the visitor made up."""
        hops = [hop.strip() for value in forwarded for hop in value.split(",")]
        found = peer
        for hop in reversed(hops[-FORWARDED_MAX:]):
            if not self._trust(found):
                break
            try:
                found = str(ip_address(hop))
            except ValueError:
                break
        return found

    def _trust(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)


def network_of(address: str) -> str:
    """What of an address is kept (hashed) as proof of where a yes came from: IPv4 /24, IPv6 /56."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((parsed, 24 if parsed.version == 4 else 56), strict=False))
