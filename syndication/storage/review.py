"""What a person decides about a source's troubles: what was held goes out or goes away, a move is agreed to.

In: a source's name, the decision. Out: what it came to. Each decision is in the audit log.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.errors import NotFoundError, PolicyError
from syndication.model.article import ArticleState
from syndication.storage import alerts, page_reads, watch
from syndication.storage.schema import article, feed, source


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`released` counts articles let out, `mailed` those of them that may go into editions, `withdrawn` those taken
    away, `looked_for` those that had left the list at once and are now looked for at their own pages."""

    released: int = 0
    mailed: int = 0
    withdrawn: int = 0
    looked_for: int = 0


def release(
    connection: Connection, slug: str, *, mail_last: int = 0, withdraw: bool = False, actor: str, now: datetime
) -> Reviewed:
    """Let out what is held of a source, its `mail_last` newest also into editions; or `withdraw` it for good.

    What was lost from its list is looked for from now on. Raises NotFoundError; PolicyError when nothing waits.
    """
    source_id = _id(connection, slug)
    if withdraw:
        done = Reviewed(withdrawn=_take_away(connection, source_id, now))
    else:
        released, mailed = _let_out(connection, source_id, mail_last)
        done = Reviewed(released, mailed, looked_for=watch.look_for_lost(connection, source_id, now))
        alerts.resolve(connection, f"lost:{slug}", now)
    if done == Reviewed():
        raise PolicyError(f"nothing of the source {slug!r} waits for a person")
    alerts.resolve(connection, f"held:{slug}", now)
    if alerts.resolve(connection, f"source:{slug}:theme", now):
        page_reads.forget(connection, source_id)  # its pages are as they should be: what comes is held against these
    detail = ", ".join(f"{name} {getattr(done, name)}" for name in Reviewed.__slots__ if getattr(done, name))
    alerts.audit(connection, actor=actor, action="source release", subject=slug, detail=detail, now=now)
    return done


def move(connection: Connection, slug: str, *, actor: str, now: datetime) -> str:
    """Agree that a feed has moved to where it says, and answer the address. Its next poll is at once.

    Raises NotFoundError; PolicyError when it says nothing of the kind, or would take its credentials along.
    """
    source_id = _id(connection, slug)
    row = connection.execute(sa.select(source).where(source.c.id == source_id)).one()
    if not row.moved_to:
        raise PolicyError(f"the source {slug!r} has not moved", why="its last good answers came from its own address")
    if row.credentials and _origin(row.moved_to) != _origin(row.url_now or row.url):
        raise PolicyError(
            f"the source {slug!r} has credentials, which belong to its address",
            why=f"{row.moved_to} is another origin",
            fix="declare the new address, if the credentials may go there",
        )
    connection.execute(
        source.update()
        .where(source.c.id == source_id)
        .values(url_now=row.moved_to, moved_to=None, moved_since=None, failures=0, next_poll_at=now)
    )
    alerts.resolve(connection, f"source:{slug}:moved away", now)
    detail = f"{row.url_now or row.url} -> {row.moved_to}"
    alerts.audit(connection, actor=actor, action="source move", subject=slug, detail=detail, now=now)
    return str(row.moved_to)


def _let_out(connection: Connection, source_id: int, mail_last: int) -> tuple[int, int]:
    newest_first = (article.c.published_at.desc(), article.c.id.desc())
    ids = list(connection.scalars(sa.select(article.c.id).where(_held(source_id)).order_by(*newest_first)))
    for chosen, backfill in ((ids[:mail_last], False), (ids[mail_last:], True)):
        connection.execute(
            article.update()
            .where(_held(source_id), article.c.id.in_(chosen))
            .values(state=ArticleState.LIVE.value, hold_until=None, backfill=backfill)
        )
    if ids:
        connection.execute(feed.update().values(stale=feed.c.stale + 1))
    return len(ids), min(mail_last, len(ids))


def _take_away(connection: Connection, source_id: int, now: datetime) -> int:
    ids = connection.scalars(sa.select(article.c.id).where(_held(source_id))).all()
    return sum(watch.withdraw(connection, id, now) for id in ids)


def _held(source_id: int) -> sa.ColumnElement[bool]:
    return (article.c.source_id == source_id) & (article.c.state == ArticleState.HELD.value)


def _id(connection: Connection, slug: str) -> int:
    found = connection.scalar(sa.select(source.c.id).where(source.c.slug == slug).with_for_update())
    if found is None:
        raise NotFoundError(f"there is no source {slug!r}", fix="see `syndication source list`")
    return int(found)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
