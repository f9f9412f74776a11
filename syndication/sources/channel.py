"""Vocabularies that a feed itself, of any dialect, may carry: links of Atom, Dublin Core, iTunes, licences.

In: a draft of the feed and one child element of it. Out: the draft, filled in. The table maps a name to its function.
"""

from collections.abc import Callable

from syndication.model.source import Person
from syndication.sources.draft import LIST_MAX, FeedDraft
from syndication.sources.links import resolve
from syndication.sources.modules import address_in, category_names, child_text
from syndication.sources.text import from_html, from_rss, one_line, person
from syndication.sources.xml import Node

FeedField = Callable[[FeedDraft, Node], None]


def feed_link(feed: FeedDraft, node: Node) -> None:
    """atom:link of a feed or channel: its home, itself, its hubs."""
    url = resolve(node.attributes.get("href"), node.base)
    if url is None:
        return
    rel = node.attributes.get("rel", "alternate").strip().lower()
    if rel == "hub":
        feed.hubs.append(url)
    elif rel == "self":
        feed.self_url = feed.self_url or url
    elif rel == "license":
        feed.more_rights = feed.more_rights or url
    elif rel == "alternate" and (feed.url is None or node.attributes.get("type") == "text/html"):
        feed.url = url


def feed_language(feed: FeedDraft, node: Node) -> None:
    feed.language = one_line(node.text) or feed.language


def feed_author(feed: FeedDraft, node: Node) -> None:
    if len(feed.more_authors) < LIST_MAX and (found := person(node.text)) and found not in feed.more_authors:
        feed.more_authors.append(found)


def feed_owner(feed: FeedDraft, node: Node) -> None:
    """iTunes names whom to write to; that is one for all authors that it names."""
    name, email = child_text(node, "itunes:name"), child_text(node, "itunes:email")
    if name or email:
        feed.more_authors = [Person(name, email or None)]


def feed_summary(feed: FeedDraft, node: Node) -> None:
    feed.more_description = feed.more_description or from_html(node.text) or None


def feed_id(feed: FeedDraft, node: Node) -> None:
    feed.id = feed.id or node.text.strip() or None


def feed_title(feed: FeedDraft, node: Node) -> None:
    feed.more_title = feed.more_title or from_rss(node.text)


def feed_category(feed: FeedDraft, node: Node) -> None:
    for name in category_names(node):
        feed.add_category(name)


def feed_keywords(feed: FeedDraft, node: Node) -> None:
    for word in node.text.split(","):
        feed.add_category(from_rss(word))


def feed_itunes_link(feed: FeedDraft, node: Node) -> None:
    if node.attributes.get("rel", "").strip().lower() == "image":
        feed_image(feed, node)


def feed_image(feed: FeedDraft, node: Node) -> None:
    """A picture's address: inside `url` in RSS, as `href` in iTunes."""
    address = child_text(node, "url") or node.attributes.get("href") or node.attributes.get("url") or node.text
    feed.image = feed.image or resolve(address, node.base)


def feed_licence(feed: FeedDraft, node: Node) -> None:
    feed.more_rights = feed.more_rights or address_in(node)


def feed_date(feed: FeedDraft, node: Node) -> None:
    feed.updated = feed.updated or node.text.strip() or None


def feed_rights(feed: FeedDraft, node: Node) -> None:
    feed.rights = feed.rights or from_rss(node.text) or None


def feed_person(feed: FeedDraft, node: Node) -> None:
    if len(feed.authors) < LIST_MAX and (found := person(node.text)) and found not in feed.authors:
        feed.authors.append(found)


FEED_FIELDS: dict[str, FeedField] = {
    "atom:link": feed_link,
    "cc:license": feed_licence,
    "cc:licence": feed_licence,
    "dc:author": feed_person,
    "dc:creator": feed_person,
    "dc:date": feed_date,
    "dc:description": feed_summary,
    "dc:language": feed_language,
    "dc:rights": feed_rights,
    "dc:subject": feed_category,
    "dc:title": feed_title,
    "dcterms:modified": feed_date,
    "feedburner:browserFriendly": feed_summary,
    "itunes:author": feed_author,
    "itunes:category": feed_category,
    "itunes:image": feed_image,
    "itunes:keywords": feed_keywords,
    "itunes:link": feed_itunes_link,
    "itunes:owner": feed_owner,
    "itunes:subtitle": feed_summary,
    "itunes:summary": feed_summary,
}
