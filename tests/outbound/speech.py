"""HTTP/2 from a host's side, frame by frame (RFC 9113), so that a host can also say what no library would let it say.

Header fields go out as literals without an index or Huffman's code (RFC 7541, section 6.2.2), which needs no table.
"""

import struct
from collections.abc import Callable, Iterable, Iterator

from tests.outbound.hosts import Script, Talk

DATA, HEADERS, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, CONTINUATION = 0, 1, 3, 4, 5, 6, 7, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind: int, flags: int = 0, stream: int = 0, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def fields(*pairs: tuple[str, str]) -> bytes:
    return b"".join(b"\0" + _text(name) + _text(value) for name, value in pairs)


def _text(text: str) -> bytes:
    data = text.encode("latin-1")
    length = len(data)
    if length < 127:
        return bytes((length,)) + data
    more, rest = bytearray((127,)), length - 127
    while rest >= 128:
        more.append(rest % 128 + 128)
        rest //= 128
    return bytes((*more, rest)) + data


class Speech:
    """One connection. `streams` yields each request's stream number as its head ends."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self._held = b""

    def streams(self) -> Iterator[int]:
        self._read(len(PREFACE))
        self.talk.send(frame(SETTINGS))
        while head := self._read(9):
            length, kind, flags = int.from_bytes(head[:3]), head[3], head[4]
            self._read(length)
            if kind == SETTINGS and not flags & ACK:
                self.talk.send(frame(SETTINGS, ACK))
            elif kind == HEADERS:
                yield int.from_bytes(head[5:])

    def head(self, stream: int, *pairs: tuple[str, str], status: str = "200", ends: bool = False) -> None:
        flags = END_HEADERS | (END_STREAM if ends else 0)
        self.talk.send(frame(HEADERS, flags, stream, fields((":status", status), *pairs)))

    def data(self, stream: int, data: bytes = b"", *, ends: bool = False) -> None:
        for start in range(0, len(data), 16_384):
            self.talk.send(frame(DATA, 0, stream, data[start : start + 16_384]))
        if ends:
            self.talk.send(frame(DATA, END_STREAM, stream))

    def _read(self, length: int) -> bytes:
        while len(self._held) < length:
            more = self.talk.connection.recv(65536)
            if not more:
                return b""
            self._held += more
        data, self._held = self._held[:length], self._held[length:]
        return data


Reply = Callable[[Speech, int], None]


def speaks(reply: Reply, plainly: Script | None = None, seen: list[str] | None = None) -> Script:
    """Answer each stream with `reply`; others than HTTP/2's get `plainly`. `seen` is told what was agreed."""

    def script(talk: Talk) -> None:
        agreed = talk.connection.selected_alpn_protocol()  # type: ignore[attr-defined]  # it is TLS's socket
        if seen is not None:
            seen.append(agreed or "none")
        if agreed != "h2":
            if plainly:
                plainly(talk)
            return
        speech = Speech(talk)
        for stream in speech.streams():
            reply(speech, stream)

    return script


def says_in_http_2(body: bytes = b"ok", headers: Iterable[tuple[str, str]] = (), status: str = "200") -> Reply:
    def reply(speech: Speech, stream: int) -> None:
        speech.head(stream, *headers, status=status)
        speech.data(stream, body, ends=True)

    return reply
