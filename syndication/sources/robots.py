"""robots.txt (RFC 9309) -> what we may read of a host. In: an answer, a URL. Out: Manners, yes or no. Pure.

What is asked of our own name counts, else what is asked of everybody. The longest pattern that fits decides, and where
two are as long the one that allows. Matching never looks back, so no pattern costs more than its length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote_from_bytes, urlsplit

from syndication.model.exchange import Answer, Failure, FailureKind, Request
from syndication.model.manners import Manners, PathRule

NAME = "syndication"
"""By this name robots.txt speaks to us; our User-Agent begins with it."""
BYTES_MAX = 500 * 1024
"""Read of a file; RFC 9309, section 2.5, asks for as much."""
FETCH_BYTES_MAX = 4 * 1024 * 1024
PATTERN_CHARACTERS_MAX = 2_000
DELAY_SECONDS_MAX = 30.0
"""Whoever asks for longer gets this, and the rest of the pages a poll later."""
FRESH = timedelta(hours=24)
REFUSED_FOR = timedelta(hours=1)
"""A file that could not be had is asked for again after this time."""

_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def origin_of(url: str) -> str:
    """ "https://harbour.example:8443": what a robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"


def request_for(origin: str) -> Request:
    return Request(
        f"{origin}/robots.txt",
        headers=(("Accept", "text/plain, */*;q=0.1"),),
        body_bytes_max=FETCH_BYTES_MAX,
        total_seconds=15.0,
    )


def read(origin: str, answer: Answer | Failure, now: datetime, *, before: Manners | None = None) -> Manners:
    """What the answer to `request_for` means (RFC 9309, section 2.3.1). `before` is what was known until now.

    No such file: all may be read. A host that fails to say: what it said before holds, else nothing is read for now.
    """
    if isinstance(answer, Failure):
        if (
            answer.kind is FailureKind.REFUSED
        ):  # more redirects than five, or to where we never go: as if it were absent
            return Manners(origin, now, now + FRESH)
        return _unsaid(origin, now, before, f"its robots.txt cannot be had: {answer.detail}")
    if 200 <= answer.status < 300:
        said = parse(answer.body)
        return Manners(origin, now, now + FRESH, tuple(said.rules), said.delay_seconds)
    if answer.status == 429 or answer.status >= 500:
        return _unsaid(origin, now, before, f"its robots.txt cannot be had (status {answer.status})")
    return Manners(origin, now, now + FRESH)


def allowed(manners: Manners, url: str) -> bool:
    if manners.refused:
        return False
    path = spelt(_path(url))
    if path == "/robots.txt":
        return True
    fitting = [(len(rule.pattern), rule.allow) for rule in manners.rules if fits(rule.pattern, path)]
    return max(fitting, default=(0, True))[1]


@dataclass(slots=True)
class Said:
    """What a file says to us."""

    rules: list[PathRule] = field(default_factory=list)
    delay_seconds: float = 0.0


def parse(data: bytes, name: str = NAME) -> Said:
    """The groups that speak to `name`, together; else those that speak to everybody."""
    groups: dict[bool, Said] = {}
    for names, said in _groups(_lines(data[:BYTES_MAX])):
        for own in (True, False):
            if (name.lower() if own else "*") in names:
                group = groups.setdefault(own, Said())
                group.rules += said.rules
                group.delay_seconds = max(group.delay_seconds, said.delay_seconds)
    return groups.get(True) or groups.get(False) or Said()


def fits(pattern: str, path: str) -> bool:
    """Whether `path` begins as `pattern` says. Each `*` takes as little as it can, which is enough."""
    ends = pattern.endswith("$")
    first, *parts = (pattern[:-1] if ends else pattern).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not parts:
        return not ends or at == len(path)
    for part in parts[:-1]:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    last = parts[-1]
    return path.endswith(last) and len(path) - len(last) >= at if ends else path.find(last, at) >= 0


def pattern_of(written: str) -> str:
    """A pattern in the one spelling. `$` means the end only where the pattern ends."""
    *inner, last = written.split("$")
    ends = "$" if inner and not last else ""
    return "*".join(spelt(part) for part in written.removesuffix(ends).split("*")) + ends


def spelt(path: str) -> str:
    """The one spelling of escapes: letters and digits bare, everything beyond ASCII escaped (section 2.2.2).

    A star or a dollar in a path is escaped too, so that no pattern takes it for its own.
    """
    bare = _ESCAPE.sub(_unescaped, path.encode("utf-8", "surrogatepass"))
    return quote_from_bytes(bare, safe="/?#[]@!&'()+,;=:%-._~")


def _unescaped(found: re.Match[bytes]) -> bytes:
    byte = int(found[1], 16)
    return bytes([byte]) if byte in _UNRESERVED else found[0].upper()


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _unsaid(origin: str, now: datetime, before: Manners | None, why: str) -> Manners:
    until = now + REFUSED_FOR
    if before is not None and not before.refused:
        return Manners(origin, before.read_at, until, before.rules, before.delay_seconds, mining=before.mining)
    return Manners(origin, now, until, refused=why)


def _lines(data: bytes) -> Iterator[tuple[str, str]]:
    for line in re.split(r"[\r\n]+", data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")):
        if found := _LINE.match(line):
            yield found[1].lower(), found[2].strip()


def _groups(lines: Iterator[tuple[str, str]]) -> Iterator[tuple[frozenset[str], Said]]:
    """Names in a row open a group; rules follow. What is neither is passed over and parts nothing."""
    names: set[str] = set()
    said, told = Said(), False
    for key, value in lines:
        if key == "user-agent":
            if told:
                yield frozenset(names), said
                names, said, told = set(), Said(), False
            token = _TOKEN.match(value)
            names.add("*" if value.startswith("*") else token[0].lower() if token else "")
        elif key in ("allow", "disallow"):
            told = True
            if value[:1] in ("/", "*") and len(value) <= PATTERN_CHARACTERS_MAX:
                said.rules.append(PathRule(key == "allow", pattern_of(value)))
        elif key == "crawl-delay":
            told = True
            said.delay_seconds = max(said.delay_seconds, _seconds(value))
    yield frozenset(names), said


def _seconds(text: str) -> float:
    found = re.match(r"\d{1,9}(?:\.\d{1,6})?", text)
    return min(float(found[0]), DELAY_SECONDS_MAX) if found else 0.0
