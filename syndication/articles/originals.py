"""When a story was first published, where that is not the day on which it is published again. In: what is known. Pure.

A partner that brings an old story once more dates it today. Its page's data, its own address and a line such as "First
published on 3 March 2026" know better; of what they say the earliest day counts. A few days make no other story of it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from syndication.articles.extract.dates import read_date
from syndication.model.article import Article

AGAIN = timedelta(days=7)
"""Dates nearer than this are one date: pages are dated when they are written, feeds when they are sent."""
LINE_CHARS = 160
TAIL_CHARS = 600
"""Of a text, from its end and from its beginning: there such a line stands."""

_FIRST = re.compile(
    r"\b(?:(?:first|originally|previously)\s+(?:published|appeared|posted|printed|ran)"
    r"|(?:published|posted)\s+(?:first|originally)"
    r"|(?:erschien(?:en)?\s+zuerst|zuerst\s+(?:erschienen|ver[oö]ffentlicht)|erstmals\s+(?:erschienen|ver[oö]ffentlicht))"
    r"|publi[eé]e?\s+(?:initialement|pour\s+la\s+premi[eè]re\s+fois|d.abord)|(?:initialement|d.abord)\s+publi[eé]e?"
    r"|publicad[oa]\s+(?:originalmente|por\s+primera\s+vez)|originalmente\s+publicad[oa]"
    r"|pubblicat[oa]\s+(?:originariamente|per\s+la\s+prima\s+volta)|eerder\s+(?:verschenen|gepubliceerd))\b",
    re.I,
)
_SIGNS = (
    "first",
    "originally",
    "previously",
    "zuerst",
    "erstmals",
    "publi",
    "initialement",
    "abord",
    "pubblicat",
    "eerder",
)
"""One of these is in whatever the pattern finds, in any case; three letters more count as an s or an i to it."""
_IN_PATH = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?:/|$)")


def first_published(
    stated: datetime, *, of_page: datetime | None = None, lines: Iterable[str] = (), text: str = "", url: str = ""
) -> datetime | None:
    """The earliest day that is named, when it lies well before the `stated` one; else None."""
    told = [of_page, _of_address(url), *_in_lines(lines), *_in_lines((text[:TAIL_CHARS], text[-TAIL_CHARS:]))]
    earlier = [moment for moment in told if moment is not None and is_again(moment, stated)]
    return min(earlier, default=None)


def is_again(original: datetime, now: datetime) -> bool:
    """Whether a story of the one date is published again on the other."""
    return now - original >= AGAIN


def dated_as(article: Article, published_at: datetime) -> Article:
    """The article as one that was published then already; its own date is kept when it lies well after."""
    if published_at >= article.published_at:
        return article
    again = article.republished_at or (article.published_at if is_again(published_at, article.published_at) else None)
    return replace(article, published_at=published_at, republished_at=again)


def _in_lines(texts: Iterable[str]) -> Iterator[datetime | None]:
    for text in texts:
        for found in _FIRST.finditer(text) if _may_say_so(text) else ():
            yield read_date(text[found.end() : found.end() + LINE_CHARS].partition("\n")[0])


def _may_say_so(text: str) -> bool:
    """Most texts have none of these words, which is told ten times quicker than that the pattern is not in them."""
    small = text.lower()
    return any(word in small for word in _SIGNS) or any(letter in text for letter in "\u017f\u0130\u0131")


def _of_address(url: str) -> datetime | None:
    try:
        found = _IN_PATH.search(urlsplit(url).path)
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC) if found else None
    except ValueError:  # 31 February
        return None
