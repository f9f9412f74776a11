"""Document -> entries: Atom (RFC 4287), RSS, JSON Feed 1.1. In: bytes, final URL, headers. Out: a ParsedFeed. Pure.

A strict pass first, a lenient one for what is not well-formed. One broken entry is set aside with its bytes and the
reason, and the rest goes on. Whatever the bytes, the only error is ParseError.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from syndication.errors import ParseError
from syndication.model.source import ParsedFeed
from syndication.sources import json_feed, lenient, repair, strict, wordpress
from syndication.sources.charset import to_utf8
from syndication.sources.limits import DOCUMENT_BYTES_MAX
from syndication.sources.sniff import Kind, kind_of
from syndication.sources.xml import NotWellFormed, forbid_long_tags

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
UNDEFINED_ENTITY = 11
"""expat's code."""


def parse_feed(data: bytes, *, url: str, headers: Mapping[str, str] = NO_HEADERS) -> ParsedFeed:
    """`url` is the final one, the base of relative links; of `headers` Content-Type is read. Raises ParseError.

    Links are resolved; HTML is as published and is *not* sanitised.
    """
    if len(data) > DOCUMENT_BYTES_MAX:
        raise ParseError(
            "the document is refused", why=f"it has {len(data)} bytes; at most {DOCUMENT_BYTES_MAX} are read"
        )
    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), None)
    text = to_utf8(data, content_type)
    kind = kind_of(text.utf8)
    if kind is Kind.JSON:
        return _json(text.utf8, url)
    if kind is not Kind.XML:
        raise _not_a_feed(kind)
    feed = _xml(text.utf8.lstrip(), url)
    return feed if text.exact else replace(feed, lenient=True)


def _json(utf8: bytes, url: str) -> ParsedFeed:
    top = json_feed.load(utf8.decode())
    return wordpress.read(top, url) if isinstance(top, list) else json_feed.read(top, url)


def _xml(utf8: bytes, url: str) -> ParsedFeed:
    forbid_long_tags(utf8)
    utf8 = repair.without_old_doctype(utf8)
    try:
        return strict.read(utf8, url)
    except NotWellFormed as error:
        cause = error
    if cause.code == UNDEFINED_ENTITY:
        utf8 = repair.with_html_names_spelt_out(utf8)
        try:
            return strict.read(utf8, url)
        except NotWellFormed as error:
            cause = error
    return lenient.read(utf8, url, cause)


def _not_a_feed(kind: Kind) -> ParseError:
    if kind is Kind.WEB_PAGE:
        return ParseError(
            "the document is a web page, not a feed", fix="ask for the address of the feed; the page may link to it"
        )
    return ParseError("the document is not a feed", why="it is empty" if kind is Kind.EMPTY else "it is no XML or JSON")
