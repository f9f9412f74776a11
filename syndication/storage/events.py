"""Events of deliveries: a spool, bits, what is set aside. In: bodies, bits, ids. Out: rows, in one transaction.

One drain at a time, so bits are read, OR-ed and written without another's between.
"""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.delivery import BatchState
from syndication.model.edition import EditionState
from syndication.model.event import BitKind, SetAside, Spooled
from syndication.model.ledger import Attempted, Bar, News
from syndication.storage import batches, carrying, editions, meta, setbacks
from syndication.storage.database import Database, insert
from syndication.storage.many import each
from syndication.storage.schema import (
    batch,
    batch_attempt,
    batch_bits,
    delivery_exception,
    edition,
    event_aside,
    event_spool,
    event_tally,
    message,
    setback,
)
from syndication.storage.schema import meta as meta_rows

DRAIN = 0x53594E45
"""Ours among a database's advisory locks."""
ACCOUNT = "provider_account_changed_at"
TOGETHER_MAX = 64
DATA_BYTES_MAX = 1024 * 1024
ASIDE_MAX = 10_000
UNSETTLED = (BatchState.PLANNED.value, BatchState.UNCERTAIN.value, BatchState.HELD.value)


@dataclass
class _Waiting:
    row: dict[str, Any]
    done: bool = False
    failed: BaseException | None = None


class EventSpool:
    """Where bodies are put, by whoever is called with them. One thread's transaction serves all who wait by then."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._listing = threading.Lock()
        self._writing = threading.Lock()

    def put(self, transport: str, body: bytes, now: datetime) -> None:
        mine = _Waiting({"transport": transport, "at": now, "body": body})
        with self._listing:
            self._waiting.append(mine)
        with self._writing:
            while not mine.done:
                self._write()
        if mine.failed is not None:
            raise mine.failed

    def _write(self) -> None:
        with self._listing:
            together, self._waiting = self._waiting[:TOGETHER_MAX], self._waiting[TOGETHER_MAX:]
        failed: BaseException | None = None
        try:
            with self._database.write() as connection:
                connection.execute(event_spool.insert(), [one.row for one in together])
        except BaseException as error:  # noqa: BLE001  each who waits is told, and raises it
            failed = error
        for one in together:
            one.done, one.failed = True, failed

    def count(self, counts: Mapping[str, int], now: datetime) -> None:
        with self._database.write() as connection:
            tally(connection, counts, now)


class Events:
    """The events of a database, as jobs ask for them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def writing(self) -> Iterator["Page"]:
        with self._database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(DRAIN)))
            yield Page(connection)


