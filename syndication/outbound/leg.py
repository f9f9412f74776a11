"""One request to one judged place: the libcurl handle, its callbacks, and what came of it. In: a Question. Out:
Answer or Failure.

Redirects, cookies, proxies of the environment, netrc and libcurl's own inflating are off. How far the exchange came
is read from what libcurl handed to the kernel: SIZE_UPLOAD counts the body's bytes as the socket took them,
POSTTRANSFER is set with the last.
"""

import socket
import ssl
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import pycurl

from syndication.model.exchange import Answer, Failure, FailureKind, Phase, Request
from syndication.outbound.headers import BadHead, Head
from syndication.outbound.inflate import ACCEPT_ENCODING, BadBody, Body
from syndication.outbound.url import Target

_OK = None  # what a libcurl callback answers to go on
_STOP = 0  # fewer bytes than it was given: libcurl ends the transfer

# libcurl's numbers for what pycurl 7.49 has no names for (curl/curl.h).
_E_PROXY = 97
_E_TOO_LARGE = 100
_SUPPRESS_CONNECT_HEADERS = 265

_SAFE_TO_REPEAT = frozenset({"GET", "HEAD"})
_BODILESS_STATUSES = frozenset({204, 304})

_KINDS = {
    pycurl.E_OPERATION_TIMEDOUT: FailureKind.TIMEOUT,
    pycurl.E_COULDNT_RESOLVE_HOST: FailureKind.UNREACHABLE,
    pycurl.E_COULDNT_RESOLVE_PROXY: FailureKind.UNREACHABLE,
    pycurl.E_COULDNT_CONNECT: FailureKind.UNREACHABLE,
    _E_PROXY: FailureKind.UNREACHABLE,
    pycurl.E_SEND_ERROR: FailureKind.UNREACHABLE,
    pycurl.E_RECV_ERROR: FailureKind.UNREACHABLE,
    pycurl.E_GOT_NOTHING: FailureKind.UNREACHABLE,
    pycurl.E_URL_MALFORMAT: FailureKind.REFUSED,
    _E_TOO_LARGE: FailureKind.TOO_LARGE,
    pycurl.E_SSL_CONNECT_ERROR: FailureKind.TLS,
    pycurl.E_PEER_FAILED_VERIFICATION: FailureKind.TLS,
    pycurl.E_SSL_CERTPROBLEM: FailureKind.TLS,
    pycurl.E_SSL_CIPHER: FailureKind.TLS,
    pycurl.E_SSL_CACERT_BADFILE: FailureKind.TLS,
    pycurl.E_SSL_ISSUER_ERROR: FailureKind.TLS,
}


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


