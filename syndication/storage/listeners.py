"""Who is told when a document changes (`jobs.ports.listeners`), on a Database."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.feed import FeedDocument, FeedFormat
from syndication.model.listener import Ask, Listener, Wish
from syndication.storage import feeds
from syndication.storage.database import Database, insert
from syndication.storage.schema import feed, feed_snapshot, hub_ping
from syndication.storage.schema import hub_subscription as rows

WAITING_MAX = 1000
WAITING_OF_A_HOST_MAX = 20
"""Wishes that nobody has verified yet: whoever asks makes us call an address of their choice."""
LISTENERS_MAX = 50_000

_name = feed.c.slug + "." + feed_snapshot.c.format


class StoredListeners:
    def __init__(self, database: Database) -> None:
        self._database = database

    def waits(self, hubs: Sequence[str], now: datetime) -> bool:
        with self._database.read() as connection:
            waiting = [sa.select(rows.c.id).where(_unverified(now) | _over(now)), _select(_untold(now))]
            waiting += [_unpinged(hub, now) for hub in hubs]
            return any(connection.scalar(sa.select(query.limit(1).exists())) for query in waiting)

    def ask(self, ask: Ask, *, host: str, now: datetime) -> bool:
        with self._database.write() as connection:
            if not _has_room(connection, host):
                return False
            told = {
                "asked": ask.wish.value,
                "asked_secret": ask.secret or None,
                "asked_seconds": ask.lease_seconds,
                "next_try_at": None,
                "failures": 0,
                "changed_at": now,
            }
            # What the asker has seen by now it need not be told.
            etag = _etag(ask.topic)
            new = insert(connection, rows).values(topic=ask.topic, callback=ask.callback, sent_etag=etag, **told)
            connection.execute(new.on_conflict_do_update(index_elements=["topic", "callback"], set_=told))
            return True

    def document(self, topic: str) -> FeedDocument | None:
        slug, _, format = topic.rpartition(".")
        if format not in set(FeedFormat):
            return None
        with self._database.read() as connection:
            return feeds.snapshot(connection, slug, FeedFormat(format))

    def to_verify(self, now: datetime, *, limit: int, lease_seconds: float) -> Sequence[Listener]:
        with self._database.write() as connection:
            return _take(connection, _unverified(now), limit, now + timedelta(seconds=lease_seconds))

    def verified(self, listener: Listener, *, lease_until: datetime, now: datetime) -> None:
        with self._database.write() as connection:
            if listener.ask is None or listener.ask.wish is Wish.UNSUBSCRIBE:
                connection.execute(rows.delete().where(_as_asked(listener)))
                return
            held = {"secret": listener.ask.secret or None, "lease_until": lease_until}
            connection.execute(
                rows.update().where(_as_asked(listener)).values(**held, **_NOTHING_ASKED, changed_at=now)
            )

    def refused(self, listener: Listener, *, again_at: datetime | None, now: datetime) -> None:
        with self._database.write() as connection:
            mine = _as_asked(listener)
            if again_at is not None:
                later = {"failures": rows.c.failures + 1, "next_try_at": again_at, "changed_at": now}
                connection.execute(rows.update().where(mine).values(later))
                return
            connection.execute(rows.delete().where(mine, rows.c.lease_until.is_(None)))
            connection.execute(rows.update().where(mine).values(**_NOTHING_ASKED, changed_at=now))

    def to_tell(self, now: datetime, *, limit: int, lease_seconds: float) -> Sequence[Listener]:
        with self._database.write() as connection:
            return _take(connection, _untold(now), limit, now + timedelta(seconds=lease_seconds))

    def told(self, listener: Listener, etag: str, now: datetime) -> None:
        with self._database.write() as connection:
            values = {"sent_etag": etag, "failures": 0, "next_try_at": None, "changed_at": now}
            connection.execute(rows.update().where(rows.c.id == listener.id).values(**values))

    def failed(self, listener: Listener, *, again_at: datetime | None, now: datetime) -> None:
        with self._database.write() as connection:
            mine = rows.c.id == listener.id
            if again_at is None:
                connection.execute(rows.delete().where(mine))
                return
            later = {"failures": rows.c.failures + 1, "next_try_at": again_at, "changed_at": now}
            connection.execute(rows.update().where(mine).values(later))

    def expire(self, now: datetime) -> int:
        with self._database.write() as connection:
            return connection.execute(rows.delete().where(_over(now))).rowcount

    def to_ping(self, hub: str, now: datetime, *, limit: int, lease_seconds: float) -> Sequence[tuple[str, str, int]]:
        with self._database.write() as connection:
            found = connection.execute(_unpinged(hub, now).limit(limit)).all()
            lease = {"next_try_at": now + timedelta(seconds=lease_seconds)}
            for row in found:
                new = insert(connection, hub_ping).values(hub=hub, topic=row.topic, etag="", **lease)
                connection.execute(new.on_conflict_do_update(index_elements=["hub", "topic"], set_=lease))
            return [(row.topic, row.etag, row.failures or 0) for row in found]

    def pinged(self, hub: str, topic: str, etag: str, *, again_at: datetime | None) -> None:
        known = {"etag": etag, "failures": 0, "next_try_at": None}
        later = {"failures": hub_ping.c.failures + 1, "next_try_at": again_at}
        mine = (hub_ping.c.hub == hub) & (hub_ping.c.topic == topic)
        with self._database.write() as connection:
            connection.execute(hub_ping.update().where(mine).values(known if again_at is None else later))


_NOTHING_ASKED = {"asked": None, "asked_secret": None, "asked_seconds": None, "failures": 0, "next_try_at": None}


def _has_room(connection: Connection, host: str) -> bool:
    waiting = sa.select(sa.func.count()).select_from(rows).where(rows.c.asked.is_not(None))
    of_host = waiting.where(rows.c.callback.like(f"%://{host}/%") | rows.c.callback.like(f"%://{host}:%"))
    return (
        (connection.scalar(waiting) or 0) < WAITING_MAX
        and (connection.scalar(of_host) or 0) < WAITING_OF_A_HOST_MAX
        and (connection.scalar(sa.select(sa.func.count()).select_from(rows)) or 0) < LISTENERS_MAX
    )


def _etag(topic: str) -> sa.ScalarSelect[str]:
    return (
        sa.select(feed_snapshot.c.etag).join(feed, feed.c.id == feed_snapshot.c.feed_id).where(_name == topic)
    ).scalar_subquery()


def _ready(now: datetime) -> sa.ColumnElement[bool]:
    return rows.c.next_try_at.is_(None) | (rows.c.next_try_at <= now)


def _unverified(now: datetime) -> sa.ColumnElement[bool]:
    return rows.c.asked.is_not(None) & _ready(now)


def _over(now: datetime) -> sa.ColumnElement[bool]:
    return rows.c.asked.is_(None) & (rows.c.lease_until <= now)


def _untold(now: datetime) -> sa.ColumnElement[bool]:
    changed = sa.exists().where(
        feed.c.id == feed_snapshot.c.feed_id,
        _name == rows.c.topic,
        rows.c.sent_etag.is_(None) | (rows.c.sent_etag != feed_snapshot.c.etag),
    )
    return (rows.c.lease_until > now) & _ready(now) & changed


def _unpinged(hub: str, now: datetime) -> sa.Select[Any]:
    known = sa.and_(hub_ping.c.hub == hub, hub_ping.c.topic == _name)
    return (
        sa.select(_name.label("topic"), feed_snapshot.c.etag, hub_ping.c.failures)
        .join(feed, feed.c.id == feed_snapshot.c.feed_id)
        .outerjoin(hub_ping, known)
        .where(
            hub_ping.c.etag.is_(None) | (hub_ping.c.etag != feed_snapshot.c.etag),
            hub_ping.c.next_try_at.is_(None) | (hub_ping.c.next_try_at <= now),
        )
        .order_by(_name)
    )


def _select(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(rows.c.id).where(condition)


def _take(connection: Connection, due: sa.ColumnElement[bool], limit: int, until: datetime) -> list[Listener]:
    # SQLite has one writer at a time and knows no row locks; SQLAlchemy leaves the clause out there.
    ids = connection.scalars(_select(due).order_by(rows.c.id).limit(limit).with_for_update(skip_locked=True)).all()
    if not ids:
        return []
    connection.execute(rows.update().where(rows.c.id.in_(ids)).values(next_try_at=until))
    return [_listener(row) for row in connection.execute(sa.select(rows).where(rows.c.id.in_(ids)).order_by(rows.c.id))]


def _as_asked(listener: Listener) -> sa.ColumnElement[bool]:
    """The row, unless another wish came in meanwhile: that one is to be verified for itself."""
    ask = listener.ask
    if ask is None:
        return rows.c.id == listener.id
    secret = rows.c.asked_secret == ask.secret if ask.secret else rows.c.asked_secret.is_(None)
    return (
        (rows.c.id == listener.id)
        & (rows.c.asked == ask.wish.value)
        & (rows.c.asked_seconds == ask.lease_seconds)
        & secret
    )


def _listener(row: sa.Row[Any]) -> Listener:
    ask = None
    if row.asked is not None:
        ask = Ask(Wish(row.asked), row.topic, row.callback, row.asked_secret or "", row.asked_seconds)
    return Listener(
        id=row.id,
        ask=ask,
        topic=row.topic,
        callback=row.callback,
        secret=row.secret or "",
        lease_until=row.lease_until,
        failures=row.failures,
    )
