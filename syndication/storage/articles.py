"""Articles, their revisions, topics and stories. In: ids, or what to look for. Out: Stored, as every output shows it.

The writers take values that the caller has judged already; they know nothing of feeds, hashes or rights.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.article import (
    Article,
    ArticleState,
    DecidedBy,
    Revision,
    Stored,
    StoryLink,
)
from syndication.model.choice import Choice
from syndication.model.collecting import Arrival, Known
from syndication.model.source import Partner
from syndication.model.story import Candidate
from syndication.storage import values
from syndication.storage.schema import article as articles
from syndication.storage.schema import article_revision as revision_rows
from syndication.storage.schema import (
    article_shingle,
    article_topic,
    feed,
    partner,
    source,
    story,
    topic,
)

PART = 500
"""Ids in one question: below the number of parameters that either engine takes."""


def load(connection: Connection, ids: Sequence[int]) -> list[Stored]:
    """The articles of these ids, in this order; an id that names none is left out."""
    found: dict[int, Stored] = {}
    for start in range(0, len(ids), PART):
        found |= _load_part(connection, list(ids[start : start + PART]))
    return [found[id] for id in ids if id in found]


def get(connection: Connection, id: int) -> Stored | None:
    return next(iter(load(connection, [id])), None)


def newest(
    connection: Connection,
    *,
    choice: Choice | None = None,
    limit: int,
    leaders_only: bool = True,
    states: Iterable[ArticleState] = (ArticleState.LIVE,),
) -> list[Stored]:
    """What `choice` asks for, newest by the partner's date first; one telling of each story unless told otherwise."""
    query = (
        sa.select(articles.c.id)
        .join(source, source.c.id == articles.c.source_id)
        .join(partner, partner.c.id == source.c.partner_id)
        .where(articles.c.state.in_([state.value for state in states]))
        .order_by(articles.c.published_at.desc(), articles.c.id.desc())
        .limit(limit)
    )
    if leaders_only:
        query = query.join(story, story.c.leader_id == articles.c.id)
    return load(connection, connection.scalars(_chosen(query, choice or Choice())).all())


def revisions(connection: Connection, id: int) -> list[Revision]:
    """Every text that we have seen of it, oldest first."""
    rows = connection.execute(
        sa.select(revision_rows).where(revision_rows.c.article_id == id).order_by(revision_rows.c.rev)
    )
    return [Revision(row.rev, row.seen_at, values.article_from_json(row.content)) for row in rows]


def _chosen(query: sa.Select[int], choice: Choice) -> sa.Select[int]:
    """`Choice.wants`, in SQL."""
    if choice.partners:
        query = query.where(partner.c.slug.in_(choice.partners))
    if choice.muted_partners:
        query = query.where(partner.c.slug.not_in(choice.muted_partners))
    if choice.topics:
        within = sa.select(article_topic.c.article_id).join(topic).where(topic.c.slug.in_(choice.topics))
        query = query.where(articles.c.id.in_(within))
    return query


def _load_part(connection: Connection, ids: list[int]) -> dict[int, Stored]:
    rows = connection.execute(_whole().where(articles.c.id.in_(ids))).all()
    topics = _topics_of(connection, ids)
    elsewhere = _tellings(connection, {row.story_id for row in rows})
    return {
        row.id: Stored(
            id=row.id,
            article=values.article_from_json(row.content),
            rev=row.rev,
            state=ArticleState(row.state),
            story_id=row.story_id,
            leads=row.leader_id == row.id,
            partner=Partner(slug=row.partner_slug, name=row.partner_name, homepage=row.homepage),
            source_slug=row.source_slug,
            source_url=row.source_url,
            rights=values.rights_from_json(row.rights),
            topics=topics.get(row.id, ()),
            backfill=row.backfill,
            changed_at=row.changed_at,
            also_in=tuple(link for link in elsewhere.get(row.story_id, ()) if link.article_id != row.id),
        )
        for row in rows
    }


