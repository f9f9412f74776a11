"""Posts as WordPress' REST interface lists them -> a ParsedFeed, for a site whose feed is switched off. Pure.

A post's guid is the one that the site's RSS would carry, so nothing comes twice when a source goes from one to the
other. A post behind a password has no text here and is listed without.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from syndication.errors import ParseError
from syndication.model.source import ParsedFeed, Person, Picture, SetAside
from syndication.sources.draft import LIST_MAX, Draft, FeedDraft, html_field
from syndication.sources.limits import ENTRIES_MAX, SET_ASIDE_BYTES_MAX, SET_ASIDE_MAX
from syndication.sources.links import resolve
from syndication.sources.text import from_html, one_line, scrub

DIALECT = "wordpress rest"
DEPTH_MAX = 6


def read(top: list[Any], url: str) -> ParsedFeed:
    """Raises ParseError for a list that is none of posts."""
    if not any(_is_post(post) for post in top):
        raise ParseError("the document is not a feed", why="its JSON is a list, and none of WordPress' posts")
    if len(top) > ENTRIES_MAX:
        raise ParseError("the document is refused", why=f"it has more than {ENTRIES_MAX} entries")
    drafts: list[Draft] = []
    aside: list[SetAside] = []
    for position, post in enumerate(top):
        if _is_post(post):
            drafts.append(_post(post, url))
        elif len(aside) < SET_ASIDE_MAX:
            data = json.dumps(post)[:SET_ASIDE_BYTES_MAX].encode()
            aside.append(SetAside(position, "it is no post", data))
    home = url.partition("/wp-json/")[0] + "/" if "/wp-json/" in url else url.partition("?")[0]
    name = (urlsplit(url).hostname or "").removeprefix("www.")
    return FeedDraft(dialect=DIALECT, title=name, url=resolve(home, url)).feed(drafts, aside, inherit=False)


def _is_post(post: object) -> bool:
    return isinstance(post, dict) and isinstance(post.get("title"), dict) and isinstance(post.get("link"), str)


def _post(post: dict[str, Any], url: str) -> Draft:
    draft = Draft()
    draft.id = scrub(_rendered(post, "guid")).strip() or None
    draft.url = resolve(scrub(post["link"]), url)
    draft.title = from_html(scrub(_rendered(post, "title")))
    base = draft.url or url
    draft.content_html = html_field(scrub(_rendered(post, "content")), base)
    draft.summary_html = html_field(scrub(_rendered(post, "excerpt")), base)
    draft.published = _utc(post, "date_gmt")
    draft.updated = _utc(post, "modified_gmt")
    embedded = post.get("_embedded")
    if isinstance(embedded, dict):
        draft.authors = [Person(name) for name in _names(embedded.get("author"))][:LIST_MAX]
        for name in _names(embedded.get("wp:term")):
            draft.add_category(name)
        for picture in _dicts(embedded.get("wp:featuredmedia")):
            address = resolve(_text(picture, "source_url"), url)
            if address:
                draft.add_picture(Picture(address, caption=from_html(scrub(_rendered(picture, "caption"))) or None))
    return draft


def _rendered(of: dict[str, Any], key: str) -> str:
    value = of.get(key)
    if not isinstance(value, dict) or value.get("protected") is True:
        return ""
    return _text(value, "rendered")


def _text(of: dict[str, Any], key: str) -> str:
    value = of.get(key)
    return value if isinstance(value, str) else ""


def _utc(post: dict[str, Any], key: str) -> str | None:
    """WordPress writes its GMT dates without a zone."""
    moment = _text(post, key).strip()
    return f"{moment}Z" if moment and not moment.startswith("0000") else None


def _names(value: object) -> list[str]:
    names = (one_line(from_html(scrub(_text(one, "name")))) for one in _dicts(value))
    return [name for name in names if name]


def _dicts(value: object, depth: int = 0) -> list[dict[str, Any]]:
    """The objects in a list, or in lists in it: terms come as a list for each taxonomy."""
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list) or depth > DEPTH_MAX:
        return []
    return [found for one in value[:LIST_MAX] for found in _dicts(one, depth + 1)]
