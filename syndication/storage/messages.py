"""Service mail that is owed: claimed under a lease and a token, recorded under the same. In: now. Out: ServiceMail.

A worker whose lease ran out finds its token gone and changes nothing any more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.delivery import BatchState
from syndication.model.service_mail import ServiceMail
from syndication.model.subscriber import EmailAddress, Subscriber
from syndication.storage.database import Database
from syndication.storage.schema import message, subscriber


class Letters:
    """The service mail of a database, as jobs ask for it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, now: datetime, lease_seconds: float) -> ServiceMail | None:
        with self._database.write() as connection:
            id = connection.scalar(_due(now))
            return None if id is None else _claim(connection, id, now, now + timedelta(seconds=lease_seconds))

    def record(
        self,
        mail: ServiceMail,
        state: BatchState,
        *,
        now: datetime,
        detail: str = "",
        provider_ref: str = "",
        next_try_at: datetime | None = None,
    ) -> bool:
        with self._database.write() as connection:
            written = connection.execute(
                message.update()
                .where(
                    message.c.id == mail.id,
                    message.c.token == mail.token,
                    message.c.state == BatchState.SENDING.value,
                )
                .values(
                    state=state.value,
                    lease_until=None,
                    next_try_at=next_try_at,
                    detail=detail,
                    provider_ref=provider_ref,
                    changed_at=now,
                )
            )
            return written.rowcount == 1

    def expire(self, now: datetime, *, repeatable: bool) -> int:
        then = BatchState.PLANNED if repeatable else BatchState.UNCERTAIN
        with self._database.write() as connection:
            expired = connection.execute(
                message.update()
                .where(message.c.state == BatchState.SENDING.value, message.c.lease_until <= now)
                .values(
                    state=then.value,
                    token=message.c.token + 1,
                    lease_until=None,
                    detail="the attempt broke off before its answer was written",
                    changed_at=now,
                )
            )
            return expired.rowcount


def resolve(connection: Connection, id: int, *, accepted: bool, now: datetime) -> bool:
    """Settle one that is uncertain, by a person's word: it was accepted, or it is to be sent again."""
    state = BatchState.ACCEPTED if accepted else BatchState.PLANNED
    settled = connection.execute(
        message.update()
        .where(message.c.id == id, message.c.state == BatchState.UNCERTAIN.value)
        .values(state=state.value, detail="settled by a person", changed_at=now)
    )
    return settled.rowcount == 1


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A service mail that may or may not have been taken."""

    id: int
    kind: str
    since: datetime
    detail: str


def doubtful(connection: Connection, *, limit: int = 50) -> list[Doubtful]:
    """The oldest first."""
    query = sa.select(message).where(message.c.state == BatchState.UNCERTAIN.value).order_by(message.c.id).limit(limit)
    return [Doubtful(row.id, row.kind, row.changed_at, row.detail) for row in connection.execute(query)]


def counts(connection: Connection) -> dict[BatchState, int]:
    """How many service mails are in each state."""
    query = sa.select(message.c.state, sa.func.count().label("number")).group_by(message.c.state)
    found = {row.state: row.number for row in connection.execute(query)}
    return {state: found.get(state.value, 0) for state in BatchState}


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    in_time = sa.or_(message.c.next_try_at.is_(None), message.c.next_try_at <= now)
    return sa.and_(message.c.state == BatchState.PLANNED.value, in_time)


def _due(now: datetime) -> sa.Select[int]:
    # SQLite has one writer at a time and knows no row locks; SQLAlchemy leaves the clause out there.
    return sa.select(message.c.id).where(_is_due(now)).order_by(message.c.id).limit(1).with_for_update(skip_locked=True)


def _claim(connection: Connection, id: int, now: datetime, lease_until: datetime) -> ServiceMail:
    connection.execute(
        message.update()
        .where(message.c.id == id)
        .values(
            state=BatchState.SENDING.value,
            attempt=message.c.attempt + 1,
            token=message.c.token + 1,
            lease_until=lease_until,
            changed_at=now,
        )
    )
    row = connection.execute(
        sa.select(message, subscriber.c.address, subscriber.c.address_norm, subscriber.c.locale, subscriber.c.zone)
        .join(subscriber, subscriber.c.id == message.c.subscriber_id)
        .where(message.c.id == id)
    ).one()
    return ServiceMail(
        id=row.id,
        purpose=row.purpose,
        kind=row.kind,
        subscriber=Subscriber(
            id=row.subscriber_id,
            address=EmailAddress(text=row.address, norm=row.address_norm),
            locale=row.locale,
            zone=row.zone,
        ),
        attempt=row.attempt,
        token=row.token,
        lease_until=lease_until,
        created_at=row.created_at,
    )
