"""A list of feeds -> sources, or the reason for each that is none. In: Outlines as they are read. Out: Decided rows.

Nothing is fetched: the first poll tells what a feed holds. Rows are added in groups, so that a kill in the middle
leaves whole rows; the same list once more finds them known.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit

from syndication.errors import ParseError
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.roll import Roll
from syndication.model.enrol import Applicant, Decided, Decision, Outline
from syndication.sources.discover import address_key, own_output

GROUP_MAX = 2_000

Judge = Callable[[str], str | None]
"""Why an address is refused as it is written, or None."""


def enlist(outlines: Iterable[Outline], *, roll: Roll, judge: Judge, base_url: str, clock: Clock) -> Iterator[Decided]:
    """Add what can be added, group by group. Raises ParseError where the list breaks off; what stood before is in."""
    known = {address_key(url): slug for url, slug in roll.addresses()}
    topics = roll.topics()
    seen: dict[str, int] = {}
    reading = _Reading(outlines)
    while group := list(islice(reading, GROUP_MAX)):
        decided = [_decide(outline, known, seen, judge, base_url) for outline in group]
        applicants = [
            _applicant(outline, topics)
            for outline, row in zip(group, decided, strict=True)
            if row.decision is Decision.ADDED
        ]
        names = iter(roll.add(applicants, clock()) if applicants else ())
        for row in decided:
            yield replace(row, source=next(names)) if row.decision is Decision.ADDED else row
    if reading.broken:
        raise reading.broken


class _Reading:
    """The outlines up to where the list breaks off, so that the group before it is not lost."""

    def __init__(self, outlines: Iterable[Outline]) -> None:
        self._outlines = iter(outlines)
        self.broken: ParseError | None = None

    def __iter__(self) -> Iterator[Outline]:
        return self

    def __next__(self) -> Outline:
        try:
            return next(self._outlines)
        except ParseError as error:
            self.broken = error
            raise StopIteration from error


def _decide(outline: Outline, known: dict[str, str], seen: dict[str, int], judge: Judge, base_url: str) -> Decided:
    row = Decided(outline.line, outline.url, outline.title, Decision.ADDED)
    why = judge(outline.url)
    if not why and (own := own_output(outline.url, base_url)):
        why = f"{own}: it would feed us our own stories"
    if why:
        return replace(row, decision=Decision.REFUSED, reason=why)
    key = address_key(outline.url)
    if key in known:
        reason = f"it is the source {known[key]!r} already"
        return replace(row, decision=Decision.KNOWN, source=known[key], reason=reason)
    if key in seen:
        return replace(row, decision=Decision.TWICE, reason=f"line {seen[key]} of the list names it too")
    seen[key] = outline.line
    return row


def _applicant(outline: Outline, topics: Mapping[str, str]) -> Applicant:
    found = (topics.get(category) or topics.get(category.casefold()) for category in outline.categories)
    return Applicant(
        url=outline.url,
        title=outline.title or urlsplit(outline.url).hostname or outline.url,
        home=outline.home,
        name=outline.name,
        topics=tuple(dict.fromkeys(slug for slug in found if slug)),
    )
