"""How a libcurl handle is set up: where it may connect, for how long, what it says, and what it must not do by itself.

Redirects, cookies, proxies of the environment, netrc, libcurl's own inflating and its second tries are off.
"""

import ssl
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import pycurl

from syndication.model.exchange import Request
from syndication.outbound.inflate import ACCEPT_ENCODING
from syndication.outbound.url import Target

# libcurl's number for what pycurl 7.49 has no name for (curl/curl.h).
_SUPPRESS_CONNECT_HEADERS = 265

_SAFE_TO_REPEAT = frozenset({"GET", "HEAD"})

# Several bodies share an HTTP/2 connection, and libcurl counts their bytes when they are framed, not when they leave.
# How far a submission came must be known to the byte, so those keep to HTTP/1.1.
_HTTP2 = frozenset({"GET", "HEAD"})


class Policy(Protocol):
    def judge(self, ip: str, port: int) -> str | None:
        """Why a connection is refused, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Manners:
    """How every leg goes out. `ca_file` None: the machine's own certificates."""

    policy: Policy
    user_agent: str
    ca_file: str | None = None
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What one leg asks: `addresses` are those of the target that the policy allows, at least one."""

    request: Request
    target: Target
    addresses: tuple[str, ...]
    connect_seconds: float
    total_seconds: float
    http2: bool = True
    """False: this host was heard to garble it."""
    fresh: bool = False
    """On a connection of its own: what went wrong on a kept one may still hang in it."""


def prepare(curl: pycurl.Curl, question: Question, manners: Manners) -> None:
    """Set all but the callbacks. `curl` is new, or was reset."""
    _set_bounds(curl, question, manners)
    _set_way(curl, question, manners)
    _set_request(curl, question)


def _set_bounds(curl: pycurl.Curl, question: Question, manners: Manners) -> None:
    curl.setopt(pycurl.URL, question.target.url)
    curl.setopt(pycurl.NOSIGNAL, 1)
    curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    curl.setopt(pycurl.HTTP_VERSION, _version(question))
    curl.setopt(pycurl.FOLLOWLOCATION, 0)
    curl.setopt(pycurl.CONNECTTIMEOUT_MS, _milliseconds(question.connect_seconds))
    curl.setopt(pycurl.TIMEOUT_MS, _milliseconds(question.total_seconds))
    curl.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
    ca_file = manners.ca_file or _machine_ca_file()
    if ca_file:
        curl.setopt(pycurl.CAINFO, ca_file)
    curl.setopt(pycurl.USERAGENT, manners.user_agent)


def _set_way(curl: pycurl.Curl, question: Question, manners: Manners) -> None:
    target = question.target
    if manners.proxy is None:
        curl.setopt(pycurl.PROXY, "")  # empty, not absent: the environment's proxies are not asked
        if question.addresses != (target.host,):
            addresses = ",".join(_bracketed(address) for address in question.addresses)
            curl.setopt(pycurl.RESOLVE, [f"+{target.host}:{target.port}:{addresses}"])
        return
    # The proxy is given the judged address, never the name, so that it cannot resolve it to something else.
    curl.setopt(pycurl.PROXY, manners.proxy)
    curl.setopt(pycurl.NOPROXY, "")
    curl.setopt(pycurl.HTTPPROXYTUNNEL, 1)
    curl.setopt(_SUPPRESS_CONNECT_HEADERS, 1)
    curl.setopt(pycurl.CONNECT_TO, [f"::{_bracketed(question.addresses[0])}:{target.port}"])


def _version(question: Question) -> int:
    """Where TLS agrees on it (RFC 9113, section 3.2), HTTP/2; a libcurl without it speaks HTTP/1.1."""
    if question.http2 and question.request.method in _HTTP2 and _knows_http2():
        return pycurl.CURL_HTTP_VERSION_2TLS
    return pycurl.CURL_HTTP_VERSION_1_1


@cache
def _knows_http2() -> bool:
    return bool(pycurl.version_info()[4] & pycurl.VERSION_HTTP2)


def _set_request(curl: pycurl.Curl, question: Question) -> None:
    request = question.request
    if request.method == "HEAD":
        curl.setopt(pycurl.NOBODY, 1)
    elif request.method != "GET" or request.body is not None:
        curl.setopt(pycurl.POST, 1)
        curl.setopt(pycurl.POSTFIELDS, request.body or b"")
        curl.setopt(pycurl.CUSTOMREQUEST, request.method)
    if question.fresh:
        curl.setopt(pycurl.FRESH_CONNECT, 1)
    if request.method not in _SAFE_TO_REPEAT:
        # On a connection of its own libcurl never sends a request a second time unasked.
        curl.setopt(pycurl.FRESH_CONNECT, 1)
        curl.setopt(pycurl.FORBID_REUSE, 1)
    curl.setopt(pycurl.HTTPHEADER, _header_lines(request))


def _header_lines(request: Request) -> list[bytes]:
    given = (*request.headers, *request.credentials)
    names = {name.lower() for name, _ in given}
    lines = [f"{name}: {value}".encode(_charset(value)) if value else f"{name};".encode() for name, value in given]
    if "accept-encoding" not in names:
        lines.append(f"Accept-Encoding: {ACCEPT_ENCODING}".encode())
    # A name and a colon alone keep libcurl from adding a header of its own.
    lines += [f"{name}:".encode() for name in ("Expect", "Content-Type") if name.lower() not in names]
    return lines


def _charset(value: str) -> str:
    return "latin-1" if all(character <= "\xff" for character in value) else "utf-8"


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))  # 0 would mean "for ever"


@cache
def _machine_ca_file() -> str | None:
    """libcurl's wheel was built elsewhere and looks for certificates there; this machine's OpenSSL knows better."""
    places = (ssl.get_default_verify_paths().cafile, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/cert.pem")
    return next((place for place in places if place and Path(place).is_file()), None)
