"""One request to one judged place: what libcurl tells on the way, and what came of it. In: a Question. Out: Answer or
Failure.

How far the exchange came is read from what libcurl handed to the kernel: SIZE_UPLOAD counts the body's bytes as the
socket took them, POSTTRANSFER is set with the last.
"""

import socket

import pycurl

from syndication.model.exchange import Answer, Failure, FailureKind, Phase
from syndication.outbound.handle import Manners, Question, prepare
from syndication.outbound.headers import BadHead, Head
from syndication.outbound.inflate import BadBody, Body

_OK = None  # what a libcurl callback answers to go on
_STOP = 0  # fewer bytes than it was given: libcurl ends the transfer

# libcurl's numbers for what pycurl 7.49 has no names for (curl/curl.h).
_E_HTTP2_STREAM = 92
_E_PROXY = 97
_E_TOO_LARGE = 100

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
        self.misspoke = False
        """After the outcome: the other side offers HTTP/2, and does not keep to it."""
        prepare(curl, question, manners)
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
        self.misspoke = self._stop is None and code in (pycurl.E_HTTP2, _E_HTTP2_STREAM)
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
