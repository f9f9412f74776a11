"""Articles written: a new one, another text of a known one, its topics and shingles. In: Arrival, Article.

It takes values that the caller has judged already; it knows nothing of feeds, hashes or rights.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.article import Article, ArticleState, DecidedBy
from syndication.model.collecting import Arrival, Known
from syndication.storage import values
from syndication.storage.database import insert
from syndication.storage.many import each
from syndication.storage.schema import article as articles
from syndication.storage.schema import article_revision as revision_rows
from syndication.storage.schema import article_shingle, article_topic, story, topic


def known(connection: Connection, source_id: int, guids: Sequence[str]) -> dict[str, Known]:
    """What is stored under these guids of a source."""
    return {
        row.guid: Known(row.id, row.hash, row.entry_hash, row.published_at, row.first_seen_at, ArticleState(row.state))
        for row in connection.execute(_KNOWN, {"source": source_id, "guids": guids})
    }


def add(connection: Connection, arrivals: Sequence[Arrival]) -> list[int]:
    """Write new articles, each as its first revision, and answer their ids for life."""
    alone = [arrival for arrival in arrivals if arrival.story_id is None]
    opened = iter(_ids(connection, _ADD_STORY, [{"first_seen_at": each.article.first_seen_at} for each in alone]))
    stories = [arrival.story_id or next(opened) for arrival in arrivals]
    ids = _ids(connection, _ADD_ARTICLE, [_row(*pair) for pair in zip(arrivals, stories, strict=True)])
    placed = list(zip(arrivals, stories, ids, strict=True))
    if leading := [{"story": story_id, "leader": id} for arrival, story_id, id in placed if arrival.leads]:
        connection.execute(_LEAD, leading)
    connection.execute(
        revision_rows.insert(),
        [_revision(id, 1, arrival.article, arrival.article.first_seen_at) for arrival, _, id in placed],
    )
    _add_topics(connection, [(id, arrival.topics) for arrival, _, id in placed])
    _add_shingles(connection, [(id, arrival.shingles) for arrival, _, id in placed])
    return ids


def revise(connection: Connection, id: int, article: Article, *, entry_hash: str, now: datetime) -> None:
    """Make this text current: as a new revision, or an earlier one again when its fingerprint is that one's."""
    rows = sa.select(revision_rows.c.hash, revision_rows.c.rev).where(revision_rows.c.article_id == id)
    known = dict(connection.execute(rows).all())
    rev = known.get(article.fingerprint) or max(known.values()) + 1
    if article.fingerprint not in known:
        connection.execute(revision_rows.insert(), _revision(id, rev, article, now))
    connection.execute(
        articles.update()
        .where(articles.c.id == id)
        .values(rev=rev, hash=article.fingerprint, url=article.url, entry_hash=entry_hash, changed_at=now)
    )


def write_entry_hash(connection: Connection, id: int, entry_hash: str) -> None:
    connection.execute(articles.update().where(articles.c.id == id).values(entry_hash=entry_hash))


def write_topics(connection: Connection, id: int, topics: Iterable[tuple[str, DecidedBy]]) -> None:
    """Give the article these topics and no others, save for those given by hand. Unknown slugs are passed over."""
    by_hand = article_topic.c.decided_by == DecidedBy.HAND.value
    connection.execute(article_topic.delete().where(article_topic.c.article_id == id, ~by_hand))
    _add_topics(connection, [(id, topics)])


def write_shingles(connection: Connection, id: int, shingles: frozenset[int]) -> None:
    """Put these, and no others, into the index by which tellings of one story find each other."""
    connection.execute(article_shingle.delete().where(article_shingle.c.article_id == id))
    _add_shingles(connection, [(id, shingles)])


def _row(arrival: Arrival, story_id: int) -> dict[str, Any]:
    item = arrival.article
    return {
        "source_id": item.source_id,
        "guid": item.guid,
        "url": item.url,
        "story_id": story_id,
        "state": arrival.state.value,
        "rev": 1,
        "hash": item.fingerprint,
        "entry_hash": arrival.entry_hash,
        "published_at": item.published_at,
        "first_seen_at": item.first_seen_at,
        "backfill": arrival.backfill,
    }


def _revision(id: int, rev: int, article: Article, seen_at: datetime) -> dict[str, Any]:
    return {
        "article_id": id,
        "rev": rev,
        "hash": article.fingerprint,
        "seen_at": seen_at,
        "title": article.title,
        "content": values.article_to_json(article),
    }


# Built once: putting a statement together costs more than running it.
_KNOWN = sa.select(
    articles.c.guid,
    articles.c.id,
    articles.c.hash,
    articles.c.entry_hash,
    articles.c.published_at,
    articles.c.first_seen_at,
    articles.c.state,
).where(articles.c.source_id == sa.bindparam("source"), articles.c.guid.in_(sa.select(each("guids", sa.Text()))))
_ADD_STORY = story.insert().returning(story.c.id, sort_by_parameter_order=True)
_ADD_ARTICLE = articles.insert().returning(articles.c.id, sort_by_parameter_order=True)
_LEAD = story.update().where(story.c.id == sa.bindparam("story")).values(leader_id=sa.bindparam("leader"))
_ADD_SHINGLES = article_shingle.insert().from_select(
    ["shingle", "article_id"],
    sa.select(each("shingles", sa.BigInteger()), sa.bindparam("article", type_=article_shingle.c.article_id.type)),
)


def _ids(connection: Connection, statement: Any, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    return list(connection.scalars(statement, rows)) if rows else []


def _add_topics(connection: Connection, wanted: Iterable[tuple[int, Iterable[tuple[str, DecidedBy]]]]) -> None:
    rows = [{"article": id, "slug": slug, "by": by.value} for id, topics in wanted for slug, by in topics]
    if not rows:
        return
    named = sa.select(
        sa.bindparam("article", type_=topic.c.id.type), topic.c.id, sa.bindparam("by", type_=sa.Text)
    ).where(topic.c.slug == sa.bindparam("slug"))
    columns = ["article_id", "topic_id", "decided_by"]
    # One that a person gave is there already, and stays theirs.
    connection.execute(insert(connection, article_topic).from_select(columns, named).on_conflict_do_nothing(), rows)


def _add_shingles(connection: Connection, wanted: Iterable[tuple[int, frozenset[int]]]) -> None:
    rows = [{"article": id, "shingles": sorted(shingles)} for id, shingles in wanted if shingles]
    if rows:
        connection.execute(_ADD_SHINGLES, rows)
