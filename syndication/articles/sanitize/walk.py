"""Goes through what nh3 wrote. In: HTML, every tag closed and every attribute quoted. Out: calls to a Visitor.

The usual paragraph is text with a few links and emphases. It is told as one "leaf", and the usual stretch of text
between two other tags as one "run": what the writer would make of their parts is what they are already, and in one
piece it is five times quicker. `walk_apart` tells the parts, for where the surroundings are not the usual ones.
"""

import re
from typing import Protocol

from syndication.articles.sanitize.links import USUAL_IN_HTML
from syndication.articles.sanitize.wording import clean_text, is_plain
from syndication.patterns import possessive


class Visitor(Protocol):
    """`text` is told decoded and clean; what is told as `html` is still HTML, with formatting under its own names."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...

    def run(self, html: str) -> None: ...

    def leaf(self, name: str, html: str) -> None: ...


SPACE = r"[ \t\n\xa0]"
TEXT = rf"{SPACE}*+[^< \t\n\xa0][^<]*+"  # with a word in it
PHRASES = ("b", "strong", "i", "em", "u", "s", "small", "code", "cite", "sub", "sup")
# No group is caught in what follows: Python's re loses count of those within possessive repeats.
_PHRASE = "<(?:x-)?+(?:" + "|".join(rf"{name}>(?!{SPACE})[^<]++(?<!{SPACE})</(?:x-)?+{name}>" for name in PHRASES) + ")"
# What a link says is looked at by the writer when it might be the name of another host.
_LINK = rf'<(?:x-)?+a href="{USUAL_IN_HTML}">(?!{SPACE})[ \t\n!-;=-~]++(?<!{SPACE})</(?:x-)?+a>'
PIECE = rf"(?:{_LINK}|{_PHRASE}(?:{SPACE}*+{_LINK})?+)"
"""An element that begins and ends with a word. The writer joins two of a kind unless words part them."""

_RUN = rf"{TEXT}(?:{PIECE}{TEXT})*+"
_INSIDE = rf"{SPACE}*+{PIECE}?+(?:{TEXT}{PIECE}?+)*+{SPACE}*+"
_TAG = r'<(?P<close>/?)(?P<name>[a-z][a-z0-9-]*)(?P<given>(?: [a-z-]+="[^"]*")*)>'

_PARTS = re.compile(rf"{_TAG}|(?P<text>[^<]+)|<")
_USUAL = possessive(
    rf"<(?P<leaf>p|h[1-6]|li)>(?P<inside>{_INSIDE})</(?P=leaf)>{SPACE}*+|{_TAG}|(?P<run>{_RUN})|(?P<text>[^<]+)|<"
)
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
# Characters whose fate hangs on their neighbours: joiners, wide spaces, the stroke that makes one letter with a "<".
_SOCIABLE = re.compile("[\u200c\u200d\u0338\u1680\u2000-\u200a\u202f\u205f\u3000]")


def walk(html: str, visitor: Visitor) -> None:
    html = html.replace("&nbsp;", "\xa0")
    settled = is_plain(html) or (not _SOCIABLE.search(html) and clean_text(html) == html)
    usual = settled and "<pre" not in html
    if usual and "<span>" in html and "<span " not in html:
        html = html.replace("<span>", "").replace("</span>", "")  # it says nothing, and parts words
    _tell(_USUAL if usual else _PARTS, html, visitor, settled=settled)


def walk_apart(html: str, visitor: Visitor) -> None:
    """The parts of a run, or of what is inside a leaf."""
    _tell(_PARTS, html, visitor, settled=True)


def bare(html: str) -> str:
    """The words of a run without its tags."""
    return _decoded(re.sub(r"<[^<>]*>", "", html) if "<" in html else html)


def _tell(pattern: re.Pattern[str], html: str, visitor: Visitor, *, settled: bool) -> None:
    for match in pattern.finditer(html):
        kind = match.lastgroup
        if kind == "inside":
            visitor.leaf(match["leaf"], _renamed(match["inside"]))
        elif kind == "run":
            visitor.run(_renamed(match["run"]))
        elif kind == "given":
            _tell_tag(visitor, *match.group("close", "name", "given"))
        else:
            text = _decoded(match[0])
            visitor.text(text if settled else clean_text(text))


def _tell_tag(visitor: Visitor, close: str, name: str, given: str) -> None:
    name = name.removeprefix("x-")
    if close:
        visitor.end(name)
    else:
        visitor.start(name, {key: _decoded(value) for key, value in _ATTRIBUTE.findall(given)} if given else {})


def _renamed(html: str) -> str:
    return html.replace("<x-", "<").replace("</x-", "</") if "<" in html else html


def _decoded(text: str) -> str:
    """Undo the escapes that nh3 writes, the ampersand last."""
    if "&" not in text:
        return text
    for escape, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", "\xa0"), ("&amp;", "&")):
        text = text.replace(escape, character)
    return text
