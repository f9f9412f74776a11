"""A web page -> the feeds it names, and where else to look. In: a Document, an address. Out: addresses. Pure.

What a page says of itself goes first (its link tags, its Link header, RFC 8288), then links that look like feeds, then
the places where feeds usually lie. Nothing here is fetched, and nothing found is believed before it has been read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from urllib.parse import urljoin, urlsplit

from syndication.errors import ParseError
from syndication.model.source import Document, ParsedFeed
from syndication.patterns import possessive
from syndication.sources.charset import to_utf8
from syndication.sources.links import resolve
from syndication.sources.sniff import LOOK_BYTES, Kind, kind_of
from syndication.sources.text import from_html

LINKS_MAX = 10
"""Feeds of one page that are looked at."""
PAGE_BYTES_MAX = 4 * 1024 * 1024
FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
) | frozenset(("application/xml", "text/xml", "application/x-rss+xml"))
USUAL_PLACES = (
    "feed/", "rss.xml", "atom.xml", "feed.xml", "index.xml", "rss", "feed.json", "rss/", "?feed=rss2",
    "feeds/posts/default",
)  # fmt: skip
WORDPRESS = "https://api.w.org/"
"""The relation by which a WordPress site names its REST interface."""
POSTS = "wp/v2/posts"
POSTS_QUERY = "per_page=20&_embed=author,wp:term,wp:featuredmedia"

TAGS_MAX = 5_000
TAG_CHARACTERS_MAX = 2_048

_SILENT = re.compile(r"<(?:!--|(script|style|template)\b)", re.IGNORECASE)
_START = re.compile(r"<(?:link|a|base)\s", re.IGNORECASE)
_TAG = possessive(r"<(\w+)\s((?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>")
_ATTRIBUTE = possessive(r"(?<![a-zA-Z:-])([a-zA-Z:-]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>=`]+))")
_TITLE = re.compile(r"<title[^<>]*>([^<]{0,2000})", re.IGNORECASE)
_LOOKS_LIKE_A_FEED = re.compile(
    r"(?:^|/)(?:feed|rss|atom)(?:/|\.xml|\.json|\.php)?$|\.(?:rss|atom|rdf)$|/(?:feeds?|rss)/[^/]+\.xml$", re.IGNORECASE
)
_COMMENTS = re.compile(r"comments?\b", re.IGNORECASE)
_LINK_VALUE = re.compile(r"<([^<>]*)>((?:\s*;\s*[a-zA-Z*-]+\s*=\s*(?:\"[^\"]*\"|[^\s\",;]+))*)")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says about feeds: addresses, the likeliest first; its title; where its WordPress REST lies."""

    feeds: tuple[str, ...] = ()
    title: str = ""
    wordpress: str | None = None


def is_page(document: Document) -> bool:
    """A web page rather than a feed, by its first bytes."""
    try:
        return kind_of(to_utf8(document.data[:LOOK_BYTES], document.content_type).utf8) is Kind.WEB_PAGE
    except ParseError:
        return False


def read_page(document: Document, link_headers: tuple[str, ...] = ()) -> Page:
    """Never raises: a page that cannot be read names no feed."""
    try:
        html = to_utf8(document.data[:PAGE_BYTES_MAX], document.content_type).utf8.decode()
    except ParseError:
        return Page()
    html = _spoken(html)
    title = _TITLE.search(html)
    named, anchors, wordpress = _links(html, document.url)
    for header in link_headers:
        for address, parameters in _header(header, document.url):
            named += [address] if _is_feed_link(parameters) else []
            wordpress = wordpress or (address if parameters.get("rel") == WORDPRESS else None)
    ordered = sorted(dict.fromkeys(named), key=lambda url: bool(_COMMENTS.search(urlsplit(url).path)))
    return Page(
        feeds=tuple(dict.fromkeys([*ordered, *anchors]))[:LINKS_MAX],
        title=from_html(title[1]) if title else "",
        wordpress=wordpress,
    )


def places(url: str) -> tuple[str, ...]:
    """Where a feed usually lies: beside the page, then at the top of its host."""
    here, top = urljoin(url, "./"), urljoin(url, "/")
    return tuple(dict.fromkeys(urljoin(base, place) for base in (here, top) for place in USUAL_PLACES))


def rest_places(url: str, named: str | None = None) -> tuple[str, ...]:
    """Where a WordPress site lists its posts as JSON; `named` is what it says itself."""
    roots = [named] if named else [urljoin(url, "wp-json/"), urljoin(url, "/wp-json/")]
    return tuple(dict.fromkeys(_posts(root) for root in roots))