class Page(batches.Page, setbacks.Page):
    """One transaction's view of the spool, the ledger and what is said against addresses."""

    # -- the spool

    def take(self, bodies_max: int, bytes_max: int) -> Sequence[Spooled]:
        size = sa.func.length(event_spool.c.body)
        sized = self._connection.execute(
            sa.select(event_spool.c.id, size.label("size"))
            .order_by(event_spool.c.tries, event_spool.c.id)
            .limit(bodies_max)
        ).all()
        chosen: list[int] = []
        total = 0
        for row in sized:
            total += row.size
            if chosen and total > bytes_max:
                break
            chosen.append(row.id)
        rows = self._connection.execute(
            sa.select(event_spool).where(event_spool.c.id.in_(chosen)).order_by(event_spool.c.id)
        )
        return [Spooled(row.id, row.transport, row.at, row.body, row.tries) for row in rows]

    def done(self, ids: Collection[int]) -> None:
        self._connection.execute(event_spool.delete().where(event_spool.c.id.in_(ids)))

    def failed(self, id: int) -> None:
        self._connection.execute(
            event_spool.update().where(event_spool.c.id == id).values(tries=event_spool.c.tries + 1)
        )

    def set_aside(self, what: Iterable[SetAside], now: datetime) -> None:
        rows = [
            {
                "transport": one.transport,
                "at": now,
                "reason": one.reason[:500],
                "hash": blake2b(one.data, digest_size=16).hexdigest(),
                "data": one.data[:DATA_BYTES_MAX],
            }
            for one in what
        ]
        if rows:
            self._connection.execute(insert(self._connection, event_aside).on_conflict_do_nothing(), rows)
            newest = self._connection.scalar(sa.select(sa.func.max(event_aside.c.id))) or 0
            self._connection.execute(event_aside.delete().where(event_aside.c.id <= newest - ASIDE_MAX))

    def tally(self, counts: Mapping[str, int], now: datetime) -> None:
        tally(self._connection, counts, now)

    # -- the ledger

    def attempts_of(self, ids: Collection[str]) -> Mapping[str, Sequence[Attempted]]:
        found: dict[str, list[Attempted]] = {}
        for name in (batch_attempt.c.attempt_id, batch_attempt.c.call_id):
            query = (
                sa.select(
                    name.label("id"),
                    batch_attempt.c.edition_id,
                    batch_attempt.c.n,
                    batch_attempt.c.attempt,
                    edition.c.newsletter_id,
                    batch_attempt.c.fence_state.is_not(None).label("cancelled"),
                )
                .join(edition, edition.c.id == batch_attempt.c.edition_id)
                .where(name.in_(sa.select(each("ids", sa.Text()))))
                .order_by(batch_attempt.c.n)
            )
            for row in self._connection.execute(query, {"ids": list(ids)}):
                attempted = Attempted(row.edition_id, row.n, row.attempt, row.newsletter_id, bool(row.cancelled))
                found.setdefault(row.id, []).append(attempted)
        return found

    def manifests(self, of: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], bytes]:
        found: dict[tuple[int, int], bytes] = {}
        for edition_id in sorted({edition_id for edition_id, _ in of}):
            numbers = [n for id, n in of if id == edition_id]
            query = sa.select(batch.c.n, batch.c.manifest).where(
                batch.c.edition_id == edition_id, batch.c.n.in_(sa.select(each("ns", sa.BigInteger())))
            )
            found |= {(edition_id, row.n): row.manifest for row in self._connection.execute(query, {"ns": numbers})}
        return found

    def add_bits(self, bits: Mapping[tuple[int, int], Mapping[BitKind, int]]) -> None:
        rows = []
        for (edition_id, n), told in sorted(bits.items()):
            known = self._bits(edition_id, n)
            for kind, new in told.items():
                both = known.get(kind.value, 0) | new
                if both != known.get(kind.value, 0):
                    data = both.to_bytes((both.bit_length() + 7) // 8, "little")
                    rows.append({"edition_id": edition_id, "n": n, "kind": kind.value, "bits": data})
        if rows:
            put = insert(self._connection, batch_bits)
            keys = ["edition_id", "n", "kind"]
            self._connection.execute(
                put.on_conflict_do_update(index_elements=keys, set_={"bits": put.excluded.bits}), rows
            )

    def add_news(self, news: Iterable[News], now: datetime) -> None:
        rows = [
            {
                "edition_id": one.edition_id,
                "subscriber_id": one.subscriber_id,
                "kind": one.kind.value,
                "batch_n": one.n,
                "detail": one.detail,
                "at": now,
            }
            for one in news
        ]
        if rows:
            self._connection.execute(insert(self._connection, delivery_exception).on_conflict_do_nothing(), rows)

    def accept(self, edition_id: int, n: int, attempt: int, now: datetime) -> bool:
        waits = sa.and_(batch.c.state == BatchState.SENDING.value, batch.c.attempt > attempt)
        accepted = self._connection.execute(
            batch.update()
            .where(
                batch.c.edition_id == edition_id,
                batch.c.n == n,
                batch.c.attempt >= attempt,
                sa.or_(batch.c.state.in_(UNSETTLED), waits),
            )
            .values(
                state=BatchState.ACCEPTED.value,
                token=batch.c.token + 1,
                lease_until=None,
                next_try_at=None,
                detail=f"its events say that attempt {attempt} was accepted",
                changed_at=now,
            )
        )
        return accepted.rowcount == 1

    def doubtful(self, edition_id: int) -> bool:
        query = sa.select(
            sa.exists().where(batch.c.edition_id == edition_id, batch.c.state == BatchState.UNCERTAIN.value)
        )
        return bool(self._connection.scalar(query))

    def accept_letter(self, id: int, now: datetime) -> int | None:
        self._connection.execute(
            message.update()
            .where(message.c.id == id, message.c.state == BatchState.UNCERTAIN.value)
            .values(state=BatchState.ACCEPTED.value, detail="its events say that it was accepted", changed_at=now)
        )
        return self._connection.scalar(sa.select(message.c.subscriber_id).where(message.c.id == id))

    def pause(self, edition_id: int, reason: str, now: datetime) -> bool:
        found = editions.lock(self._connection, edition_id, change=True)
        if found is None or found.state is not EditionState.SENDING:
            return False
        return editions.move(
            self._connection, found, EditionState.PAUSED, now=now, reason=reason, held_state=EditionState.SENDING
        )

    # -- addresses, and the account

    def with_setbacks(self, subscriber_ids: Collection[int]) -> frozenset[int]:
        query = sa.select(setback.c.subscriber_id).where(
            setback.c.subscriber_id.in_(sa.select(each("ids", sa.BigInteger()))),
            setback.c.kind.in_(setbacks.COUNTED),
            setback.c.forgiven_at.is_(None),
        )
        return frozenset(self._connection.scalars(query, {"ids": list(subscriber_ids)}))

    def account(self, at: datetime) -> bool:
        known = meta.read(self._connection, ACCOUNT)
        if known and datetime.fromisoformat(known) > at:
            return False
        meta.write(self._connection, ACCOUNT, at.isoformat())
        return True

    def reactivate(self, reason_start: str) -> bool:
        lifted = self._connection.execute(
            meta_rows.delete().where(
                meta_rows.c.key == Bar.STOPPED.value, meta_rows.c.value.startswith(reason_start, autoescape=True)
            )
        )
        if lifted.rowcount == 1:
            carrying.begin_anew(self._connection)
        return lifted.rowcount == 1

    def _bits(self, edition_id: int, n: int) -> dict[str, int]:
        rows = self._connection.execute(
            sa.select(batch_bits.c.kind, batch_bits.c.bits).where(
                batch_bits.c.edition_id == edition_id, batch_bits.c.n == n
            )
        )
        return {row.kind: int.from_bytes(row.bits, "little") for row in rows}


def tally(connection: Connection, counts: Mapping[str, int], now: datetime) -> None:
    day = now.date().isoformat()
    rows = [{"day": day, "kind": kind, "count": count} for kind, count in sorted(counts.items()) if count]
    if rows:
        put = insert(connection, event_tally)
        added = event_tally.c.count + put.excluded.count
        connection.execute(put.on_conflict_do_update(index_elements=["day", "kind"], set_={"count": added}), rows)


def waiting(connection: Connection) -> tuple[int, datetime | None]:
    """How many bodies wait to be applied, and since when."""
    row: Any = connection.execute(sa.select(sa.func.count(), sa.func.min(event_spool.c.at))).one()
    return int(row[0]), row[1]


def is_due() -> sa.ColumnElement[bool]:
    """For an EXISTS: something waits in the spool."""
    return event_spool.c.id > 0
