"""Feeds and their snapshots: the last good document of each in each format."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.feed import Built, Coding, Feed, FeedDocument, FeedFormat, Signal
from syndication.storage import values
from syndication.storage.database import insert
from syndication.storage.schema import feed as feeds_table
from syndication.storage.schema import feed_entry, feed_snapshot

NEWEST = 1000
"""Entries that tell which feeds have the newest changes."""


class Mark(NamedTuple):
    """What tells one document from another without reading it."""

    slug: str
    format: FeedFormat
    etag: str


class SnapshotRow(NamedTuple):
    """A published document as `feed list` shows it."""

    slug: str
    format: FeedFormat
    bytes: int
    updated_at: datetime
    built_at: datetime
    fault: str | None


def feeds(connection: Connection) -> tuple[Feed, ...]:
    """All feeds, in the order in which they were declared."""
    return tuple(_feed(row) for row in connection.execute(sa.select(feeds_table).order_by(feeds_table.c.id)))


def feed(connection: Connection, slug: str) -> Feed | None:
    row = connection.execute(sa.select(feeds_table).where(feeds_table.c.slug == slug)).first()
    return None if row is None else _feed(row)


def is_due(now: datetime) -> sa.ColumnElement[bool]:
    """Its articles changed since it was built, or an embargo or a right in it has ended."""
    return (feeds_table.c.stale > 0) | (feeds_table.c.again_at <= now)


def stale(connection: Connection, now: datetime) -> tuple[tuple[Feed, int], ...]:
    """Feeds that are due to be built, each with how many changes that answers; those of the newest changes first."""
    rows = connection.execute(sa.select(feeds_table).where(is_due(now)).order_by(feeds_table.c.id)).all()
    newest = _newest(connection) if len(rows) > 1 else {}
    return tuple((_feed(row), row.stale) for row in sorted(rows, key=lambda row: newest.get(row.id, NEWEST)))


def _newest(connection: Connection) -> Mapping[int, int]:
    """How new the newest that a feed had to say is, the least the newest. A feed of older changes is not in it."""
    columns = feed_entry.c.feed_id, feed_entry.c.article_id
    rows = connection.execute(sa.select(*columns).order_by(feed_entry.c.id.desc()).limit(NEWEST)).all()
    articles: dict[int, int] = {}
    feeds: dict[int, int] = {}
    for feed_id, article_id in rows:
        feeds.setdefault(feed_id, articles.setdefault(article_id, len(articles)))
    return feeds


def mark_all_stale(connection: Connection) -> None:
    connection.execute(feeds_table.update().values(stale=feeds_table.c.stale + 1))


def store(connection: Connection, built: Built, now: datetime) -> tuple[FeedFormat, ...]:
    """Keep these documents, untouched where unchanged, and answer which were not. `seen` is what `stale` told."""
    feed_id, documents = built.feed.id, built.documents
    known = marks_of(connection, feed_id)
    changed = tuple(document for document in documents if known.get(document.format) != document.etag)
    for document in changed:
        row: dict[str, Any] = {
            "etag": document.etag,
            "data": document.data,
            "updated_at": document.updated_at,
            "built_at": now,
            "fault": None,
            "cuts": list(document.cuts),
            "signals": list(document.signals),
            **dict.fromkeys((coding.value for coding in Coding), None),
            **{coding.value: data for coding, data in document.packed},
        }
        statement = insert(connection, feed_snapshot).values(feed_id=feed_id, format=document.format.value, **row)
        connection.execute(statement.on_conflict_do_update(index_elements=["feed_id", "format"], set_=row))
    formats = [document.format.value for document in documents]
    connection.execute(
        feed_snapshot.update()
        .where(
            feed_snapshot.c.feed_id == feed_id, feed_snapshot.c.format.in_(formats), feed_snapshot.c.fault.is_not(None)
        )
        .values(fault=None)
    )
    connection.execute(
        feeds_table.update()
        .where(feeds_table.c.id == feed_id)
        .values(stale=feeds_table.c.stale - built.seen, again_at=built.again_at)
    )
    return tuple(document.format for document in changed)


def set_fault(connection: Connection, feed_id: int, format: FeedFormat, fault: str) -> None:
    """Remember why the newest document was not published; the last good one stays as it is."""
    connection.execute(
        feed_snapshot.update()
        .where(feed_snapshot.c.feed_id == feed_id, feed_snapshot.c.format == format.value)
        .values(fault=fault)
    )


def snapshot(connection: Connection, slug: str, format: FeedFormat) -> FeedDocument | None:
    row = connection.execute(
        sa.select(feed_snapshot)
        .join(feeds_table, feeds_table.c.id == feed_snapshot.c.feed_id)
        .where(feeds_table.c.slug == slug, feed_snapshot.c.format == format.value)
    ).first()
    return None if row is None else _document(row)


def marks_of(connection: Connection, feed_id: int) -> Mapping[FeedFormat, str]:
    """The etag of each document of a feed."""
    rows = sa.select(feed_snapshot.c.format, feed_snapshot.c.etag).where(feed_snapshot.c.feed_id == feed_id)
    return {FeedFormat(format): etag for format, etag in connection.execute(rows)}


def snapshot_marks(connection: Connection) -> tuple[Mark, ...]:
    """One row for each published document: cheap to ask often."""
    rows = connection.execute(
        sa.select(feeds_table.c.slug, feed_snapshot.c.format, feed_snapshot.c.etag)
        .join(feeds_table, feeds_table.c.id == feed_snapshot.c.feed_id)
        .order_by(feeds_table.c.slug, feed_snapshot.c.format)
    )
    return tuple(Mark(slug, FeedFormat(format), etag) for slug, format, etag in rows)


def snapshots(connection: Connection) -> Mapping[tuple[str, FeedFormat], FeedDocument]:
    """Every published document."""
    rows = connection.execute(
        sa.select(feed_snapshot, feeds_table.c.slug).join(feeds_table, feeds_table.c.id == feed_snapshot.c.feed_id)
    )
    return {(row.slug, FeedFormat(row.format)): _document(row) for row in rows}


def listing(connection: Connection) -> tuple[SnapshotRow, ...]:
    rows = connection.execute(
        sa.select(
            feeds_table.c.slug,
            feed_snapshot.c.format,
            sa.func.length(feed_snapshot.c.data),
            feed_snapshot.c.updated_at,
            feed_snapshot.c.built_at,
            feed_snapshot.c.fault,
        )
        .join(feeds_table, feeds_table.c.id == feed_snapshot.c.feed_id)
        .order_by(feeds_table.c.id, feed_snapshot.c.format)
    )
    return tuple(SnapshotRow(slug, FeedFormat(format), *rest) for slug, format, *rest in rows)


def _document(row: sa.Row[Any]) -> FeedDocument:
    packed = ((coding, getattr(row, coding.value)) for coding in Coding)
    return FeedDocument(
        format=FeedFormat(row.format),
        data=row.data,
        etag=row.etag,
        updated_at=row.updated_at,
        packed=tuple((coding, data) for coding, data in packed if data is not None),
        cuts=tuple(row.cuts),
        signals=tuple(Signal(signal) for signal in row.signals),
    )


def _feed(row: sa.Row[Any]) -> Feed:
    return Feed(
        id=row.id,
        slug=row.slug,
        title=row.title,
        description=row.description,
        choice=values.choice_from_json(row.choice),
        items_max=row.items_max,
        newsletter=row.newsletter or "",
    )
