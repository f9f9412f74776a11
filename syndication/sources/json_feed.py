"""JSON Feed 1.1 and 1.0 -> a ParsedFeed. Bounded by depth and by the length of numbers. Pure.

The document is refused for what no two readers would read alike: NaN, numbers out of all measure, a key given twice at
the top. The same inside an item sets that item aside.
"""

import json
from collections.abc import Iterable
from typing import Any

from syndication.errors import ParseError
from syndication.model.source import Origin, ParsedFeed, Person, Picture, SetAside
from syndication.sources.draft import LIST_MAX, Draft, FeedDraft, html_field
from syndication.sources.limits import ENTRIES_MAX, SET_ASIDE_BYTES_MAX, SET_ASIDE_MAX
from syndication.sources.links import resolve
from syndication.sources.text import from_html, one_line, scrub, to_html

DEPTH_MAX = 64
DIGITS_MAX = 32


class _Doubled(dict[str, Any]):
    """An object in which a key stands twice."""


def read(top: object, url: str) -> ParsedFeed:
    """`top` as `load` gave it. Raises ParseError."""
    if not isinstance(top, dict):
        raise ParseError("the document is not a feed", why="its JSON is no object")
    version = top.get("version")
    if not isinstance(version, str) or "jsonfeed.org/version/" not in version:
        raise ParseError("the document is not a feed", why="its JSON has no 'version' of jsonfeed.org")
    if isinstance(top, _Doubled):
        raise ParseError("the document is refused", why="a key stands in it twice")
    items = top.get("items")
    if not isinstance(items, list):
        raise ParseError("the document is not a feed", why="its JSON has no list of 'items'")
    if len(items) > ENTRIES_MAX:
        raise ParseError("the document is refused", why=f"it has more than {ENTRIES_MAX} entries")
    drafts, set_aside = _items(items, url)
    return _feed(top, version, url).feed(drafts, set_aside, inherit=True)


