"""What each transport has taken of a day, and when it rests. In: names, a day. Out: Usages, from rows that last.

What is taken is counted before the call, in the transaction that claims the batch, and given back when the answer is a
definite no. Whatever nobody knows of stays counted.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.delivery import BatchState
from syndication.model.edition import EditionState
from syndication.model.route import ALL, Reserved, Usage, Waiting
from syndication.storage.database import insert
from syndication.storage.schema import batch, edition, quota_day, transport_rest

WAITING_MAX = 50
QUOTA = 0x53594E51
"""Ours among a database's advisory locks."""


def usages(connection: Connection, names: Collection[str], day: str, *, counted: bool) -> dict[str, Usage]:
    """Of these transports. `counted`: what they took today matters too."""
    rests = {row.transport: row for row in connection.execute(sa.select(transport_rest))}
    used: dict[str, dict[str, int]] = {name: {} for name in names}
    days = dict.fromkeys(names, 0)
    if counted:
        today = sa.select(quota_day).where(quota_day.c.day == day, quota_day.c.transport.in_(names))
        for row in connection.execute(today):
            used[row.transport][row.domain] = row.used
        days |= _days_before(connection, names, day)
    return {name: _usage(used[name], days[name], rests.get(name)) for name in names}


def guard(connection: Connection) -> None:
    """Nobody else takes anything of a day until this transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(QUOTA)))


def reserve(connection: Connection, reserved: Reserved) -> None:
    _add(connection, reserved, 1)
    # Of days that are over only the sums count, for the warm-up.
    mine = (quota_day.c.transport == reserved.route, quota_day.c.day < reserved.day, quota_day.c.domain != ALL)
    connection.execute(quota_day.delete().where(*mine))


def give_back(connection: Connection, reserved: Reserved) -> None:
    _add(connection, reserved, -1)


def rest(connection: Connection, transport: str, times: int, until: datetime, detail: str) -> None:
    row = insert(connection, transport_rest).values(transport=transport, times=times, until=until, detail=detail)
    fresh = {name: row.excluded[name] for name in ("times", "until", "detail")}
    connection.execute(row.on_conflict_do_update(index_elements=["transport"], set_=fresh))


def rested(connection: Connection, transport: str) -> None:
    connection.execute(transport_rest.delete().where(transport_rest.c.transport == transport))


def wait(connection: Connection, edition_id: int, n: int, until: datetime, why: str, now: datetime) -> None:
    """The batch, which is planned, is offered to nobody before then."""
    this = (batch.c.edition_id == edition_id, batch.c.n == n)
    connection.execute(batch.update().where(*this).values(next_try_at=until, detail=why, changed_at=now))


def waiting(connection: Connection, now: datetime) -> list[Waiting]:
    """Readers of editions under way who are not offered yet, by edition and reason."""
    query = (
        sa.select(
            batch.c.edition_id,
            edition.c.due_at,
            sa.func.count().label("batches"),
            sa.func.sum(batch.c.count).label("readers"),
            sa.case((_later(now), batch.c.detail), else_="").label("why"),
            sa.func.min(sa.case((batch.c.wave > now, batch.c.wave), else_=batch.c.next_try_at)).label("until"),
        )
        .join(edition, edition.c.id == batch.c.edition_id)
        .where(batch.c.state == BatchState.PLANNED.value, edition.c.state == EditionState.SENDING.value)
        .group_by(batch.c.edition_id, edition.c.due_at, sa.literal_column("why"))
        .order_by(batch.c.edition_id, sa.literal_column("readers").desc())
        .limit(WAITING_MAX)
    )
    return [
        Waiting(row.edition_id, row.due_at, row.batches, int(row.readers), row.why, row.until if row.why else None)
        for row in connection.execute(query)
    ]


def _later(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(batch.c.next_try_at > now, batch.c.wave > now)


def _days_before(connection: Connection, names: Collection[str], day: str) -> dict[str, int]:
    query = (
        sa.select(quota_day.c.transport, sa.func.count().label("days"))
        .where(quota_day.c.domain == ALL, quota_day.c.day < day, quota_day.c.used > 0, quota_day.c.transport.in_(names))
        .group_by(quota_day.c.transport)
    )
    return {row.transport: row.days for row in connection.execute(query)}


def _usage(used: Mapping[str, int], days: int, rest: sa.Row[tuple[str, int, datetime, str]] | None) -> Usage:
    if rest is None:
        return Usage(used, days)
    return Usage(used, days, rest_until=rest.until, rest_times=rest.times, rest_why=rest.detail)


def _add(connection: Connection, reserved: Reserved, sign: int) -> None:
    rows = [
        {"transport": reserved.route, "day": reserved.day, "domain": domain, "used": sign * count}
        for domain, count in sorted(reserved.counts.items())
    ]
    put = insert(connection, quota_day)
    summed = {"used": quota_day.c.used + put.excluded.used}
    if rows:
        connection.execute(put.on_conflict_do_update(index_elements=["transport", "day", "domain"], set_=summed), rows)
