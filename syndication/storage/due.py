"""What is due, read from the rows. In: now. Out: Due. Changes nothing: whoever is woken claims for itself."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.delivery import BatchState
from syndication.model.due import Due
from syndication.model.edition import EditionState
from syndication.model.source import SourceState
from syndication.storage import events, feeds, hub, images, search
from syndication.storage.database import Database
from syndication.storage.schema import absence, batch, edition, message, source
from syndication.storage.sources import WAIT_MAX


class Agenda:
    """A database, asked what waits in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime, *, limit: int) -> Due:
        with self._database.read() as connection:
            return Due(
                collect=_any(connection, _source(now)) or _any(connection, absence.c.next_look_at <= now),
                ask_hubs=_any(connection, hub.is_due(now)),
                publish=_any(connection, feeds.is_due(now)),
                index=search.waits(connection),
                images=images.waits(connection, now),
                drain=_any(connection, events.is_due()),
                notify=_any(connection, _message(now)),
                assemble=_editions(connection, _to_assemble(now), limit),
                plan=_editions(connection, _in(EditionState.FROZEN, EditionState.DISPATCHING), limit),
                send=_editions(connection, _in(EditionState.SENDING) & _has_batch(_ready(now)), limit),
                settle=_editions(connection, _to_settle(now), limit),
            )

    def sources_due(self, now: datetime) -> bool:
        with self._database.read() as connection:
            return _any(connection, _source(now))


def _any(connection: Connection, condition: sa.ColumnElement[bool]) -> bool:
    return bool(connection.scalar(sa.select(sa.exists().where(condition))))


def _editions(connection: Connection, condition: sa.ColumnElement[bool], limit: int) -> tuple[int, ...]:
    query = sa.select(edition.c.id).where(condition).order_by(edition.c.id).limit(limit)
    return tuple(connection.scalars(query))


def _in(*states: EditionState) -> sa.ColumnElement[bool]:
    return edition.c.state.in_([state.value for state in states])


def _source(now: datetime) -> sa.ColumnElement[bool]:
    ready = (source.c.next_poll_at <= now) | (source.c.next_poll_at > now + WAIT_MAX)
    rests = source.c.state.in_([SourceState.IDLE.value, SourceState.BACKOFF.value]) & ready
    return rests | ((source.c.state == SourceState.LEASED.value) & (source.c.lease_until <= now))


def _message(now: datetime) -> sa.ColumnElement[bool]:
    waits = (message.c.state == BatchState.PLANNED.value) & _not_before(message.c.next_try_at, now)
    return waits | ((message.c.state == BatchState.SENDING.value) & (message.c.lease_until <= now))


def _to_assemble(now: datetime) -> sa.ColumnElement[bool]:
    return _in(EditionState.OPEN) | (_in(EditionState.ASSEMBLING) & (edition.c.lease_until <= now))


def _to_settle(now: datetime) -> sa.ColumnElement[bool]:
    broken = (batch.c.state == BatchState.SENDING.value) & (batch.c.lease_until <= now)
    # By the batches' own index: an edition may be paused, cancelled or held and still have a broken attempt.
    of_broken = edition.c.id.in_(sa.select(batch.c.edition_id).where(broken))
    terminal = batch.c.state.in_([BatchState.ACCEPTED.value, BatchState.FAILED.value])
    return of_broken | (_in(EditionState.SENDING) & ~_has_batch(~terminal))


def _ready(now: datetime) -> sa.ColumnElement[bool]:
    planned = batch.c.state == BatchState.PLANNED.value
    return planned & (batch.c.wave <= now) & _not_before(batch.c.next_try_at, now)


def _has_batch(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(batch.c.edition_id == edition.c.id, condition)


def _not_before(column: sa.ColumnElement[datetime | None], now: datetime) -> sa.ColumnElement[bool]:
    return column.is_(None) | (column <= now)
