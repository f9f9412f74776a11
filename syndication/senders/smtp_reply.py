"""What a relay answers, read (RFC 5321, section 4.2; RFC 2034). In: bytes as they come. Out: Replies. Pure.

A line that is too long, a code that is none, an answer without end: each is garbage, and nothing after it is believed.
"""

import re
from collections import deque
from dataclasses import dataclass

LINE_OCTETS_MAX = 2048
"""The standard says 512, and is not kept everywhere."""
LINES_MAX = 128
TEXT_MAX = 300

_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")
_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")


class Garbage(Exception):
    """What came is no answer of SMTP."""


@dataclass(frozen=True, slots=True)
class Reply:
    code: int
    lines: tuple[str, ...] = ()

    @property
    def enhanced(self) -> str:
        """The enhanced status code ("4.7.1"), empty when there is none, or one of another class than the code."""
        found = _ENHANCED.match(self.lines[0]) if self.lines else None
        return found[1] if found and found[1][0] == str(self.code)[0] else ""

    @property
    def said(self) -> str:
        """Code and text on one line, for people. Addresses are left out: whose it is the ledger knows."""
        return f"{self.code} {_told(' '.join(self.lines))}"[:TEXT_MAX].strip()

    def __str__(self) -> str:
        return self.said


def _told(text: str) -> str:
    """On one line, without addresses and without what a terminal would obey or a database refuse."""
    words = " ".join(text.split())
    return _ADDRESS.sub("…", "".join(sign if sign.isprintable() else "�" for sign in words))


class Reader:
    """Puts replies together from whatever pieces they come in."""

    def __init__(self) -> None:
        self._rest = b""
        self._code = 0
        self._lines: list[str] = []
        self._ready: deque[Reply] = deque()

    def feed(self, data: bytes) -> None:
        """Raises Garbage."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._line(line.removesuffix(b"\r"))
        if len(self._rest) > LINE_OCTETS_MAX:
            raise Garbage("a line without end")

    def next(self) -> Reply | None:
        return self._ready.popleft() if self._ready else None

    @property
    def clean(self) -> bool:
        """Nothing waits, whole or in part."""
        return not (self._rest or self._lines or self._ready)

    def _line(self, line: bytes) -> None:
        found = _LINE.fullmatch(line)
        code = int(found[1]) if found else 0
        if not found or len(line) > LINE_OCTETS_MAX or (self._code and code != self._code):
            raise Garbage(f'"{_told(line[:80].decode("ascii", "backslashreplace"))}" is no answer')
        self._lines.append((found[3] or b"").decode("ascii", "backslashreplace"))
        if len(self._lines) > LINES_MAX:
            raise Garbage("an answer without end")
        self._code = code
        if found[2] != b"-":
            self._ready.append(Reply(code, tuple(self._lines)))
            self._code, self._lines = 0, []
