"""FeedDocument -> faults. A document with one is not published: the last good one stays.

The rules: RSS 2.0 with the RSS Board's profile, RFC 4287 for Atom, JSON Feed 1.1. Own code on purpose: the tests hold
the documents against other checkers than this one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit

import orjson
from lxml import etree

from syndication.model.feed import FeedDocument, FeedFormat

BYTES_MAX = 8 * 1024 * 1024
ATOM = "{http://www.w3.org/2005/Atom}"
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: the id or title of the item, or "feed"."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def faults(document: FeedDocument) -> tuple[Fault, ...]:
    """All that is wrong with it; none means that it may be published."""
    if len(document.data) > BYTES_MAX:
        return (Fault("feed", f"{len(document.data)} bytes, at most {BYTES_MAX} are published"),)
    if document.format is FeedFormat.JSON:
        return tuple(_json(document.data))
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(document.data, parser)
    except etree.XMLSyntaxError as error:
        return (Fault("feed", f"not well-formed: {error}"),)
    return tuple(_atom(root) if document.format is FeedFormat.ATOM else _rss(root))


def _atom(root: etree._Element) -> Iterator[Fault]:
    if root.tag != f"{ATOM}feed":
        yield Fault("feed", f"the root is {root.tag!s}")
        return
    yield from _atom_common(root, "feed")
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        where = entry.findtext(f"{ATOM}id") or entry.findtext(f"{ATOM}title") or "an entry"
        yield from _atom_common(entry, where)
        links = [link.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")]
        if entry.find(f"{ATOM}content") is None and "alternate" not in links:
            yield Fault(where, "neither content nor an alternate link")
        if root.find(f"{ATOM}author") is None and entry.find(f"{ATOM}author") is None:
            yield Fault(where, "no author")
        published = entry.findtext(f"{ATOM}published")
        if published is not None and not _is_rfc3339(published):
            yield Fault(where, f"published is no date: {published}")
        sources = entry.findall(f"{ATOM}source")
        if sources and entry[-1] is not sources[-1]:
            yield Fault(where, "source is not the last element")
        for source in sources:
            yield from _atom_common(source, where)
    yield from _twice(entry.findtext(f"{ATOM}id") for entry in entries)


def _atom_common(element: etree._Element, where: str) -> Iterator[Fault]:
    """What feed, entry and source have in common (RFC 4287, 4.1.1, 4.1.2, 4.2.11)."""
    id, title, updated = (element.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    if not id or not URI.fullmatch(id):
        yield Fault(where, f"the id is no URI: {id}")
    if not title or not title.strip():
        yield Fault(where, "no title")
    if not updated or not _is_rfc3339(updated):
        yield Fault(where, f"updated is no date: {updated}")
    for link in element.findall(f"{ATOM}link"):
        yield from _absolute(link.get("href"), where)


def _rss(root: etree._Element) -> Iterator[Fault]:
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        yield Fault("feed", "no channel in an rss element")
        return
    for name in ("title", "link", "description"):
        if not (channel.findtext(name) or "").strip():
            yield Fault("feed", f"no {name}")
    yield from _absolute(channel.findtext("link"), "feed")
    built = channel.findtext("lastBuildDate")
    if built is not None and not _is_rfc822(built):
        yield Fault("feed", f"lastBuildDate is no date: {built}")
    items = channel.findall("item")
    for item in items:
        yield from _rss_item(item)
    yield from _twice(item.findtext("guid") for item in items)


def _rss_item(item: etree._Element) -> Iterator[Fault]:
    where = item.findtext("guid") or item.findtext("title") or "an item"
    if not item.findtext("guid"):
        yield Fault(where, "no guid")
    if not (item.findtext("title") or item.findtext("description")):
        yield Fault(where, "neither title nor description")
    yield from _absolute(item.findtext("link"), where)
    published = item.findtext("pubDate")
    if published is None or not _is_rfc822(published):
        yield Fault(where, f"pubDate is no date: {published}")
    for source in item.findall("source"):
        yield from _absolute(source.get("url"), where)


def _json(data: bytes) -> Iterator[Fault]:
    try:
        feed = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        yield Fault("feed", f"not JSON: {error}")
        return
    if not str(feed.get("version", "")).startswith("https://jsonfeed.org/version/1"):
        yield Fault("feed", "no version")
    if not feed.get("title"):
        yield Fault("feed", "no title")
    items = feed.get("items")
    if not isinstance(items, list):
        yield Fault("feed", "no list of items")
        return
    for item in items:
        where = item.get("id") or item.get("title") or "an item"
        if not item.get("id"):
            yield Fault(where, "no id")
        if not (item.get("content_html") or item.get("content_text")):
            yield Fault(where, "no content")
        yield from _absolute(item.get("url"), where)
        for name in ("date_published", "date_modified"):
            if name in item and not _is_rfc3339(item[name]):
                yield Fault(where, f"{name} is no date: {item[name]}")
    yield from _twice(item.get("id") for item in items)


def _twice(ids: Iterable[str | None]) -> Iterator[Fault]:
    for id, times in Counter(ids).items():
        if times > 1:
            yield Fault(str(id), f"{times} items have this id")


def _absolute(url: str | None, where: str) -> Iterator[Fault]:
    if not _is_web_address(url or ""):
        yield Fault(where, f"not an absolute web address: {url}")


@lru_cache(maxsize=4096)
def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _is_rfc3339(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None and "T" in text
    except ValueError:
        return False


def _is_rfc822(text: str) -> bool:
    try:
        return parsedate_to_datetime(text).tzinfo is not None
    except ValueError:
        return False
