"""What a page states of itself as data. In: its tree. Out: Metadata: JSON-LD first, then OpenGraph, then the markup."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from syndication.articles.extract.bylines import byline_of
from syndication.articles.extract.dates import read_instant
from syndication.articles.sanitize import one_line, plain_text, shown_url
from syndication.articles.tidy.trees import names, text_of

JSON_CHARS_MAX = 500_000
NODES_MAX = 2_000
TOLD_CHARS_MAX = 200_000

_ARTICLE_TYPES = re.compile(r"(?:\w*Article|BlogPosting|\w*NewsArticle|Report|LiveBlogPosting|Review)$")
_DATE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:date|datepublished|published|posted|posted-on|entry-date|post-date|pubdate|dateline|article-meta|entry-meta|post-meta)"
    r"(?:$|[\s_-])"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    title: str = ""
    byline: str = ""
    date: datetime | None = None
    site: str = ""
    description: str = ""
    original_publisher: str = ""
    original_link: str = ""
    date_flags: tuple[str, ...] = ()
    words: int = 0
    """How many the page says its story has; 0 when it does not say."""
    told: str = ""
    """The story's text as the page states it as data, often cut or without its headings."""
    locked: bool = False
    """The page says that it is not free to read."""


def read_metadata(page: HtmlElement, url: str) -> Metadata:
    data = _article_data(page)
    meta = _meta(page)
    site = _name(data.get("publisher")) or meta.get("og:site_name", "") or meta.get("application-name", "")
    date, flags = _date(data, meta, page)
    publisher, link = _origin(data, meta, page, url)
    title = _title(data, meta, page, site)
    return Metadata(
        title=title,
        byline=byline_of((_name(data.get("author")), _name(data.get("creator"))), meta, page, title, site),
        date=date,
        site=one_line(site, 120),
        description=_description(data, meta),
        original_publisher=publisher if publisher.casefold() != site.casefold() else "",
        original_link=link,
        date_flags=flags,
        words=_words(data),
        told=_told(data),
        locked=str(data.get("isAccessibleForFree", "")).strip().lower() in ("false", "no", "0")
        or meta.get("article:content_tier", "").lower() == "locked",
    )


def _article_data(page: HtmlElement) -> dict[str, Any]:
    """The first JSON-LD node that is an article; its references to other nodes of the page filled in."""
    nodes = [node for script in page.iter("script") for node in _json_nodes(script)][:NODES_MAX]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    for node in nodes:
        types = node.get("@type")
        if any(
            isinstance(one, str) and _ARTICLE_TYPES.match(one)
            for one in (types if isinstance(types, list) else [types])
        ):
            return {key: _resolved(value, by_id) for key, value in node.items()}
    return {}


def _json_nodes(script: HtmlElement) -> list[dict[str, Any]]:
    if "ld+json" not in script.get("type", "").lower() or not script.text or len(script.text) > JSON_CHARS_MAX:
        return []
    try:
        return list(_dicts(json.loads(script.text.strip().rstrip(";"), strict=False)))
    except (ValueError, RecursionError):
        return []


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    for _ in range(NODES_MAX):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, dict):
            yield one
            waiting += [inner for inner in one.values() if isinstance(inner, dict | list)]
        elif isinstance(one, list):
            waiting += one


def _resolved(value: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_resolved(one, by_id) for one in value[:20]]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
        return by_id.get(value["@id"], value)
    return value


def _meta(page: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in page.iter("meta"):
        key = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if key and element.get("content"):
            found.setdefault(key, " ".join(element.get("content", "").split())[:5000])
    return found


def _words(data: dict[str, Any]) -> int:
    written = data.get("wordCount")
    digits = str(written).strip() if isinstance(written, int | str) and not isinstance(written, bool) else ""
    return min(int(digits), 1_000_000) if digits.isascii() and digits.isdigit() and len(digits) < 8 else 0


def _told(data: dict[str, Any]) -> str:
    told = data.get("articleBody")
    return told[:TOLD_CHARS_MAX] if isinstance(told, str) else ""


def _name(value: Any) -> str:
    """The name, or names, of a JSON-LD person or house."""
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(name for name in map(_name, value[:10]) if name))
    if isinstance(value, dict):
        value = value.get("name")
        return _name(value) if isinstance(value, list) else _text(value)
    text = _text(value)
    return "" if re.match(r"https?://", text) else text


