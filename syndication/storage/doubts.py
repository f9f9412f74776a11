"""Batches in doubt with their evidence, and how mail fares. In: an edition's id, or now. Out: Doubts, MailHealth."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.delivery import BatchState, Fence, Verdict
from syndication.model.doubt import Cancelled, Doubt
from syndication.model.edition import EditionState
from syndication.model.event import BitKind
from syndication.model.mail_health import MailHealth
from syndication.storage import batches, events
from syndication.storage.database import Database
from syndication.storage.schema import batch, batch_attempt, batch_bits, edition, event_aside, event_tally

EVERY_ATTEMPT = batch_attempt.alias("every_attempt")
DOUBTS_MAX = 200
SPAN = timedelta(days=7)
"""How far back rates look."""
HEARD_AFTER, HEARD_WITHIN = timedelta(hours=2), timedelta(hours=26)
"""Of a batch that was accepted so long ago something should have been told."""
TELLING = ("sendgrid",)
"""Kinds of transports that tell of each mail."""
CANCELLED, RELEASED = "cancelled", "released"


class Doubts:
    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def reading(self) -> Iterator["Page"]:
        with self._database.read() as connection:
            yield Page(connection)

    @contextmanager
    def writing(self) -> Iterator["Page"]:
        with self._database.write() as connection:
            yield Page(connection)


class Page(batches.Page):
    def doubts(self, edition_id: int | None = None) -> Sequence[Doubt]:
        return doubts(self._connection, edition_id)

    def in_doubt(self) -> Sequence[int]:
        query = sa.select(batch.c.edition_id).where(batch.c.state == BatchState.UNCERTAIN.value).distinct()
        return self._connection.scalars(query.order_by(batch.c.edition_id)).all()

    def health(self, now: datetime) -> MailHealth:
        return health(self._connection, now)

    def cancelled(self) -> Sequence[Cancelled]:
        rows = self._connection.execute(
            sa.select(batch_attempt).where(batch_attempt.c.fence_state == CANCELLED).order_by(batch_attempt.c.id)
        )
        return [Cancelled(row.attempt_id, row.transport, Fence(row.fence, row.fence_at)) for row in rows]

    def disown(self, doubt: Doubt) -> bool:
        newest = sa.exists().where(
            batch_attempt.c.edition_id == batch.c.edition_id,
            batch_attempt.c.n == batch.c.n,
            batch_attempt.c.attempt == batch.c.attempt,
            batch_attempt.c.attempt_id == doubt.attempt_id,
        )
        in_doubt = (batch.c.state == BatchState.UNCERTAIN.value, newest)
        this = batch.update().where(batch.c.edition_id == doubt.edition_id, batch.c.n == doubt.n, *in_doubt)
        return self._connection.execute(this.values(token=batch.c.token + 1)).rowcount == 1

    def mark_fence(self, attempt_id: str, *, released: bool) -> None:
        this = batch_attempt.update().where(batch_attempt.c.attempt_id == attempt_id)
        self._connection.execute(this.values(fence_state=RELEASED if released else CANCELLED))


def doubts(connection: Connection, edition_id: int | None = None) -> list[Doubt]:
    """Uncertain batches, of one edition or of all, the oldest first."""
    newest = (
        (batch_attempt.c.edition_id == batch.c.edition_id)
        & (batch_attempt.c.n == batch.c.n)
        & (batch_attempt.c.attempt == batch.c.attempt)
    )
    query = (
        sa.select(
            batch.c.edition_id,
            batch.c.n,
            batch.c.count.label("readers"),
            batch.c.detail,
            batch_attempt.c.id.label("attempt"),
            batch_attempt.c.transport,
            batch_attempt.c.attempt_id,
            batch_attempt.c.fence,
            batch_attempt.c.fence_at,
            batch_attempt.c.claimed_at,
            edition.c.state,
            _reported().label("bits"),
            _doubtful().label("doubtful"),
        )
        .join(batch_attempt, newest)
        .join(edition, edition.c.id == batch.c.edition_id)
        .where(batch.c.state == BatchState.UNCERTAIN.value)
        .order_by(batch_attempt.c.claimed_at, batch.c.edition_id, batch.c.n)
        .limit(DOUBTS_MAX)
    )
    if edition_id is not None:
        query = query.where(batch.c.edition_id == edition_id)
    return [
        Doubt(
            edition_id=row.edition_id,
            n=row.n,
            readers=row.readers,
            transport=row.transport,
            since=row.claimed_at,
            reported=_count(row.bits or b"", row.readers),
            later=_later(connection, row.transport, row.attempt),
            doubtful_attempts=row.doubtful,
            detail=row.detail,
            going=row.state == EditionState.SENDING.value,
            by_message=row.transport != "journal" and row.transport.partition(":")[0] not in TELLING,
            attempt_id=row.attempt_id,
            fence=Fence(row.fence, row.fence_at) if row.fence else None,
        )
        for row in connection.execute(query)
    ]


def health(connection: Connection, now: datetime) -> MailHealth:
    accepted, delivered, complained = _rates(connection, now - SPAN)
    waiting, since = events.waiting(connection)
    day = now.date().isoformat()
    stale = sa.select(event_tally.c.count).where(event_tally.c.day == day, event_tally.c.kind == "refused stale")
    oldest = (
        sa.select(sa.func.min(batch_attempt.c.claimed_at))
        .join(
            batch,
            (batch_attempt.c.edition_id == batch.c.edition_id)
            & (batch_attempt.c.n == batch.c.n)
            & (batch_attempt.c.attempt == batch.c.attempt),
        )
        .where(batch.c.state == BatchState.UNCERTAIN.value)
    )
    return MailHealth(
        accepted=accepted,
        delivered=delivered,
        complained=complained,
        silent_since=_silent_since(connection, now),
        oldest_doubt=connection.scalar(oldest),
        spool=waiting,
        spool_since=since,
        aside=aside(connection),
        stale=connection.scalar(stale) or 0,
    )


def aside(connection: Connection) -> int:
    """How much of what came could not be applied."""
    return connection.scalar(sa.select(sa.func.count()).select_from(event_aside)) or 0


def _silent_since(connection: Connection, now: datetime) -> datetime | None:
    """Since when an account has taken mail and told nothing of it; another that tells is no excuse."""
    recent = (batch_attempt.c.finished_at > now - HEARD_WITHIN, _tells())
    names = connection.scalars(sa.select(batch_attempt.c.transport).where(*recent).distinct()).all()
    found = [_silence_of(connection, name, now) for name in names]
    return min((since for since in found if since is not None), default=None)


def _silence_of(connection: Connection, transport: str, now: datetime) -> datetime | None:
    told = sa.exists().where(
        batch_bits.c.edition_id == batch_attempt.c.edition_id,
        batch_bits.c.n == batch_attempt.c.n,
        batch_bits.c.kind == BitKind.REPORTED.value,
    )
    accepted = (
        batch_attempt.c.verdict == Verdict.ACCEPTED.value,
        batch_attempt.c.transport == transport,
        batch_attempt.c.finished_at > now - HEARD_WITHIN,
    )
    heard = sa.select(sa.func.coalesce(sa.func.max(batch_attempt.c.id), 0)).where(*accepted, told).scalar_subquery()
    query = (
        sa.select(batch_attempt.c.finished_at)
        .where(*accepted, batch_attempt.c.finished_at <= now - HEARD_AFTER, batch_attempt.c.id > heard)
        .order_by(batch_attempt.c.finished_at)
        .limit(1)
    )
    since: datetime | None = connection.scalar(query)
    return since


def _rates(connection: Connection, since: datetime) -> tuple[int, int, int]:
    """Readers accepted, delivered to, and complaining, of batches accepted since then by transports that tell."""
    ours = (
        sa.select(batch_attempt.c.edition_id, batch_attempt.c.n, sa.func.max(batch_attempt.c.recipients).label("of"))
        .where(
            _tells(),
            batch_attempt.c.claimed_at > since,
            batch_attempt.c.verdict == Verdict.ACCEPTED.value,
        )
        .group_by(batch_attempt.c.edition_id, batch_attempt.c.n)
        .subquery()
    )
    accepted = connection.scalar(sa.select(sa.func.sum(ours.c.of))) or 0
    kinds = (BitKind.DELIVERED.value, BitKind.COMPLAINED.value)
    found = dict.fromkeys(kinds, 0)
    bits = (
        sa.select(batch_bits.c.kind, batch_bits.c.bits)
        .join(ours, (ours.c.edition_id == batch_bits.c.edition_id) & (ours.c.n == batch_bits.c.n))
        .where(batch_bits.c.kind.in_(kinds))
    )
    for row in connection.execute(bits):
        found[row.kind] += int.from_bytes(row.bits, "little").bit_count()
    return int(accepted), found[kinds[0]], found[kinds[1]]


def _tells() -> sa.ColumnElement[bool]:
    """By a transport that tells: the only one of its kind, or one with a name of its own."""
    transport = batch_attempt.c.transport
    return sa.or_(transport.in_(TELLING), *(transport.startswith(f"{kind}:", autoescape=True) for kind in TELLING))


def _later(connection: Connection, transport: str, attempt: int) -> int:
    """Of attempts in the order in which they were written, since a clock may step."""
    told = sa.exists().where(
        batch_bits.c.edition_id == batch_attempt.c.edition_id,
        batch_bits.c.n == batch_attempt.c.n,
        batch_bits.c.kind == BitKind.REPORTED.value,
    )
    query = sa.select(sa.func.count()).where(
        batch_attempt.c.transport == transport,
        batch_attempt.c.id > attempt,
        batch_attempt.c.verdict == Verdict.ACCEPTED.value,
        told,
    )
    return connection.scalar(query) or 0


def _reported() -> sa.ScalarSelect[bytes]:
    return (
        sa.select(batch_bits.c.bits)
        .where(
            batch_bits.c.edition_id == batch.c.edition_id,
            batch_bits.c.n == batch.c.n,
            batch_bits.c.kind == BitKind.REPORTED.value,
        )
        .scalar_subquery()
    )


def _doubtful() -> sa.ScalarSelect[int]:
    """Attempts at the batch that ended without an answer, or with one that says neither yes nor no."""
    unanswered = EVERY_ATTEMPT.c.verdict.is_(None) | (EVERY_ATTEMPT.c.verdict == Verdict.UNCERTAIN.value)
    unknown = unanswered & EVERY_ATTEMPT.c.fence_state.is_(None)
    return (
        sa.select(sa.func.count())
        .where(EVERY_ATTEMPT.c.edition_id == batch.c.edition_id, EVERY_ATTEMPT.c.n == batch.c.n, unknown)
        .scalar_subquery()
    )


def _count(bits: bytes, of: int) -> int:
    return (int.from_bytes(bits, "little") & ((1 << of) - 1)).bit_count()
