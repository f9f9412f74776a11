"""What feeds have said, in order: each text of each article, and its withdrawal; and what they have yet to say.

A row that is in a page of a feed's archive stays there for good.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.article import ArticleState
from syndication.model.feed import FeedEntry, Withdrawn
from syndication.model.source import Partner
from syndication.storage import values
from syndication.storage.articles import BY_PUBLISHER
from syndication.storage.database import insert
from syndication.storage.many import each
from syndication.storage.schema import article, article_change, article_revision, article_topic, partner, source, topic
from syndication.storage.schema import feed as feeds
from syndication.storage.schema import feed_entry as entries

PART = 500
"""Ids in one question: below the number of parameters that either engine takes."""


def note_change(connection: Connection, *article_ids: int) -> None:
    """Articles came, changed or went: feeds have something to say of them."""
    if article_ids:
        connection.execute(_NOTE, [{"article_id": id} for id in article_ids])


def mark_stale(connection: Connection, article_ids: Sequence[int]) -> None:
    """Raise the mark of each feed that holds one of these articles, or asks for one.

    The other tellings of their stories count too: which of them leads may be another now.
    """
    if not article_ids:
        return
    ids = list(connection.scalars(_TELLINGS, {"ids": article_ids}))
    touched = set(connection.scalars(_HOLDING, {"ids": ids}))
    choices = [(id, values.choice_from_json(choice)) for id, choice in connection.execute(_CHOICES)]
    choices = [(id, choice) for id, choice in choices if not choice.search]  # what it finds, the index knows later
    for partner_slug, topics in _facts(connection, ids):
        touched |= {id for id, choice in choices if choice.wants(topics=topics, partner=partner_slug)}
    _raise(connection, touched)


def searches(connection: Connection) -> dict[int, str]:
    """What saved searches look for, by the id of the feed."""
    known = connection.execute(sa.select(feeds.c.id, feeds.c.choice).where(feeds.c.newsletter.is_(None)))
    choices = ((id, values.choice_from_json(choice)) for id, choice in known)
    return {id: choice.search for id, choice in choices if choice.search}


def mark_searches_stale(connection: Connection, found_by: Collection[int], article_ids: Sequence[int]) -> None:
    """The index of words has changed: these searches may find something else, and so may those that had an article."""
    held = (feed_ids for feed_ids in holding(connection, article_ids).values())
    _raise(connection, {*found_by, *(searches(connection).keys() & set().union(*held))})


def _raise(connection: Connection, touched: set[int]) -> None:
    if touched:
        connection.execute(_RAISE, {"ids": sorted(touched)})


def changes(connection: Connection, *, limit: int) -> list[tuple[int, int]]:
    """Changes that nobody wrote down yet: their ids, and the articles'."""
    query = sa.select(article_change.c.id, article_change.c.article_id).order_by(article_change.c.id).limit(limit)
    return [(id, article_id) for id, article_id in connection.execute(query)]


def write(connection: Connection, said: Iterable[FeedEntry], changes: Sequence[int], now: datetime) -> None:
    """Write down what was said, once each, and strike out the changes that it answers."""
    rows = [
        {"feed_id": one.feed_id, "article_id": one.article_id, "rev": one.rev, "withdrawn": one.withdrawn, "at": now}
        for one in said
    ]
    if rows:
        connection.execute(insert(connection, entries).on_conflict_do_nothing(), rows)
    for part in _parts(changes):
        connection.execute(article_change.delete().where(article_change.c.id.in_(part)))


def holding(connection: Connection, article_ids: Sequence[int]) -> Mapping[int, frozenset[int]]:
    """The feeds that have said something of each article."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for part in _parts(article_ids):
        query = sa.select(entries.c.article_id, entries.c.feed_id).where(entries.c.article_id.in_(part)).distinct()
        for article_id, feed_id in connection.execute(query):
            found[article_id].add(feed_id)
    return {article_id: frozenset(ids) for article_id, ids in found.items()}


def has_said(connection: Connection, feed_id: int) -> bool:
    return bool(connection.scalar(sa.select(sa.exists().where(entries.c.feed_id == feed_id))))


def said(connection: Connection, feed_id: int, article_ids: Sequence[int]) -> frozenset[tuple[int, int]]:
    """Which texts of these articles the feed has had: article and revision."""
    found: set[tuple[int, int]] = set()
    for part in _parts(article_ids):
        query = sa.select(entries.c.article_id, entries.c.rev).where(
            entries.c.feed_id == feed_id, entries.c.article_id.in_(part), ~entries.c.withdrawn
        )
        found |= {(id, rev) for id, rev in connection.execute(query)}
    return frozenset(found)


def unfiled(connection: Connection, feed_id: int) -> tuple[FeedEntry, ...]:
    """What is in no page of the feed's archive yet, oldest first."""
    return _entries(connection, entries.c.feed_id == feed_id, entries.c.page.is_(None))


def page(connection: Connection, feed_id: int, number: int) -> tuple[FeedEntry, ...]:
    return _entries(connection, entries.c.feed_id == feed_id, entries.c.page == number)


def newest_page(connection: Connection, feed_id: int) -> int:
    """The number of the newest page of the feed's archive; 0 when there is none."""
    return connection.scalar(sa.select(sa.func.max(entries.c.page)).where(entries.c.feed_id == feed_id)) or 0


