"""Readers who were refused, and batches for their second chance. In: an edition's id. Out: Refusals; rows.

No event is applied meanwhile: a manifest and the bits over its places change together.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa

from syndication.model.delivery import BatchState, ExceptionKind, Verdict
from syndication.model.edition import Edition, EditionState
from syndication.model.event import BitKind
from syndication.model.ledger import Parcel
from syndication.model.refusal import Refusal
from syndication.storage import batches, editions
from syndication.storage.database import Database
from syndication.storage.events import DRAIN
from syndication.storage.schema import batch, batch_attempt, batch_bits, delivery_exception


class Retries:
    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def reading(self) -> Iterator["Page"]:
        with self._database.read() as connection:
            yield Page(connection)

    @contextmanager
    def writing(self) -> Iterator["Page"]:
        with self._database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(DRAIN)))
            yield Page(connection)


class Page(batches.Page):
    def refusals(self, edition_id: int) -> list[Refusal]:
        rows = self._connection.execute(_refused(edition_id)).all()
        return [Refusal(row.subscriber_id, row.n, row.detail, bool(row.doubtful)) for row in rows]

    def bits(self, edition_id: int, n: int) -> Mapping[BitKind, bytes]:
        query = sa.select(batch_bits.c.kind, batch_bits.c.bits)
        rows = self._connection.execute(query.where(batch_bits.c.edition_id == edition_id, batch_bits.c.n == n))
        return {BitKind(row.kind): row.bits for row in rows}

    def shrink(self, edition_id: int, n: int, parcel: Parcel, bits: Mapping[BitKind, bytes]) -> None:
        self._connection.execute(
            batch.update().where(*_this(edition_id, n)).values(manifest=parcel.manifest, count=parcel.count)
        )
        for kind, data in bits.items():
            told = (batch_bits.c.edition_id == edition_id, batch_bits.c.n == n, batch_bits.c.kind == kind.value)
            self._connection.execute(batch_bits.update().where(*told).values(bits=data))

    def add_batch(self, edition_id: int, parcel: Parcel, *, like: int, now: datetime) -> int:
        content_id = self._connection.scalar(sa.select(batch.c.content_id).where(*_this(edition_id, like))) or 0
        n = batches.last_n(self._connection, edition_id) + 1
        batches.add(self._connection, edition_id, n, parcel, content_id=content_id, wave=now, now=now)
        return n

    def replan(self, edition_id: int, n: int, now: datetime) -> None:
        again = {"state": BatchState.PLANNED.value, "next_try_at": None, "deferred_since": None, "changed_at": now}
        told = {"detail": "offered again by a person's word", "token": batch.c.token + 1}
        self._connection.execute(batch.update().where(*_this(edition_id, n)).values(**again, **told))

    def forget_refusals(self, edition_id: int, subscriber_ids: Collection[int]) -> None:
        self._connection.execute(
            delivery_exception.delete().where(
                delivery_exception.c.edition_id == edition_id,
                delivery_exception.c.kind == ExceptionKind.REFUSED.value,
                delivery_exception.c.subscriber_id == sa.bindparam("of_subscriber"),
            ),
            [{"of_subscriber": id} for id in subscriber_ids],
        )

    def reopen(self, edition: Edition, now: datetime) -> None:
        editions.move(self._connection, edition, EditionState.SENDING, now=now)


def _refused(edition_id: int) -> sa.Select[tuple[int, int, str, bool]]:
    # A refusal is written in the transaction that ends its attempt; whatever was claimed before it came earlier.
    unanswered = batch_attempt.c.verdict.is_(None) | (batch_attempt.c.verdict == Verdict.UNCERTAIN.value)
    doubtful = sa.exists().where(
        batch_attempt.c.edition_id == delivery_exception.c.edition_id,
        batch_attempt.c.n == delivery_exception.c.batch_n,
        batch_attempt.c.claimed_at <= delivery_exception.c.at,
        unanswered,
        batch_attempt.c.fence_state.is_(None),  # a call that was cancelled has reached nobody
    )
    return (
        sa.select(
            delivery_exception.c.subscriber_id, batch.c.n, delivery_exception.c.detail, doubtful.label("doubtful")
        )
        .join(
            batch, (batch.c.edition_id == delivery_exception.c.edition_id) & (batch.c.n == delivery_exception.c.batch_n)
        )
        .where(
            delivery_exception.c.edition_id == edition_id,
            delivery_exception.c.kind == ExceptionKind.REFUSED.value,
            batch.c.state.in_(batches.TERMINAL),
        )
        .order_by(batch.c.n, delivery_exception.c.subscriber_id)
    )


def _this(edition_id: int, n: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (batch.c.edition_id == edition_id, batch.c.n == n)
