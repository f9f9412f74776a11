"""What a publisher says to robots beside robots.txt: tdmrep.json, and the headers of an answer. Pure.

In: answers. Out: Reserved, Terms. Where several places speak of text and data mining, one that reserves it is enough: a
publisher who says it anywhere means it. Inside tdmrep.json the longest location that fits counts.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime

from syndication.model.exchange import Answer, Failure, Request
from syndication.model.manners import Manners, Reserved
from syndication.model.rights import Terms
from syndication.sources.dates import parse_date
from syndication.sources.links import resolve
from syndication.sources.robots import NAME, fits, pattern_of, spelt

PLACE = "/.well-known/tdmrep.json"
BYTES_MAX = 256 * 1024
RULES_MAX = 500
PATTERN_CHARACTERS_MAX = 2_000
HEADER_CHARACTERS_MAX = 2_000
HEADERS_MAX = 20

_NAMED = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)\s*:\s*(.*)", re.DOTALL)
_WITH_VALUE = frozenset(("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"))


def request_for(origin: str) -> Request:
    return Request(
        f"{origin}{PLACE}", headers=(("Accept", "application/json"),), body_bytes_max=BYTES_MAX, total_seconds=15.0
    )


def read(answer: Answer | Failure) -> tuple[Reserved, ...]:
    """The rules of a tdmrep.json; none when there is none that can be read."""
    if isinstance(answer, Failure) or answer.status != 200:
        return ()
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ()
    rules = [_rule(one, answer.url) for one in told[:RULES_MAX]] if isinstance(told, list) else []
    return tuple(rule for rule in rules if rule is not None)


def reserved(manners: Manners, path: str) -> Reserved | None:
    """What the host's file says of a path (with its query); None when it says nothing."""
    fitting = [rule for rule in manners.mining if fits(rule.pattern, spelt(path))]
    return max(fitting, key=lambda rule: (len(rule.pattern), rule.reserved), default=None)


def terms_of(headers: Iterable[tuple[str, str]], now: datetime) -> tuple[Terms, bool]:
    """What the headers of a page say of its use, and whether it may still be shown (`unavailable_after`)."""
    robots, mining = [], []
    for name, value in headers:
        if name == "x-robots-tag" and len(robots) < HEADERS_MAX:
            robots.append(_for_us(value[:HEADER_CHARACTERS_MAX]))
        elif name == "tdm-reservation":
            mining.append(value.strip())
    said = directives(",".join(robots))
    snippet = said.get("max-snippet", "")
    characters = int(snippet) if snippet.isascii() and snippet.isdigit() and len(snippet) < 9 else None
    terms = Terms(
        noindex="noindex" in said or "none" in said,
        nosnippet="nosnippet" in said or characters == 0,
        snippet_chars=characters,
        tdm_reserved="1" in mining,
    )
    ends = parse_date(said.get("unavailable_after"))
    return terms, ends is None or ends > now


def directives(text: str) -> dict[str, str]:
    """ "noindex, max-snippet:40" -> its words, each with its value."""
    # A date holds commas and colons of its own: it reaches to the end, or to the next word that we know.
    dates = re.split(r"unavailable_after\s*:", text, maxsplit=1, flags=re.IGNORECASE)
    found = {}
    for part in dates[0].split(","):
        name, _, value = part.strip().lower().partition(":")
        if name:
            found[name.strip()] = value.strip()
    if len(dates) > 1:
        ends = re.split(r",\s*(?=(?:no|max|all\b|none\b|index|follow))", dates[1], maxsplit=1, flags=re.IGNORECASE)
        found |= {"unavailable_after": ends[0].strip()} | (directives(ends[1]) if len(ends) > 1 else {})
    return found


def _for_us(value: str) -> str:
    """The directives of one header, without a name in front; nothing when they are for another robot."""
    named = _NAMED.match(value.strip())
    if named is None or named[1].lower() in _WITH_VALUE:
        return value
    return named[2] if named[1].lower() == NAME else ""


def _rule(told: object, url: str) -> Reserved | None:
    if not isinstance(told, dict) or not isinstance(told.get("location"), str):
        return None
    location, says, policy = told["location"], told.get("tdm-reservation"), told.get("tdm-policy")
    if says not in (0, 1, "0", "1") or isinstance(says, bool) or not 0 < len(location) <= PATTERN_CHARACTERS_MAX:
        return None
    address = resolve(policy, url) if isinstance(policy, str) else None
    return Reserved(pattern_of(location if location[0] in "/*" else f"/{location}"), int(says) == 1, address or "")
