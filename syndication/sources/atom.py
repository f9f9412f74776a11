"""Atom 1.0 (RFC 4287), and 0.3 with the same hands: an entry or feed as expat read it -> a draft. Pure.

A text construct says what it is: text is escaped where HTML is wanted, HTML is stripped where text is wanted.
"""

import re
from base64 import b64decode
from html import unescape

from syndication.model.source import Origin
from syndication.sources import channel, modules
from syndication.sources.channel import FEED_FIELDS, FeedField
from syndication.sources.draft import Draft, FeedDraft, html_field
from syndication.sources.links import resolve
from syndication.sources.modules import FIELDS, Field, atom_person, child_text
from syndication.sources.names import XML_LANG
from syndication.sources.text import from_html, one_line, scrub, to_html
from syndication.sources.xml import Node

XHTML = frozenset(("xhtml", "application/xhtml+xml"))
HTML = XHTML | {"html", "text/html"}
TEXT = frozenset(("text", "text/plain"))
_DIV = re.compile(r"\s*<div(?:\s[^>]*)?>(.*)</div>\s*", re.DOTALL)


def entry(node: Node) -> Draft:
    draft = Draft(node.language)
    for child in node.children or ():
        handle = ENTRY.get(child.name)
        if handle:
            handle(draft, child)
    if draft.content_html is not None and draft.content_html == draft.summary_html:
        draft.summary_html = None
    return draft


def feed(root: Node) -> FeedDraft:
    version = root.attributes.get("version", "")[:8]
    draft = FeedDraft(f"atom {version}" if version else "atom 1.0", language=root.language)
    for child in root.children or ():
        handle = FEED.get(child.name)
        if handle:
            handle(draft, child)
    return draft


def plain(node: Node) -> str:
    """A text construct as one line of plain text."""
    kind, text = _type(node), _text(node)
    if node.markup or kind in HTML or (kind not in TEXT and "<" in text):
        return from_html(text)
    return one_line(text)


def html(node: Node) -> str:
    """A text construct, or atom:content, as HTML. Empty for content of a kind that is not read here, say a picture."""
    kind, text = _type(node), _text(node)
    if node.markup:
        found = _DIV.fullmatch(text)
        if found and kind == "xhtml":
            return found[1]
        if found and kind == "html" and "<" not in found[1]:
            return unescape(found[1])  # escaped as it should be, and a div put around it as it should not
        return text
    if kind in HTML:
        return text
    if kind in TEXT or _is_base64(node):
        return text if kind not in TEXT and "<" in text else to_html(text)
    return ""


def _text(node: Node) -> str:
    return _unpacked(node.text) if _is_base64(node) else node.text


def _is_base64(node: Node) -> bool:
    """Atom 0.3 says so; in 1.0 whatever is neither text nor XML is (RFC 4287, section 4.1.3.3)."""
    kind = node.attributes.get("type", "").strip().lower()
    xml = kind.endswith(("+xml", "/xml")) or kind.startswith("text/")
    return not node.markup and (node.attributes.get("mode") == "base64" or ("/" in kind and not xml))


def _unpacked(text: str) -> str:
    """The text that was packed, or nothing when it is none."""
    try:
        return scrub(b64decode("".join(text.split()), validate=True).decode())
    except ValueError:
        return ""


def _type(node: Node) -> str:
    if node.attributes.get("mode") == "base64" and "<" in _unpacked(node.text):
        return node.attributes.get("type", "html").strip().lower()  # nobody packs plain text
    if node.attributes.get("mode") == "escaped" and node.attributes.get("type", "text/html") != "text/plain":
        return "html"  # Atom 0.3
    return node.attributes.get("type", "text").strip().lower()


def _title(draft: Draft, node: Node) -> None:
    _say_language(draft, node)
    draft.title = draft.title or plain(node)


def _say_language(draft: Draft, node: Node) -> None:
    if XML_LANG in node.attributes:
        draft.more_language = draft.more_language or node.language


def _id(draft: Draft, node: Node) -> None:
    draft.id = draft.id or node.text.strip() or None
    if draft.id and draft.id.startswith(("http://", "https://")):
        draft.guess = resolve(draft.id, node.base)


