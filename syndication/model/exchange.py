"""A question to another host, and what came of it. `outbound` turns one into the other; rooms build and read them."""

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """How far an exchange came. Whether a body may have been taken by the other side hangs on this."""

    JUDGED = "judged"  # refused by our own policy: no packet left
    CONNECT = "connect"  # resolving, connecting, shaking hands
    SENDING = "sending"  # the request was not yet sent whole
    AWAITING_STATUS = "awaiting-status"  # sent whole, no final status line yet: it may have been accepted
    STATUS = "status"  # the status line is known, the body was not read whole


class FailureKind(StrEnum):
    REFUSED = "refused"  # a rule of ours: scheme, address, redirect, spelling of the URL
    ASKED_NOT_TO = "asked not to"  # robots.txt: nothing was asked of that address
    UNREACHABLE = "unreachable"  # name not found, connection refused or reset, unreachable network
    TLS = "tls"  # handshake or certificate
    TIMEOUT = "timeout"  # the total deadline or the time to connect ran out
    TOO_LARGE = "too-large"  # bytes on the wire, bytes inflated, header bytes or header count
    GARBLED = "garbled"  # not HTTP, bad coding, cut short


@dataclass(frozen=True, slots=True)
class Request:
    """One exchange to make. Times in seconds, sizes in bytes. `key` is the caller's own mark, untouched."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    credentials: tuple[tuple[str, str], ...] = ()
    """Headers that belong to the origin of `url` and are dropped at a hop to any other (COL-07)."""
    redirects_max: int = 5
    wire_bytes_max: int = 8 * 1024 * 1024
    body_bytes_max: int = 32 * 1024 * 1024
    connect_seconds: float = 10.0
    total_seconds: float = 30.0
    key: Hashable = None


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect that was followed: the status it came with and the absolute URL it led to."""

    status: int
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: final status, headers with lower-case names in order, body inflated."""

    url: str
    """The final URL after redirects, absolute."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    peer: str
    """The connected address, as judged."""
    hops: tuple[Hop, ...] = ()
    wire_bytes: int = 0
    seconds: float = 0.0

    def header(self, name: str) -> str | None:
        """The first header of that name (given in lower case), or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Failure:
    """No whole answer, why, and how far it came. `status` is set when the status line was read before the failure."""

    url: str
    """The URL of the hop that failed."""
    kind: FailureKind
    phase: Phase
    detail: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    hops: tuple[Hop, ...] = ()
    seconds: float = 0.0
