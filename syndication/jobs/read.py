"""What a page may show: read what is published, ask `permit` about each article, leave out what may not go out.

A page never sees an article without its Permission: title, excerpt, body and figures are the permission's, not the
article's own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from syndication.articles.amend import amendment, changes
from syndication.articles.find import wanted
from syndication.articles.permit import may
from syndication.articles.sanitize import excerpt
from syndication.jobs.ports.archive import Archive
from syndication.jobs.tellings import permitted
from syndication.model.amendment import Corrected
from syndication.model.archive import EditionTold, House
from syndication.model.article import DecidedBy, Permission, Revision, Stored
from syndication.model.edition import Edition, Item
from syndication.model.feed import Feed
from syndication.model.newsletter import Newsletter
from syndication.model.rights import Channel

FRONT_MAX = 12
FEED_MAX = 15
SPARE = 2
"""Read this many times more than is shown: some may not go out today."""
VERSIONS_MAX = 5
CORRECTIONS_MAX = 5
PASSAGES_MAX = 20
"""Changed lines shown of one correction."""
NEIGHBOURS_MAX = 5
"""Read so many on each side to find one that may go out."""


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
class FeedShown:
    """A feed and the newest in it: stories, or editions."""

    feed: Feed
    stories: tuple[Shown, ...]
    editions: tuple[EditionTold, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleShown:
    """An article, what stands beside it by date, and what decided its topics."""

    shown: Shown
    before: Shown | None
    after: Shown | None
    decided: tuple[tuple[str, DecidedBy], ...]
    corrections: tuple[Corrected, ...] = ()
    """Newest first. The body's changes are shown where the body may be."""
    versions: tuple[Shown, ...] = ()
    """The same event, told otherwise by others."""


@dataclass(frozen=True, slots=True)
class EditionShown:
    """`items` are those that may be shown today; `gone` counts the others."""

    edition: Edition
    newsletter: Newsletter
    items: tuple[tuple[Item, Shown], ...]
    gone: int
    before: EditionTold | None = None
    after: EditionTold | None = None


def front(archive: Archive, now: datetime) -> Front:
    return Front(
        house=archive.house(),
        stories=showable(archive.latest(limit=FRONT_MAX * SPARE), now)[:FRONT_MAX],
        editions=tuple(archive.editions(limit=3)),
    )


def feed(archive: Archive, slug: str, now: datetime) -> FeedShown | None:
    found = archive.of_feed(slug, limit=FEED_MAX * SPARE)
    if found is None:
        return None
    feed, stored = found
    if feed.choice.search:
        terms = wanted(feed.choice.search)
        hits = archive.find(terms, limit=FEED_MAX * SPARE)
        stored = [one for one in hits if feed.choice.wants(topics=one.topics, partner=one.partner.slug)]
    if feed.newsletter:
        return FeedShown(feed, (), tuple(archive.editions(newsletter=feed.newsletter, limit=FEED_MAX)))
    return FeedShown(feed, showable(stored, now)[:FEED_MAX])


def article(archive: Archive, id: int, now: datetime) -> ArticleShown | None:
    """None when there is no such article, or when nothing of it may go out."""
    stored = archive.article(id)
    found = showable(permitted([stored] if stored else [], archive.articles, Channel.WEB, now), now)
    if not found:
        return None
    older, newer = archive.beside(found[0].stored, limit=NEIGHBOURS_MAX)
    return ArticleShown(
        found[0],
        _first(older, now),
        _first(newer, now),
        tuple(archive.decided(id)),
        _corrections(found[0], archive.revisions(id)) if found[0].stored.rev > 1 else (),
        showable(archive.versions(id, limit=VERSIONS_MAX), now),
    )


def _corrections(shown: Shown, revisions: Sequence[Revision]) -> tuple[Corrected, ...]:
    """Small edits are revisions and no corrections: `articles.amend` has the rule."""
    texts = [revision for revision in revisions if revision.rev <= shown.stored.rev]
    whole, told = bool(shown.permission.body), bool(shown.permission.body or shown.permission.excerpt)
    found = [
        Corrected(
            after.seen_at,
            change.note if whole else excerpt(change.note, shown.stored.rights.excerpt_words) if told else "",
            changes(before.article, after.article, whole=whole)[:PASSAGES_MAX] if told else (),
        )
        for before, after in pairwise(texts)
        if (change := amendment(before.article, after.article)) is not None
    ]
    return tuple(reversed(found[-CORRECTIONS_MAX:]))


def edition(archive: Archive, id: int, now: datetime) -> EditionShown | None:
    """None when there is no such edition, or when it is not public."""
    told = archive.edition(id)
    if told is None:
        return None
    items = tuple((item, shown) for item, stored in told.items for shown in showable([stored], now))
    before, after = archive.editions_beside(told.edition)
    return EditionShown(told.edition, told.newsletter, items, len(told.items) - len(items), before, after)


def _first(stored: Iterable[Stored], now: datetime) -> Shown | None:
    return next(iter(showable(stored, now)), None)


def showable(stored: Iterable[Stored], now: datetime) -> tuple[Shown, ...]:
    """Those of which something may go out on the web today."""
    asked = (Shown(one, may(one, Channel.WEB, now)) for one in stored)
    return tuple(shown for shown in asked if shown.permission.allowed)
