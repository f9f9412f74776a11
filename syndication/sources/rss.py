"""RSS 2.0, and 0.9x, 1.0 and CDF with the same hands: an item or channel as expat read it -> a draft. Pure.

Titles are plain text by the book and HTML by habit; descriptions are HTML by the book. See `text` for the rule.
"""

from syndication.model.source import Origin
from syndication.sources import channel, modules
from syndication.sources.channel import FEED_FIELDS, FeedField
from syndication.sources.draft import Draft, FeedDraft, html_field
from syndication.sources.links import resolve
from syndication.sources.modules import FIELDS, Field
from syndication.sources.text import from_html, from_rss, one_line, person
from syndication.sources.xml import Node

ABOUT = "http://www.w3.org/1999/02/22-rdf-syntax-ns# about"


def item(node: Node) -> Draft:
    draft = Draft(node.language)
    for child in node.children or ():
        handle = ITEM.get(child.name)
        if handle:
            handle(draft, child)
    if node.attributes:
        _own_attributes(draft, node)
    summary, text = draft.summary_html, draft.content_html
    if text is not None and summary == text:
        draft.summary_html = None
    elif draft.twice and text and summary and len(text) * 2 < len(summary):
        draft.summary_html, draft.content_html = text, summary
    return draft


def feed(root: Node) -> FeedDraft:
    """Everything about the feed: in RSS 2.0 the channel's children, in some feeds the root's."""
    draft = FeedDraft(_dialect(root), language=root.language)
    for part in root.children or ():
        if part.name in ("channel", "image"):
            _fill(draft, part)
    if root.name == "channel":
        _fill(draft, root)
    return draft


def _fill(feed: FeedDraft, part: Node) -> None:
    """`part`: the channel; or what RSS 1.0 has beside it, the channel's picture."""
    if part.name == "image":
        channel.feed_image(feed, part)
        return
    feed.language = part.language or feed.language
    for child in part.children or ():
        handle = CHANNEL.get(child.name)
        if handle:
            handle(feed, child)
    if part.attributes:
        given = _lower(part)
        feed.url = feed.url or resolve(given.get("href"), part.base)
        feed.updated = feed.updated or given.get("lastmod")


def _own_attributes(draft: Draft, node: Node) -> None:
    """What RSS 1.0 and CDF say of an item in its start tag."""
    about = (node.attributes.get(ABOUT) or "").strip()
    if about and draft.id is None:
        draft.id = about
        draft.guess = resolve(about, node.base) if _is_http(about) else None
    given = _lower(node)
    draft.url = draft.url or resolve(given.get("href"), node.base)
    draft.more_updated = draft.more_updated or given.get("lastmod")


def _lower(node: Node) -> dict[str, str]:
    return {name.lower(): value for name, value in node.attributes.items()}


def _dialect(root: Node) -> str:
    if root.name == "rdf:RDF":
        return "rss 1.0"
    if root.name == "channel":
        return "cdf"
    version = one_line(root.attributes.get("version", ""))[:8]
    return f"rss {version}" if version else "rss"


def _title(draft: Draft, node: Node) -> None:
    draft.title = draft.title or (from_html if node.markup else from_rss)(node.text)


def _link(draft: Draft, node: Node) -> None:
    draft.url = draft.url or resolve(node.text.strip() or node.attributes.get("href"), node.base)


def _atom_link(draft: Draft, node: Node) -> None:
    given = node.attributes
    rel = given.get("rel", "alternate")
    if rel == "alternate":
        draft.url = draft.url or resolve(given.get("href"), node.base)
    elif rel == "enclosure":
        draft.add_enclosure(resolve(given.get("href"), node.base), given, given.get("length"))


def _guid(draft: Draft, node: Node) -> None:
    guid = node.text.strip()
    if not guid or draft.id is not None:
        return
    draft.id = guid
    permanent = node.attributes.get("isPermaLink", node.attributes.get("ispermalink", "true"))
    if permanent.strip().lower() != "false" and _is_http(guid):
        draft.permalink = resolve(guid, node.base)


def _is_http(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://"))


def _description(draft: Draft, node: Node) -> None:
    """A second one is the text, as far as there is no other."""
    html = html_field(node.text, node.base)
    if draft.summary_html is None:
        draft.summary_html = html
    elif draft.content_html is None:
        draft.content_html, draft.twice = html, True


def _author(draft: Draft, node: Node) -> None:
    if found := person(node.text):
        draft.authors.append(found)


def _published(draft: Draft, node: Node) -> None:
    draft.published = draft.published or node.text.strip() or None


def _category(draft: Draft, node: Node) -> None:
    draft.add_category(from_rss(node.text))


def _enclosure(draft: Draft, node: Node) -> None:
    given = node.attributes
    draft.add_enclosure(resolve(given.get("url"), node.base), given, given.get("length"))


def _source(draft: Draft, node: Node) -> None:
    draft.source = Origin(from_rss(node.text) or None, resolve(node.attributes.get("url"), node.base))


ITEM: dict[str, Field] = {
    **FIELDS,
    "abstract": _description,
    "atom:author": modules.author,
    "atom:id": modules.identifier,
    "atom:link": _atom_link,
    "atom:published": modules.date,
    "atom:summary": modules.summary,
    "atom:title": modules.title,
    "atom:updated": modules.modified,
    "atom:content": modules.content,
    "author": _author,
    "body": modules.content,
    "category": _category,
    "copyright": modules.rights,
    "description": _description,
    "enclosure": _enclosure,
    "guid": _guid,
    "fullitem": modules.content,
    "link": _link,
    "managingeditor": modules.creator,
    "pubdate": _published,
    "source": _source,
    "summary": _description,
    "tags": modules.keywords,
    "title": _title,
}


def _feed_title(feed: FeedDraft, node: Node) -> None:
    feed.title = feed.title or (from_html if node.markup else from_rss)(node.text)


def _feed_link(feed: FeedDraft, node: Node) -> None:
    feed.url = resolve(node.text.strip() or node.attributes.get("href"), node.base) or feed.url


def _feed_description(feed: FeedDraft, node: Node) -> None:
    feed.description = feed.description or from_html(node.text) or None


CHANNEL: dict[str, FeedField] = {
    **FEED_FIELDS,
    "abstract": _feed_description,
    "atom:id": channel.feed_id,
    "author": channel.feed_person,
    "category": channel.feed_category,
    "copyright": channel.feed_rights,
    "description": _feed_description,
    "image": channel.feed_image,
    "language": channel.feed_language,
    "lastbuilddate": channel.feed_date,
    "link": _feed_link,
    "managingeditor": channel.feed_person,
    "pubdate": channel.feed_date,
    "title": _feed_title,
}
