"""All that is known of how one article came to be where it is. In: its id. Out: rows, told. It judges nothing."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.storage import editions as edition_rows
from syndication.storage.schema import (
    article,
    article_topic,
    edition,
    edition_item,
    feed,
    feed_entry,
    image,
    newsletter,
    source,
    topic,
)


@dataclass(frozen=True, slots=True)
class Identity:
    """`guid` tells it from others of its source; `source_url` is where it was collected."""

    id: int
    guid: str
    source: str
    source_url: str
    backfill: bool
    first_seen_at: datetime
    published_at: datetime
    changed_at: datetime | None
    withdrawn_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class InEdition:
    edition: int
    newsletter: str
    cadence: str
    due_at: datetime
    state: str
    kind: str
    rev: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImageRow:
    origin: str
    credit: str
    state: str
    reason: str
    hash: str | None
    kept_at: datetime | None
    gone_at: datetime | None


def identity(connection: Connection, id: int) -> Identity:
    """Of an article that there is."""
    row = connection.execute(
        sa.select(article, source.c.slug, source.c.url.label("source_url"))
        .join(source, source.c.id == article.c.source_id)
        .where(article.c.id == id)
    ).one()
    return Identity(
        id=row.id,
        guid=row.guid,
        source=row.slug,
        source_url=row.source_url,
        backfill=row.backfill,
        first_seen_at=row.first_seen_at,
        published_at=row.published_at,
        changed_at=row.changed_at,
        withdrawn_at=row.withdrawn_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
    )


def topics(connection: Connection, id: int) -> list[tuple[str, str]]:
    """Each topic, and what decided it."""
    query = (
        sa.select(topic.c.slug, article_topic.c.decided_by)
        .join(topic)
        .where(article_topic.c.article_id == id)
        .order_by(topic.c.position, topic.c.id)
    )
    return [(slug, by) for slug, by in connection.execute(query)]


def came_as_news(connection: Connection, id: int) -> bool:
    """Whether editions may tell it, as far as the way it came says."""
    return bool(connection.scalar(sa.select(edition_rows.came_as_news()).where(article.c.id == id)))


def editions(connection: Connection, story_id: int) -> list[InEdition]:
    """Those that tell its story, whichever article told it, oldest first."""
    query = (
        sa.select(edition_item, edition.c.due_at, edition.c.state, newsletter.c.slug)
        .join(edition, edition.c.id == edition_item.c.edition_id)
        .join(newsletter, newsletter.c.id == edition.c.newsletter_id)
        .where(edition_item.c.story_id == story_id)
        .order_by(edition.c.due_at, edition_item.c.id)
    )
    return [
        InEdition(row.edition_id, row.slug, row.cadence, row.due_at, row.state, row.kind, row.rev, row.reason)
        for row in connection.execute(query)
    ]


def streams(connection: Connection) -> list[tuple[str, str]]:
    """Every newsletter's slug and cadences, for what an article is not in."""
    rows = connection.execute(sa.select(newsletter.c.slug, newsletter.c.schedules).order_by(newsletter.c.id))
    return [(slug, schedule["cadence"]) for slug, schedules in rows for schedule in schedules]


def feeds(connection: Connection, id: int) -> list[str]:
    """The feeds that have said something of it."""
    query = sa.select(feed.c.slug).join(feed_entry, feed_entry.c.feed_id == feed.c.id)
    return list(connection.scalars(query.where(feed_entry.c.article_id == id).distinct().order_by(feed.c.slug)))


def images(connection: Connection, id: int) -> list[ImageRow]:
    rows = connection.execute(sa.select(image).where(image.c.article_id == id).order_by(image.c.id))
    return [ImageRow(row.origin, row.credit, row.state, row.reason, row.hash, row.kept_at, row.gone_at) for row in rows]
