"""Document -> entries: Atom (RFC 4287), RSS, JSON Feed 1.1. In: bytes, final URL, headers. Out: a ParsedFeed. Pure.

A strict pass first, a lenient one for what is not well-formed. One broken entry is set aside with its bytes and the
reason, and the rest goes on. Whatever the bytes, the only error is ParseError.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from syndication.errors import ParseError
from syndication.model.source import ParsedFeed
from syndication.sources import json_feed, lenient, repair, strict, wordpress
from syndication.sources.charset import to_utf8
from syndication.sources.limits import DOCUMENT_BYTES_MAX
from syndication.sources.links import resolve
from syndication.sources.sniff import Kind, kind_of
from syndication.sources.xml import NotWellFormed, forbid_long_tags

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_ONE_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
UNDEFINED_ENTITY = 11
"""expat's code."""


def parse_feed(data: bytes, *, url: str, headers: Mapping[str, str] = NO_HEADERS) -> ParsedFeed:
    """`url` is the final one, the base of relative links. Raises ParseError.

    Of `headers` Content-Type is read; Content-Language, for a feed that does not say it itself; and Content-Location as
    the base of links, which RFC 9110 has ended: whoever passes it on wants it obeyed, and our own polls do not. Links
    are resolved; HTML is as published and is *not* sanitised.
    """
    if len(data) > DOCUMENT_BYTES_MAX:
        raise ParseError(
            "the document is refused", why=f"it has {len(data)} bytes; at most {DOCUMENT_BYTES_MAX} are read"
        )
    given = {name.lower(): value for name, value in headers.items()}
    url = resolve(given.get("content-location"), url) or url
    text = to_utf8(data, given.get("content-type"))
    utf8 = repair.with_controls_as_meant(text.utf8)
    kind = kind_of(utf8)
    if kind is Kind.JSON:
        feed = _json(utf8, url)
    elif kind is Kind.XML:
        feed = _xml(utf8.lstrip(), url)
    else:
        raise _not_a_feed(kind)
    feed = feed if text.exact else replace(feed, lenient=True)
    language = given.get("content-language", "").strip().replace("_", "-")
    return _in(language, feed) if _ONE_LANGUAGE.fullmatch(language) and not feed.language else feed


def _in(language: str, feed: ParsedFeed) -> ParsedFeed:
    entries = tuple(entry if entry.language else replace(entry, language=language) for entry in feed.entries)
    return replace(feed, language=language, entries=entries)


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
