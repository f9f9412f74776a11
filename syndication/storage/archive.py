"""What has been published, read for pages. In: ids, spans of time. Out: whole values, newest first.

It knows which editions are public, and nothing of rights: what may be shown of an article is asked elsewhere.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.archive import PUBLIC_EDITIONS, EditionTold, House
from syndication.model.article import ArticleState, DecidedBy, Revision, Stored
from syndication.model.choice import Cadence, Choice
from syndication.model.edition import Edition, EditionState, Item, ItemKind
from syndication.model.feed import Feed
from syndication.model.newsletter import Newsletter
from syndication.model.search import Wanted
from syndication.model.source import Partner
from syndication.model.time import Window
from syndication.storage import articles, feeds, publication, schema, search, stories
from syndication.storage.database import Database

_public = sa.or_(
    schema.edition.c.state.in_([state.value for state in PUBLIC_EDITIONS]),
    sa.and_(
        schema.edition.c.state == EditionState.PAUSED.value,
        schema.edition.c.held_state.in_([state.value for state in PUBLIC_EDITIONS]),
    ),
)


class Archive:
    """The published part of a database, as jobs ask for it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def house(self) -> House:
        with self._database.read() as connection:
            return House(
                topics=publication.topics(connection),
                partners=_partners(connection),
                feeds=tuple(feeds.feeds(connection)),
                newsletters=tuple(publication.newsletters(connection)),
            )

    def latest(self, *, limit: int) -> Sequence[Stored]:
        with self._database.read() as connection:
            return articles.newest(connection, limit=limit)

    def of_feed(self, slug: str, *, limit: int) -> tuple[Feed, Sequence[Stored]] | None:
        with self._database.read() as connection:
            feed = next((feed for feed in feeds.feeds(connection) if feed.slug == slug), None)
            if feed is None:
                return None
            return feed, articles.newest(connection, choice=feed.choice, limit=min(limit, feed.items_max))

    def chosen(self, choice: Choice, *, limit: int, offset: int = 0) -> Sequence[Stored]:
        with self._database.read() as connection:
            return articles.newest(connection, choice=choice, limit=limit, offset=offset)

    def within(self, window: Window, *, limit: int, offset: int = 0) -> Sequence[Stored]:
        query = (
            _live(sa.select(schema.article.c.id))
            .where(schema.article.c.published_at >= window.start, schema.article.c.published_at < window.end)
            .order_by(schema.article.c.published_at.desc(), schema.article.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        with self._database.read() as connection:
            return articles.load(connection, connection.scalars(query).all())

    def find(self, wanted: Wanted, *, limit: int) -> Sequence[Stored]:
        with self._database.read() as connection:
            return articles.load(connection, search.find(connection, wanted, limit=limit))

    def article(self, id: int) -> Stored | None:
        with self._database.read() as connection:
            return articles.get(connection, id)

    def articles(self, ids: Sequence[int]) -> Sequence[Stored]:
        with self._database.read() as connection:
            return articles.load(connection, ids)

    def beside(self, stored: Stored, *, limit: int) -> tuple[Sequence[Stored], Sequence[Stored]]:
        at, id = schema.article.c.published_at, schema.article.c.id
        query = _live(sa.select(id)).limit(limit)
        moment = stored.article.published_at
        before = sa.or_(at < moment, sa.and_(at == moment, id < stored.id))
        after = sa.or_(at > moment, sa.and_(at == moment, id > stored.id))
        with self._database.read() as connection:
            older = connection.scalars(query.where(before).order_by(at.desc(), id.desc())).all()
            newer = connection.scalars(query.where(after).order_by(at, id)).all()
            return articles.load(connection, older), articles.load(connection, newer)

    def decided(self, id: int) -> Sequence[tuple[str, DecidedBy]]:
        query = (
            sa.select(schema.topic.c.slug, schema.article_topic.c.decided_by)
            .join(schema.topic)
            .where(schema.article_topic.c.article_id == id)
            .order_by(schema.topic.c.position, schema.topic.c.id)
        )
        with self._database.read() as connection:
            return [(slug, DecidedBy(by)) for slug, by in connection.execute(query)]

    def revisions(self, id: int) -> Sequence[Revision]:
        with self._database.read() as connection:
            return articles.revisions(connection, id)

    def versions(self, id: int, *, limit: int) -> Sequence[Stored]:
        with self._database.read() as connection:
            return articles.load(connection, stories.versions(connection, id, limit=limit))

    def edition(self, id: int) -> EditionTold | None:
        with self._database.read() as connection:
            row = connection.execute(sa.select(schema.edition).where(schema.edition.c.id == id, _public)).first()
            if row is None:
                return None
            (newsletter,) = [one for one in publication.newsletters(connection) if one.id == row.newsletter_id]
            return EditionTold(_edition(row, newsletter), newsletter, _items(connection, id))

    def editions_beside(self, edition: Edition) -> tuple[EditionTold | None, EditionTold | None]:
        table = schema.edition
        query = sa.select(table).where(_public, table.c.newsletter_id == edition.newsletter_id).limit(1)
        earlier = sa.or_(
            table.c.due_at < edition.due_at, sa.and_(table.c.due_at == edition.due_at, table.c.id < edition.id)
        )
        older = query.where(earlier).order_by(table.c.due_at.desc(), table.c.id.desc())
        newer = query.where(~earlier, table.c.id != edition.id).order_by(table.c.due_at, table.c.id)
        with self._database.read() as connection:
            (newsletter,) = [one for one in publication.newsletters(connection) if one.id == edition.newsletter_id]
            before, after = connection.execute(older).first(), connection.execute(newer).first()
        return (
            None if before is None else EditionTold(_edition(before, newsletter), newsletter),
            None if after is None else EditionTold(_edition(after, newsletter), newsletter),
        )

    def editions(self, *, window: Window | None = None, newsletter: str = "", limit: int) -> Sequence[EditionTold]:
        due_at = schema.edition.c.due_at
        query = sa.select(schema.edition).where(_public).order_by(due_at.desc(), schema.edition.c.id.desc())
        if window is not None:
            query = query.where(due_at >= window.start, due_at < window.end)
        if newsletter:
            query = query.join(schema.newsletter).where(schema.newsletter.c.slug == newsletter)
        with self._database.read() as connection:
            newsletters = {one.id: one for one in publication.newsletters(connection)}
            return [
                EditionTold(_edition(row, newsletters[row.newsletter_id]), newsletters[row.newsletter_id])
                for row in connection.execute(query.limit(limit))
            ]

    def months(self) -> Sequence[str]:
        return self._dates("YYYY-MM", "%Y-%m", None)

    def days(self, window: Window) -> Sequence[str]:
        return self._dates("YYYY-MM-DD", "%Y-%m-%d", window)

    def _dates(self, postgresql: str, sqlite: str, window: Window | None) -> Sequence[str]:
        def spelled(column: sa.ColumnElement[datetime]) -> sa.ColumnElement[str]:
            if self._database.is_sqlite:
                return sa.func.strftime(sqlite, column, type_=sa.Text)
            return sa.func.to_char(sa.func.timezone("UTC", column), postgresql, type_=sa.Text)

        published, due = schema.article.c.published_at, schema.edition.c.due_at
        told = _live(sa.select(spelled(published).label("date")))
        editions = sa.select(spelled(due).label("date")).where(_public)
        if window is not None:
            told = told.where(published >= window.start, published < window.end)
            editions = editions.where(due >= window.start, due < window.end)
        both = sa.union(told, editions).subquery()
        with self._database.read() as connection:
            return connection.scalars(sa.select(both.c.date).order_by(both.c.date.desc())).all()


def _live(query: sa.Select[Any]) -> sa.Select[Any]:
    return query.join(schema.story, schema.story.c.leader_id == schema.article.c.id).where(
        schema.article.c.state == ArticleState.LIVE.value
    )


def _partners(connection: Connection) -> tuple[Partner, ...]:
    rows = connection.execute(sa.select(schema.partner).order_by(schema.partner.c.name, schema.partner.c.id))
    return tuple(Partner(slug=row.slug, name=row.name, homepage=row.homepage) for row in rows)


def _items(connection: Connection, edition_id: int) -> tuple[tuple[Item, Stored], ...]:
    table = schema.edition_item
    rows = connection.execute(
        sa.select(table).where(table.c.edition_id == edition_id).order_by(table.c.position, table.c.id)
    ).all()
    stored = {one.id: one for one in articles.load(connection, [row.article_id for row in rows])}
    return tuple((_item(row), stored[row.article_id]) for row in rows if row.article_id in stored)


def _item(row: Any) -> Item:
    return Item(
        story_id=row.story_id,
        article_id=row.article_id,
        rev=row.rev,
        position=row.position,
        kind=ItemKind(row.kind),
        reason=row.reason,
    )


def _edition(row: Any, newsletter: Newsletter) -> Edition:
    return Edition(
        id=row.id,
        newsletter_id=row.newsletter_id,
        newsletter_slug=newsletter.slug,
        cadence=Cadence(row.cadence),
        slot_local=datetime.fromisoformat(row.slot_local),
        due_at=row.due_at,
        state=EditionState(row.state),
        cutoff_at=row.cutoff_at,
        created_at=row.created_at,
        settled_at=row.settled_at,
    )