def load(text: str) -> Any:
    """JSON of any kind, within bounds. Raises ParseError."""
    try:
        # Raw control characters in strings are let in here and scrubbed with all others.
        top = json.loads(
            text,
            strict=False,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
    except ValueError as error:
        raise ParseError("the document cannot be read", why=f"its JSON is broken: {error}") from error
    except RecursionError as error:
        raise ParseError("the document is refused", why=f"it is nested deeper than {DEPTH_MAX}") from error
    _measure_depth(top)
    return top


def _measure_depth(top: object) -> None:
    level, depth = [top], 0
    while level := [inner for outer in level for inner in _inside(outer)]:
        depth += 1
        if depth > DEPTH_MAX:
            raise ParseError("the document is refused", why=f"it is nested deeper than {DEPTH_MAX}")


def _inside(value: object) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [part for part in inner if isinstance(part, dict | list)]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Doubled(found)


def _integer(digits: str) -> int:
    if len(digits) > DIGITS_MAX:
        raise ParseError("the document is refused", why=f"it has a number of {len(digits)} digits")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if len(digits) > 2 * DIGITS_MAX or number in (float("inf"), float("-inf")):
        raise ParseError("the document is refused", why="it has a number out of all measure")
    return number


def _constant(word: str) -> None:
    raise ParseError("the document is refused", why=f"it has {word} for a number, which JSON has not")


def _items(items: Iterable[object], url: str) -> tuple[list[Draft], list[SetAside]]:
    drafts: list[Draft] = []
    aside: list[SetAside] = []
    for position, item in enumerate(items):
        fault = _fault(item)
        if fault is None and isinstance(item, dict):
            draft = _item(item, url)
            if not draft.is_empty():
                drafts.append(draft)
                continue
            fault = "it has neither id, link, title nor text"
        if len(aside) == SET_ASIDE_MAX:
            raise ParseError("the document cannot be read", why=f"more than {SET_ASIDE_MAX} of its entries are broken")
        data = json.dumps(item)[:SET_ASIDE_BYTES_MAX].encode()
        aside.append(SetAside(position, fault or "it is no object", data))
    return drafts, aside


def _fault(item: object) -> str | None:
    if not isinstance(item, dict):
        return "it is no object"
    parts = [item, item.get("author"), *_list(item, "authors"), *_list(item, "attachments")]
    return "a key stands in it twice" if any(isinstance(part, _Doubled) for part in parts) else None


def _item(item: dict[str, Any], url: str) -> Draft:
    draft = Draft(language=_line(item, "language") or None)
    draft.id = _identity(item.get("id"))
    draft.url = resolve(_string(item, "url"), url) or resolve(_string(item, "external_url"), url)
    draft.title = _line(item, "title")
    draft.content_html = (
        html_field(_string(item, "content_html"), url) or to_html(_string(item, "content_text")) or None
    )
    draft.summary_html = to_html(_string(item, "summary")) or None
    draft.authors = _people(item, url)
    draft.published = _string(item, "date_published").strip() or None
    draft.updated = _string(item, "date_modified").strip() or None
    for tag in _list(item, "tags"):
        if isinstance(tag, str):
            draft.add_category(scrub(tag))
    pictures = (resolve(_string(item, name), url) for name in ("image", "banner_image"))
    draft.pictures = [Picture(picture) for picture in dict.fromkeys(pictures) if picture]
    for attachment in _list(item, "attachments"):
        if isinstance(attachment, dict):
            given = {"type": _line(attachment, "mime_type"), "title": _line(attachment, "title")}
            length = attachment.get("size_in_bytes")
            draft.add_enclosure(resolve(_string(attachment, "url"), url), given, _length(length))
    if isinstance(extension := item.get("_syndication"), dict):
        _extend(draft, extension, url)
    return draft


def _extend(draft: Draft, extension: dict[str, Any], url: str) -> None:
    """What a house like ours says in its extension, as our own feeds have it."""
    draft.original_url = resolve(_string(extension, "canonical_url"), url)
    draft.rights = _line(extension, "rights") or None
    if isinstance(source := extension.get("source"), dict):
        draft.source = Origin(_line(source, "title") or None, resolve(_string(source, "url"), url))
    figures = [figure for figure in _list(extension, "figures")[:LIST_MAX] if isinstance(figure, dict)]
    told = [(resolve(_string(figure, "url"), url), figure) for figure in figures]
    named = [Picture(at, _line(of, "credit") or None, _line(of, "caption") or None) for at, of in told if at]
    draft.pictures = named or draft.pictures


def _feed(top: dict[str, Any], version: str, url: str) -> FeedDraft:
    number = version.rpartition("/")[2][:8]
    hubs = [resolve(_string(hub, "url"), url) for hub in _list(top, "hubs") if isinstance(hub, dict)]
    return FeedDraft(
        dialect=f"json feed {scrub(number)}".rstrip(),
        title=_line(top, "title"),
        url=resolve(_string(top, "home_page_url"), url),
        description=from_html(_string(top, "description")) or None,
        language=_line(top, "language") or None,
        authors=_people(top, url),
        hubs=[hub for hub in hubs if hub],
        self_url=resolve(_string(top, "feed_url"), url),
    )


def _people(of: dict[str, Any], url: str) -> list[Person]:
    """`authors` of 1.1, or the one `author` of 1.0."""
    named = [author for author in _list(of, "authors") or [of.get("author")] if isinstance(author, dict)]
    found = [(_line(author, "name"), resolve(_string(author, "url"), url)) for author in named[:LIST_MAX]]
    return [Person(name or address or "", url=address) for name, address in found if name or address]


def _identity(value: object) -> str | None:
    """An id is a string; a number is taken for one, as the specification asks."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return scrub(value).strip() or None if isinstance(value, str) else None


def _length(value: object) -> str | None:
    return str(int(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _string(of: dict[str, Any], key: str) -> str:
    value = of.get(key)
    return scrub(value) if isinstance(value, str) else ""


def _line(of: dict[str, Any], key: str) -> str:
    return one_line(_string(of, key))


def _list(of: dict[str, Any], key: str) -> list[Any]:
    value = of.get(key)
    return value if isinstance(value, list) else []
