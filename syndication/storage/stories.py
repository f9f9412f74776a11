"""Stories: which stored articles tell the same one. In: shingles, an address. Out: Candidates. It judges none."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.article import ArticleState
from syndication.model.source import Partner
from syndication.model.story import Candidate
from syndication.storage import values
from syndication.storage.many import each
from syndication.storage.schema import article as articles
from syndication.storage.schema import article_related, article_shingle, edition_item, partner, source, story
from syndication.storage.schema import article_revision as revision_rows


def candidates(
    connection: Connection, shingles: frozenset[int], *, url: str, since: datetime, limit: int
) -> list[Candidate]:
    """Tellings first seen since then: those at this very address, then those that share most of these shingles."""
    ids: list[int] = []
    if url:
        ids += connection.scalars(_AT, {"url": url, "since": since, "most": limit})
    if shingles:
        ids += connection.scalars(_SHARING, {"shingles": sorted(shingles), "since": since, "most": limit})
    if not ids:
        return []
    found = {row.id: _candidate(row) for row in connection.execute(_TELLINGS, {"ids": list(dict.fromkeys(ids))})}
    return [found[id] for id in dict.fromkeys(ids)]


def recent(connection: Connection, source_id: int, *, limit: int) -> list[frozenset[int]]:
    """The indexed shingles of each of a source's latest articles."""
    ids = connection.scalars(_LATEST, {"source": source_id, "most": limit}).all()
    found: dict[int, set[int]] = {id: set() for id in ids}
    for id, shingle in connection.execute(_INDEXED, {"ids": list(ids)}):
        found[id].add(shingle)
    return [frozenset(shingles) for shingles in found.values()]


def traces(
    connection: Connection, shingles: Collection[int], urls: Collection[str], *, since: datetime
) -> set[int | str]:
    """Which of these shingles and addresses some telling first seen since then has."""
    found: set[int | str] = set(connection.scalars(_KNOWN_SHINGLES, {"shingles": shingles, "since": since}))
    found.update(connection.scalars(_KNOWN_URLS, {"urls": urls, "since": since}))
    return found


def versions(connection: Connection, article_id: int, *, limit: int) -> list[int]:
    """Live articles that tell the same event otherwise, nearest first, one of each story."""
    pairs = sa.union_all(
        sa.select(article_related.c.other_id.label("id"), article_related.c.nearness).where(
            article_related.c.article_id == article_id
        ),
        sa.select(article_related.c.article_id, article_related.c.nearness).where(
            article_related.c.other_id == article_id
        ),
    ).subquery()
    own = sa.select(articles.c.story_id).where(articles.c.id == article_id).scalar_subquery()
    rows = connection.execute(
        sa.select(articles.c.id, articles.c.story_id)
        .join(pairs, pairs.c.id == articles.c.id)
        .where(articles.c.state == ArticleState.LIVE.value, articles.c.story_id != own)
        .order_by(pairs.c.nearness.desc(), articles.c.id)
    )
    found: dict[int, int] = {}
    for id, story_id in rows:
        found.setdefault(story_id, id)
    return list(found.values())[:limit]


def leader(connection: Connection, story_id: int) -> Candidate | None:
    """The telling that leads now; None when it is held or withdrawn."""
    row = connection.execute(_LEADER, {"story": story_id}).first()
    return None if row is None else _candidate(row)


def tellings(connection: Connection, ids: Collection[int]) -> list[Candidate]:
    """These articles, each as a telling of the story that it is in."""
    return [_candidate(row) for row in connection.execute(_TELLINGS, {"ids": list(ids)})] if ids else []


def join(connection: Connection, story_id: int, other_id: int) -> int:
    """Make two stories one; answers the one that stays. Neither changes when readers were mailed both.

    The one that was mailed stays, so that nobody gets it a second time under another number.
    """
    told = set(connection.scalars(_MAILED, {"ids": [story_id, other_id]}))
    if len(told) == 2:
        return story_id
    stays, goes = (story_id, other_id) if told == {story_id} else (other_id, story_id)
    connection.execute(articles.update().where(articles.c.story_id == goes).values(story_id=stays))
    connection.execute(story.delete().where(story.c.id == goes))
    return stays


def lead(connection: Connection, story_id: int, article_id: int) -> None:
    connection.execute(story.update().where(story.c.id == story_id).values(leader_id=article_id))


def relate(connection: Connection, article_id: int, found: Collection[tuple[int, int]]) -> None:
    """These are the other versions of its event, each with how near it is; what was known before is forgotten."""
    pairs = (article_related.c.article_id == article_id) | (article_related.c.other_id == article_id)
    connection.execute(article_related.delete().where(pairs))
    rows = [{"article_id": article_id, "other_id": other, "nearness": nearness} for other, nearness in found]
    if rows:
        connection.execute(article_related.insert(), rows)


# Built once: putting a statement together costs more than running it.
_RECENT = (articles.c.first_seen_at >= sa.bindparam("since", type_=articles.c.first_seen_at.type)) & (
    articles.c.state != ArticleState.WITHDRAWN.value
)
_AT = (
    sa.select(articles.c.id)
    .where(articles.c.url == sa.bindparam("url"), _RECENT)
    .order_by(articles.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_SHARING = (
    sa.select(article_shingle.c.article_id)
    .join(articles, articles.c.id == article_shingle.c.article_id)
    .where(article_shingle.c.shingle.in_(sa.select(each("shingles", sa.BigInteger()))), _RECENT)
    .group_by(article_shingle.c.article_id)
    .order_by(sa.func.count().desc(), article_shingle.c.article_id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_KNOWN_SHINGLES = (
    sa.select(article_shingle.c.shingle)
    .distinct()
    .join(articles, articles.c.id == article_shingle.c.article_id)
    .where(article_shingle.c.shingle.in_(sa.select(each("shingles", sa.BigInteger()))), _RECENT)
)
_KNOWN_URLS = sa.select(articles.c.url).where(articles.c.url.in_(sa.select(each("urls", sa.Text()))), _RECENT)
_WHOLE: sa.Select[Any] = (
    sa.select(
        articles.c.id,
        articles.c.story_id,
        revision_rows.c.content,
        partner.c.slug.label("partner_slug"),
        partner.c.name.label("partner_name"),
        partner.c.homepage,
    )
    .join(revision_rows, (revision_rows.c.article_id == articles.c.id) & (revision_rows.c.rev == articles.c.rev))
    .join(source, source.c.id == articles.c.source_id)
    .join(partner, partner.c.id == source.c.partner_id)
)
_LATEST = (
    sa.select(articles.c.id)
    .where(articles.c.source_id == sa.bindparam("source"))
    .order_by(articles.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_INDEXED = sa.select(article_shingle.c.article_id, article_shingle.c.shingle).where(
    article_shingle.c.article_id.in_(sa.bindparam("ids", expanding=True))
)
_TELLINGS = _WHOLE.where(articles.c.id.in_(sa.bindparam("ids", expanding=True)))
_MAILED = (
    sa.select(edition_item.c.story_id)
    .distinct()
    .where(edition_item.c.story_id.in_(sa.bindparam("ids", expanding=True)))
)
_LEADER = _WHOLE.join(story, story.c.leader_id == articles.c.id).where(
    story.c.id == sa.bindparam("story"), articles.c.state == ArticleState.LIVE.value
)


def _candidate(row: Any) -> Candidate:
    return Candidate(
        article_id=row.id,
        story_id=row.story_id,
        partner=Partner(slug=row.partner_slug, name=row.partner_name, homepage=row.homepage),
        article=values.article_from_json(row.content),
    )
