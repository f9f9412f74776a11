"""XML sitemaps, indexes of them and news sitemaps -> a ParsedFeed, or the sitemaps to read next. Pure.

In: bytes (gzip too), their address, the day from which on things are new. Only what is recent is kept: a sitemap holds
a whole site. It is read by the counters of `xml`; a date that cannot be read, or lies far ahead, is none.
"""

import heapq
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import urljoin, urlsplit

from syndication.errors import ParseError
from syndication.model.source import Entry, ParsedFeed, Picture
from syndication.sources.charset import to_utf8
from syndication.sources.dates import parse_date
from syndication.sources.limits import DOCUMENT_BYTES_MAX
from syndication.sources.links import resolve
from syndication.sources.shape import article_like, same_site
from syndication.sources.text import from_rss, scrub
from syndication.sources.xml import Node, NotWellFormed, forbid_long_tags, read_xml

RECENT = timedelta(days=30)
AHEAD = timedelta(days=2)
"""A date further ahead than this was never meant."""
URLS_MAX = 50_000
"""The protocol's own limit."""
KEPT_MAX = 200
"""The newest of these; the rest is older than anybody waits for."""
UNDATED_MAX = 500
"""More addresses without any date: which of them is new cannot be told."""
CHILDREN_MAX = 5
"""Sitemaps of an index that are read, the newest first."""
ROOTS = {
    "sitemap:urlset": "sitemap:url",
    "sitemap:sitemapindex": "sitemap:sitemap",
    "urlset": "url",
    "sitemapindex": "sitemap",
}


_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Child:
    url: str
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one document holds: entries, or the sitemaps that do. `news`: every entry says when it was published."""

    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    news: bool = False


def read(data: bytes, *, url: str, content_type: str | None, now: datetime) -> Sitemap:
    """Raises ParseError for what is no sitemap, or is refused."""
    text = to_utf8(unzipped(data), content_type).utf8.lstrip()
    forbid_long_tags(text)
    found = _Found(url, now)
    try:
        root = read_xml(text, url, found.take, ROOTS)
    except NotWellFormed as error:
        raise ParseError("the document is not a sitemap", why=error.reason) from error
    if root.name.endswith("sitemapindex"):
        return Sitemap(children=tuple(sorted(found.children, key=_newest_first)[:CHILDREN_MAX]))
    return found.sitemap()


def feed_of(sitemaps: list[Sitemap], url: str) -> ParsedFeed:
    """Several sitemaps as one list, the newest first; each address once."""
    entries = {entry.url: entry for sitemap in sitemaps for entry in sitemap.entries}
    ordered = sorted(entries.values(), key=lambda entry: _when(entry) or _EARLIEST, reverse=True)
    news = bool(sitemaps) and all(sitemap.news for sitemap in sitemaps)
    return ParsedFeed(
        dialect="news sitemap" if news else "sitemap",
        title=(urlsplit(url).hostname or "").removeprefix("www."),
        url=urljoin(url, "/"),
        entries=tuple(ordered[:KEPT_MAX]),
    )


def unzipped(data: bytes) -> bytes:
    """A sitemap that lies there as a gzip file, undone up to our limit. Raises ParseError."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        text = inflate.decompress(data, DOCUMENT_BYTES_MAX + 1)
    except zlib.error as error:
        raise ParseError("the document cannot be read", why=f"it is no gzip file: {error}") from error
    if len(text) > DOCUMENT_BYTES_MAX:
        raise ParseError("the document is refused", why=f"it inflates to more than {DOCUMENT_BYTES_MAX} bytes")
    if not inflate.eof:
        raise ParseError("the document cannot be read", why="its gzip file is cut short")
    return text


@dataclass(slots=True)
class _Found:
    url: str
    moment: datetime
    urls: int = 0
    news: int = 0
    undated: list[Entry] = field(default_factory=list)
    dated: list[tuple[datetime, int, Entry]] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    order: "count[int]" = field(default_factory=count)

    def take(self, node: Node, _start: int, _end: int) -> None:
        self.urls += 1
        if self.urls > URLS_MAX:
            raise ParseError("the document is refused", why=f"it has more than {URLS_MAX} addresses")
        given = {child.name.removeprefix("sitemap:"): child for child in node.children or ()}
        address = resolve(_text(given.get("loc")), self.url)
        if address is None or not same_site(address, self.url):
            return
        changed = self.date(given.get("lastmod"))
        if node.name.endswith("url"):
            self.keep(_entry(address, changed, given, self.date))
        elif changed is None or changed >= self.moment - RECENT:
            self.children.append(Child(address, changed))

    def keep(self, entry: Entry) -> None:
        """Of a site's every address those that look like articles; a news sitemap has no others."""
        self.news += entry.published is not None
        if entry.published is None and not article_like(entry.url or ""):
            return
        when = _when(entry)
        if when is None:
            self.undated.append(entry)
        elif when >= self.moment - RECENT:
            heapq.heappush(self.dated, (when, -next(self.order), entry))
            if len(self.dated) > KEPT_MAX:
                heapq.heappop(self.dated)

    def date(self, node: Node | None) -> datetime | None:
        found = parse_date(_text(node))
        return found if found is not None and found <= self.moment + AHEAD else None

    def sitemap(self) -> Sitemap:
        dated = [entry for _, _, entry in sorted(self.dated, key=lambda one: (one[0], one[1]), reverse=True)]
        if not dated and len(self.undated) > UNDATED_MAX:
            raise ParseError(
                "the sitemap cannot serve as a source",
                why=f"it has {len(self.undated)} addresses and no date: nobody can tell which are new",
                fix="ask the partner for a news sitemap, or declare a page of theirs that lists articles",
            )
        # Where some are dated, one without a date is no news; where none is, all of them may be.
        entries = dated or self.undated[:KEPT_MAX]
        return Sitemap(entries=tuple(entries), news=0 < self.urls == self.news)


def _entry(
    address: str, changed: datetime | None, given: dict[str, Node], date: Callable[[Node | None], datetime | None]
) -> Entry:
    news = _children(given.get("news:news"))
    publication = _children(news.get("news:publication"))
    picture = _picture(_children(given.get("image:image")), address)
    words = (from_rss(word) for word in _text(news.get("news:keywords")).split(","))
    return Entry(
        id=None,
        url=address,
        title=from_rss(_text(news.get("news:title"))),
        published=date(news.get("news:publication_date")),
        updated=changed,
        published_raw=_text(news.get("news:publication_date")) or None,
        pictures=(picture,) if picture else (),
        categories=tuple(word for word in words if word)[:20],
        language=_text(publication.get("news:language")) or None,
    )


def _children(node: Node | None) -> dict[str, Node]:
    return {child.name: child for child in node.children or ()} if node is not None else {}


def _picture(given: dict[str, Node], base: str) -> Picture | None:
    address = resolve(_text(given.get("image:loc")), base)
    caption = from_rss(_text(given.get("image:caption")) or _text(given.get("image:title")))
    return Picture(address, caption=caption or None) if address else None


def _text(node: Node | None) -> str:
    return scrub(node.text).strip() if node is not None else ""


def _when(entry: Entry) -> datetime | None:
    return entry.published or entry.updated


def _newest_first(child: Child) -> tuple[bool, float, bool]:
    """Dated ones by date; of the others those first that are named for news or posts."""
    named = any(word in child.url.rpartition("/")[2].lower() for word in ("news", "post", "article", "artikel"))
    return child.changed is None, -(child.changed.timestamp() if child.changed else 0.0), not named
