"""Reads HTML as a person would. In: HTML as nh3 or `writer` wrote it. Out: plain text, paragraphs apart."""

from syndication.articles.sanitize.dialect import NO_BOUNDARY
from syndication.articles.sanitize.walk import bare, walk
from syndication.articles.sanitize.wording import one_space

_LINES = {"li": 1, "tr": 1, "dt": 1, "dd": 1, "caption": 1, "thead": 1, "tbody": 1, "tfoot": 1}
"""Line breaks around a block; two, which make an empty line, around any that is not named."""


def read(html: str) -> str:
    reader = _Reader()
    walk(html, reader)
    return "\n".join(line.rstrip() for line in "".join(reader.out).split("\n")).strip()


class _Reader:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.lines = 0  # line breaks due before the next text
        self.space = ""  # or so much white space
        self.bullet = ""
        self.lists = 0
        self.pre = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if name not in NO_BOUNDARY:
            self.boundary(name, starts=True)

    def end(self, name: str) -> None:
        if name not in NO_BOUNDARY:
            self.boundary(name, starts=False)

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

    def leaf(self, name: str, html: str) -> None:
        self.boundary(name, starts=True)
        self.text(bare(html))
        self.boundary(name, starts=False)

    def run(self, html: str) -> None:
        self.text(bare(html))

    def text(self, text: str) -> None:
        words = text if self.pre else one_space(text.replace("\xa0", " "))
        if not words.strip():
            self.space = self.space or " "
            return
        if words[0].isspace() and not self.pre:
            self.space = self.space or " "
        lead = ("\n" * self.lines or self.space) if self.out else ""
        self.out += [lead, self.bullet, words if self.pre else words.strip()]
        self.lines, self.space, self.bullet = 0, "" if self.pre or not words[-1].isspace() else " ", ""
