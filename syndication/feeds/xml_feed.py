"""Items -> Atom 1.0 and RSS 2.0: the frame, and each item as a fragment of its own. Alone knows feedgen.

feedgen 1.0 builds the tree; what it gets wrong is put right through its own extension interface: it takes "now" for a
missing date, puts each added entry first, loses rel, type and length of an entry's links, makes the last link added
the channel's, drops authors without a mail address from RSS, and writes half of an atom:source.
"""

import re
from datetime import datetime
from html import escape
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from syndication.feeds.item import NO_ITEMS, Item, Picture, house_of
from syndication.feeds.place import Place
from syndication.feeds.tombstone import TOMBSTONES, WITHDRAWN
from syndication.feeds.words import is_like_markup, language, rss_text, scrub
from syndication.model.feed import Feed, FeedFormat, Publication

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
FEEDBURNER = "http://rssnamespace.org/feedburner/ext/1.0"
HISTORY = "http://purl.org/syndication/history/1.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
GENERATOR = "Syndication"

Element = etree._Element


def frame(
    feed: Feed,
    publication: Publication,
    format: FeedFormat,
    place: Place,
    updated: datetime,
) -> tuple[bytes, bytes]:
    """What stands before the items and after them."""
    made = _generator()
    made.house.know(publication, place, format)
    made.id(f"{publication.base_url}/feeds/{feed.slug}")
    made.title(scrub(feed.title).strip() or "Untitled")
    made.link(href=f"{publication.base_url}/", rel="alternate")
    made.description(scrub(feed.description or publication.description or feed.title).strip() or "Untitled")
    made.language(language(publication.language) or "en")
    made.author(name=house_of(publication))
    made.generator(GENERATOR)
    made.updated(updated)
    made.lastBuildDate(updated)
    data = _profiled(made.atom_str() if format is FeedFormat.ATOM else made.rss_str(), format)
    end = data.rindex(b"</feed>" if format is FeedFormat.ATOM else b"</channel>")
    return data[:end], data[end:]


def item(item: Item, format: FeedFormat) -> bytes:
    """One item, for every document that has it."""
    made = _generator()
    _add(made, item)
    element = "entry" if format is FeedFormat.ATOM else "item"
    data = _profiled(made.atom_str() if format is FeedFormat.ATOM else made.rss_str(), format)
    return data[data.index(f"<{element}".encode()) : data.rindex(f"</{element}>".encode()) + len(element) + 3]


def _generator() -> Any:
    made = FeedGenerator()
    made.register_extension("house", _FeedCorrections, _EntryCorrections)
    # feedgen will not write without them; an item alone has no need of them.
    made.id("-")
    made.title("-")
    made.link(href="-")
    made.description("-")
    made.updated(NO_ITEMS)
    made.lastBuildDate(NO_ITEMS)
    # This very spelling is the one that validators look for.
    made.docs("http://www.rssboard.org/rss-specification")
    return made


def _add(made: Any, item: Item) -> None:
    entry = made.add_entry(order="append")
    entry.house.know(item)
    entry.id(item.id)
    entry.title(item.title)
    entry.link(href=item.url, rel="alternate")
    entry.updated(item.stamp)
    entry.published(item.published_at)
    entry.author(name=item.author)
    if item.whole:
        entry.content(item.html, type="html")
        if item.summary:
            entry.summary(item.summary)
    else:
        entry.summary(item.html, type="html")
    for slug, title in item.topics:
        entry.category(term=slug, label=title)
    if item.rights:
        entry.rights(item.rights)


