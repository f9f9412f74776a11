"""What a source listed last, and the articles that have left its list. In: guids, instants. Out: Absence.

A withdrawn article keeps its row here, so that one that comes back onto the list is let out again; one that a person
withdrew has none, and stays as the person wanted it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from syndication.model.article import ArticleState
from syndication.model.collecting import Absence, Memory
from syndication.storage.articles import PART
from syndication.storage.database import insert
from syndication.storage.many import each
from syndication.storage.schema import absence, article, listing, partner, source, story
from syndication.storage.sources import columns, source_of

LEASE = timedelta(minutes=5)
"""Whoever claims an absence looks within this time, or another one does."""


def memories(connection: Connection, source_ids: Collection[int]) -> dict[int, Memory]:
    """What is remembered of the list of each of these sources, for those that have had one."""
    listed = {row.source_id: row for row in connection.execute(_LISTED, {"ids": source_ids})}
    absent: dict[int, set[str]] = {source_id: set() for source_id, row in listed.items() if row.any_absent}
    for source_id, guid in connection.execute(_ABSENT, {"ids": list(absent)}) if absent else ():
        absent[source_id].add(guid)
    return {id: Memory(tuple(row.guids), frozenset(absent.get(id, ()))) for id, row in listed.items()}


def remember(connection: Connection, lists: Mapping[int, Sequence[str]]) -> None:
    """Keep the list of each of these sources."""
    rows = [{"source_id": source_id, "guids": list(guids)} for source_id, guids in lists.items()]
    connection.execute(_remember(connection.dialect.name), rows)


def dates(connection: Connection, source_id: int, guids: Sequence[str]) -> dict[str, datetime]:
    """When the live ones among these were published."""
    found: dict[str, datetime] = {}
    for start in range(0, len(guids), PART):
        part = guids[start : start + PART]
        query = sa.select(article.c.guid, article.c.published_at).where(
            article.c.source_id == source_id, article.c.guid.in_(part), article.c.state == ArticleState.LIVE.value
        )
        found |= dict(connection.execute(query).all())
    return found


def miss(connection: Connection, source_id: int, guids: Iterable[str], now: datetime, *, lost: bool) -> None:
    """Note that these have left the list. `lost`: they are not looked for before a person has said so."""
    looked_for = None if lost else now
    for part in _parts(list(guids)):
        chosen = sa.select(
            article.c.id,
            article.c.source_id,
            sa.literal(now, absence.c.since.type),
            sa.literal(looked_for, absence.c.next_look_at.type),
            sa.literal(lost, sa.Boolean),
        ).where(article.c.source_id == source_id, article.c.guid.in_(part))
        names = ["article_id", "source_id", "since", "next_look_at", "lost"]
        connection.execute(insert(connection, absence).from_select(names, chosen).on_conflict_do_nothing())


def listed_again(connection: Connection, source_id: int, guids: Iterable[str]) -> int:
    """Forget that these were missing, and let out again what was withdrawn of them; answers how many that were."""
    back = 0
    for part in _parts(list(guids)):
        named = sa.select(article.c.id).where(article.c.source_id == source_id, article.c.guid.in_(part))
        ids = list(connection.scalars(named))
        connection.execute(absence.delete().where(absence.c.article_id.in_(ids)))
        withdrawn = article.c.id.in_(ids) & (article.c.state == ArticleState.WITHDRAWN.value)
        values = {"state": ArticleState.LIVE.value, "withdrawn_at": None}
        for id, story_id in connection.execute(
            article.update().where(withdrawn).values(**values).returning(article.c.id, article.c.story_id)
        ).all():
            back += 1
            leaderless = (story.c.id == story_id) & ~_led()
            connection.execute(story.update().where(leaderless).values(leader_id=id))
    return back


def any_due(connection: Connection, now: datetime) -> bool:
    """Whether anything is due to be looked for; asking costs less than a write that finds nothing."""
    return bool(connection.scalar(sa.select(sa.exists().where(absence.c.next_look_at <= now))))


def to_look_for(connection: Connection, now: datetime, *, limit: int, only: str | None = None) -> list[Absence]:
    """Take absences that are due to be looked for, so that nobody else looks meanwhile. `only`: of that source."""
    due = (
        sa.select(absence.c.article_id)
        .where(absence.c.next_look_at <= now)
        .order_by(absence.c.next_look_at, absence.c.article_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if only is not None:
        due = due.where(absence.c.source_id == sa.select(source.c.id).where(source.c.slug == only).scalar_subquery())
    ids = list(connection.scalars(due))
    if not ids:
        return []
    connection.execute(absence.update().where(absence.c.article_id.in_(ids)).values(next_look_at=now + LEASE))
    rows = connection.execute(
        sa.select(
            absence.c.article_id,
            absence.c.looks,
            absence.c.refusals,
            absence.c.refused_at,
            article.c.guid,
            article.c.url.label("article_url"),
            *columns(),
        )
        .join(article, article.c.id == absence.c.article_id)
        .join(source, source.c.id == article.c.source_id)
        .join(partner, partner.c.id == source.c.partner_id)
        .where(absence.c.article_id.in_(ids))
        .order_by(absence.c.article_id)
    )
    return [_absence(row) for row in rows]


def looked(
    connection: Connection,
    absent: Absence,
    *,
    refusals: int,
    refused_at: datetime | None,
    next_look_at: datetime | None,
) -> bool:
    """Write what a look came to; False when the article is on the list again, or another has looked meanwhile."""
    same = (absence.c.article_id == absent.article_id) & (absence.c.looks == absent.looks)
    written = connection.execute(
        absence.update()
        .where(same)
        .values(looks=absent.looks + 1, refusals=refusals, refused_at=refused_at, next_look_at=next_look_at)
    )
    return written.rowcount == 1


def withdraw(connection: Connection, article_id: int, now: datetime) -> bool:
    """Take an article out, and give its story to the earliest telling that stands; False when it was out already."""
    story_id = connection.execute(
        article.update()
        .where(article.c.id == article_id, article.c.state != ArticleState.WITHDRAWN.value)
        .values(state=ArticleState.WITHDRAWN.value, withdrawn_at=now)
        .returning(article.c.story_id)
    ).scalar()
    if story_id is None:
        return False
    heir = (
        sa.select(sa.func.min(article.c.id))
        .where(article.c.story_id == story_id, article.c.state == ArticleState.LIVE.value)
        .scalar_subquery()
    )
    connection.execute(
        story.update()
        .where(story.c.id == story_id, story.c.leader_id == article_id)
        .values(leader_id=sa.func.coalesce(heir, story.c.leader_id))
    )
    return True


def look_for_lost(connection: Connection, source_id: int, now: datetime) -> int:
    """A person has agreed: what was lost at once is looked for, each at its own page. Answers how many."""
    return connection.execute(
        absence.update().where(absence.c.source_id == source_id, absence.c.lost).values(lost=False, next_look_at=now)
    ).rowcount


def lost(connection: Connection, source_id: int) -> int:
    query = sa.select(sa.func.count()).where(absence.c.source_id == source_id, absence.c.lost)
    return connection.scalar(query) or 0


# Built once: putting a statement together costs more than running it.
_LISTED = sa.select(
    listing.c.source_id,
    listing.c.guids,
    sa.exists().where(absence.c.source_id == listing.c.source_id).label("any_absent"),
).where(listing.c.source_id.in_(sa.select(each("ids", sa.BigInteger()))))
_ABSENT = (
    sa.select(absence.c.source_id, article.c.guid)
    .join(article, article.c.id == absence.c.article_id)
    .where(absence.c.source_id.in_(sa.select(each("ids", sa.BigInteger()))))
)


@cache
def _remember(dialect: str) -> sa.Insert:
    upsert = (sqlite if dialect == "sqlite" else postgresql).insert(listing)
    written: sa.Insert = upsert.on_conflict_do_update(
        index_elements=["source_id"], set_={"guids": upsert.excluded.guids}
    )
    return written


def _led() -> sa.ColumnElement[bool]:
    """Whether a story's leader stands."""
    return sa.exists().where(article.c.id == story.c.leader_id, article.c.state == ArticleState.LIVE.value)


def _parts(guids: list[str]) -> Iterable[list[str]]:
    return (guids[start : start + PART] for start in range(0, len(guids), PART))


def _absence(row: sa.Row[Any]) -> Absence:
    return Absence(
        article_id=row.article_id,
        source=source_of(row),
        guid=row.guid,
        url=row.article_url,
        looks=row.looks,
        refusals=row.refusals,
        refused_at=row.refused_at,
    )
