"""Reads HTML as a person would. In: well-nested tokens. Out: plain text, paragraphs parted by an empty line."""

import re
from collections.abc import Iterable

from syndication.articles.sanitize.dialect import NO_BOUNDARY
from syndication.articles.sanitize.writer import Token

_LINES = {"li": 1, "tr": 1, "dt": 1, "dd": 1, "caption": 1, "thead": 1, "tbody": 1, "tfoot": 1}
"""Line breaks around a block; two, which make an empty line, around any that is not named."""

_SPACE = re.compile(r"[ \t\n\xa0]+")


def read(tokens: Iterable[Token]) -> str:
    reader = _Reader()
    for token in tokens:
        if token.kind == "text":
            reader.text(token.text)
        elif token.name not in NO_BOUNDARY:
            reader.boundary(token.name, starts=token.kind == "start")
    return "\n".join(line.rstrip() for line in "".join(reader.out).split("\n")).strip()


class _Reader:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.lines = 0  # line breaks due before the next text
        self.space = ""  # or so much white space
        self.bullet = ""
        self.lists = 0
        self.pre = 0

    def boundary(self, name: str, *, starts: bool) -> None:
        step = 1 if starts else -1
        if name == "br":
            self.lines = min(2, self.lines + 1)
            return
        if name in ("td", "th"):
            self.space = "  "
            return
        if name in ("ul", "ol"):
            self.lists += step
        if name == "pre":
            self.pre += step
        nested = name in ("ul", "ol") and self.lists >= (2 if starts else 1)
        self.lines = max(self.lines, 1 if nested else _LINES.get(name, 2))
        if name == "li":
            self.bullet = "- " if starts else ""

    def text(self, text: str) -> None:
        words = text if self.pre else _SPACE.sub(" ", text)
        if not words.strip():
            self.space = self.space or " "
            return
        if words[0].isspace() and not self.pre:
            self.space = self.space or " "
        lead = ("\n" * self.lines or self.space) if self.out else ""
        self.out += [lead, self.bullet, words if self.pre else words.strip()]
        self.lines, self.space, self.bullet = 0, "" if self.pre or not words[-1].isspace() else " ", ""
