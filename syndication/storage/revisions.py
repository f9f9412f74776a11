"""Articles written: a new one, another text of a known one, its topics and shingles. In: Arrival, Article.

It takes values that the caller has judged already; it knows nothing of feeds, hashes or rights.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from syndication.model.article import Article, ArticleState, DecidedBy
from syndication.model.collecting import Arrival, Correction, Known
from syndication.model.signals import Signals
from syndication.storage import values
from syndication.storage.many import each, each_pair, next_ids, write_rows
from syndication.storage.schema import article as articles
from syndication.storage.schema import article_related, article_shingle, article_topic, story, topic
from syndication.storage.schema import article_revision as revision_rows


def known(connection: Connection, listed: Mapping[int, Collection[str]]) -> dict[int, dict[str, Known]]:
    """What is stored, by source, under these guids of each source."""
    found: dict[int, dict[str, Known]] = {source_id: {} for source_id in listed}
    asked = [(source_id, guid) for source_id, guids in listed.items() for guid in guids]
    for row in connection.execute(_KNOWN, {"listed": asked}) if asked else ():
        found[row.source_id][row.guid] = Known(
            row.id, row.hash, row.entry_hash, row.published_at, row.first_seen_at, ArticleState(row.state)
        )
    return found


def add(connection: Connection, arrivals: Sequence[Arrival]) -> list[int]:
    """Write new articles, each as its first revision, and answer their ids for life."""
    alone = [arrival for arrival in arrivals if arrival.story_id is None]
    opened = next_ids(connection, story, len(alone))
    if alone:
        seen = [arrival.article.first_seen_at for arrival in alone]
        rows = [{"id": id, "first_seen_at": at} for id, at in zip(opened, seen, strict=True)]
        write_rows(connection, _ADD_STORY, rows)
    waiting = iter(opened)
    stories = [arrival.story_id or next(waiting) for arrival in arrivals]
    ids = list(next_ids(connection, articles, len(arrivals)))
    placed = list(zip(arrivals, stories, ids, strict=True))
    write_rows(connection, _ADD_ARTICLE, [_row(*one) for one in placed])
    if leading := [{"story": story_id, "leader": id} for arrival, story_id, id in placed if arrival.leads]:
        write_rows(connection, _LEAD, leading)
    write_rows(
        connection,
        _ADD_REVISION,
        [_revision(id, 1, arrival.article, arrival.article.first_seen_at) for arrival, _, id in placed],
    )
    _add_topics(connection, [(id, arrival.topics) for arrival, _, id in placed])
    _add_shingles(connection, [(id, arrival.shingles) for arrival, _, id in placed])
    versions = [(id, other, nearness) for arrival, _, id in placed for other, nearness in arrival.versions]
    if versions:
        names = ("article_id", "other_id", "nearness")
        connection.execute(article_related.insert(), [dict(zip(names, row, strict=True)) for row in versions])
    return ids


def revise(connection: Connection, id: int, article: Article, *, entry_hash: str, now: datetime) -> None:
    """Make this text current: as a new revision, or an earlier one again when its fingerprint is that one's."""
    _make_current(connection, [(id, article, entry_hash, now)])


def revise_all(connection: Connection, corrections: Sequence[Correction]) -> None:
    """The same for many, with their topics and shingles. One article is corrected once."""
    _make_current(connection, [(one.known.article_id, one.article, one.entry_hash, one.at) for one in corrections])
    ids = [one.known.article_id for one in corrections]
    _strike_topics(connection, ids)
    _add_topics(connection, [(one.known.article_id, one.topics) for one in corrections])
    connection.execute(_STRIKE_SHINGLES, {"ids": ids})
    _add_shingles(connection, [(one.known.article_id, one.shingles) for one in corrections])


def write_entry_hashes(connection: Connection, hashes: Iterable[tuple[int, str]]) -> None:
    """Remember how entries are listed whose text is what it was: by article, the hash of its entry."""
    connection.execute(_RELIST, [{"key": id, "listed_as": entry_hash} for id, entry_hash in hashes])


def write_signals(connection: Connection, signals: Iterable[tuple[int, Signals]]) -> list[int]:
    """Keep what pages ask of robots now, in the current text; answers the articles of which it is something else.

    No revision: not a word of it reads otherwise. What the rights come to is decided once more.
    """
    wanted = dict(signals)
    changed = []
    for row in connection.execute(_CURRENT, {"ids": list(wanted)}).all():
        text = values.article_from_json(row.content)
        if text.signals != wanted[row.article_id]:
            asked = values.article_to_json(replace(text, signals=wanted[row.article_id]))
            connection.execute(_REWRITE, {"key": row.article_id, "of": row.rev, "told": asked})
            changed.append(row.article_id)
    if changed:
        connection.execute(articles.update().where(articles.c.id.in_(changed)).values(rights_rev=0))
    return changed


def write_topics(connection: Connection, id: int, topics: Iterable[tuple[str, DecidedBy]]) -> None:
    """Give the article these topics and no others, save for those given by hand. Unknown slugs are passed over."""
    _strike_topics(connection, [id])
    _add_topics(connection, [(id, topics)])