def _text(value: Any) -> str:
    return one_line(plain_text(value), 600) if isinstance(value, str) else ""


def _title(data: dict[str, Any], meta: dict[str, str], page: HtmlElement, site: str) -> str:
    headings = [text_of(heading) for heading in page.iter("h1") if text_of(heading)]
    stated = _text(data.get("headline")) or _text(meta.get("og:title")) or _text(data.get("name"))
    in_head = next((text_of(element) for element in page.iter("title")), "")
    # Some themes keep the h1 for the name of the house: the heading that the page's head repeats is the story's.
    repeated = "" if stated else _repeated(page, in_head)
    candidates = [one_line(_without_site(title, site)) for title in (stated, repeated, *headings, in_head) if title]
    if not candidates:
        return ""
    for heading in headings:
        # "The title | The house", where nothing names the house.
        if re.fullmatch(rf"{re.escape(one_line(heading))}\s*[|–—·»:•-]\s*[^|]{{2,60}}", candidates[0]):
            return one_line(heading)
    # Data may be cut to a search engine's liking; the heading that begins alike is the title in full.
    first = candidates[0].rstrip("….").casefold()
    longer = [
        title
        for title in candidates[1:]
        if first and title.casefold().startswith(first) and candidates[0].endswith(("…", "..."))
    ]
    return longer[0] if longer else candidates[0]


def _repeated(page: HtmlElement, in_head: str) -> str:
    """The longest heading, or line set like one, that the title in the page's head holds."""
    held = in_head.casefold()
    found = [
        text_of(element)
        for element in page.iter("h1", "h2", "h3", "b", "strong", "font", "div", "span", "td")
        if len(element) <= 1 and 8 <= len(text_of(element)) <= 250
    ]
    parts = [text for text in found if text.casefold() in held]
    whole = max(parts, key=len, default="")
    return whole if 2 * len(whole) >= len(in_head) or len(whole.split()) >= 4 else ""


def _without_site(title: str, site: str) -> str:
    found = re.fullmatch(r"(.{3,}?)\s+[|–—·»:-]\s+([^|–—·»]{2,60})", title)
    return found[1] if found and site and found[2].strip().casefold() == site.casefold() else title


def _date(data: dict[str, Any], meta: dict[str, str], page: HtmlElement) -> tuple[datetime | None, tuple[str, ...]]:
    stated = [
        _text(data.get("datePublished")),
        *(meta.get(key, "") for key in ("article:published_time", "datepublished", "date", "dc.date", "pubdate")),
    ]
    shown = [element.get("datetime", "") for element in page.iter("time") if "updated" not in names(element).split()]
    shown += [
        text_of(element)
        for element in page.iter("span", "p", "div", "time", "li")
        if _DATE_NAMES.search(names(element))
    ]
    for text in (*stated, *(text for text in shown if len(text.split()) <= 20)):
        moment, has_zone = read_instant(text) if text else (None, False)
        if moment is not None:
            return moment, () if has_zone else ("date-without-zone",)
    return None, ()


def _description(data: dict[str, Any], meta: dict[str, str]) -> str:
    told = [
        _text(data.get("description")),
        *(_text(meta.get(key)) for key in ("og:description", "description", "twitter:description")),
    ]
    return next((text for text in told if text), "")


def _origin(data: dict[str, Any], meta: dict[str, str], page: HtmlElement, url: str) -> tuple[str, str]:
    """Another house that the page's data names as the origin: the work it is based on, a canonical link elsewhere."""
    based_on = data.get("isBasedOn") or data.get("sourceOrganization")
    if isinstance(based_on, list):
        based_on = based_on[0] if based_on else None
    name = _name(based_on.get("publisher") or based_on) if isinstance(based_on, dict) else ""
    link = shown_url(_text(based_on.get("url")), url) if isinstance(based_on, dict) else ""
    link = link or (shown_url(based_on, url) if isinstance(based_on, str) else "")
    stated = meta.get("syndication-source") or meta.get("original-source") or ""
    canonical = next(
        (
            element.get("href", "")
            for element in page.iter("link")
            if "canonical" in element.get("rel", "").lower().split()
        ),
        "",
    )
    for candidate in (link, shown_url(stated, url) if stated else "", shown_url(canonical, url) if canonical else ""):
        if candidate and _host(candidate) != _host(url):
            return name, candidate
    return name, ""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
