"""Leases at the hubs of others. In: offers, answers, pushes. Out: leases that are due, sources to be polled."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.hub import Lease, LeaseState, Offer, Push
from syndication.model.source import SourceState
from syndication.storage.database import Database
from syndication.storage.many import each
from syndication.storage.schema import source
from syndication.storage.schema import websub_lease as leases

POLL_AGAIN = timedelta(minutes=1)
"""A source is not polled more often than this, however often a hub calls."""


def offer(connection: Connection, offers: Mapping[int, Offer | None], now: datetime) -> None:
    """Keep what feeds say of their hubs. Another hub, or none any more, ends what was agreed with the one before."""
    known = {row.source_id: Offer(row.hub, row.topic) for row in connection.execute(_OFFERED, {"ids": list(offers)})}
    for source_id, offered in offers.items():
        if offered != known.get(source_id):
            connection.execute(leases.delete().where(leases.c.source_id == source_id))
            if offered is not None:
                connection.execute(leases.insert(), _wanted(source_id, offered, now))


def _wanted(source_id: int, offered: Offer, now: datetime) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "callback": secrets.token_hex(16),
        "hub": offered.hub,
        "topic": offered.topic,
        "secret": secrets.token_hex(32) if offered.hub.startswith("https:") else "",
        "state": LeaseState.WANTED.value,
        "next_try_at": now,
    }


def pushes(connection: Connection, source_ids: Collection[int]) -> dict[int, Push]:
    """What the hubs of these sources have promised, for those that hold a lease."""
    return {
        row.source_id: Push(row.lease_until, row.pushed_at, row.trusted)
        for row in connection.execute(_PROMISED, {"ids": source_ids})
    }


def doubt(connection: Connection, source_id: int) -> None:
    """Something new went untold: the source is polled as if it had no hub, until the hub tells of something again."""
    connection.execute(leases.update().where(leases.c.source_id == source_id).values(trusted=False))


def is_due(now: datetime) -> sa.ColumnElement[bool]:
    """A lease is to be asked for, renewed, or asked for again."""
    return leases.c.next_try_at <= now


class Hubs:
    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime, *, limit: int) -> Sequence[Lease]:
        with self._database.read() as connection:
            query = sa.select(leases).where(is_due(now)).order_by(leases.c.next_try_at).limit(limit)
            return [_lease(row) for row in connection.execute(query)]

    @contextmanager
    def writing(self) -> Iterator["Desk"]:
        with self._database.write() as connection:
            yield Desk(connection)


class Desk:
    """The leases inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lease(self, callback: str) -> Lease | None:
        row = self._connection.execute(sa.select(leases).where(leases.c.callback == callback).with_for_update()).first()
        return None if row is None else _lease(row)

    def asking(self, lease: Lease, *, next_try_at: datetime) -> None:
        active = LeaseState.ACTIVE.value
        state = sa.case((leases.c.state == active, active), else_=LeaseState.ASKED.value)
        self._change(lease, state=state, failures=lease.failures + 1, next_try_at=next_try_at)

    def not_taken(self, lease: Lease, *, for_now: bool) -> None:
        state = LeaseState.WANTED if for_now else LeaseState.REFUSED
        # An active one is as good as it was until its time is over.
        self._change(lease, leases.c.state == LeaseState.ASKED.value, state=state.value)

    def granted(self, lease: Lease, *, until: datetime, renew_at: datetime) -> None:
        self._change(lease, state=LeaseState.ACTIVE.value, lease_until=until, failures=0, next_try_at=renew_at)

    def denied(self, lease: Lease, *, next_try_at: datetime) -> None:
        self._change(lease, state=LeaseState.REFUSED.value, lease_until=None, trusted=False, next_try_at=next_try_at)

    def told(self, lease: Lease, now: datetime) -> bool:
        """The hub told of something new: let the source be polled. Answers whether that is to be soon."""
        self._change(lease, pushed_at=now, trusted=True)
        resting = source.c.state.in_((SourceState.IDLE.value, SourceState.BACKOFF.value))
        asked_lately = source.c.last_ok_at.is_not(None) & (source.c.last_ok_at > now - POLL_AGAIN)
        instant = source.c.next_poll_at.type
        soon = sa.case((asked_lately, sa.literal(now + POLL_AGAIN, instant)), else_=sa.literal(now, instant))
        done = self._connection.execute(
            source.update()
            .where(source.c.id == lease.source_id, resting, source.c.next_poll_at > now)
            .values(next_poll_at=soon)
        )
        return bool(done.rowcount)

    def _change(self, lease: Lease, *only: sa.ColumnElement[bool], **values: Any) -> None:
        mine = (leases.c.source_id == lease.source_id) & (leases.c.callback == lease.callback)
        self._connection.execute(leases.update().where(mine, *only).values(**values))


_OFFERED = sa.select(leases.c.source_id, leases.c.hub, leases.c.topic).where(
    leases.c.source_id.in_(sa.select(each("ids", sa.BigInteger())))
)
_PROMISED = sa.select(leases.c.source_id, leases.c.lease_until, leases.c.pushed_at, leases.c.trusted).where(
    leases.c.source_id.in_(sa.select(each("ids", sa.BigInteger()))), leases.c.lease_until.is_not(None)
)


def _lease(row: Any) -> Lease:
    return Lease(
        source_id=row.source_id,
        callback=row.callback,
        offer=Offer(row.hub, row.topic),
        secret=row.secret,
        state=LeaseState(row.state),
        lease_until=row.lease_until,
        failures=row.failures,
    )