def posts_address(url: str) -> str:
    """Where the posts of a WordPress site are, whether `url` is the site, its REST root or the posts themselves."""
    if POSTS in url:
        return url if "?" in url else f"{url}?{POSTS_QUERY}"
    if "/wp-json" in url or "rest_route=" in url:
        return _posts(url)
    return rest_places(url)[0]


def addresses(typed: str) -> tuple[str, ...]:
    """What a person may mean by an address: as it is, or with the scheme that was left out."""
    typed = typed.strip()
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d)", typed):
        return (typed,)
    return f"https://{typed}", f"http://{typed}"


def address_key(url: str) -> str:
    """Two addresses with one key are one feed to a person: scheme, `www.`, case of the host, a last slash are none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    at = f":{port}" if port not in (None, 80, 443) else ""
    return f"{host}{at}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")


def own_output(url: str, base_url: str, feed: ParsedFeed | None = None) -> str:
    """Why collecting it would feed us what we publish ourselves; empty when it would not (COL-18)."""
    if is_ours(url, base_url):
        return "it is published by this very service"
    if feed is None:
        return ""
    for named, what in ((feed.self_url, "its own address"), (feed.url, "its home page")):
        if named and is_ours(named, base_url):
            return f"it names {named} as {what}, which is published by this very service"
    origins = [(entry.source.url or entry.source.id or "") if entry.source else "" for entry in feed.entries]
    ours = sum(is_ours(origin, base_url) for origin in origins)
    return f"{ours} of its {len(origins)} entries name this very service as their source" if ours else ""


def is_ours(url: str, base_url: str) -> bool:
    key, base = address_key(url), address_key(base_url)
    return key == base or key.startswith((f"{base}/", f"{base}?"))


def _links(html: str, url: str) -> tuple[list[str], list[str], str | None]:
    base: str | None = None
    named: list[str] = []
    anchors: list[str] = []
    wordpress: str | None = None
    for tag, inside in _tags(html):
        given = {name.lower(): unescape(a or b or c).strip() for name, a, b, c in _ATTRIBUTE.findall(inside)}
        address = resolve(given.get("href"), base or url)
        if address is None:
            continue
        if tag.lower() == "base":
            base = base or address
        elif tag.lower() == "link":
            named += [address] if _is_feed_link(given) else []
            wordpress = wordpress or (address if given.get("rel") == WORDPRESS else None)
        elif len(anchors) < LINKS_MAX and _LOOKS_LIKE_A_FEED.search(urlsplit(address).path):
            anchors.append(address)
    return named, anchors, wordpress


def _tags(html: str) -> Iterator[tuple[str, str]]:
    """Tags that may hold a link, and what stands in them. Each is looked at in a window, so time stays linear."""
    for start in islice(_START.finditer(html), TAGS_MAX):
        tag = _TAG.match(html[start.start() : start.start() + TAG_CHARACTERS_MAX])
        if tag:
            yield tag[1], tag[2]


def _spoken(html: str) -> str:
    """Without comments, scripts, styles and templates; one that does not end hides the rest."""
    parts, position, low = [], 0, html.lower()
    while found := _SILENT.search(html, position):
        parts.append(html[position : found.start()])
        end = f"</{found[1].lower()}" if found[1] else "-->"
        position = low.find(end, found.end())
        if position < 0:
            return "".join(parts)
        position += len(end)
    return "".join((*parts, html[position:]))


def _is_feed_link(given: dict[str, str]) -> bool:
    rels = given.get("rel", "").lower().split()
    type = given.get("type", "").partition(";")[0].strip().lower()
    return ("alternate" in rels and "stylesheet" not in rels and type in FEED_TYPES) or "feed" in rels


def _header(header: str, url: str) -> list[tuple[str, dict[str, str]]]:
    found = []
    for reference, inside in _LINK_VALUE.findall(header[:8192]):
        address = resolve(reference, url)
        if address:
            found.append((address, {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(inside)}))
    return found


def _posts(root: str) -> str:
    """The address of the posts under a REST root, also for a site without pretty addresses (`/?rest_route=/`)."""
    if "rest_route=" in root:
        return f"{root.rstrip('/')}/{POSTS}&{POSTS_QUERY}"
    return f"{root.rstrip('/')}/{POSTS}?{POSTS_QUERY}"
