"""What a page may show: read what is published, ask `permit` about each article, leave out what may not go out.

A page never sees an article without its Permission: title, excerpt, body and figures are the permission's, not the
article's own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from syndication.articles.permit import may
from syndication.jobs.ports.archive import Archive
from syndication.model.archive import EditionTold, House
from syndication.model.article import Permission, Stored
from syndication.model.edition import Edition, Item
from syndication.model.feed import Feed
from syndication.model.newsletter import Newsletter
from syndication.model.rights import Channel
from syndication.model.time import Window

FRONT_MAX = 12
FEED_MAX = 20
DAY_MAX = 150
EDITIONS_MAX = 12
SPARE = 2
"""Read this many times more than is shown: some may not go out today."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An article and what the web may show of it."""

    stored: Stored
    permission: Permission


@dataclass(frozen=True, slots=True)
class Front:
    house: House
    stories: tuple[Shown, ...]
    editions: tuple[EditionTold, ...]


@dataclass(frozen=True, slots=True)
class EditionShown:
    """`items` are those that may be shown today; `gone` counts the others."""

    edition: Edition
    newsletter: Newsletter
    items: tuple[tuple[Item, Shown], ...]
    gone: int


@dataclass(frozen=True, slots=True)
class Shelves:
    """The archive from above: months and, in the newest or the asked one, its days."""

    months: tuple[str, ...]
    days: tuple[str, ...]
    editions: tuple[EditionTold, ...]
    stories: tuple[Shown, ...] = ()


def front(archive: Archive, now: datetime) -> Front:
    return Front(
        house=archive.house(),
        stories=_shown(archive.latest(limit=FRONT_MAX * SPARE), now)[:FRONT_MAX],
        editions=tuple(archive.editions(limit=3)),
    )


def feed(archive: Archive, slug: str, now: datetime) -> tuple[Feed, tuple[Shown, ...]] | None:
    found = archive.of_feed(slug, limit=FEED_MAX * SPARE)
    return None if found is None else (found[0], _shown(found[1], now)[:FEED_MAX])


def article(archive: Archive, id: int, now: datetime) -> Shown | None:
    """None when there is no such article, or when nothing of it may go out."""
    stored = archive.article(id)
    return None if stored is None else next(iter(_shown([stored], now)), None)


def edition(archive: Archive, id: int, now: datetime) -> EditionShown | None:
    """None when there is no such edition, or when it is not public."""
    told = archive.edition(id)
    if told is None:
        return None
    items = tuple((item, shown) for item, stored in told.items for shown in _shown([stored], now))
    return EditionShown(told.edition, told.newsletter, items, gone=len(told.items) - len(items))


def shelves(archive: Archive, now: datetime) -> Shelves:
    """The newest editions, and what the newest month holds."""
    months = tuple(archive.months())
    return Shelves(
        months=months,
        days=tuple(archive.days(month_window(months[0]))) if months else (),
        editions=tuple(archive.editions(limit=EDITIONS_MAX)),
        stories=_shown(archive.latest(limit=FEED_MAX * SPARE), now)[:FEED_MAX],
    )


def month(archive: Archive, name: str) -> Shelves | None:
    """One month, "2026-05": its days and editions. None when it holds nothing."""
    months = tuple(archive.months())
    if name not in months:
        return None
    window = month_window(name)
    return Shelves(months, tuple(archive.days(window)), tuple(archive.editions(window=window, limit=DAY_MAX)))


def day(archive: Archive, name: str, now: datetime) -> Shelves | None:
    """One day, "2026-05-07": its stories and editions. None when it holds nothing that may be shown."""
    start = datetime.combine(date.fromisoformat(name), datetime.min.time(), UTC)
    window = Window(start, start + timedelta(days=1))
    stories = _shown(archive.within(window, limit=DAY_MAX), now)
    editions = tuple(archive.editions(window=window, limit=DAY_MAX))
    return Shelves((), (name,), editions, stories) if stories or editions else None


def month_window(name: str) -> Window:
    """The month "2026-05", in UTC."""
    start = datetime.combine(date.fromisoformat(f"{name}-01"), datetime.min.time(), UTC)
    return Window(start, (start + timedelta(days=32)).replace(day=1))


def _shown(stored: Iterable[Stored] | Sequence[Stored], now: datetime) -> tuple[Shown, ...]:
    asked = (Shown(one, may(one, Channel.WEB, now)) for one in stored)
    return tuple(shown for shown in asked if shown.permission.allowed)
