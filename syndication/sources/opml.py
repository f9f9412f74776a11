"""OPML 2.0 <-> the feeds it lists. In: pieces of a document, or Sources. Out: Outlines, or pieces of one. Pure.

Read as it streams: a list of 100,000 feeds, nested 1,000 deep, is never held whole. Lists are written by hand and by
old programs, so bare ampersands and names of HTML are mended on the way. No document type with anything in it.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from html.entities import html5
from itertools import chain
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from syndication.errors import ParseError
from syndication.model.enrol import Outline
from syndication.model.source import Source
from syndication.sources.links import resolve
from syndication.sources.text import one_line, scrub

OUTLINES_MAX = 200_000
DEPTH_MAX = 5_000
ATTRIBUTE_CHARACTERS_MAX = 4_096
TAG_BYTES_MAX = 256 * 1024
CATEGORIES_MAX = 20

_REFERENCE = re.compile(rb"&(?:#[0-9]{1,10};|#[xX][0-9a-fA-F]{1,8};|([a-zA-Z][a-zA-Z0-9]{0,31});)?")
_OPEN = re.compile(rb"&[#a-zA-Z0-9]{0,32}\Z")
_XML_NAMES = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_IS_A_LIST = re.compile(rb"<opml[\s>]")


def is_opml(data: bytes) -> bool:
    return bool(_IS_A_LIST.search(data[:4096].replace(b"\0", b"")))


def read_opml(pieces: Iterable[bytes], base: str = "") -> Iterator[Outline]:
    """Each outline with a feed's address, as soon as it is read. Raises ParseError with the line where reading ends.

    `base`: where the list itself came from, for the addresses in it that are relative.
    """
    reader = _Reader(base)
    for piece, last in chain(((piece, False) for piece in _mended(pieces)), [(b"", True)]):
        try:
            reader.feed(piece, last=last)
        finally:  # what stands before the place where reading ends is read
            yield from reader.take()


def write_opml(sources: Iterable[Source], *, title: str) -> Iterator[str]:
    """A list that `read_opml` reads back: address, title, home page, name and topics of each."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
    yield f"<head><title>{escape(scrub(title))}</title></head>\n<body>\n"
    for source in sources:
        attributes = {
            "text": source.partner.name,
            "title": source.slug,
            "xmlUrl": source.url,
            "htmlUrl": source.partner.homepage,
            "category": ",".join(f"/{topic}" for topic in source.topics),
        }
        written = " ".join(f"{name}={quoteattr(scrub(value))}" for name, value in attributes.items() if value)
        yield f'<outline type="rss" {written}/>\n'
    yield "</body>\n</opml>\n"


class _Reader:
    def __init__(self, base: str) -> None:
        self.base = base
        self.found: deque[Outline] = deque()
        self.count = 0
        self.depth = 0
        self.given = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.doctype

    def feed(self, data: bytes, *, last: bool = False) -> None:
        self.given += len(data)
        try:
            self.parser.Parse(data, last)
        except expat.ExpatError as error:
            why = f"{expat.ErrorString(error.code)}, line {error.lineno}"
            raise ParseError("the list cannot be read to its end", why=why) from error
        if self.given - self.parser.CurrentByteIndex > TAG_BYTES_MAX and not last:
            raise ParseError("the list is refused", why=f"one of its tags is longer than {TAG_BYTES_MAX} bytes")

    def take(self) -> Iterator[Outline]:
        while self.found:
            yield self.found.popleft()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1 and name.lower() != "opml":
            raise ParseError("the document is no list of feeds", why=f"it is no OPML: it begins with <{name[:60]}>")
        if self.depth > DEPTH_MAX:
            raise ParseError("the list is refused", why=f"it is nested deeper than {DEPTH_MAX}")
        if name.lower() != "outline":
            return
        given = {key.lower(): value[: ATTRIBUTE_CHARACTERS_MAX + 1] for key, value in attributes.items()}
        if not given.get("xmlurl", "").strip():
            return
        self.count += 1
        if self.count > OUTLINES_MAX:
            raise ParseError("the list cannot be read to its end", why=f"it names more than {OUTLINES_MAX} feeds")
        self.found.append(_outline(self.parser.CurrentLineNumber, given, self.base))

    def end(self, _name: str) -> None:
        self.depth -= 1

    def doctype(self, _name: str, system: str | None, public: str | None, internal: int) -> None:
        if system or public or internal:
            raise ParseError("the list is refused", why="it brings a document type with definitions of its own")


def _outline(line: int, given: dict[str, str], base: str) -> Outline:
    url = given["xmlurl"].strip()
    text, title = (one_line(scrub(given.get(key, ""))) for key in ("text", "title"))
    categories = (part.strip().strip("/") for part in given.get("category", "").split(","))
    return Outline(
        line=line,
        url=(resolve(url, base) or url) if base and "://" not in url else url,
        title=text or title,
        home=resolve(given.get("htmlurl"), base) or "",
        name=title if text and title != text else "",
        categories=tuple(dict.fromkeys(part for part in categories if part))[:CATEGORIES_MAX],
    )


def _mended(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes with every ampersand a reference that XML knows. A reference cut in two waits for its end."""
    carried, wide, begun = b"", False, False
    for piece in pieces:
        data = carried + piece
        if not begun:
            begun, wide = True, data.startswith(_WIDE)
        if wide:
            yield data
            continue
        open_at = _OPEN.search(data)
        carried = data[open_at.start() :] if open_at else b""
        yield _REFERENCE.sub(_reference, data[: len(data) - len(carried)])
    if carried:
        yield _REFERENCE.sub(_reference, carried)


def _reference(found: re.Match[bytes]) -> bytes:
    name = found[1]
    if name is None:
        return b"&amp;" if found[0] == b"&" else found[0]
    if name in _XML_NAMES:
        return found[0]
    meant = html5.get(f"{name.decode()};")
    return "".join(f"&#{ord(character)};" for character in meant).encode() if meant else b"&amp;" + found[0][1:]
