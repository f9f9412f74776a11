"""The shelf that published feeds stand on (`jobs.ports.shelf`), on a Database. It judges nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from syndication.model.archive import EditionTold
from syndication.model.article import Revision, Stored
from syndication.model.feed import Built, Feed, FeedEntry, FeedFormat, Topic, Withdrawn
from syndication.model.search import Wanted
from syndication.storage import articles, feed_entries, feeds, publication, search
from syndication.storage.archive import Archive
from syndication.storage.database import Database


class StoredShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def mark_all_stale(self) -> None:
        with self._database.write() as connection:
            feeds.mark_all_stale(connection)

    def all(self) -> tuple[Feed, ...]:
        with self._database.read() as connection:
            return feeds.feeds(connection)

    def stale(self, now: datetime) -> tuple[tuple[Feed, int], ...]:
        with self._database.read() as connection:
            return feeds.stale(connection, now)

    def feed(self, slug: str) -> Feed | None:
        with self._database.read() as connection:
            return feeds.feed(connection, slug)

    def topics(self) -> tuple[Topic, ...]:
        with self._database.read() as connection:
            return publication.topics(connection)

    def articles(self, feed: Feed, *, limit: int, wanted: Wanted | None = None) -> list[Stored]:
        with self._database.read() as connection:
            if wanted is None:
                return articles.newest(connection, choice=feed.choice, limit=limit)
            found = articles.load(connection, search.find(connection, wanted, limit=limit))
        choice = feed.choice
        return [stored for stored in found if choice.wants(topics=stored.topics, partner=stored.partner.slug)]

    def editions(self, feed: Feed) -> list[EditionTold]:
        archive = Archive(self._database)
        newest = archive.editions(newsletter=feed.newsletter, limit=feed.items_max)
        told = (archive.edition(one.edition.id) for one in newest)
        return [one for one in told if one is not None]

    def changes(self, *, limit: int) -> tuple[tuple[int, ...], list[Stored], list[Withdrawn]]:
        with self._database.read() as connection:
            found = feed_entries.changes(connection, limit=limit)
            ids = sorted({article_id for _, article_id in found})
            return (
                tuple(id for id, _ in found),
                articles.load(connection, ids),
                feed_entries.withdrawn(connection, ids),
            )

    def holding(self, article_ids: Sequence[int]) -> Mapping[int, frozenset[int]]:
        with self._database.read() as connection:
            return feed_entries.holding(connection, article_ids)

    def write(self, said: Sequence[FeedEntry], changes: Sequence[int], now: datetime) -> None:
        with self._database.write() as connection:
            feed_entries.write(connection, said, changes, now)

    def has_said(self, feed: Feed) -> bool:
        with self._database.read() as connection:
            return feed_entries.has_said(connection, feed.id)

    def said(self, feed: Feed, article_ids: Sequence[int]) -> frozenset[tuple[int, int]]:
        with self._database.read() as connection:
            return feed_entries.said(connection, feed.id, article_ids)

    def unfiled(self, feed: Feed) -> tuple[FeedEntry, ...]:
        with self._database.read() as connection:
            return feed_entries.unfiled(connection, feed.id)

    def file(self, feed: Feed, pages: Sequence[Sequence[int]], dropped: Sequence[int]) -> None:
        with self._database.write() as connection:
            feed_entries.file(connection, feed.id, pages, dropped)

    def newest_page(self, feed: Feed) -> int:
        with self._database.read() as connection:
            return feed_entries.newest_page(connection, feed.id)

    def page(self, feed: Feed, number: int) -> tuple[list[Stored], list[Withdrawn]]:
        with self._database.read() as connection:
            said = feed_entries.page(connection, feed.id, number)
            ids = [one.article_id for one in said]
            found = {stored.id: stored for stored in articles.load(connection, ids)}
            texts = {
                id: articles.revisions(connection, id) for id in {one.article_id for one in said if not one.is_current}
            }
            then = [_at(found[one.article_id], one.rev, texts) for one in said if not one.withdrawn]
            return then, feed_entries.withdrawn(connection, ids)

    def gone(self, feed: Feed, *, since: datetime, limit: int) -> list[Withdrawn]:
        with self._database.read() as connection:
            return feed_entries.gone(connection, feed.id, since=since, limit=limit)

    def marks(self, feed: Feed) -> Mapping[FeedFormat, str]:
        with self._database.read() as connection:
            return feeds.marks_of(connection, feed.id)

    def put(self, built: Sequence[Built], now: datetime) -> list[tuple[FeedFormat, ...]]:
        with self._database.write() as connection:
            return [feeds.store(connection, one, now) for one in built]

    def refuse(self, feed: Feed, format: FeedFormat, fault: str) -> None:
        with self._database.write() as connection:
            feeds.set_fault(connection, feed.id, format, fault)


def _at(stored: Stored, rev: int, texts: Mapping[int, Sequence[Revision]]) -> Stored:
    """The article as it stood at that revision. A text that is kept no longer gives way to the present one."""
    then = next((text for text in texts.get(stored.id, ()) if text.rev == rev), None)
    if then is None:
        return stored
    return replace(stored, article=then.article, rev=rev, changed_at=then.seen_at if rev > 1 else None)
