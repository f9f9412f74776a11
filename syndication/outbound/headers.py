"""An answer's head, line by line. In: lines as they arrive. Out: the final status and headers, or a BadHead that says
why.

Interim answers (1xx) are passed over, trailers are counted and dropped, and everything counts against one limit.
Pure.
"""

import re

from syndication.model.exchange import FailureKind

HEADER_LINES_MAX = 256
HEADER_BYTES_MAX = 64 * 1024

_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?:[ \t].*)?")


class BadHead(ValueError):
    """The head cannot be used: too large, or not HTTP."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class Head:
    """`status` is None until the line of a final status has been read whole; `complete` once its headers have ended."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.complete = False
        self._interim = False
        self._fields: list[tuple[str, str]] = []
        self._lines = 0
        self._bytes = 0

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Names in lower case, in the order of the lines."""
        return tuple(self._fields)

    def joined(self, name: str) -> str:
        """All lines of that name as one list (RFC 9110, section 5.3)."""
        return ", ".join(value for key, value in self._fields if key == name)

    def feed(self, line: bytes) -> None:
        """Take one line. Raises BadHead."""
        self._count(line)
        text = line.rstrip(b"\r\n")
        if self.complete:
            return
        if self.status is None and not self._interim:
            self._begin(text)
        elif not text:
            self.complete = not self._interim
            self._interim = False
        elif not self._interim:
            self._field(text)

    def _count(self, line: bytes) -> None:
        self._lines += 1
        self._bytes += len(line)
        if self._lines > HEADER_LINES_MAX:
            raise BadHead(FailureKind.TOO_LARGE, f"more than {HEADER_LINES_MAX} header lines")
        if self._bytes > HEADER_BYTES_MAX:
            raise BadHead(FailureKind.TOO_LARGE, f"more than {HEADER_BYTES_MAX} bytes of headers")

    def _begin(self, text: bytes) -> None:
        found = _STATUS_LINE.fullmatch(text)
        status = int(found[1]) if found else 0
        if not 100 <= status <= 599:
            raise BadHead(FailureKind.GARBLED, f"the answer begins with {text[:60]!r}")
        self._interim = status < 200
        self.status = None if self._interim else status

    def _field(self, text: bytes) -> None:
        if text[:1] in b" \t" and self._fields:  # a folded line (RFC 9112, section 5.2)
            name, value = self._fields[-1]
            self._fields[-1] = name, f"{value} {text.strip().decode('latin-1')}"
            return
        name, _, value = text.decode("latin-1").partition(":")
        self._fields.append((name.strip().lower(), value.strip(" \t")))
