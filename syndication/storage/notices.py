"""Which alerts have been told on which way. In: a way's name, instants. Out: Notices. It knows no way.

An alert that was over before it was told is told on no way at all. When its end has been told, nothing of it is kept.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.notice import Notice
from syndication.storage.database import Database, insert
from syndication.storage.schema import alert, notice


class StoredNotices:
    """The notices that `jobs.tell` asks for (`jobs.ports.bell`), on a Database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, way: str, now: datetime, *, limit: int, lease_seconds: float) -> Sequence[Notice]:
        with self._database.read() as connection:
            if not _anything(connection, way, now):
                return ()
        with self._database.write() as connection:
            return _claim(connection, way, now, limit=limit, lease_until=now + timedelta(seconds=lease_seconds))

    def told(self, way: str, notices: Sequence[Notice], now: datetime) -> None:
        begun = [one.alert_id for one in notices if not one.over]
        over = [one.alert_id for one in notices if one.over]
        with self._database.write() as connection:
            connection.execute(
                notice.update()
                .where(notice.c.way == way, ~notice.c.resolved, notice.c.alert_id.in_(begun))
                .values(told_at=now, next_try_at=None, detail="")
            )
            connection.execute(notice.delete().where(notice.c.way == way, notice.c.alert_id.in_(over)))

    def put_off(self, way: str, notices: Sequence[Notice], *, detail: str, until: Sequence[datetime | None]) -> None:
        with self._database.write() as connection:
            for one, at in zip(notices, until, strict=True):
                connection.execute(
                    notice.update()
                    .where(notice.c.way == way, notice.c.alert_id == one.alert_id, notice.c.resolved == one.over)
                    .values(next_try_at=at, detail=detail[:500])
                )


def troubles(connection: Connection) -> dict[str, str]:
    """By way: why the latest that could not be told was not; empty when all was told."""
    rows = connection.execute(sa.select(notice.c.way, notice.c.detail).where(notice.c.detail != "").order_by("way"))
    return dict(rows.all())


def _new(way: str, now: datetime) -> sa.Select[tuple[object, ...]]:
    """Alerts that last and have no notice on this way yet."""
    known = sa.exists().where(notice.c.alert_id == alert.c.id, notice.c.way == way)
    return _rows(way, now, resolved=False).where(alert.c.resolved_at.is_(None), ~known)


def _ended(way: str, now: datetime) -> sa.Select[tuple[object, ...]]:
    """Alerts that were told on this way and are over, and have no notice of that yet."""
    other = notice.alias()
    begun = sa.exists().where(
        other.c.alert_id == alert.c.id, other.c.way == way, ~other.c.resolved, other.c.told_at.is_not(None)
    )
    known = sa.exists().where(notice.c.alert_id == alert.c.id, notice.c.way == way, notice.c.resolved)
    return _rows(way, now, resolved=True).where(alert.c.resolved_at.is_not(None), begun, ~known)


def _rows(way: str, now: datetime, *, resolved: bool) -> sa.Select[tuple[object, ...]]:
    return sa.select(
        alert.c.id, sa.literal(way), sa.literal(resolved, sa.Boolean), sa.literal(now, notice.c.next_try_at.type)
    )


def _due(way: str, now: datetime) -> sa.Select[tuple[object, ...]]:
    """What is to be told now; the beginning of what is over already is not."""
    stands = notice.c.resolved | alert.c.resolved_at.is_(None)
    return (
        sa.select(alert, notice.c.resolved, notice.c.attempts)
        .join(notice, notice.c.alert_id == alert.c.id)
        .where(notice.c.way == way, notice.c.next_try_at <= now, stands)
        .order_by(alert.c.id)
    )


def _anything(connection: Connection, way: str, now: datetime) -> bool:
    asked = (_new(way, now), _ended(way, now), _due(way, now))
    return any(connection.execute(query.limit(1)).first() is not None for query in asked)


def _claim(connection: Connection, way: str, now: datetime, *, limit: int, lease_until: datetime) -> tuple[Notice, ...]:
    names = ["alert_id", "way", "resolved", "next_try_at"]
    for query in (_new(way, now), _ended(way, now)):
        connection.execute(insert(connection, notice).from_select(names, query).on_conflict_do_nothing())
    rows = connection.execute(_due(way, now).limit(limit).with_for_update(of=notice, skip_locked=True)).all()
    for row in rows:
        connection.execute(
            notice.update()
            .where(notice.c.alert_id == row.id, notice.c.way == way, notice.c.resolved == row.resolved)
            .values(attempts=row.attempts + 1, next_try_at=lease_until)
        )
    return tuple(
        Notice(
            alert_id=row.id,
            key=row.key,
            text=row.text,
            at=row.at,
            resolved_at=row.resolved_at if row.resolved else None,
            attempt=row.attempts + 1,
        )
        for row in rows
    )