def _whole() -> sa.Select[Any]:
    return (
        sa.select(
            articles.c.id,
            articles.c.rev,
            articles.c.state,
            articles.c.story_id,
            articles.c.backfill,
            articles.c.changed_at,
            revision_rows.c.content,
            story.c.leader_id,
            source.c.slug.label("source_slug"),
            source.c.url.label("source_url"),
            source.c.rights,
            partner.c.slug.label("partner_slug"),
            partner.c.name.label("partner_name"),
            partner.c.homepage,
        )
        .join(revision_rows, (revision_rows.c.article_id == articles.c.id) & (revision_rows.c.rev == articles.c.rev))
        .join(story, story.c.id == articles.c.story_id)
        .join(source, source.c.id == articles.c.source_id)
        .join(partner, partner.c.id == source.c.partner_id)
    )


def _topics_of(connection: Connection, ids: list[int]) -> dict[int, tuple[str, ...]]:
    rows = connection.execute(
        sa.select(article_topic.c.article_id, topic.c.slug)
        .join(topic)
        .where(article_topic.c.article_id.in_(ids))
        .order_by(topic.c.slug)
    )
    found: dict[int, tuple[str, ...]] = {}
    for id, slug in rows:
        found[id] = (*found.get(id, ()), slug)
    return found


def _tellings(connection: Connection, stories: set[int]) -> Mapping[int, list[StoryLink]]:
    """The live tellings of each story, in the order in which they came."""
    rows = connection.execute(
        sa.select(articles.c.story_id, articles.c.id, revision_rows.c.title, articles.c.url, partner.c.name)
        .join(revision_rows, (revision_rows.c.article_id == articles.c.id) & (revision_rows.c.rev == articles.c.rev))
        .join(source, source.c.id == articles.c.source_id)
        .join(partner, partner.c.id == source.c.partner_id)
        .where(articles.c.story_id.in_(stories), articles.c.state == ArticleState.LIVE.value)
        .order_by(articles.c.id)
    )
    found: defaultdict[int, list[StoryLink]] = defaultdict(list)
    for story_id, id, title, url, name in rows:
        found[story_id].append(StoryLink(article_id=id, title=title, url=url, partner=name))
    return found


def known(connection: Connection, source_id: int, guids: Sequence[str]) -> dict[str, Known]:
    """What is stored under these guids of a source."""
    found: dict[str, Known] = {}
    columns = (articles.c.hash, articles.c.entry_hash, articles.c.published_at, articles.c.first_seen_at)
    for start in range(0, len(guids), PART):
        query = sa.select(articles.c.guid, articles.c.id, *columns).where(
            articles.c.source_id == source_id, articles.c.guid.in_(guids[start : start + PART])
        )
        found |= {guid: Known(*rest) for guid, *rest in connection.execute(query)}
    return found


def candidates(
    connection: Connection, shingles: frozenset[int], *, url: str, since: datetime, limit: int
) -> list[Candidate]:
    """Tellings first seen since then: those at this very address, then those that share most of these shingles."""
    recent = (articles.c.first_seen_at >= since) & (articles.c.state != ArticleState.WITHDRAWN.value)
    ids: list[int] = []
    if url:
        query = sa.select(articles.c.id).where(articles.c.url == url, recent).order_by(articles.c.id).limit(limit)
        ids += connection.scalars(query)
    if shingles:
        shared = (
            sa.select(article_shingle.c.article_id)
            .join(articles, articles.c.id == article_shingle.c.article_id)
            .where(article_shingle.c.shingle.in_(sorted(shingles)), recent)
            .group_by(article_shingle.c.article_id)
            .order_by(sa.func.count().desc(), article_shingle.c.article_id)
            .limit(limit)
        )
        ids += connection.scalars(shared)
    found = {one.article_id: one for one in _tellings_of(connection, articles.c.id.in_(ids))} if ids else {}
    return [found[id] for id in dict.fromkeys(ids)]


def leader(connection: Connection, story_id: int) -> Candidate | None:
    """The telling that leads now; None when it is held or withdrawn."""
    leads = articles.c.id == sa.select(story.c.leader_id).where(story.c.id == story_id).scalar_subquery()
    return next(iter(_tellings_of(connection, leads & (articles.c.state == ArticleState.LIVE.value))), None)


def _tellings_of(connection: Connection, which: sa.ColumnElement[bool]) -> list[Candidate]:
    return [
        Candidate(
            article_id=row.id,
            story_id=row.story_id,
            partner=Partner(slug=row.partner_slug, name=row.partner_name, homepage=row.homepage),
            article=values.article_from_json(row.content),
        )
        for row in connection.execute(_whole().where(which))
    ]