class Leg:
    """A handle set up for one question. Run `curl` to its end, then ask for the `outcome`, once."""

    def __init__(self, curl: pycurl.Curl, question: Question, manners: Manners) -> None:
        self.curl = curl
        self._question = question
        self._policy = manners.policy
        self._via_proxy = manners.proxy is not None
        self._head = Head()
        self._body: Body | None = None
        self._wire_bytes = 0
        self._peer: str | None = None
        self._opened = False
        self._stop: tuple[FailureKind, str] | None = None
        _set_policy(curl, question, manners)
        _set_request(curl, question.request)
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)
        curl.setopt(pycurl.PREREQFUNCTION, self._connected)
        curl.setopt(pycurl.HEADERFUNCTION, self._take_header)
        curl.setopt(pycurl.WRITEFUNCTION, self._take_body)

    def outcome(self, code: int, message: str) -> Answer | Failure:
        """What came of it. `code` is libcurl's, 0 for a transfer that it takes for whole."""
        if self._stop is None and code == 0:
            try:
                return self._answer()
            except (BadHead, BadBody) as fault:
                self._stop = (fault.kind, fault.detail)
        kind, detail = self._stop or (self._kind(code), message or f"libcurl error {code}")
        return Failure(
            url=self._question.target.url,
            kind=kind,
            phase=self._phase(),
            detail=detail,
            status=self._head.status,
            headers=self._head.headers,
        )

    def _kind(self, code: int) -> FailureKind:
        if code == pycurl.E_RECV_ERROR and self._head.status is not None and not self.curl.getinfo(pycurl.OS_ERRNO):
            return FailureKind.GARBLED  # the socket is well; it is the chunks that cannot be read
        return _KINDS.get(code, FailureKind.GARBLED)

    def _answer(self) -> Answer:
        if self._head.status is None:
            raise BadHead(FailureKind.GARBLED, "no status line came")
        return Answer(
            url=self._question.target.url,
            status=self._head.status,
            headers=self._head.headers,
            body=self._body.finish() if self._body else b"",
            peer=self._peer or "",
            wire_bytes=self._wire_bytes,
        )

    def _phase(self) -> Phase:
        if self._head.status is not None:
            return Phase.STATUS
        if self._peer is None:
            judged = not self._opened and self._stop is not None
            return Phase.JUDGED if judged else Phase.CONNECT
        return Phase.AWAITING_STATUS if self._sent_whole() else Phase.SENDING

    def _sent_whole(self) -> bool:
        body = self._question.request.body
        if body:
            return bool(self.curl.getinfo(pycurl.SIZE_UPLOAD_T) >= len(body))
        return bool(self.curl.getinfo(pycurl.POSTTRANSFER_TIME_T) > 0)

    # What libcurl calls. An exception in a callback is lost on the way, so each keeps its reason in `_stop`.

    def _open(self, _purpose: int, place: tuple[int, int, int, tuple[str, int]]) -> "socket.socket | int":
        family, kind, protocol, address = place
        if not self._via_proxy:
            refused = self._policy.judge(address[0], address[1])
            if refused:
                self._stop = self._stop or (FailureKind.REFUSED, refused)
                return pycurl.SOCKET_BAD
        self._opened = True
        return socket.socket(family, kind, protocol)

    def _connected(self, peer: str, _local: str, port: int, _local_port: int) -> int:
        if self._via_proxy:
            self._stop, self._peer = None, self._question.addresses[0]
            return pycurl.PREREQFUNC_OK
        refused = self._policy.judge(peer, port)
        if refused:
            self._stop = (FailureKind.REFUSED, refused)
            return pycurl.PREREQFUNC_ABORT
        # Another candidate may have been refused before this one; a judged one answered.
        self._stop, self._peer = None, peer
        return pycurl.PREREQFUNC_OK

    def _take_header(self, line: bytes) -> int | None:
        if self._stop:
            return _STOP
        was_complete = self._head.complete
        try:
            self._head.feed(line)
            if self._head.complete and not was_complete:
                self._begin_body()
        except (BadHead, BadBody) as fault:
            self._stop = (fault.kind, fault.detail)
            return _STOP
        return _OK

    def _begin_body(self) -> None:
        request, head = self._question.request, self._head
        if request.method == "HEAD" or head.status in _BODILESS_STATUSES:
            return
        claimed = head.joined("content-length")
        if claimed.isascii() and claimed.isdigit() and len(claimed) < 20 and int(claimed) > request.wire_bytes_max:
            raise BadHead(FailureKind.TOO_LARGE, f"{claimed} bytes announced, {request.wire_bytes_max} are allowed")
        self._body = Body(head.joined("content-encoding"), request.body_bytes_max)

    def _take_body(self, chunk: bytes) -> int | None:
        if self._stop or self._body is None:
            return _STOP
        self._wire_bytes += len(chunk)
        if self._wire_bytes > self._question.request.wire_bytes_max:
            allowed = self._question.request.wire_bytes_max
            self._stop = (FailureKind.TOO_LARGE, f"more than {allowed} bytes on the wire")
            return _STOP
        try:
            self._body.feed(chunk)
        except BadBody as fault:
            self._stop = (fault.kind, fault.detail)
            return _STOP
        return _OK


def _set_policy(curl: pycurl.Curl, question: Question, manners: Manners) -> None:
    """Everything that bounds a leg: where it may connect, for how long, what it may not do by itself."""
    target = question.target
    curl.setopt(pycurl.URL, target.url)
    curl.setopt(pycurl.NOSIGNAL, 1)
    curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
    curl.setopt(pycurl.FOLLOWLOCATION, 0)
    curl.setopt(pycurl.CONNECTTIMEOUT_MS, _milliseconds(question.connect_seconds))
    curl.setopt(pycurl.TIMEOUT_MS, _milliseconds(question.total_seconds))
    curl.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
    ca_file = manners.ca_file or _machine_ca_file()
    if ca_file:
        curl.setopt(pycurl.CAINFO, ca_file)
    curl.setopt(pycurl.USERAGENT, manners.user_agent)
    if manners.proxy is None:
        curl.setopt(pycurl.PROXY, "")  # empty, not absent: the environment's proxies are not asked
        addresses = ",".join(_bracketed(address) for address in question.addresses)
        curl.setopt(pycurl.RESOLVE, [f"+{target.host}:{target.port}:{addresses}"])
        return
    # The proxy is given the judged address, never the name, so that it cannot resolve it to something else.
    curl.setopt(pycurl.PROXY, manners.proxy)
    curl.setopt(pycurl.NOPROXY, "")
    curl.setopt(pycurl.HTTPPROXYTUNNEL, 1)
    curl.setopt(_SUPPRESS_CONNECT_HEADERS, 1)
    curl.setopt(pycurl.CONNECT_TO, [f"::{_bracketed(question.addresses[0])}:{target.port}"])


def _set_request(curl: pycurl.Curl, request: Request) -> None:
    if request.method == "HEAD":
        curl.setopt(pycurl.NOBODY, 1)
    elif request.method != "GET" or request.body is not None:
        curl.setopt(pycurl.POST, 1)
        curl.setopt(pycurl.POSTFIELDS, request.body or b"")
        curl.setopt(pycurl.CUSTOMREQUEST, request.method)
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
