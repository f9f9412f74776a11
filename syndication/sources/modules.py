"""Vocabularies that any dialect may carry: Dublin Core, content, Media RSS, iTunes, FeedBurner, links of Atom in RSS.

In: a draft and one child element of its entry. Out: the draft, filled in. The tables map a name to its function.
"""

from collections.abc import Callable, Iterator

from syndication.model.source import Picture
from syndication.sources.draft import LIST_MAX, Draft, FeedDraft, html_field
from syndication.sources.links import resolve
from syndication.sources.text import from_html, from_rss, one_line, person
from syndication.sources.xml import Node

Field = Callable[[Draft, Node], None]
FeedField = Callable[[FeedDraft, Node], None]

_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
_MEDIA_NODES_MAX = 500  # of one entry's media groups


def child_text(node: Node, name: str) -> str:
    """The text of the first child of that name, on one line; empty when there is none."""
    for child in node.children or ():
        if child.name == name:
            return one_line(child.text)
    return ""


def creator(draft: Draft, node: Node) -> None:
    if found := person(node.text):
        draft.more_authors.append(found)


def date(draft: Draft, node: Node) -> None:
    draft.more_published = draft.more_published or node.text.strip() or None


def modified(draft: Draft, node: Node) -> None:
    draft.updated = draft.updated or node.text.strip() or None


def subject(draft: Draft, node: Node) -> None:
    draft.add_category(from_rss(node.text))


def rights(draft: Draft, node: Node) -> None:
    draft.rights = draft.rights or from_rss(node.text) or None


def language(draft: Draft, node: Node) -> None:
    draft.language = one_line(node.text) or draft.language


def content(draft: Draft, node: Node) -> None:
    """The whole text; a second one is taken only when it is longer, as some publishers repeat the excerpt here."""
    html = html_field(node.text, node.base)
    if html and len(html) > len(draft.content_html or ""):
        draft.content_html = html


def original_link(draft: Draft, node: Node) -> None:
    draft.original_url = resolve(node.text, node.base) or draft.original_url


def itunes_author(draft: Draft, node: Node) -> None:
    if not draft.more_authors:
        creator(draft, node)


def itunes_image(draft: Draft, node: Node) -> None:
    draft.add_thumbnail(resolve(node.attributes.get("href"), node.base))


def media(draft: Draft, node: Node) -> None:
    """media:content, media:group or media:thumbnail: pictures with their credit and caption, other files beside."""
    for count, part in enumerate(_media_nodes(node)):
        if count == _MEDIA_NODES_MAX:
            return
        if part.name == "media:thumbnail":
            draft.add_thumbnail(resolve(part.attributes.get("url"), part.base))
        elif part.name == "media:content":
            _media_content(draft, part, node)


def _media_nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children or ():
        yield from _media_nodes(child)


def _media_content(draft: Draft, part: Node, group: Node) -> None:
    given = part.attributes
    url = resolve(given.get("url"), part.base)
    if url is None:
        return
    if not _is_picture(url, given.get("medium", ""), given.get("type", "")):
        draft.add_enclosure(url, given, given.get("fileSize"))
        return
    credit = child_text(part, "media:credit") or child_text(group, "media:credit")
    draft.add_picture(Picture(url, credit or None, _caption(part) or _caption(group)))


def _caption(node: Node) -> str | None:
    for name in ("media:description", "media:title"):
        if text := child_text(node, name):
            return from_html(text)
    return None


def _is_picture(url: str, medium: str, media_type: str) -> bool:
    if medium or media_type:
        return medium == "image" or media_type.startswith("image/")
    return url.partition("?")[0].lower().endswith(_PICTURE_ENDINGS)


FIELDS: dict[str, Field] = {
    "content:encoded": content,
    "dc:creator": creator,
    "dc:date": date,
    "dc:language": language,
    "dc:rights": rights,
    "dc:subject": subject,
    "dcterms:created": date,
    "dcterms:issued": date,
    "dcterms:modified": modified,
    "feedburner:origLink": original_link,
    "itunes:author": itunes_author,
    "itunes:image": itunes_image,
    "media:content": media,
    "media:group": media,
    "media:thumbnail": media,
    "xhtml:body": content,
    "xhtml:div": content,
}


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
    elif rel == "alternate" and (feed.url is None or node.attributes.get("type") == "text/html"):
        feed.url = url


def feed_language(feed: FeedDraft, node: Node) -> None:
    feed.language = one_line(node.text) or feed.language


def feed_date(feed: FeedDraft, node: Node) -> None:
    feed.updated = feed.updated or node.text.strip() or None


def feed_rights(feed: FeedDraft, node: Node) -> None:
    feed.rights = feed.rights or from_rss(node.text) or None


def feed_person(feed: FeedDraft, node: Node) -> None:
    if len(feed.authors) < LIST_MAX and (found := person(node.text)) and found not in feed.authors:
        feed.authors.append(found)


FEED_FIELDS: dict[str, FeedField] = {
    "atom:link": feed_link,
    "dc:creator": feed_person,
    "dc:date": feed_date,
    "dc:language": feed_language,
    "dc:rights": feed_rights,
}
