"""Feed, articles -> FeedDocument, the same bytes each time. Alone knows feedgen.

feedgen 1.0 builds the tree; what it gets wrong is put right through its own extension interface: it takes "now" for a
missing date, puts each added entry first, loses rel, type and length of an entry's links, makes the last link added
the channel's, drops authors without a mail address from RSS, and writes half of an atom:source.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from syndication.feeds.item import Item, items_of, newest_change, scrub
from syndication.feeds.json_feed import json_feed
from syndication.model.article import Permission, Stored
from syndication.model.feed import Feed, FeedDocument, FeedFormat, Publication

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
GENERATOR = "Syndication"

Element = etree._Element


def build(
    feed: Feed,
    publication: Publication,
    shown: Sequence[tuple[Stored, Permission]],
    format: FeedFormat,
    topics: Mapping[str, str] | None = None,
) -> FeedDocument:
    """`shown` in the order in which it shall stand; `topics` maps slugs to the titles that readers see."""
    items = items_of(publication, shown)[: feed.items_max]
    titles = topics or {}
    if format is FeedFormat.JSON:
        data = json_feed(feed, publication, items, titles)
    else:
        generator = _generator(feed, publication, items, titles)
        data = generator.atom_str() if format is FeedFormat.ATOM else generator.rss_str()
    etag = f'"{hashlib.blake2b(data, digest_size=16).hexdigest()}"'
    return FeedDocument(format=format, data=data, etag=etag, updated_at=newest_change(items))


def _generator(feed: Feed, publication: Publication, items: Sequence[Item], titles: Mapping[str, str]) -> Any:
    address = f"{publication.base_url}/feeds/{feed.slug}"
    updated = newest_change(items)
    made = FeedGenerator()
    made.register_extension("house", _FeedCorrections, _EntryCorrections)
    made.house.know(feed, publication)
    made.id(address)
    made.title(scrub(feed.title))
    made.link(href=f"{publication.base_url}/", rel="alternate")
    made.description(scrub(feed.description or publication.description or feed.title))
    made.language(publication.language)
    made.author(name=scrub(publication.publisher or publication.title))
    made.generator(GENERATOR)
    made.docs("https://www.rssboard.org/rss-specification")
    made.updated(updated)
    made.lastBuildDate(updated)
    for item in items:
        _add(made, item, titles)
    return made


def _add(made: Any, item: Item, titles: Mapping[str, str]) -> None:
    entry: FeedEntry = made.add_entry(order="append")
    entry.house.know(item)
    entry.id(item.id)
    entry.title(item.title)
    entry.link(href=item.url, rel="alternate")
    entry.updated(item.updated_at)
    entry.published(item.published_at)
    entry.author(name=item.author)
    if item.whole:
        entry.content(item.html, type="html")
        entry.summary(item.summary)
    else:
        entry.summary(item.html, type="html")
    for slug in item.topics:
        entry.category(term=slug, label=titles.get(slug, slug))
    if item.rights:
        entry.rights(item.rights)


class _FeedCorrections(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    def know(self, feed: Feed, publication: Publication) -> None:
        self.feed, self.publication = feed, publication

    def extend_ns(self) -> dict[str, str]:
        return {"dc": DC}

    def extend_atom(self, root: Element) -> None:
        root.set(XML_LANG, self.publication.language)
        for link in root.findall("link"):
            root.remove(link)
        # feedgen writes its elements without a namespace and the default one as an attribute, so ours go likewise.
        etree.SubElement(root, "link", self._self_link(FeedFormat.ATOM))
        etree.SubElement(root, "link", rel="alternate", href=f"{self.publication.base_url}/", type="text/html")

    def extend_rss(self, root: Element) -> None:
        channel = root[0]
        for link in channel.findall("link"):
            link.text = f"{self.publication.base_url}/"
        etree.SubElement(channel, f"{{{ATOM}}}link", self._self_link(FeedFormat.RSS))

    def _self_link(self, format: FeedFormat) -> dict[str, str]:
        address = f"{self.publication.base_url}/feeds/{self.feed.slug}.{format.value}"
        return {"rel": "self", "href": address, "type": format.media_type.partition(";")[0]}


class _EntryCorrections(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    def know(self, item: Item) -> None:
        self.item = item

    def extend_ns(self) -> dict[str, str]:
        return {"dc": DC}

    def extend_atom(self, entry: Element) -> None:
        item = self.item
        for link in entry.findall("link"):
            entry.remove(link)
        etree.SubElement(entry, "link", rel="alternate", href=item.url, type="text/html")
        if item.original_url and item.original_url != item.url:
            etree.SubElement(entry, "link", rel="via", href=item.original_url, type="text/html")
        if item.language:
            entry.set(XML_LANG, item.language)
        _atom_source(entry, item)

    def extend_rss(self, entry: Element) -> None:
        item = self.item
        etree.SubElement(entry, f"{{{DC}}}creator").text = item.author
        if item.rights:
            etree.SubElement(entry, f"{{{DC}}}rights").text = item.rights
        source = etree.SubElement(entry, "source", url=item.source_url)
        source.text = item.source_title


def _atom_source(entry: Element, item: Item) -> None:
    """Complete, and last: readers that stop at the first id or title must meet the entry's own (RFC 4287, 4.2.11)."""
    source = etree.SubElement(entry, "source")
    etree.SubElement(source, "id").text = item.source_url
    etree.SubElement(source, "title").text = item.source_title
    etree.SubElement(source, "updated").text = item.updated_at.isoformat()
    etree.SubElement(source, "link", rel="self", href=item.source_url)
    etree.SubElement(source, "link", rel="alternate", href=item.source_home, type="text/html")