def add(connection: Connection, arrival: Arrival) -> int:
    """Write one new article as its first revision, and answer its id for life."""
    item = arrival.article
    story_id = arrival.story_id or _insert(connection, story, first_seen_at=item.first_seen_at)
    id = _insert(
        connection,
        articles,
        source_id=item.source_id,
        guid=item.guid,
        url=item.url,
        story_id=story_id,
        state=arrival.state.value,
        rev=1,
        hash=item.fingerprint,
        entry_hash=arrival.entry_hash,
        published_at=item.published_at,
        first_seen_at=item.first_seen_at,
        backfill=arrival.backfill,
    )
    if arrival.leads:
        connection.execute(story.update().where(story.c.id == story_id).values(leader_id=id))
    write_revision(connection, id, rev=1, article=item, seen_at=item.first_seen_at)
    write_topics(connection, id, arrival.topics)
    write_shingles(connection, id, arrival.shingles)
    return id


def revise(connection: Connection, id: int, article: Article, *, entry_hash: str, now: datetime) -> None:
    """Make this text current: as a new revision, or an earlier one again when its fingerprint is that one's."""
    earlier = connection.execute(
        sa.select(
            sa.func.max(revision_rows.c.rev),
            sa.func.max(sa.case((revision_rows.c.hash == article.fingerprint, revision_rows.c.rev))),
        ).where(revision_rows.c.article_id == id)
    ).one()
    latest, again = earlier
    rev = again or latest + 1
    if again is None:
        write_revision(connection, id, rev=rev, article=article, seen_at=now)
    connection.execute(
        articles.update()
        .where(articles.c.id == id)
        .values(rev=rev, hash=article.fingerprint, url=article.url, entry_hash=entry_hash, changed_at=now)
    )


def release(connection: Connection, source_slug: str) -> int:
    """Let out what was held of a source; answers how many. Feeds take it up with their next build."""
    of_source = sa.select(source.c.id).where(source.c.slug == source_slug).scalar_subquery()
    released = connection.execute(
        articles.update()
        .where(articles.c.source_id == of_source, articles.c.state == ArticleState.HELD.value)
        .values(state=ArticleState.LIVE.value, hold_until=None)
    ).rowcount
    if released:
        connection.execute(feed.update().values(stale=feed.c.stale + 1))
    return released


def write_entry_hash(connection: Connection, id: int, entry_hash: str) -> None:
    connection.execute(articles.update().where(articles.c.id == id).values(entry_hash=entry_hash))


def write_revision(connection: Connection, id: int, *, rev: int, article: Article, seen_at: datetime) -> None:
    connection.execute(
        revision_rows.insert().values(
            article_id=id,
            rev=rev,
            hash=article.fingerprint,
            seen_at=seen_at,
            title=article.title,
            content=values.article_to_json(article),
        )
    )


def write_topics(connection: Connection, id: int, topics: Iterable[tuple[str, DecidedBy]]) -> None:
    """Give the article these topics and no others, save for those given by hand. Unknown slugs are passed over."""
    by_hand = article_topic.c.decided_by == DecidedBy.HAND.value
    connection.execute(article_topic.delete().where(article_topic.c.article_id == id, ~by_hand))
    wanted = dict(topics)
    if not wanted:
        return
    kept = set(connection.scalars(sa.select(article_topic.c.topic_id).where(article_topic.c.article_id == id)))
    known = connection.execute(sa.select(topic.c.id, topic.c.slug).where(topic.c.slug.in_(list(wanted))))
    rows = [
        {"article_id": id, "topic_id": topic_id, "decided_by": wanted[slug].value}
        for topic_id, slug in known
        if topic_id not in kept
    ]
    if rows:
        connection.execute(article_topic.insert(), rows)


def write_shingles(connection: Connection, id: int, shingles: frozenset[int]) -> None:
    """Put these, and no others, into the index by which tellings of one story find each other."""
    connection.execute(article_shingle.delete().where(article_shingle.c.article_id == id))
    if shingles:
        rows = [{"shingle": shingle, "article_id": id} for shingle in sorted(shingles)]
        connection.execute(article_shingle.insert(), rows)


def _insert(connection: Connection, table: sa.Table, **row: Any) -> int:
    return int(connection.execute(table.insert().values(**row).returning(table.c.id)).scalar_one())
