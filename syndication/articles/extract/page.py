"""A page's bytes -> a tree. In: HTML as it came. Out: a tree of bounded size, or None when there is none to be had."""

import codecs
import re

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from syndication.articles.sanitize import clean_text

PAGE_CHARS_MAX = 5_000_000

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.I)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def parse_page(html: str | bytes) -> HtmlElement | None:
    """Comments and processing instructions left out; depth is bounded by the parser itself."""
    text = clean_text((_decoded(html) if isinstance(html, bytes) else html)[:PAGE_CHARS_MAX])
    if not text.strip():
        return None
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return lxml.html.document_fromstring(text.encode(), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return None


def _decoded(data: bytes) -> str:
    """By byte order mark, else by what the page says of itself, else UTF-8, else Windows-1252 as browsers do."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    named = _CHARSET.search(data[:4096])
    for encoding in (named[1].decode("ascii") if named else "utf-8", "utf-8"):
        try:
            codec = codecs.lookup(encoding)
            if codec.name != "utf-7":
                return data.decode("cp1252" if codec.name in ("iso8859-1", "ascii") else codec.name)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", "replace")
