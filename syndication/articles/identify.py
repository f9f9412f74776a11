"""Who an article is. In: a link, an entry, an article. Out: canonical URL, identity in its source, fingerprint.

An identity is for life, so it hangs on what publishers change least: the id without scheme and host case, else the
link, else title and day. It says nothing across sources: (source, guid) is the key (PAR-07).
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import orjson

from syndication.articles.sanitize import clean_text, is_usual, one_line, plain_text, web_url
from syndication.model.article import Article
from syndication.model.rights import Terms
from syndication.model.source import Entry

GUID_CHARS_MAX = 500

_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_[ce]id|mkt_tok|"
    r"_hs(?:enc|mi)|vero_(?:id|conv)|oly_(?:enc|anon)_id|wickedid|rb_clickid|s_cid|ncid|cmpid|ocid|at_\w+|pk_\w+|"
    r"piwik_\w+|matomo_\w+|mtm_\w+|ga_(?:source|medium|campaign|term|content)|xtor|__twitter_impression|spm|_ga)",
    re.I,
)
_PLAIN_PATH = re.compile(r"https?://[a-z0-9.-]+(?:/[^/?#%.][^/?#%]*)*/?")
"""Of a link that has nothing to take off: no query, fragment, escape, or segment that begins with a dot."""
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str, base: str = "") -> str:
    """The one spelling of a link: no tracking parameters, fragment or default port. "" when it is no web link."""
    if _PLAIN_PATH.fullmatch(url) and is_usual(url):
        return url
    spelt = web_url(url, base)
    if not spelt:
        return ""
    parts = urlsplit(spelt)
    port = parts.port
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
    shown_port = f":{port}" if port is not None and port != _DEFAULT_PORTS[parts.scheme] else ""
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair.partition("=")[0])
    )
    path = _PERCENT.sub(_fewest_escapes, _without_dots(parts.path))
    return f"{parts.scheme}://{host}{shown_port}{path}" + (f"?{_PERCENT.sub(_fewest_escapes, query)}" if query else "")


def is_nameless(entry: Entry) -> bool:
    """Whether there is nothing to tell it by and nothing to read."""
    return not (entry.id or entry.url or entry.title or entry.summary_html or entry.content_html)


def guid_for(entry: Entry) -> str:
    """Identity of an entry inside its source: never empty, at most GUID_CHARS_MAX characters."""
    written = _squeezed(entry.id or "")
    if written:
        return _capped(_without_scheme(written))
    link = canonical_url(entry.url or "")
    if link:
        return _capped(_without_scheme(link))
    title = one_line(entry.title).casefold()
    moment = entry.published or entry.updated
    day = f"{moment:%Y-%m-%d}" if moment else "undated"
    if title:
        return _capped(f"title:{day}:{title}")
    words = " ".join(plain_text(entry.content_html or entry.summary_html or "").split())
    return f"text:{_digest(words)}"


def distinguish(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The same entries; an id that one document gives to several links is no id, so it is taken off them (PAR-07)."""
    guids = [guid_for(entry) for entry in entries]
    if len(set(guids)) == len(guids):
        return tuple(entries)
    links = defaultdict(set)
    for entry, guid in zip(entries, guids, strict=True):
        if entry.id:
            links[guid].add(canonical_url(entry.url or ""))
    return tuple(
        replace(entry, id=None) if entry.id and entry.url and len(links[guid]) > 1 else entry
        for entry, guid in zip(entries, guids, strict=True)
    )


def fingerprint(article: Article) -> str:
    """blake2b of what a reader would see of `article`. Dates, flags and what was removed are no part of it."""
    seen: list[Any] = [article.title, article.byline, article.publisher, article.publisher_url, article.url]
    seen += [article.excerpt, article.body, article.language, article.rights_note]
    seen += [[figure.src, figure.caption, figure.credit, figure.alt] for figure in article.figures]
    seen += [[link.title, link.url] for link in article.related]
    if article.terms != Terms():  # an item without any keeps the fingerprint that it always had
        seen += [article.terms.licence, str(article.terms.embargo_until)]
    try:
        written = orjson.dumps(seen)  # the very bytes that the slower one would write
    except TypeError:  # half of a surrogate pair
        written = json.dumps(seen, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return hashlib.blake2b(written, digest_size=16).hexdigest()


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _squeezed(text: str) -> str:
    return " ".join(clean_text(text).split())


def _capped(guid: str) -> str:
    if len(guid) <= GUID_CHARS_MAX:
        return guid
    return f"{guid[: GUID_CHARS_MAX - 33]}~{_digest(guid)}"


def _without_scheme(text: str) -> str:
    """A move to https, or to another case of the host, is no new article. What is no URL stays as it is."""
    found = re.fullmatch(r"https?://([^/?#]*)(.*)", text, re.I | re.S)
    return found[1].lower() + found[2] if found else text


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4. Joining takes the dots out of relative links, but not of absolute ones."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _fewest_escapes(found: re.Match[str]) -> str:
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in unquote_to_bytes(found[0]))


def latest(articles: Iterable[Article]) -> tuple[Article, ...]:
    """One article for each guid, in the order first met: the newest by the partner's own date, else the first met."""
    chosen: dict[str, Article] = {}
    for article in articles:
        known = chosen.get(article.guid)
        if known is None or _dated(article) > _dated(known):
            chosen[article.guid] = article
    return tuple(chosen.values())


def _dated(article: Article) -> float:
    return (article.updated_at or article.published_at).timestamp()
