"""Stored articles and their topics, as `jobs.resort` asks for them (`jobs.ports.sorting`), on a Database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from syndication.model.article import DecidedBy
from syndication.model.feed import Topic
from syndication.model.sorting import Sorted
from syndication.storage import meta, publication, revisions, values
from syndication.storage.database import Database
from syndication.storage.schema import (
    article,
    article_revision,
    article_topic,
    feed,
    partner,
    source,
    topic,
)
from syndication.storage.sources import columns, source_of

MARK = "topics sorted by"


class StoredSorting:
    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self) -> str:
        with self._database.read() as connection:
            return meta.read(connection, MARK) or ""

    def topics(self) -> Sequence[Topic]:
        with self._database.read() as connection:
            return publication.topics(connection)

    def defaults(self) -> Mapping[str, Sequence[str]]:
        with self._database.read() as connection:
            return {
                slug: tuple(topics) for slug, topics in connection.execute(sa.select(source.c.slug, source.c.topics))
            }

    def after(self, id: int, *, limit: int) -> Sequence[Sorted]:
        current = (article_revision.c.article_id == article.c.id) & (article_revision.c.rev == article.c.rev)
        query = (
            sa.select(article.c.id.label("article_id"), article_revision.c.content, *columns())
            .join(article_revision, current)
            .join(source, source.c.id == article.c.source_id)
            .join(partner, partner.c.id == source.c.partner_id)
            .where(article.c.id > id)
            .order_by(article.c.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            topics = _by_rule(connection, [row.article_id for row in rows])
        return [
            Sorted(
                id=row.article_id,
                article=values.article_from_json(row.content),
                source=source_of(row),
                topics=tuple(topics[row.article_id]),
            )
            for row in rows
        ]

    def write(self, changed: Mapping[int, Sequence[tuple[str, DecidedBy]]]) -> None:
        with self._database.write() as connection:
            for id, topics in changed.items():
                revisions.write_topics(connection, id, topics)
            connection.execute(feed.update().values(stale=feed.c.stale + 1))

    def finish(self, mark: str) -> None:
        with self._database.write() as connection:
            meta.write(connection, MARK, mark)


def _by_rule(connection: sa.Connection, ids: Sequence[int]) -> defaultdict[int, list[tuple[str, DecidedBy]]]:
    query = (
        sa.select(article_topic.c.article_id, topic.c.slug, article_topic.c.decided_by)
        .join(topic)
        .where(article_topic.c.article_id.in_(ids), article_topic.c.decided_by != DecidedBy.HAND.value)
    )
    found: defaultdict[int, list[tuple[str, DecidedBy]]] = defaultdict(list)
    for id, slug, by in connection.execute(query):
        found[id].append((slug, DecidedBy(by)))
    return found