class _FeedCorrections(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    publication: Publication | None = None

    def know(self, publication: Publication, place: Place, format: FeedFormat) -> None:
        self.publication, self.place, self.format = publication, place, format
        self.base_url = publication.base_url

    def extend_ns(self) -> dict[str, str]:
        spaces = {"dc": DC, "media": MEDIA, "feedburner": FEEDBURNER}
        if self.publication is not None and self.place.archive:
            spaces["fh"] = HISTORY
        return spaces

    def extend_atom(self, root: Element) -> None:
        if self.publication is None:
            return
        root.set(XML_LANG, language(self.publication.language) or "en")
        for link in root.findall("link"):
            root.remove(link)
        for name in ("title", "subtitle"):
            _tell_kind(root.find(name))
        # feedgen writes its elements without a namespace and the default one as an attribute, so ours go likewise.
        for given in self._links():
            etree.SubElement(root, "link", given)
        etree.SubElement(root, "link", rel="alternate", href=f"{self.publication.base_url}/", type="text/html")
        if self.place.archive:
            etree.SubElement(root, f"{{{HISTORY}}}archive")

    def extend_rss(self, root: Element) -> None:
        if self.publication is None:
            return
        channel = root[0]
        for link in channel.findall("link"):
            link.text = f"{self.publication.base_url}/"
        for name in ("title", "description"):
            element = channel.find(name)
            if element is not None:
                element.text = rss_text(element.text or "")
        for given in self._links():
            etree.SubElement(channel, f"{{{ATOM}}}link", given)

    def _links(self) -> list[dict[str, str]]:
        base, kind = f"{self.base_url}/feeds/", self.format.media_type.partition(";")[0]
        named = [("self", self.place.name), *self.place.links]
        return [
            *({"rel": rel, "href": base + name, "type": kind} for rel, name in named),
            *({"rel": "hub", "href": hub} for hub in self.place.hubs),
        ]


class _EntryCorrections(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    def know(self, item: Item) -> None:
        self.item = item

    def extend_atom(self, entry: Element) -> None:
        item = self.item
        for link in entry.findall("link"):
            entry.remove(link)
        for name in ("title", "rights", *(["summary"] if item.whole else [])):
            _tell_kind(entry.find(name))
        etree.SubElement(entry, "link", rel="alternate", href=item.url, type="text/html")
        if item.original_url and item.original_url != item.url:
            etree.SubElement(entry, "link", rel="via", href=item.original_url, type="text/html")
        if item.licence:
            etree.SubElement(entry, "link", rel="license", href=item.licence)
        if item.withdrawn_at is not None:
            etree.SubElement(entry, "category", term=WITHDRAWN, scheme=TOMBSTONES, label="Withdrawn")
        if item.language:
            entry.set(XML_LANG, item.language)
        for picture in item.pictures[:1]:
            given = {"rel": "enclosure", "href": picture.url, "type": "image/jpeg", "length": str(picture.bytes)}
            etree.SubElement(entry, "link", given)
        _common(entry, item)
        if item.source_url:
            _atom_source(entry, item)

    def extend_rss(self, entry: Element) -> None:
        item = self.item
        for name, text in (("title", item.title), ("description", _rss_description(item))):
            element = entry.find(name)
            if element is not None:
                element.text = text if name == "description" else rss_text(text)
        for category in entry.findall("category"):
            category.text = rss_text(category.text or "")
        etree.SubElement(entry, f"{{{DC}}}creator").text = item.author
        if item.rights:
            etree.SubElement(entry, f"{{{DC}}}rights").text = rss_text(item.rights)
        if item.language:
            etree.SubElement(entry, f"{{{DC}}}language").text = item.language
        if item.updated_at != item.published_at:
            etree.SubElement(entry, f"{{{ATOM}}}updated").text = item.updated_at.isoformat()
        if item.licence:
            etree.SubElement(entry, f"{{{ATOM}}}link", rel="license", href=item.licence)
        for picture in item.pictures[:1]:
            etree.SubElement(entry, "enclosure", url=picture.url, length=str(picture.bytes), type="image/jpeg")
        _common(entry, item)
        if item.source_url:
            source = etree.SubElement(entry, "source", url=item.source_url)
            source.text = rss_text(item.source_title)


def _common(entry: Element, item: Item) -> None:
    """Vocabularies that stand in both: who published it, the publisher's own link, pictures with their credit."""
    etree.SubElement(entry, f"{{{DC}}}publisher").text = item.publisher
    if item.original_url and item.original_url != item.url:
        etree.SubElement(entry, f"{{{FEEDBURNER}}}origLink").text = item.original_url
    for picture in item.pictures:
        _media(entry, picture)


def _media(entry: Element, picture: Picture) -> None:
    content = etree.SubElement(
        entry,
        f"{{{MEDIA}}}content",
        url=picture.url,
        type="image/jpeg",
        medium="image",
        width=str(picture.width),
        height=str(picture.height),
        fileSize=str(picture.bytes),
    )
    if picture.caption:
        _caption(etree.SubElement(content, f"{{{MEDIA}}}description"), picture.caption)
    etree.SubElement(
        content,
        f"{{{MEDIA}}}thumbnail",
        url=picture.small_url,
        width=str(picture.small_width),
        height=str(picture.small_height),
    )
    etree.SubElement(content, f"{{{MEDIA}}}credit").text = picture.credit


def _caption(element: Element, caption: str) -> None:
    """Many read HTML here whatever the type says, so whatever they could stumble over is written as HTML."""
    if "&" in caption or "<" in caption:
        element.set("type", "html")
    element.text = escape(caption, quote=False)


def _rss_description(item: Item) -> str:
    """RSS reads HTML here."""
    if not item.whole or not item.summary:
        return item.html
    return f"<p>{escape(item.summary, quote=False)}</p>"


def _atom_source(entry: Element, item: Item) -> None:
    """Complete, and last: readers that stop at the first id or title must meet the entry's own (RFC 4287, 4.2.11)."""
    source = etree.SubElement(entry, "source")
    etree.SubElement(source, "id").text = item.source_id
    title = etree.SubElement(source, "title")
    title.text = item.source_title
    _tell_kind(title)
    etree.SubElement(source, "updated").text = item.updated_at.isoformat()
    etree.SubElement(source, "link", rel="self", href=item.source_url)
    if item.source_home:
        etree.SubElement(source, "link", rel="alternate", href=item.source_home, type="text/html")


def _tell_kind(element: Element | None) -> None:
    """Plain text that looks like markup is written as the HTML that shows it, and says so."""
    if element is not None and is_like_markup(element.text or ""):
        element.text = escape(element.text or "", quote=False)
        element.set("type", "html")


_PLAIN_TEXT = {
    FeedFormat.RSS: re.compile(
        rb"(<(?:title|description|category|source|dc:creator|dc:rights|dc:publisher)\b[^>]*>)([^<]*)"
    ),
    FeedFormat.ATOM: re.compile(rb"(<name>)([^<]*)"),
}
"""Elements that cannot say whether they hold text or HTML."""


def _profiled(data: bytes, format: FeedFormat) -> bytes:
    """& and < of plain text as hexadecimal references, which more readers get right (RSS Board's profile)."""

    def spelled(found: re.Match[bytes]) -> bytes:
        return found[1] + found[2].replace(b"&lt;", b"&#x3C;").replace(b"&amp;", b"&#x26;")

    return _PLAIN_TEXT[format].sub(spelled, data)