def _row(arrival: Arrival, story_id: int, id: int) -> dict[str, Any]:
    item = arrival.article
    return {
        "id": id,
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
_LISTED = each_pair("listed")
_KNOWN = (
    sa.select(
        articles.c.source_id,
        articles.c.guid,
        articles.c.id,
        articles.c.hash,
        articles.c.entry_hash,
        articles.c.published_at,
        articles.c.first_seen_at,
        articles.c.state,
    )
    .select_from(_LISTED)
    .join(articles, (articles.c.source_id == _LISTED.c.id) & (articles.c.guid == _LISTED.c.text))
)
_CURRENT = (
    sa.select(revision_rows.c.article_id, revision_rows.c.rev, revision_rows.c.content)
    .join(articles, (articles.c.id == revision_rows.c.article_id) & (articles.c.rev == revision_rows.c.rev))
    .where(articles.c.id.in_(sa.bindparam("ids", expanding=True)))
)
_REWRITE = (
    revision_rows.update()
    .where(revision_rows.c.article_id == sa.bindparam("key"), revision_rows.c.rev == sa.bindparam("of"))
    .values(content=sa.bindparam("told", type_=revision_rows.c.content.type))
)
_ADD_STORY = story.insert()
_ADD_ARTICLE = articles.insert()
_ADD_REVISION = revision_rows.insert()
_LEAD = story.update().where(story.c.id == sa.bindparam("story")).values(leader_id=sa.bindparam("leader"))
_TEXTS = sa.select(revision_rows.c.article_id, revision_rows.c.hash, revision_rows.c.rev).where(
    revision_rows.c.article_id.in_(sa.select(each("ids", sa.BigInteger())))
)
_MAKE_CURRENT = (
    articles.update()
    .where(articles.c.id == sa.bindparam("key"))
    .values(
        rev=sa.bindparam("to_rev"),
        hash=sa.bindparam("to_hash"),
        url=sa.bindparam("to_url"),
        entry_hash=sa.bindparam("listed_as"),
        changed_at=sa.bindparam("at", type_=articles.c.changed_at.type),
    )
)
_RELIST = articles.update().where(articles.c.id == sa.bindparam("key")).values(entry_hash=sa.bindparam("listed_as"))
_STRIKE_TOPICS = article_topic.delete().where(
    article_topic.c.article_id.in_(sa.select(each("ids", sa.BigInteger()))),
    article_topic.c.decided_by != DecidedBy.HAND.value,
)
_STRIKE_SHINGLES = article_shingle.delete().where(
    article_shingle.c.article_id.in_(sa.select(each("ids", sa.BigInteger())))
)
_ADD_SHINGLES = {
    "sqlite": "INSERT INTO article_shingle (shingle, article_id) VALUES (?, ?)",
    "postgresql": "INSERT INTO article_shingle (shingle, article_id) SELECT unnest(%s::bigint[]), unnest(%s::bigint[])",
}
"""In the driver's own words: a poll has hundreds of rows, and SQLAlchemy's part of each costs twice the insert."""


def _make_current(connection: Connection, texts: Sequence[tuple[int, Article, str, datetime]]) -> None:
    known: dict[int, dict[str, int]] = {id: {} for id, *_ in texts}
    for id, hash, rev in connection.execute(_TEXTS, {"ids": list(known)}):
        known[id][hash] = rev
    revs = {id: known[id].get(text.fingerprint) or max(known[id].values()) + 1 for id, text, *_ in texts}
    told = [_revision(id, revs[id], text, at) for id, text, _, at in texts if text.fingerprint not in known[id]]
    if told:
        write_rows(connection, _ADD_REVISION, told)
    rows = [
        {"key": id, "to_rev": revs[id], "to_hash": text.fingerprint, "to_url": text.url, "listed_as": listed, "at": at}
        for id, text, listed, at in texts
    ]
    write_rows(connection, _MAKE_CURRENT, rows)


def _strike_topics(connection: Connection, ids: Sequence[int]) -> None:
    connection.execute(_STRIKE_TOPICS, {"ids": ids})


def _add_topics(connection: Connection, wanted: Iterable[tuple[int, Iterable[tuple[str, DecidedBy]]]]) -> None:
    rows = [{"article": id, "slug": slug, "by": by.value} for id, topics in wanted for slug, by in topics]
    if rows:
        connection.execute(_add_topic(connection.dialect.name), rows)


@cache
def _add_topic(dialect: str) -> sa.Insert:
    named = sa.select(
        sa.bindparam("article", type_=topic.c.id.type), topic.c.id, sa.bindparam("by", type_=sa.Text)
    ).where(topic.c.slug == sa.bindparam("slug"))
    columns = ["article_id", "topic_id", "decided_by"]
    upsert = (sqlite if dialect == "sqlite" else postgresql).insert(article_topic)
    # One that a person gave is there already, and stays theirs.
    written: sa.Insert = upsert.from_select(columns, named).on_conflict_do_nothing()
    return written


def _add_shingles(connection: Connection, wanted: Iterable[tuple[int, frozenset[int]]]) -> None:
    # In the order of the index, so that each page of it is looked for once.
    rows = sorted((shingle, id) for id, shingles in wanted for shingle in shingles)
    if not rows:
        return
    statement = _ADD_SHINGLES[connection.dialect.name]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(statement, rows)
    else:
        connection.exec_driver_sql(statement, tuple(map(list, zip(*rows, strict=True))))
