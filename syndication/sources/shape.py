"""What an address looks like: that of an article, or of something else on a site. In: addresses. Pure."""

import re
from urllib.parse import urlsplit

_DATE = re.compile(
    r"/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])(?:/(?:0?[1-9]|[12]\d|3[01]))?/[^/]+|(?:^|[/_-])20\d{6}(?:[/_-]|$)"
)
_SLUG_WORDS_MIN = 3
_NUMBER = re.compile(r"(?:^|[-_/.])\d{4,}(?:[-_/.]|$)|[?&](?:p|id|article|story|artikel|nid)=\d+", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"(?:^|/)(?:tag|tags|category|categories|author|authors|page|search|login|signin|sign-in|register|account|subscribe|"
    r"newsletter|newsletters|contact|about|privacy|terms|imprint|impressum|cart|shop|jobs|feed|rss|archive|topics?|"
    r"sections?|wp-content|wp-login\.php|wp-admin|cdn-cgi)(?:/|$)",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|pdf|zip|gz|mp[34]|m4a|webm|xml|json|rss|atom|css|js|ics|docx?|xlsx?|pptx?)$",
    re.I,
)


def same_site(url: str, other: str) -> bool:
    """Whether one house stands behind both: the same host, or a part of it, with or without `www.`."""
    one, two = _host(url), _host(other)
    return bool(one) and (one == two or one.endswith(f".{two}") or two.endswith(f".{one}"))


def is_elsewhere(url: str) -> bool:
    """Surely no article: a front page, a file, a list by tag or author, a form."""
    parts = urlsplit(url)
    if parts.path in ("", "/") and not _NUMBER.search(f"?{parts.query}"):
        return True
    return bool(_FILE.search(parts.path) or _ELSEWHERE.search(parts.path))


def article_like(url: str) -> bool:
    """A date in the path, a slug of some words, or a number: what sites give their articles."""
    if is_elsewhere(url):
        return False
    parts = urlsplit(url)
    path = re.sub(r"\.(?:html?|php|aspx?)$", "", parts.path.rstrip("/"), flags=re.IGNORECASE)
    last = path.rpartition("/")[2]
    words = [word for word in re.split(r"[-_+]|%20", last) if word]
    return bool(
        _DATE.search(path) or len(words) >= _SLUG_WORDS_MIN or _NUMBER.search(path) or _NUMBER.search(f"?{parts.query}")
    )


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")
