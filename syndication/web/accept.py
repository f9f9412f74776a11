"""Which form of a feed a request asks for: `Accept`, `Accept-Encoding` (RFC 9110, sections 12.5.1 and 3). Pure."""

from collections.abc import Mapping
from functools import lru_cache

from syndication.model.feed import Coding, FeedFormat

HTML = "html"
Form = FeedFormat | str

_OFFERED: tuple[tuple[Form, tuple[str, ...]], ...] = (
    # In our own order: it decides between forms that are asked for alike. Wildcards mean a form by its first name only.
    (FeedFormat.ATOM, ("application/atom+xml",)),
    (FeedFormat.RSS, ("application/rss+xml", "application/xml", "text/xml", "application/rdf+xml")),
    (FeedFormat.JSON, ("application/feed+json", "application/json")),
    (HTML, ("text/html", "application/xhtml+xml")),
)
PARTS_MAX = 40


def choose(accept: str) -> Form:
    """A browser gets the page, a program the form that it prefers; who does not care gets Atom."""
    asked = _qualities(accept)
    if not asked:
        return FeedFormat.ATOM
    ranked = [(_wanted(asked, types), form) for form, types in _OFFERED]
    best = max(quality for quality, _ in ranked)
    return next(form for quality, form in ranked if quality == best)


@lru_cache(maxsize=256)
def codings(accept_encoding: bytes) -> tuple[str, ...]:
    """The codings that may be sent, best first; between equals our own order decides. "" is the document as it is.

    It is always among them and comes last: an answer that nobody can refuse is better than none.
    """
    asked = _qualities(accept_encoding.decode("latin-1"))
    others = asked.get("*", 0.0)
    wanted = {coding.value: asked.get(coding.value, others) for coding in Coding}
    if "x-gzip" in asked:
        wanted["gzip"] = max(wanted["gzip"], asked["x-gzip"])
    floor = asked.get("identity", 0.0)
    accepted = [coding for coding, quality in wanted.items() if quality > 0 and quality >= floor]
    return (*sorted(accepted, key=lambda coding: -wanted[coding]), "")


def _wanted(asked: Mapping[str, float], types: tuple[str, ...]) -> float:
    name, *aliases = types
    return max([_quality(asked, name), *(asked.get(alias, 0.0) for alias in aliases)])


def _quality(asked: Mapping[str, float], media_type: str) -> float:
    kind = media_type.partition("/")[0]
    for wanted in (media_type, f"{kind}/*", "*/*"):  # the more exact one counts
        if wanted in asked:
            return asked[wanted]
    return 0.0


def _qualities(accept: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in accept.split(",")[:PARTS_MAX]:
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media_type:
            found[media_type] = next((_number(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
    return found


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if 0.0 <= number <= 1.0 else 0.0
