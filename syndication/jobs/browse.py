"""Many stories, a page at a time: by month and day, by topic, by partner. As in `read`, only what may be shown.

A page's number counts from 1. An address that would show nothing is None, so that there is no end of empty pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from syndication.jobs.ports.archive import Archive
from syndication.jobs.read import FEED_MAX, SPARE, Shown, showable
from syndication.model.archive import EditionTold
from syndication.model.article import Stored
from syndication.model.choice import Choice
from syndication.model.time import Window

LINES_MAX = 40
"""Stories on a page that lists them by title."""
CARDS_MAX = 15
"""Stories on a page that shows their excerpts too."""
EDITIONS_MAX = 12


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of many stories. `number` counts from 1; `more`: there is an older page."""

    stories: tuple[Shown, ...] = ()
    number: int = 1
    more: bool = False


@dataclass(frozen=True, slots=True)
class Shelves:
    """The archive from above: months and, in the newest or the asked one, its days. Before and after: dates beside."""

    months: tuple[str, ...]
    days: tuple[str, ...]
    editions: tuple[EditionTold, ...]
    listing: Listing
    before: str = ""
    after: str = ""


def chosen(archive: Archive, choice: Choice, number: int, now: datetime) -> Listing | None:
    """One page of what a choice asks for. None when there is no such page; the first is always there."""
    stored = archive.chosen(choice, limit=CARDS_MAX + 1, offset=(number - 1) * CARDS_MAX)
    return _listing(stored, number, CARDS_MAX, now)


def shelves(archive: Archive, now: datetime) -> Shelves:
    """The newest editions, and what the newest month holds."""
    months = tuple(archive.months())
    return Shelves(
        months=months,
        days=tuple(archive.days(month_window(months[0]))) if months else (),
        editions=tuple(archive.editions(limit=EDITIONS_MAX)),
        listing=Listing(showable(archive.latest(limit=FEED_MAX * SPARE), now)[:FEED_MAX]),
    )


def month(archive: Archive, name: str, number: int, now: datetime) -> Shelves | None:
    """One month, "2026-05": its days, editions and stories. None when it holds nothing."""
    months = tuple(archive.months())
    if name not in months:
        return None
    window = month_window(name)
    listing = _within(archive, window, number, now)
    if listing is None:
        return None
    editions = tuple(archive.editions(window=window, limit=LINES_MAX)) if number == 1 else ()
    return Shelves(months, tuple(archive.days(window)), editions, listing, *_beside(months, name))


def day(archive: Archive, name: str, number: int, now: datetime) -> Shelves | None:
    """One day, "2026-05-07": its stories and editions. None when it holds nothing that may be shown."""
    start = datetime.combine(date.fromisoformat(name), datetime.min.time(), UTC)
    window = Window(start, start + timedelta(days=1))
    listing = _within(archive, window, number, now)
    editions = tuple(archive.editions(window=window, limit=LINES_MAX)) if number == 1 else ()
    if listing is None or not (listing.stories or editions):
        return None
    days = tuple(archive.days(month_window(name[:7])))
    return Shelves((), (name,), editions, listing, *_beside(days, name))


def month_window(name: str) -> Window:
    """The month "2026-05", in UTC."""
    start = datetime.combine(date.fromisoformat(f"{name}-01"), datetime.min.time(), UTC)
    return Window(start, (start + timedelta(days=32)).replace(day=1))


def _within(archive: Archive, window: Window, number: int, now: datetime) -> Listing | None:
    stored = archive.within(window, limit=LINES_MAX + 1, offset=(number - 1) * LINES_MAX)
    return _listing(stored, number, LINES_MAX, now)


def _listing(stored: Sequence[Stored], number: int, most: int, now: datetime) -> Listing | None:
    if not stored and number > 1:
        return None
    return Listing(showable(stored[:most], now), number, more=len(stored) > most)


def _beside(dates: Sequence[str], name: str) -> tuple[str, str]:
    """The date before and the date after, among dates with the newest first."""
    if name not in dates:
        return "", ""
    place = dates.index(name)
    return dates[place + 1] if place + 1 < len(dates) else "", dates[place - 1] if place else ""
