"""Permanent redirects, sighted over days -> the address that a feed is asked at. Pure.

A redirect may be a mistake of an afternoon, so it is adopted only when every answer has said the same for days. To
another host it is adopted by a person alone; so is one that would take a feed's credentials to another origin.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from syndication.model.source import Fetched, FetchOutcome, Source

SIGHTED_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Move:
    """Where the feed says that it is now, and since when it says so; `adopted` when that is believed from here on."""

    to: str | None = None
    since: datetime | None = None
    adopted: bool = False


def sighted(source: Source, came: Fetched, before: Move, now: datetime) -> Move:
    """What an answer adds to the sightings so far. An answer from the old address ends them; a failure says nothing."""
    if came.moved_to is None:
        return Move() if came.outcome.ok else before
    if came.moved_to != before.to or before.since is None:
        return Move(came.moved_to, now)
    by_itself = came.outcome is not FetchOutcome.MOVED_AWAY and came.outcome.ok and _may_follow(source, came.moved_to)
    if by_itself and now - before.since >= SIGHTED_FOR:
        return Move(came.moved_to, before.since, adopted=True)
    return before


def _may_follow(source: Source, url: str) -> bool:
    return not source.credentials or _origin(url) == _origin(source.url)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
