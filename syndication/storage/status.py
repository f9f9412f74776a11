"""How much there is of everything, and how much of it waits: for `status`."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.edition import TERMINAL_EDITIONS
from syndication.storage import schema


def counts(connection: Connection, now: datetime) -> dict[str, str]:
    """In words, by what it is."""
    return {
        "sources": _by(connection, schema.source.c.state),
        "overdue sources": str(_count(connection, schema.source, schema.source.c.next_poll_at < now)),
        "articles": _by(connection, schema.article.c.state),
        "set aside": str(_count(connection, schema.quarantine)),
        "feeds to build": str(_count(connection, schema.feed, schema.feed.c.stale > 0)),
        "subscriptions": _by(connection, schema.subscription.c.state),
        "open editions": _by(
            connection,
            schema.edition.c.state,
            only=schema.edition.c.state.not_in([state.value for state in TERMINAL_EDITIONS]),
        ),
        "batches": _by(connection, schema.batch.c.state),
        "service mail": _by(connection, schema.message.c.state),
    }


def _count(connection: Connection, table: sa.Table, only: sa.ColumnElement[bool] | None = None) -> int:
    query = sa.select(sa.func.count()).select_from(table)
    return connection.scalar(query if only is None else query.where(only)) or 0


def _by(
    connection: Connection,
    column: sa.Column[str],
    only: sa.ColumnElement[bool] | None = None,
) -> str:
    """ "3 idle, 1 backoff"; "none" when there is nothing."""
    query = sa.select(column, sa.func.count()).group_by(column).order_by(sa.func.count().desc(), column)
    found = connection.execute(query if only is None else query.where(only))
    return ", ".join(f"{count} {state}" for state, count in found) or "none"
