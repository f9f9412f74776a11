"""Vocabularies that an entry of any dialect may carry: Dublin Core, content, Media RSS, iTunes, podcast, FeedBurner.

In: a draft and one child element of its entry. Out: the draft, filled in. The tables map a name to its function.
"""

from collections.abc import Callable, Iterator

from syndication.model.source import Person, Picture
from syndication.sources.draft import Draft, html_field
from syndication.sources.links import resolve
from syndication.sources.names import XML_LANG
from syndication.sources.text import from_html, from_rss, one_line, person, to_html
from syndication.sources.xml import Node

Field = Callable[[Draft, Node], None]

RESOURCE = "http://www.w3.org/1999/02/22-rdf-syntax-ns# resource"
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
_MEDIA_NODES_MAX = 500  # of one entry's media groups


def child_text(node: Node, name: str) -> str:
    """The text of the first child of that name, on one line; empty when there is none."""
    for child in node.children or ():
        if child.name == name:
            return one_line(child.text)
    return ""


def atom_person(node: Node) -> Person | None:
    name, email = child_text(node, "atom:name"), child_text(node, "atom:email")
    uri = child_text(node, "atom:uri") or child_text(node, "atom:url") or child_text(node, "atom:homepage")
    if not node.children:
        name = one_line(node.text)
    if not (name or email or uri):
        return None
    return Person(name, email or None, resolve(uri, node.base))


def creator(draft: Draft, node: Node) -> None:
    if found := person(node.text):
        draft.more_authors.append(found)


def date(draft: Draft, node: Node) -> None:
    draft.more_published = draft.more_published or node.text.strip() or None


def some_date(draft: Draft, node: Node) -> None:
    """Dublin Core's date does not say which event it dates: it stands for both where nothing else does."""
    date(draft, node)
    draft.more_updated = draft.more_updated or node.text.strip() or None


def title(draft: Draft, node: Node) -> None:
    draft.more_title = draft.more_title or from_rss(node.text)


def summary(draft: Draft, node: Node) -> None:
    draft.more_summary = draft.more_summary or html_field(node.text, node.base)


def subtitle(draft: Draft, node: Node) -> None:
    """A line for a list of episodes: it stands for a summary where nothing longer does."""
    draft.tagline = draft.tagline or html_field(to_html(node.text), node.base)


def author(draft: Draft, node: Node) -> None:
    """An author as Atom writes one, in another dialect."""
    if found := atom_person(node):
        draft.more_authors.append(found)


def identifier(draft: Draft, node: Node) -> None:
    draft.id = draft.id or node.text.strip() or None


def address_in(node: Node) -> str | None:
    return resolve(node.text.strip() or node.attributes.get(RESOURCE), node.base)


def licence(draft: Draft, node: Node) -> None:
    """The address of the licence: as text, or as the attribute that RDF has for it."""
    draft.more_rights = draft.more_rights or address_in(node)


def keywords(draft: Draft, node: Node) -> None:
    for word in node.text.split(","):
        draft.add_category(from_rss(word))


def category(draft: Draft, node: Node) -> None:
    for name in category_names(node):
        draft.add_category(name)


def category_names(node: Node) -> Iterator[str]:
    """A category, and those inside it, as iTunes nests them."""
    yield from_rss(node.attributes.get("text") or node.attributes.get("label") or node.text)
    for child in node.children or ():
        if child.name == node.name:
            yield from category_names(child)


def podcast(draft: Draft, node: Node) -> None:
    draft.add_podcast(node.name, node.attributes.get("url") or from_rss(node.text))


def modified(draft: Draft, node: Node) -> None:
    draft.updated = draft.updated or node.text.strip() or None


def subject(draft: Draft, node: Node) -> None:
    draft.add_category(from_rss(node.text))


def rights(draft: Draft, node: Node) -> None:
    draft.rights = draft.rights or from_rss(node.text) or None


def available(draft: Draft, node: Node) -> None:
    draft.available = draft.available or node.text.strip() or None


def language(draft: Draft, node: Node) -> None:
    draft.language = one_line(node.text) or draft.language


def content(draft: Draft, node: Node) -> None:
    """The whole text; a second one is taken only when it is longer, as some publishers repeat the excerpt here."""
    html = html_field(node.text, node.base)
    if html and len(html) > len(draft.content_html or ""):
        draft.content_html, draft.twice = html, False
        own_language(draft, node)


def own_language(draft: Draft, node: Node) -> None:
    """An entry is in the language that its text says of itself."""
    if XML_LANG in node.attributes:
        draft.language = node.language or draft.language


def original_link(draft: Draft, node: Node) -> None:
    draft.original_url = resolve(node.text, node.base) or draft.original_url


def itunes_author(draft: Draft, node: Node) -> None:
    if not draft.more_authors:
        creator(draft, node)


def itunes_link(draft: Draft, node: Node) -> None:
    if node.attributes.get("rel", "").strip().lower() == "image":
        itunes_image(draft, node)


def itunes_image(draft: Draft, node: Node) -> None:
    draft.add_thumbnail(resolve(node.attributes.get("href") or node.attributes.get("url"), node.base))


def media(draft: Draft, node: Node) -> None:
    """media:content, media:group or media:thumbnail: pictures with their credit and caption, other files beside."""
    for count, part in enumerate(_media_nodes(node)):
        if count == _MEDIA_NODES_MAX:
            return
        if part.name == "media:thumbnail":
            draft.add_thumbnail(resolve(part.attributes.get("url"), part.base))
        elif part.name == "media:content":
            _media_content(draft, part, node)
    for child in (node.children or ()) if node.name == "media:group" else ():
        if child.name == "media:description":
            media_description(draft, child)


def _media_nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children or ():
        yield from _media_nodes(child)


def media_description(draft: Draft, node: Node) -> None:
    """What a film or picture shows, told for the whole entry: some feeds say nothing else."""
    html = node.text if node.attributes.get("type") == "html" else to_html(node.text)
    draft.more_summary = draft.more_summary or html_field(html, node.base)


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
    "cc:license": licence,
    "cc:licence": licence,
    "content:encoded": content,
    "dc:author": creator,
    "dc:creator": creator,
    "dc:date": some_date,
    "dc:description": summary,
    "dc:language": language,
    "dc:rights": rights,
    "dc:subject": subject,
    "dc:title": title,
    "dcterms:abstract": summary,
    "dcterms:available": available,
    "dcterms:created": date,
    "dcterms:issued": date,
    "dcterms:modified": modified,
    "feedburner:origLink": original_link,
    "itunes:author": itunes_author,
    "itunes:block": podcast,
    "itunes:category": category,
    "itunes:duration": podcast,
    "itunes:episode": podcast,
    "itunes:episodeType": podcast,
    "itunes:explicit": podcast,
    "itunes:image": itunes_image,
    "itunes:keywords": keywords,
    "itunes:link": itunes_link,
    "itunes:order": podcast,
    "itunes:season": podcast,
    "itunes:subtitle": subtitle,
    "itunes:summary": summary,
    "podcast:chapters": podcast,
    "podcast:episode": podcast,
    "podcast:license": podcast,
    "podcast:person": podcast,
    "podcast:season": podcast,
    "podcast:transcript": podcast,
    "media:category": category,
    "media:content": media,
    "media:description": media_description,
    "media:group": media,
    "media:keywords": keywords,
    "media:thumbnail": media,
    "prism:embargoDate": available,
    "xhtml:body": content,
    "xhtml:div": content,
}
