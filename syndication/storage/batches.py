"""Batches, their attempts and exceptions: the ledger, written. In: claims, outcomes. Out: rows, under their guards.

Every write by a sender names the state and the token that it believes in, and says whether that was so. An edition's
row is locked before any of its batches: shared by those who claim, alone by whoever plans, splits or cancels.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.carrying import Broken, Cursor, Part, Rest
from syndication.model.delivery import BatchRow, BatchState, Claim, Fence, Outcome, Verdict
from syndication.model.edition import Counts, Edition, EditionState, Rendered
from syndication.model.journal import Owed
from syndication.model.ledger import (
    AttemptRow,
    Bar,
    ExceptionRow,
    Manifested,
    OpenBatch,
    Parcel,
    Standing,
    TakenOut,
)
from syndication.model.newsletter import Newsletter
from syndication.model.route import Reserved, Usage
from syndication.storage import alerts, carrying, editions, meta, readers, recovery, report, routes
from syndication.storage.database import Database, insert
from syndication.storage.schema import batch, batch_attempt, delivery_exception, edition
from syndication.storage.schema import meta as meta_rows

TERMINAL = (BatchState.ACCEPTED.value, BatchState.FAILED.value)
OPEN = (BatchState.SENDING.value, BatchState.UNCERTAIN.value)
"""States in which an answer under the right token still counts."""


class Ledger:
    """The ledger of a database, as jobs ask for it."""

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


class Page:
    """One transaction's view of the ledger."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def edition(self, edition_id: int) -> Edition | None:
        return editions.get(self._connection, edition_id)

    def lock(self, edition_id: int, *, change: bool) -> Edition | None:
        return editions.lock(self._connection, edition_id, change=change)

    def newsletter(self, newsletter_id: int) -> Newsletter:
        return editions.newsletter(self._connection, newsletter_id)

    def content(self, content_id: int) -> Rendered:
        return editions.content(self._connection, content_id)

    def barred(self) -> Mapping[Bar, str]:
        found = {bar: meta.read(self._connection, bar.value) for bar in Bar}
        return {bar: reason for bar, reason in found.items() if reason is not None}

    def bar(self, bar: Bar, reason: str) -> None:
        row = insert(self._connection, meta_rows).values(key=bar.value, value=reason)
        self._connection.execute(row.on_conflict_do_nothing())

    def unbar(self, now: datetime) -> None:
        if Bar.HELD in self.barred():
            recovery.put_up_with(self._connection, now)
        carrying.begin_anew(self._connection)
        self._connection.execute(meta_rows.delete().where(meta_rows.c.key.in_([bar.value for bar in Bar])))

    def alert(self, key: str, text: str, now: datetime) -> None:
        alerts.raise_alert(self._connection, key, text, now)

    def resolve_alert(self, key: str, now: datetime) -> None:
        alerts.resolve(self._connection, key, now)

    def audit(self, actor: str, action: str, subject: str, detail: str, now: datetime) -> None:
        alerts.audit(self._connection, actor=actor, action=action, subject=subject, detail=detail, now=now)

    def owe(self, line: Owed) -> bool:
        return recovery.owe(self._connection, line)

    # -- claiming

    def next_batch(self, edition_id: int, now: datetime) -> OpenBatch | None:
        due = sa.or_(batch.c.next_try_at.is_(None), batch.c.next_try_at <= now)
        row = self._connection.execute(
            sa.select(batch)
            .where(
                batch.c.edition_id == edition_id,
                batch.c.state == BatchState.PLANNED.value,
                batch.c.wave <= now,
                due,
            )
            .order_by(batch.c.n)
            .limit(1)
            .with_for_update(skip_locked=True, key_share=True)
        ).first()
        if row is None:
            return None
        return OpenBatch(
            edition_id=edition_id,
            n=row.n,
            content_id=row.content_id,
            manifest=row.manifest,
            attempt=row.attempt,
            token=row.token,
            taken_out=self._taken_out(edition_id, row.n),
            doubtful=row.attempt > 0 and self._doubtful(edition_id, row.n),
            deferred_since=row.deferred_since,
        )

    def standings(self, newsletter_id: int, ids: Sequence[int]) -> Mapping[int, Standing]:
        return readers.standings(self._connection, newsletter_id, ids)

    def unfit(self, newsletter_id: int, ids: Sequence[int]) -> Sequence[int]:
        return readers.unfit(self._connection, newsletter_id, ids)

    def take_out(self, edition_id: int, n: int, gone: Iterable[TakenOut], now: datetime) -> None:
        take_out(self._connection, edition_id, n, gone, now)

    def close_empty(self, batch_: OpenBatch, now: datetime) -> None:
        self._connection.execute(
            _planned(batch_.edition_id, batch_.n, batch_.token).values(
                state=BatchState.ACCEPTED.value, detail="nobody was left to mail", next_try_at=None, changed_at=now
            )
        )

    def begin(
        self, claim: Claim, transport: str, now: datetime, *, by_message: bool = False, fenced: bool = False
    ) -> bool:
        claimed = self._connection.execute(
            _planned(claim.edition_id, claim.n, claim.token - 1).values(
                state=BatchState.SENDING.value,
                attempt=claim.attempt,
                token=claim.token,
                lease_until=claim.lease_until,
                next_try_at=None,
                changed_at=now,
            )
        )
        if claimed.rowcount != 1:
            return False
        self._connection.execute(
            batch_attempt.insert().values(
                attempt_id=claim.attempt_id,
                edition_id=claim.edition_id,
                n=claim.n,
                attempt=claim.attempt,
                transport=transport,
                recipients=len(claim.recipient_ids),
                claimed_at=now,
                fence="" if fenced else None,
            )
        )
        if by_message:
            carrying.begin(self._connection, claim)
        return True

    def fence(self, claim: Claim, fence: Fence) -> None:
        self._connection.execute(
            batch_attempt.update()
            .where(batch_attempt.c.attempt_id == claim.attempt_id)
            .values(fence=fence.name, fence_at=fence.at)
        )

    def holds(self, claim: Claim) -> bool:
        mine = {"edition_id": claim.edition_id, "of_n": claim.n, "of_token": claim.token}
        return self._connection.execute(_HELD, mine).first() is not None

    # -- message by message

    def halted(self, edition_id: int) -> str:
        return carrying.halted(self._connection, edition_id)

    def advance(self, claim: Claim, cursor: Cursor, lease_until: datetime | None) -> None:
        carrying.advance(self._connection, claim, cursor, lease_until)

    def break_up(self, claim: Claim, outcome: Outcome, parts: Sequence[tuple[Part, Parcel]], now: datetime) -> bool:
        first_n = last_n(self._connection, claim.edition_id) + 1
        return carrying.break_up(self._connection, claim, outcome, parts, first_n, now)

    def broken(self, now: datetime) -> Sequence[Broken]:
        return carrying.broken(self._connection, now)

    def still_broken(self, claim: Claim, now: datetime) -> Broken | None:
        return carrying.still_broken(self._connection, claim, now)

    def rests(self, domains: Collection[str]) -> Mapping[str, Rest]:
        return carrying.rests(self._connection, domains)

    def rest(self, given: Mapping[str, tuple[Rest, str]]) -> None:
        carrying.rest(self._connection, given)

    def rested(self, domains: Collection[str], long_ago: datetime) -> None:
        carrying.rested(self._connection, domains, long_ago)

    # -- pace

    def usages(self, names: Collection[str], day: str, *, counted: bool) -> Mapping[str, Usage]:
        if counted:
            routes.guard(self._connection)
        return routes.usages(self._connection, names, day, counted=counted)

    def reserve(self, reserved: Reserved) -> None:
        routes.reserve(self._connection, reserved)

    def give_back(self, reserved: Reserved) -> None:
        routes.give_back(self._connection, reserved)

    def rest_transport(self, transport: str, times: int, until: datetime, detail: str) -> None:
        routes.rest(self._connection, transport, times, until, detail)

    def transport_rested(self, transport: str) -> None:
        routes.rested(self._connection, transport)

    def wait(self, edition_id: int, n: int, until: datetime, why: str, now: datetime) -> None:
        routes.wait(self._connection, edition_id, n, until, why, now)

    # -- recording

    def finish(
        self, claim: Claim, outcome: Outcome, state: BatchState, *, next_try_at: datetime | None, now: datetime
    ) -> bool:
        written = self._connection.execute(
            batch.update()
            .where(*_mine(claim), batch.c.state.in_(OPEN))
            .values(
                state=state.value,
                lease_until=None,
                next_try_at=next_try_at,
                provider_ref=outcome.provider_ref or batch.c.provider_ref,
                detail=outcome.detail,
                changed_at=now,
            )
        )
        if written.rowcount != 1:
            return False
        self._connection.execute(
            batch_attempt.update()
            .where(batch_attempt.c.attempt_id == claim.attempt_id, batch_attempt.c.verdict.is_(None))
            .values(
                finished_at=now,
                verdict=outcome.verdict.value,
                phase=outcome.phase,
                status=outcome.status,
                detail=outcome.detail,
                provider_ref=outcome.provider_ref,
            )
        )
        return True

    def deferrals(self, edition_id: int, n: int) -> int:
        query = sa.select(sa.func.count()).where(
            batch_attempt.c.edition_id == edition_id,
            batch_attempt.c.n == n,
            batch_attempt.c.verdict == Verdict.DEFERRED.value,
        )
        return self._connection.scalar(query) or 0

    def manifest(self, edition_id: int, n: int) -> tuple[bytes, frozenset[int]]:
        query = sa.select(batch.c.manifest).where(batch.c.edition_id == edition_id, batch.c.n == n)
        return self._connection.execute(query).scalar_one(), self._taken_out(edition_id, n)

    def split(self, edition_id: int, n: int, first: Parcel, second: Parcel, moved: Sequence[int], now: datetime) -> int:
        whole = sa.and_(batch.c.edition_id == edition_id, batch.c.n == n)
        row = self._connection.execute(sa.select(batch.c.content_id, batch.c.wave).where(whole)).one()
        self._connection.execute(batch.update().where(whole).values(manifest=first.manifest, count=first.count))
        new = last_n(self._connection, edition_id) + 1
        add(self._connection, edition_id, new, second, content_id=row.content_id, wave=row.wave, now=now)
        self._split_past(edition_id, n, new, second.count)
        self._connection.execute(
            delivery_exception.update()
            .where(delivery_exception.c.edition_id == edition_id, delivery_exception.c.subscriber_id.in_(moved))
            .values(batch_n=new)
        )
        return new

    def _split_past(self, edition_id: int, n: int, new: int, count: int) -> None:
        """The second half has been in doubt as often as the whole was, and is offered under a number of its own."""
        attempt = self._connection.scalar(sa.select(batch.c.attempt).where(*_this(edition_id, n))) or 0
        if carrying.copy_doubt(self._connection, edition_id, n, new, count, before=attempt + 1):
            self._connection.execute(batch.update().where(*_this(edition_id, new)).values(attempt=attempt))

    def expire(
        self, state: BatchState, now: datetime, *, of: str | None = None, but: str | None = None, at_once: bool = False
    ) -> Sequence[tuple[int, int]]:
        transport = (
            sa.select(batch_attempt.c.transport)
            .where(
                batch_attempt.c.edition_id == batch.c.edition_id,
                batch_attempt.c.n == batch.c.n,
                batch_attempt.c.attempt == batch.c.attempt,
            )
            .scalar_subquery()
        )
        asked = [transport == of] * (of is not None) + [transport != but] * (but is not None)
        asked += [batch.c.lease_until <= now] * (not at_once)
        broken = self._connection.execute(
            batch.update()
            .where(batch.c.state == BatchState.SENDING.value, *asked)
            .values(
                state=state.value,
                lease_until=None,
                detail="the attempt broke off before its answer was written",
                changed_at=now,
            )
            .returning(batch.c.edition_id, batch.c.n)
        )
        return [(edition_id, n) for edition_id, n in broken]

    def expire_unfenced(self, now: datetime) -> Sequence[tuple[int, int]]:
        broken = self._connection.execute(
            batch.update()
            .where(batch.c.state == BatchState.SENDING.value, batch.c.lease_until <= now, _its_newest(fence=""))
            .values(
                state=BatchState.PLANNED.value,
                lease_until=None,
                detail="the attempt broke off before anything was offered",
                changed_at=now,
            )
            .returning(batch.c.edition_id, batch.c.n)
        )
        return [(edition_id, n) for edition_id, n in broken]

    def resolve(self, edition_id: int, n: int, state: BatchState, detail: str, now: datetime) -> bool:
        settled = self._connection.execute(
            batch.update()
            .where(
                batch.c.edition_id == edition_id,
                batch.c.n == n,
                batch.c.state.in_((BatchState.UNCERTAIN.value, BatchState.HELD.value)),
            )
            .values(state=state.value, token=batch.c.token + 1, next_try_at=None, detail=detail, changed_at=now)
        )
        return settled.rowcount == 1

    def settle(self, edition_id: int, now: datetime) -> bool:
        unfinished = sa.exists().where(batch.c.edition_id == edition_id, batch.c.state.not_in(TERMINAL))
        done = self._connection.execute(
            edition.update()
            .where(edition.c.id == edition_id, edition.c.state == EditionState.SENDING.value, ~unfinished)
            .values(state=EditionState.SETTLED.value, settled_at=now)
        )
        return done.rowcount == 1

    # -- telling

    def counts(self, edition_id: int) -> Counts:
        return report.counts(self._connection, edition_id)

    def batches(self, edition_id: int) -> Sequence[BatchRow]:
        return report.batches(self._connection, edition_id)

    def attempts(self, edition_id: int) -> Sequence[AttemptRow]:
        return report.attempts(self._connection, edition_id)

    def exceptions(self, edition_id: int, limit: int) -> Sequence[ExceptionRow]:
        return report.exceptions(self._connection, edition_id, limit)

    def carrying(self, story_id: int, rev: int) -> Sequence[Manifested]:
        return report.carrying(self._connection, story_id, rev)

    def _doubtful(self, edition_id: int, n: int) -> bool:
        unproven = sa.or_(batch_attempt.c.verdict.is_(None), batch_attempt.c.verdict.not_in(report.PROOF))
        query = sa.select(batch_attempt.c.id).where(
            batch_attempt.c.edition_id == edition_id,
            batch_attempt.c.n == n,
            unproven,
            batch_attempt.c.fence_state.is_(None),  # a call that was cancelled has reached nobody
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def _taken_out(self, edition_id: int, n: int) -> frozenset[int]:
        query = sa.select(delivery_exception.c.subscriber_id).where(
            delivery_exception.c.edition_id == edition_id,
            delivery_exception.c.batch_n == n,
            delivery_exception.c.kind.in_(report.PLACES),
        )
        return frozenset(self._connection.scalars(query))


def add(
    connection: Connection, edition_id: int, n: int, parcel: Parcel, *, content_id: int, wave: datetime, now: datetime
) -> None:
    """A new batch, planned."""
    connection.execute(
        batch.insert().values(
            edition_id=edition_id,
            n=n,
            content_id=content_id,
            wave=wave,
            state=BatchState.PLANNED.value,
            manifest=parcel.manifest,
            count=parcel.count,
            changed_at=now,
        )
    )


def last_n(connection: Connection, edition_id: int) -> int:
    """The highest batch number of an edition, 0 when it has none. Ask only while the edition is locked."""
    return connection.scalar(sa.select(sa.func.max(batch.c.n)).where(batch.c.edition_id == edition_id)) or 0


def take_out(connection: Connection, edition_id: int, n: int | None, gone: Iterable[TakenOut], now: datetime) -> None:
    """Exceptions for these readers; whoever has a place among the exceptions keeps it."""
    rows = [
        {
            "edition_id": edition_id,
            "subscriber_id": one.subscriber_id,
            "kind": one.kind.value,
            "batch_n": n,
            "detail": one.detail,
            "at": now,
        }
        for one in gone
    ]
    if rows:
        connection.execute(insert(connection, delivery_exception).on_conflict_do_nothing(), rows)


def _planned(edition_id: int, n: int, token: int) -> sa.Update:
    return batch.update().where(
        batch.c.edition_id == edition_id,
        batch.c.n == n,
        batch.c.state == BatchState.PLANNED.value,
        batch.c.token == token,
    )


_HELD = (
    sa.select(batch.c.n)
    .where(
        batch.c.edition_id == sa.bindparam("edition_id"),
        batch.c.n == sa.bindparam("of_n"),
        batch.c.token == sa.bindparam("of_token"),
        batch.c.state == BatchState.SENDING.value,
    )
    .with_for_update(key_share=True)
)


def _its_newest(*, fence: str) -> sa.ColumnElement[bool]:
    """Whether the newest attempt at a batch has this fence."""
    return sa.exists().where(
        batch_attempt.c.edition_id == batch.c.edition_id,
        batch_attempt.c.n == batch.c.n,
        batch_attempt.c.attempt == batch.c.attempt,
        batch_attempt.c.fence == fence,
    )


def _this(edition_id: int, n: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (batch.c.edition_id == edition_id, batch.c.n == n)


def _mine(claim: Claim) -> tuple[sa.ColumnElement[bool], ...]:
    return (batch.c.edition_id == claim.edition_id, batch.c.n == claim.n, batch.c.token == claim.token)