def file(connection: Connection, feed_id: int, pages: Sequence[Sequence[int]], dropped: Sequence[int]) -> None:
    """Put these rows into new pages, in order, and forget those that were said again before they were filed."""
    first = newest_page(connection, feed_id) + 1
    for number, ids in enumerate(pages, start=first):
        for part in _parts(ids):
            connection.execute(
                entries.update().where(entries.c.id.in_(part), entries.c.page.is_(None)).values(page=number)
            )
    for part in _parts(dropped):
        connection.execute(entries.delete().where(entries.c.id.in_(part), entries.c.page.is_(None)))


def gone(connection: Connection, feed_id: int, *, since: datetime, limit: int) -> list[Withdrawn]:
    """What the feed had and was withdrawn since, newest first."""
    rows = connection.execute(_GONE, {"feed": feed_id, "since": since, "most": limit})
    return [_to_withdrawn(row) for row in rows]


def withdrawn(connection: Connection, article_ids: Sequence[int]) -> list[Withdrawn]:
    """Those of them that are withdrawn."""
    return [
        _to_withdrawn(row)
        for part in _parts(article_ids)
        for row in connection.execute(_WITHDRAWN.where(article.c.id.in_(part)).order_by(article.c.id))
    ]


def forget(connection: Connection, feed_id: int) -> None:
    """A feed with another choice is another feed: its archive begins anew."""
    connection.execute(entries.delete().where(entries.c.feed_id == feed_id))


# Built once: putting a statement together costs more than running it.
_NOTE = article_change.insert()
_GIVEN = sa.select(each("ids", sa.BigInteger()))
_TELLINGS = sa.select(article.c.id).where(
    article.c.story_id.in_(sa.select(article.c.story_id).where(article.c.id.in_(_GIVEN)))
)
_HOLDING = sa.select(entries.c.feed_id).where(entries.c.article_id.in_(_GIVEN)).distinct()
_CHOICES = sa.select(feeds.c.id, feeds.c.choice).where(feeds.c.newsletter.is_(None))
_TOPICS = (
    sa.select(article_topic.c.article_id, topic.c.slug)
    .join(topic)
    .where(article_topic.c.article_id.in_(_GIVEN))
    .order_by(article_topic.c.article_id, topic.c.slug)
)
_PARTNERS = (
    sa.select(article.c.id, partner.c.slug)
    .join(source, source.c.id == article.c.source_id)
    .join(partner, partner.c.id == source.c.partner_id)
    .where(article.c.id.in_(_GIVEN))
)
_WITHDRAWN = (
    sa.select(
        article.c.id,
        article.c.published_at,
        article.c.withdrawn_at,
        BY_PUBLISHER.label("by_publisher"),
        article_revision.c.content,
        partner.c.slug,
        partner.c.name,
        partner.c.homepage,
    )
    .join(article_revision, (article_revision.c.article_id == article.c.id) & (article_revision.c.rev == article.c.rev))
    .join(source, source.c.id == article.c.source_id)
    .join(partner, partner.c.id == source.c.partner_id)
    .where(article.c.state == ArticleState.WITHDRAWN.value, article.c.withdrawn_at.is_not(None))
)
_HAD = sa.exists().where(entries.c.feed_id == sa.bindparam("feed"), entries.c.article_id == article.c.id)
_GONE = (
    # By when it went first: that is little, and what a feed has had may be all there is.
    _WITHDRAWN.where(article.c.withdrawn_at >= sa.bindparam("since", type_=article.c.withdrawn_at.type), _HAD)
    .order_by(article.c.withdrawn_at.desc(), article.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_RAISE = feeds.update().where(feeds.c.id.in_(_GIVEN)).values(stale=feeds.c.stale + 1)


def _entries(connection: Connection, *conditions: sa.ColumnElement[bool]) -> tuple[FeedEntry, ...]:
    query = sa.select(entries, article.c.rev.label("current")).join(article, article.c.id == entries.c.article_id)
    return tuple(
        FeedEntry(row.feed_id, row.article_id, row.rev, row.withdrawn, row.id, is_current=row.rev == row.current)
        for row in connection.execute(query.where(*conditions).order_by(entries.c.id))
    )


def _facts(connection: Connection, ids: Sequence[int]) -> set[tuple[str, tuple[str, ...]]]:
    """The partners and topics that these articles have, each such pair once."""
    topics: defaultdict[int, list[str]] = defaultdict(list)
    for id, slug in connection.execute(_TOPICS, {"ids": ids}):
        topics[id].append(slug)
    return {(slug, tuple(topics[id])) for id, slug in connection.execute(_PARTNERS, {"ids": ids})}


def _to_withdrawn(row: sa.Row[Any]) -> Withdrawn:
    return Withdrawn(
        article_id=row.id,
        publisher_guid=row.content["publisher_guid"],
        partner=Partner(row.slug, row.name, row.homepage),
        published_at=row.published_at,
        at=row.withdrawn_at,
        by_publisher=bool(row.by_publisher),
    )


def _parts(ids: Sequence[int]) -> Iterable[list[int]]:
    return (list(ids[start : start + PART]) for start in range(0, len(ids), PART))
