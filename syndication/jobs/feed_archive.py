"""What feeds have said: written down as it happens, filed into pages for good, and shown page by page."""

from collections.abc import Sequence
from datetime import datetime

from syndication.articles import find
from syndication.articles.permit import may
from syndication.feeds import archive
from syndication.feeds.build import write
from syndication.feeds.item import items_of
from syndication.jobs.index import findable
from syndication.jobs.ports.shelf import Shelf
from syndication.model.article import ArticleState, Permission, Stored
from syndication.model.feed import Feed, FeedDocument, FeedEntry, FeedFormat, Publication, Withdrawn
from syndication.model.rights import Channel

CHANGES_AT_ONCE = 500
FIRST_ENTRIES_MAX = 1000
"""A new feed begins its archive with so many of the newest articles that it asks for."""

Shown = Sequence[tuple[Stored, Permission]]


def shown(articles: Sequence[Stored], now: datetime) -> list[tuple[Stored, Permission]]:
    """What the feed channel may show, of each article."""
    asked = [(stored, may(stored, Channel.FEED, now)) for stored in articles]
    return [(stored, permission) for stored, permission in asked if permission.allowed]


def chosen(shelf: Shelf, feed: Feed, *, limit: int) -> Sequence[Stored]:
    """What the feed asks for, newest first. A saved search finds only what may be shown."""
    if not feed.choice.search:
        return shelf.articles(feed, limit=limit)
    terms = find.wanted(feed.choice.search)
    return [stored for stored in shelf.articles(feed, limit=limit, wanted=terms) if find.holds(findable(stored), terms)]


def write_down(shelf: Shelf, now: datetime) -> None:
    """Each change since the last time, as what each feed that it touches has to say of it."""
    before: Sequence[int] = ()
    while True:
        changes, articles, gone = shelf.changes(limit=CHANGES_AT_ONCE)
        if not changes or changes == before:  # a rehearsal strikes nothing out
            return
        shelf.write([*_said(shelf, articles, now), *_taken_back(shelf, articles, gone)], changes, now)
        before = changes


def bring_up_to_date(shelf: Shelf, feed: Feed, now_shown: Shown, gone: Sequence[Withdrawn], now: datetime) -> int:
    """Write down what the document shows and nobody told of, file what has to be, and answer the newest page."""
    _complete(shelf, feed, now_shown, now)
    told = {(stored.id, stored.rev) for stored, _ in now_shown} | {(one.article_id, 0) for one in gone}
    filing = archive.file(shelf.unfiled(feed), told, feed)
    if filing.pages or filing.dropped:
        shelf.file(feed, filing.pages, filing.dropped)
    return shelf.newest_page(feed)


def page(shelf: Shelf, publication: Publication, slug: str, number: int, now: datetime) -> FeedDocument | None:
    """One page of a feed's archive, as Atom. None when there is no such feed, or no such page yet."""
    feed = shelf.feed(slug)
    if feed is None or not 0 < number <= shelf.newest_page(feed):
        return None
    articles, gone = shelf.page(feed, number)
    titles = {topic.slug: topic.title for topic in shelf.topics()}
    items = items_of(publication, shown(articles, now), titles)[::-1]
    place = archive.place_of_page(feed, number)
    return write(feed, publication, items, FeedFormat.ATOM, gone=gone, place=place)


def _said(shelf: Shelf, articles: Sequence[Stored], now: datetime) -> list[FeedEntry]:
    feeds = [feed for feed in shelf.all() if not feed.newsletter]
    told = [stored for stored, _ in shown(articles, now) if stored.leads and stored.state is ArticleState.LIVE]
    return [
        FeedEntry(feed.id, stored.id, stored.rev)
        for stored in told
        for feed in feeds
        if not feed.choice.search and feed.choice.wants(topics=stored.topics, partner=stored.partner.slug)
    ]


def _taken_back(shelf: Shelf, articles: Sequence[Stored], gone: Sequence[Withdrawn]) -> list[FeedEntry]:
    revisions = {stored.id: stored.rev for stored in articles}
    holding = shelf.holding([one.article_id for one in gone])
    return [
        FeedEntry(feed_id, article_id, revisions[article_id], withdrawn=True)
        for article_id, feed_ids in sorted(holding.items())
        for feed_id in sorted(feed_ids)
    ]


def _complete(shelf: Shelf, feed: Feed, now_shown: Shown, now: datetime) -> None:
    if not shelf.has_said(feed):
        now_shown = shown(chosen(shelf, feed, limit=FIRST_ENTRIES_MAX), now)
    known = shelf.said(feed, [stored.id for stored, _ in now_shown])
    # Oldest first: the newest are the last to be filed.
    missing = [stored for stored, _ in reversed(now_shown) if (stored.id, stored.rev) not in known]
    if missing:
        shelf.write([FeedEntry(feed.id, stored.id, stored.rev) for stored in missing], (), now)
