"""What kind of document this is, by its first bytes. In: UTF-8. Out: XML, JSON, a web page, or neither. Pure."""

import re
from enum import Enum, auto

from syndication.patterns import possessive

LOOK_BYTES = 64 * 1024

_PROLOGUE = possessive(rb"(?:\s+|<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->)*+")
_WEB_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|title|meta|link|div|p|h1|table|center)[\s>/]", re.I)
_DOCTYPE_OF_HTML = possessive(rb"<!doctype\s+html(?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*')*+>", re.I)
_FEED_ROOT = re.compile(rb"<(?:rss|feed|[a-zA-Z0-9]{1,10}:(?:feed|RDF)|RDF)[\s>]")


class Kind(Enum):
    XML = auto()
    JSON = auto()
    WEB_PAGE = auto()
    EMPTY = auto()
    OTHER = auto()


def kind_of(utf8: bytes) -> Kind:
    """A feed's root inside the first bytes goes before all else: junk in front of a feed is still a feed."""
    look = utf8[:LOOK_BYTES].lstrip(b"\0 \t\r\n\f\v")
    if not look:
        return Kind.EMPTY
    if look[:1] in (b"{", b"["):
        return Kind.JSON
    start = _PROLOGUE.match(look)
    rest = look[start.end() if start else 0 :]
    if _WEB_PAGE.match(rest):
        return Kind.XML if _is_feed_with_a_doctype_of_html(rest) else Kind.WEB_PAGE
    if rest[:1] == b"<" or _FEED_ROOT.search(look):
        return Kind.XML
    return Kind.OTHER


def _is_feed_with_a_doctype_of_html(rest: bytes) -> bool:
    """Some templates put it before whatever they print."""
    found = _DOCTYPE_OF_HTML.match(rest)
    after = rest[found.end() :] if found else b""
    start = _PROLOGUE.match(after)
    return bool(_FEED_ROOT.match(after, start.end() if start else 0))
