"""What became of each reader's mail: batches with their bits, exceptions by reader. In: an edition's id. Out: rows."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.delivery import ExceptionKind
from syndication.model.event import BitKind
from syndication.model.track import Roll, Said
from syndication.storage.database import Database
from syndication.storage.report import ledger_word
from syndication.storage.schema import batch, batch_attempt, batch_bits, delivery_exception, subscriber

PART = 200
"""Batches looked at together."""


class Tracks:
    """The tracks of a database, as jobs ask for them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self, edition_id: int) -> Mapping[BitKind, int]:
        with self._database.read() as connection:
            return told(connection, edition_id)

    def rolls(self, edition_id: int) -> Iterator[tuple[Sequence[Roll], Mapping[int, Sequence[Said]]]]:
        after = 0
        while True:
            with self._database.read() as connection:
                found = rolls(connection, edition_id, after)
                said = exceptions(connection, edition_id, [roll.n for roll in found])
            if not found:
                return
            yield found, said
            after = found[-1].n

    def left_out(self, edition_id: int) -> Mapping[int, Sequence[Said]]:
        with self._database.read() as connection:
            return exceptions(connection, edition_id, [None])

    def addresses(self, ids: Collection[int]) -> Mapping[int, str]:
        query = sa.select(subscriber.c.id, subscriber.c.address).where(subscriber.c.id.in_(ids))
        with self._database.read() as connection:
            return {row.id: row.address for row in connection.execute(query)}


def told(connection: Connection, edition_id: int) -> dict[BitKind, int]:
    """How many readers of an edition have each bit."""
    counts = dict.fromkeys(BitKind, 0)
    query = (
        sa.select(batch_bits.c.kind, batch_bits.c.bits, batch.c.count.label("of"))
        .join(batch, (batch.c.edition_id == batch_bits.c.edition_id) & (batch.c.n == batch_bits.c.n))
        .where(batch_bits.c.edition_id == edition_id)
    )
    for row in connection.execute(query):
        counts[BitKind(row.kind)] += (int.from_bytes(row.bits, "little") & ((1 << row.of) - 1)).bit_count()
    return counts


def rolls(connection: Connection, edition_id: int, after: int) -> list[Roll]:
    newest = (
        (batch_attempt.c.edition_id == batch.c.edition_id)
        & (batch_attempt.c.n == batch.c.n)
        & (batch_attempt.c.attempt == batch.c.attempt)
    )
    rows = connection.execute(
        sa.select(batch.c.n, batch.c.manifest, batch.c.detail, batch.c.provider_ref, ledger_word().label("word"))
        .outerjoin(batch_attempt, newest)
        .where(batch.c.edition_id == edition_id, batch.c.n > after)
        .order_by(batch.c.n)
        .limit(PART)
    ).all()
    bits: dict[int, dict[BitKind, bytes]] = defaultdict(dict)
    query = sa.select(batch_bits).where(
        batch_bits.c.edition_id == edition_id, batch_bits.c.n.in_([row.n for row in rows])
    )
    for one in connection.execute(query):
        bits[one.n][BitKind(one.kind)] = one.bits
    return [Roll(row.n, row.word, row.manifest, row.detail, row.provider_ref, bits[row.n]) for row in rows]


def exceptions(connection: Connection, edition_id: int, numbers: Sequence[int | None]) -> dict[int, list[Said]]:
    """By subscriber, of these batches; None among the numbers: of those in no batch."""
    of = delivery_exception.c.batch_n.in_([n for n in numbers if n is not None])
    query = sa.select(delivery_exception).where(
        delivery_exception.c.edition_id == edition_id,
        sa.or_(of, delivery_exception.c.batch_n.is_(None)) if None in numbers else of,
    )
    found: dict[int, list[Said]] = defaultdict(list)
    for row in connection.execute(query.order_by(delivery_exception.c.subscriber_id, delivery_exception.c.at)):
        found[row.subscriber_id].append(Said(ExceptionKind(row.kind), row.batch_n, row.detail, row.at))
    return found
