"""How much there is of everything, and how much of it waits; and when anything was done last."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.edition import TERMINAL_EDITIONS
from syndication.storage import schema

Count = int | dict[str, int]
"""How many, or how many in each state."""


def counts(connection: Connection, now: datetime) -> dict[str, Count]:
    """By what it is."""
    return {
        "sources": _by(connection, schema.source.c.state),
        "overdue sources": _count(connection, schema.source, schema.source.c.next_poll_at < now),
        "articles": _by(connection, schema.article.c.state),
        "set aside": _count(connection, schema.quarantine),
        "feeds to build": _count(connection, schema.feed, schema.feed.c.stale > 0),
        "subscriptions": _by(connection, schema.subscription.c.state),
        "open editions": _by(
            connection,
            schema.edition.c.state,
            only=schema.edition.c.state.not_in([state.value for state in TERMINAL_EDITIONS]),
        ),
        "batches": _by(connection, schema.batch.c.state),
        "service mail": _by(connection, schema.message.c.state),
    }


def latest(connection: Connection) -> datetime | None:
    """The newest instant at which anything was done, as the rows tell."""
    columns = (
        schema.fetch_log.c.at,
        schema.article.c.first_seen_at,
        schema.edition.c.created_at,
        schema.batch_attempt.c.claimed_at,
        schema.audit_log.c.at,
    )
    found = [connection.scalar(sa.select(sa.func.max(column))) for column in columns]
    return max((at for at in found if at is not None), default=None)


def _count(connection: Connection, table: sa.Table, only: sa.ColumnElement[bool] | None = None) -> int:
    query = sa.select(sa.func.count()).select_from(table)
    return connection.scalar(query if only is None else query.where(only)) or 0


def _by(
    connection: Connection,
    column: sa.Column[str],
    only: sa.ColumnElement[bool] | None = None,
) -> dict[str, int]:
    """{"idle": 3, "backoff": 1}: the most frequent first; empty when there is nothing."""
    query = sa.select(column, sa.func.count()).group_by(column).order_by(sa.func.count().desc(), column)
    found = connection.execute(query if only is None else query.where(only))
    return {str(state): int(count) for state, count in found}
