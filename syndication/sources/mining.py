"""What a publisher says to robots beside robots.txt: tdmrep.json, and the headers of an answer. Pure.

In: answers. Out: Reserved, Signals. Where several places speak of text and data mining, one that reserves it is enough:
a publisher who says it anywhere means it. Inside tdmrep.json the longest location that fits counts.
"""

import json
import re
from collections.abc import Iterable
from itertools import islice

from syndication.model.exchange import Answer, Failure, Request
from syndication.model.manners import Manners, Reserved
from syndication.model.signals import Signals
from syndication.sources.dates import parse_date
from syndication.sources.links import resolve
from syndication.sources.robots import NAME, fits, pattern_of, spelt

PLACE = "/.well-known/tdmrep.json"
BYTES_MAX = 256 * 1024
RULES_MAX = 500
PATTERN_CHARACTERS_MAX = 2_000
HEADER_CHARACTERS_MAX = 2_000
HEADERS_MAX = 500

_NAMED = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)\s*:\s*(.*)", re.DOTALL)
_BLANK = re.compile(r"[\s<>\"]")
_MINING = frozenset(("tdm-reservation", "tdm-policy"))
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


def signals_of(headers: Iterable[tuple[str, str]], metas: Iterable[tuple[str, str]], at: Reserved | None) -> Signals:
    """What a page asks of robots: in its headers and meta elements (names in lower case), and as its host has it."""
    robots: list[str] = []
    mining: dict[str, str] = {}
    for name, value in islice(headers, HEADERS_MAX):
        if name == "x-robots-tag":
            robots.append(_for_us(value[:HEADER_CHARACTERS_MAX]))
        elif name in _MINING:
            mining.setdefault(name, value.strip())
    for name, value in metas:
        if name in ("robots", NAME):
            robots.append(value[:HEADER_CHARACTERS_MAX])
        elif name in _MINING and (name not in mining or value.strip() == "1"):
            mining[name] = value.strip()
    said = [directives(text) for text in robots]
    return Signals(
        noindex=any("noindex" in one or "none" in one for one in said),
        nosnippet=any("nosnippet" in one for one in said) or 0 in _snippets(said),
        max_snippet=min(_snippets(said), default=None),
        noarchive=any("noarchive" in one or "nocache" in one for one in said),
        unavailable_after=min(filter(None, (parse_date(one.get("unavailable_after")) for one in said)), default=None),
        tdm_reserved=mining.get("tdm-reservation") == "1" or bool(at and at.reserved),
        tdm_policy=_address(mining.get("tdm-policy", "")) or (at.policy if at and at.reserved else ""),
    )


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


def _snippets(said: Iterable[dict[str, str]]) -> list[int]:
    """The limits in characters. Minus one means none."""
    texts = (one.get("max-snippet", "") for one in said)
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 9]


def _address(text: str) -> str:
    return text if text.startswith(("https://", "http://")) and len(text) <= 2_000 and not _BLANK.search(text) else ""


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
