"""What was said against addresses, kept; suppressions, read. In: ids, Setbacks. Out: rows, Setbacks.

It knows no rule: what follows from a setback is judged by the caller, between reading and writing.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.journal import Owed
from syndication.model.setback import Lifting, Setback, SetbackKind
from syndication.storage import alerts, recovery
from syndication.storage.database import Database, insert
from syndication.storage.many import each
from syndication.storage.schema import setback, subscriber, subscription, suppression

COUNTED = (SetbackKind.SOFT.value, SetbackKind.FULL.value)
"""Kinds that a later delivery proves to be over."""


class Setbacks:
    """The setbacks of a database, as jobs ask for them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def writing(self) -> Iterator["Page"]:
        with self._database.write() as connection:
            yield Page(connection)


class Page:
    """One transaction's view of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def address_hash(self, subscriber_id: int) -> str | None:
        return self._connection.scalar(sa.select(subscriber.c.address_hash).where(subscriber.c.id == subscriber_id))

    def subscription(self, subscriber_id: int, newsletter_id: int) -> int | None:
        query = sa.select(subscription.c.id).where(
            subscription.c.subscriber_id == subscriber_id, subscription.c.newsletter_id == newsletter_id
        )
        return self._connection.scalar(query)

    def add(self, subscriber_id: int, what: Setback) -> bool:
        row = insert(self._connection, setback).values(
            subscriber_id=subscriber_id, about=what.about, kind=what.kind.value, at=what.at, detail=what.detail
        )
        return self._connection.execute(row.on_conflict_do_nothing().returning(setback.c.id)).first() is not None

    def counting(self, subscriber_id: int) -> Sequence[Setback]:
        return [what for what, forgiven_at in history(self._connection, subscriber_id) if forgiven_at is None]

    def delivered(self, subscriber_ids: Collection[int], at: datetime) -> None:
        query = setback.update().where(
            setback.c.subscriber_id.in_(sa.select(each("ids", sa.BigInteger()))),
            setback.c.kind.in_(COUNTED),
            setback.c.forgiven_at.is_(None),
            setback.c.at <= at,
        )
        self._connection.execute(query.values(forgiven_at=at), {"ids": list(subscriber_ids)})

    def owe(self, line: Owed) -> bool:
        return recovery.owe(self._connection, line)

    def suppressions(self, address_hash: str) -> Sequence[Lifting]:
        return suppressions(self._connection, address_hash)

    def forgive(self, address_hash: str, now: datetime) -> None:
        theirs = sa.select(subscriber.c.id).where(subscriber.c.address_hash == address_hash)
        self._connection.execute(
            setback.update()
            .where(setback.c.subscriber_id.in_(theirs), setback.c.forgiven_at.is_(None))
            .values(forgiven_at=now)
        )

    def audit(self, actor: str, action: str, subject: str, detail: str, now: datetime) -> None:
        alerts.audit(self._connection, actor=actor, action=action, subject=subject, detail=detail, now=now)


def suppressions(connection: Connection, address_hash: str) -> list[Lifting]:
    """What keeps this address from being mailed, in order of scope."""
    rows = connection.execute(
        sa.select(suppression).where(suppression.c.address_hash == address_hash).order_by(suppression.c.scope)
    )
    return [Lifting(row.scope, row.reason, row.at) for row in rows]


def history(connection: Connection, subscriber_id: int) -> list[tuple[Setback, datetime | None]]:
    """All that was said against mailing a subscriber, oldest first, and since when it counts no more."""
    rows = connection.execute(
        sa.select(setback).where(setback.c.subscriber_id == subscriber_id).order_by(setback.c.at, setback.c.id)
    )
    return [(Setback(SetbackKind(row.kind), row.at, row.about, row.detail), row.forgiven_at) for row in rows]
