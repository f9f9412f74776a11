"""Where a call may go. In: a URL, or an address and a port. Out: None when it is allowed, else why not.

One table for IPv4 and IPv6: RFC 6890 with the holes that a list of "private" ranges leaves open, chiefly IPv6 forms
that carry an IPv4 address inside. Pure: names are resolved elsewhere, and each address that comes of it is judged
here.
"""

import ipaddress
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from syndication.errors import SettingsError
from syndication.outbound.url import judge_url, read_url

__all__ = ["AddressPolicy", "Allowed", "judge_url", "reserved", "wrapped"]

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_TABLE = tuple(
    (ipaddress.ip_network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this network, RFC 1122"),
        ("10.0.0.0/8", "private, RFC 1918"),
        ("100.64.0.0/10", "carrier-grade NAT, RFC 6598"),
        ("127.0.0.0/8", "loopback, RFC 1122"),
        ("169.254.0.0/16", "link-local, RFC 3927"),
        ("172.16.0.0/12", "private, RFC 1918"),
        ("192.0.0.0/24", "protocol assignments, RFC 6890"),
        ("192.0.2.0/24", "documentation, RFC 5737"),
        ("192.88.99.0/24", "6to4 relay, RFC 7526"),
        ("192.168.0.0/16", "private, RFC 1918"),
        ("198.18.0.0/15", "benchmarks, RFC 2544"),
        ("198.51.100.0/24", "documentation, RFC 5737"),
        ("203.0.113.0/24", "documentation, RFC 5737"),
        ("224.0.0.0/4", "multicast, RFC 5771"),
        ("240.0.0.0/4", "reserved, RFC 1112"),
        ("::/128", "unspecified, RFC 4291"),
        ("::1/128", "loopback, RFC 4291"),
        ("::ffff:0:0/96", "IPv4 inside IPv6, RFC 4291"),
        ("64:ff9b::/96", "NAT64, RFC 6052"),
        ("64:ff9b:1::/48", "NAT64 for local use, RFC 8215"),
        ("100::/64", "discard, RFC 6666"),
        ("2001::/32", "Teredo, RFC 4380"),
        ("2001::/23", "protocol assignments, RFC 2928"),
        ("2001:db8::/32", "documentation, RFC 3849"),
        ("2002::/16", "6to4, RFC 7526"),
        ("3fff::/20", "documentation, RFC 9637"),
        ("fc00::/7", "unique local, RFC 4193"),
        ("fe80::/10", "link-local, RFC 4291"),
        ("fec0::/10", "site-local, RFC 3879"),
        ("ff00::/8", "multicast, RFC 4291"),
    )
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@lru_cache(maxsize=4096)
def _read(text: str) -> Ip | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])  # an address with a zone is link-local, whatever the zone
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def reserved(ip: Ip) -> str | None:
    """What the address is set aside for, or None for one of the public internet."""
    for network, why in _TABLE:
        if ip.version == network.version and ip in network:
            return why
    if ip.version == 6 and ip not in _GLOBAL_UNICAST:
        return "not global unicast, RFC 4291"
    return None


def wrapped(ip: Ip) -> tuple[ipaddress.IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address carries inside: mapped, NAT64, 6to4, Teredo (server and client)."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return ()
    if ip in _NAT64:
        return (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF),)
    inside = (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ()))
    return tuple(inner for inner in inside if inner is not None)


def _spelt_out(host: str) -> str | None:
    """The address that a host is, in any of its odd spellings (`127.1`, `0x7f.1`, `localhost`); None for a name."""
    if ":" in host:
        return host
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761, section 6.3
        return "127.0.0.1"
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class Allowed:
    """An entry of the allow-list: a network, and one port of it or all (None)."""

    network: Network
    port: int | None

    @classmethod
    def parse(cls, text: str) -> "Allowed":
        """Read `10.1.0.0/16`, `127.0.0.1:8081`, `[::1]:8081` or `::1`. Raises SettingsError."""
        found = re.fullmatch(r"\[(?P<six>[0-9a-fA-F:.]+)\](?::(?P<port>\d{1,5}))?", text.strip())
        found = found or re.fullmatch(r"(?P<four>[\d./]+):(?P<port>\d{1,5})", text.strip())
        groups = found.groupdict() if found else {}
        try:
            network = ipaddress.ip_network(groups.get("six") or groups.get("four") or text.strip())
        except ValueError as error:
            raise SettingsError(
                f"the allow-list of addresses has {text!r}",
                why=str(error),
                fix="write a network such as 10.1.0.0/16, or an address with a port such as 127.0.0.1:8081",
            ) from error
        return cls(network, int(groups["port"]) if groups.get("port") else None)

    def covers(self, ip: Ip, port: int) -> bool:
        return ip.version == self.network.version and ip in self.network and self.port in (None, port)


class AddressPolicy:
    """The table, less what an operator allows: `allow` names networks, or single addresses with a port."""

    def __init__(self, allow: tuple[str, ...] = ()) -> None:
        self._allowed = tuple(Allowed.parse(text) for text in allow)

    def judge(self, ip: str, port: int) -> str | None:
        """Why a connection to `ip` is refused, or None. Anything that is not an address is refused."""
        address = _read(ip)
        return next(self._faults(address, port), None) if address else f"{ip!r} is not an address"

    def judge_spelling(self, url: str) -> str | None:
        """Why `url` is refused before any look-up, or None: by its spelling, or because its host is an address itself.

        For lists that are read long before anything is fetched; every connection is judged again.
        """
        try:
            target = read_url(url)
        except ValueError as error:
            return str(error)
        ip = _spelt_out(target.host)
        return self.judge(ip, target.port) if ip else None

    def _faults(self, ip: Ip, port: int) -> Iterator[str]:
        why = reserved(ip)
        if why and not any(allowed.covers(ip, port) for allowed in self._allowed):
            yield f"{ip} is {why}"
        for inner in wrapped(ip):
            # Whoever allows a NAT64 prefix allows the internet behind it, not the gateway's own networks.
            yield from (f"{ip} leads to {fault}" for fault in self._faults(inner, port))