def _link(draft: Draft, node: Node) -> None:
    given = node.attributes
    rel = given.get("rel", "alternate").strip().lower()
    if rel == "enclosure":
        draft.add_enclosure(resolve(given.get("href"), node.base), given, given.get("length"))
    elif rel in ("alternate", "http://www.iana.org/assignments/relation/alternate"):
        _alternate(draft, resolve(given.get("href"), node.base), page=given.get("type") == "text/html")
    elif rel == "license":
        draft.more_rights = draft.more_rights or resolve(given.get("href"), node.base)


def _alternate(draft: Draft, url: str | None, *, page: bool) -> None:
    """Several are variants of one entry (RFC 4287, section 4.2.7): a page for people goes before other types."""
    if page and draft.original_url is None:
        draft.original_url = url
    draft.url = draft.url or url


def _summary(draft: Draft, node: Node) -> None:
    _say_language(draft, node)
    draft.summary_html = draft.summary_html or html_field(html(node), node.base)


def _content(draft: Draft, node: Node) -> None:
    if "src" in node.attributes:
        draft.permalink = draft.permalink or resolve(node.attributes["src"], node.base)
        return
    text = html_field(html(node), node.base)
    if text and len(text) > len(draft.content_html or ""):
        draft.content_html = text
        modules.own_language(draft, node)


def _author(draft: Draft, node: Node) -> None:
    if found := atom_person(node):
        draft.authors.append(found)


def _category(draft: Draft, node: Node) -> None:
    draft.add_category(node.attributes.get("label") or node.attributes.get("term") or node.text)


def _published(draft: Draft, node: Node) -> None:
    """With two of them the last word counts, as with `updated`; Atom 0.3's own name only where there is no other."""
    if node.name == "atom:issued":
        draft.more_published = node.text.strip() or draft.more_published
    else:
        draft.published = node.text.strip() or draft.published


def _updated(draft: Draft, node: Node) -> None:
    draft.updated = node.text.strip() or draft.updated


def _rights(draft: Draft, node: Node) -> None:
    draft.rights = draft.rights or plain(node) or None


def _source(draft: Draft, node: Node) -> None:
    inner = feed(node)
    draft.source = Origin(inner.title or None, inner.url or inner.self_url, child_text(node, "atom:id") or None)
    draft.more_authors = inner.authors or draft.more_authors
    draft.source_rights = inner.rights or draft.source_rights
    draft.language = draft.language or inner.language


ENTRY: dict[str, Field] = {
    **FIELDS,
    "atom:author": _author,
    "atom:category": _category,
    "atom:content": _content,
    "atom:copyright": _rights,
    "atom:created": modules.date,
    "atom:id": _id,
    "atom:issued": _published,
    "atom:link": _link,
    "atom:modified": modules.modified,
    "atom:published": _published,
    "atom:rights": _rights,
    "atom:source": _source,
    "atom:summary": _summary,
    "atom:title": _title,
    "atom:updated": _updated,
}


def _feed_title(draft: FeedDraft, node: Node) -> None:
    draft.title = draft.title or plain(node)


def _feed_description(draft: FeedDraft, node: Node) -> None:
    draft.description = draft.description or plain(node) or None


def _feed_info(draft: FeedDraft, node: Node) -> None:
    draft.more_description = draft.more_description or plain(node) or None


def _feed_category(draft: FeedDraft, node: Node) -> None:
    draft.add_category(node.attributes.get("label") or node.attributes.get("term") or node.text)


def _feed_author(draft: FeedDraft, node: Node) -> None:
    if found := atom_person(node):
        draft.authors.append(found)


def _feed_rights(draft: FeedDraft, node: Node) -> None:
    draft.rights = draft.rights or plain(node) or None


def _feed_icon(draft: FeedDraft, node: Node) -> None:
    """A square of a few points: it counts when there is no logo."""
    draft.icon = draft.icon or resolve(node.text, node.base)


FEED: dict[str, FeedField] = {
    **FEED_FIELDS,
    "atom:author": _feed_author,
    "atom:category": _feed_category,
    "atom:copyright": _feed_rights,
    "atom:icon": _feed_icon,
    "atom:id": channel.feed_id,
    "atom:info": _feed_info,
    "atom:logo": channel.feed_image,
    "atom:modified": channel.feed_date,
    "atom:rights": _feed_rights,
    "atom:subtitle": _feed_description,
    "atom:tagline": _feed_description,
    "atom:title": _feed_title,
    "atom:updated": channel.feed_date,
}
