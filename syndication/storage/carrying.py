"""Batches carried message by message: their cursors, their parting, and domains that rest. Rows, under their guards."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.carrying import Broken, Cursor, Part, Rest
from syndication.model.delivery import BatchState, Claim, Outcome
from syndication.model.edition import EditionState
from syndication.model.ledger import Bar, Parcel
from syndication.storage import report
from syndication.storage.database import insert
from syndication.storage.schema import (
    batch,
    batch_attempt,
    batch_cursor,
    delivery_exception,
    domain_rest,
    edition,
    meta,
)

_ADVANCE = (
    batch_cursor.update()
    .where(batch_cursor.c.edition_id == sa.bindparam("of_edition"), batch_cursor.c.n == sa.bindparam("of_n"))
    .values(begun=sa.bindparam("begun"), accepted=sa.bindparam("accepted"))
)
_ITS_CURSOR = (
    (batch_cursor.c.edition_id == batch.c.edition_id)
    & (batch_cursor.c.n == batch.c.n)
    & (batch_cursor.c.token == batch.c.token)
)


_NEWEST_ATTEMPT = (
    (batch_attempt.c.edition_id == batch.c.edition_id)
    & (batch_attempt.c.n == batch.c.n)
    & (batch_attempt.c.attempt == batch.c.attempt)
)
_HALTED = sa.select(
    edition.c.state,
    sa.select(sa.func.min(meta.c.value)).where(meta.c.key.in_([bar.value for bar in Bar])).scalar_subquery(),
).where(edition.c.id == sa.bindparam("of_edition"))


def halted(connection: Connection, edition_id: int) -> str:
    state, barred = connection.execute(_HALTED, {"of_edition": edition_id}).one()
    return barred or ("" if state == EditionState.SENDING.value else f"the edition is {state}")


def begin_anew(connection: Connection, edition_id: int | None = None) -> None:
    """What waits after a deferral begins its wait anew: the time that a person had it stopped does not count."""
    these = [batch.c.state == BatchState.PLANNED.value, batch.c.deferred_since.is_not(None)]
    if edition_id is not None:
        these.append(batch.c.edition_id == edition_id)
    connection.execute(batch.update().where(*these).values(deferred_since=None))


def begin(connection: Connection, claim: Claim) -> None:
    """The cursor of a claim, at its start."""
    row = insert(connection, batch_cursor).values(
        edition_id=claim.edition_id, n=claim.n, token=claim.token, begun=b"", accepted=b""
    )
    fresh = {"token": row.excluded.token, "begun": b"", "accepted": b""}
    connection.execute(row.on_conflict_do_update(index_elements=["edition_id", "n"], set_=fresh))


def advance(connection: Connection, claim: Claim, cursor: Cursor, lease_until: datetime | None) -> None:
    """Ask within a transaction that has found the claim to be held."""
    moved = {
        "of_edition": claim.edition_id,
        "of_n": claim.n,
        "begun": _bytes(cursor.begun),
        "accepted": _bytes(cursor.accepted),
    }
    connection.execute(_ADVANCE, moved)
    if lease_until is not None:
        connection.execute(batch.update().where(*_sending(claim)).values(lease_until=lease_until))


def break_up(
    connection: Connection,
    claim: Claim,
    outcome: Outcome,
    parts: Sequence[tuple[Part, Parcel]],
    first_n: int,
    now: datetime,
) -> bool:
    """The first part keeps the batch, each other is a new one from `first_n` up. False when the claim does not hold."""
    (kept, parcel), *others = parts
    written = connection.execute(
        batch.update()
        .where(*_sending(claim))
        .values(
            **_state(kept, parcel, now), lease_until=None, provider_ref=outcome.provider_ref or batch.c.provider_ref
        )
    )
    if written.rowcount != 1:
        return False
    for n, (part, parcel) in enumerate(others, start=first_n):
        _add(connection, claim, n, part, parcel, now)
    _finish(connection, claim, outcome, now)
    connection.execute(
        batch_cursor.delete().where(batch_cursor.c.edition_id == claim.edition_id, batch_cursor.c.n == claim.n)
    )
    return True


def broken(connection: Connection, now: datetime) -> list[Broken]:
    """Those whose lease ran out, in order."""
    return [_broken(connection, row) for row in connection.execute(_whose_lease_ran_out(now)).mappings().all()]


def still_broken(connection: Connection, claim: Claim, now: datetime) -> Broken | None:
    """One of them as it is by now, under a lock on the batch and its cursor."""
    query = _whose_lease_ran_out(now).where(*_sending(claim)).with_for_update(of=[batch, batch_cursor])
    row = connection.execute(query).mappings().first()
    return _broken(connection, row) if row is not None else None


def under_way(connection: Connection) -> dict[str, Cursor]:
    """The cursors of claims that have not ended, by attempt."""
    return {row.attempt_id: _cursor(row.begun, row.accepted) for row in connection.execute(_UNDER_WAY)}


def move_on(connection: Connection, attempt_id: str, known: Cursor, *, older: bool) -> None:
    """As much more as is known of it elsewhere. `older`: no policy sends it again; see `deliveries.doubt`."""
    row = connection.execute(_UNDER_WAY.where(batch_attempt.c.attempt_id == attempt_id)).one()
    cursor = _cursor(row.begun, row.accepted)
    _put(connection, row, Cursor(cursor.begun | known.begun, cursor.accepted | known.accepted), older=older)


def doubt_the_rest(connection: Connection, but: Collection[str] = ()) -> int:
    """Cursors of a database that is an older one: whatever they do not have behind them may have been offered since.

    Not so of those that are known to have come no further: `but` these, and those that were moved on.
    """
    found = connection.execute(_UNDER_WAY).all()
    unknown = [row for row in found if row.attempt_id not in but and not row.transport.startswith(OLDER)]
    for row in unknown:
        _put(connection, row, Cursor((1 << row.places) - 1, _cursor(row.begun, row.accepted).accepted), older=True)
    return len(unknown)


def doubt_calls(connection: Connection, now: datetime) -> int:
    """Whatever a restored database has as being sent: its lease is over, and no policy sends it again."""
    sending = sa.select(batch_attempt.c.id).join(batch, _NEWEST_ATTEMPT)
    these = sending.where(batch.c.state == BatchState.SENDING.value, batch_attempt.c.transport.not_like(f"{OLDER}%"))
    told = {"transport": OLDER + batch_attempt.c.transport}
    connection.execute(batch_attempt.update().where(batch_attempt.c.id.in_(these)).values(told))
    over = batch.update().where(batch.c.state == BatchState.SENDING.value)
    return connection.execute(over.values(lease_until=now)).rowcount


OLDER = "journal:"
"""Stands before the transport of an attempt that an older database knew less of."""
_UNDER_WAY = (
    sa.select(
        batch.c.edition_id,
        batch.c.n,
        batch.c["count"].label("places"),
        batch_cursor.c.begun,
        batch_cursor.c.accepted,
        batch_attempt.c.attempt_id,
        batch_attempt.c.transport,
    )
    .join(batch_cursor, _ITS_CURSOR)
    .join(batch_attempt, _NEWEST_ATTEMPT)
    .where(batch.c.state == BatchState.SENDING.value)
)


def _cursor(begun: bytes, accepted: bytes) -> Cursor:
    return Cursor(int.from_bytes(begun, "little"), int.from_bytes(accepted, "little"))


def _put(connection: Connection, row: Any, cursor: Cursor, *, older: bool) -> None:
    this = (batch_cursor.c.edition_id == row.edition_id, batch_cursor.c.n == row.n)
    moved = {"begun": _bytes(cursor.begun), "accepted": _bytes(cursor.accepted)}
    connection.execute(batch_cursor.update().where(*this).values(moved))
    if older and not row.transport.startswith(OLDER):
        attempt = batch_attempt.c.attempt_id == row.attempt_id
        connection.execute(batch_attempt.update().where(attempt).values(transport=OLDER + row.transport))


def rests(connection: Connection, domains: Collection[str]) -> dict[str, Rest]:
    query = sa.select(domain_rest).where(domain_rest.c.domain.in_(domains))
    return {row.domain: Rest(row.times, row.until) for row in connection.execute(query)}


def rest(connection: Connection, given: Mapping[str, tuple[Rest, str]]) -> None:
    """Domains, how they rest from now on, and in what words they asked for it."""
    for domain, (one, said) in sorted(given.items()):
        row = insert(connection, domain_rest).values(domain=domain, times=one.times, until=one.until, detail=said)
        fresh = {name: row.excluded[name] for name in ("times", "until", "detail")}
        connection.execute(row.on_conflict_do_update(index_elements=["domain"], set_=fresh))


def rested(connection: Connection, domains: Collection[str], long_ago: datetime) -> None:
    """These take mail again; and rests that ended before `long_ago` are forgotten."""
    connection.execute(
        domain_rest.delete().where(sa.or_(domain_rest.c.domain.in_(domains), domain_rest.c.until < long_ago))
    )


def _whose_lease_ran_out(now: datetime) -> sa.Select[Any]:
    return (
        sa.select(batch, batch_cursor.c.begun, batch_cursor.c.accepted, batch_attempt.c.attempt_id)
        .join(batch_cursor, _ITS_CURSOR)
        .join(batch_attempt, _NEWEST_ATTEMPT)
        .where(batch.c.state == BatchState.SENDING.value, batch.c.lease_until <= now)
        .order_by(batch.c.edition_id, batch.c.n)
    )


def _sending(claim: Claim) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        batch.c.edition_id == claim.edition_id,
        batch.c.n == claim.n,
        batch.c.token == claim.token,
        batch.c.state == BatchState.SENDING.value,
    )


def _state(part: Part, parcel: Parcel, now: datetime) -> dict[str, Any]:
    return {
        "state": part.state.value,
        "manifest": parcel.manifest,
        "count": parcel.count,
        "next_try_at": part.next_try_at,
        "deferred_since": part.deferred_since,
        "detail": part.detail,
        "changed_at": now,
    }


def _add(connection: Connection, claim: Claim, n: int, part: Part, parcel: Parcel, now: datetime) -> None:
    """A part on its own, with as much of the batch's past as is its past too."""
    parent = (batch.c.edition_id == claim.edition_id, batch.c.n == claim.n)
    old = connection.execute(sa.select(batch.c.content_id, batch.c.wave).where(*parent)).one()
    connection.execute(
        batch.insert().values(
            edition_id=claim.edition_id,
            n=n,
            content_id=old.content_id,
            wave=old.wave,
            attempt=claim.attempt,
            **_state(part, parcel, now),
        )
    )
    copy_doubt(connection, claim.edition_id, claim.n, n, parcel.count, before=claim.attempt)
    if part.verdict is not None:
        this = (batch_attempt.c.attempt_id == claim.attempt_id,)
        began = connection.execute(sa.select(batch_attempt.c.transport, batch_attempt.c.claimed_at).where(*this)).one()
        connection.execute(
            batch_attempt.insert().values(
                attempt_id=f"{claim.attempt_id}.{n}",
                call_id=claim.attempt_id,
                edition_id=claim.edition_id,
                n=n,
                attempt=claim.attempt,
                transport=began.transport,
                recipients=parcel.count,
                claimed_at=began.claimed_at,
                finished_at=now,
                verdict=part.verdict.value,
                detail=part.detail,
            )
        )


def copy_doubt(connection: Connection, edition_id: int, n: int, new: int, count: int, *, before: int) -> int:
    """Earlier attempts that may have reached these readers go on being told of. Answers how many those are."""
    unproven = sa.or_(batch_attempt.c.verdict.is_(None), batch_attempt.c.verdict.not_in(report.PROOF))
    names = [column for column in batch_attempt.c if column.name != "id"]
    changed = {
        "attempt_id": batch_attempt.c.attempt_id + f".{new}",
        "n": sa.literal(new),
        "call_id": sa.func.coalesce(batch_attempt.c.call_id, batch_attempt.c.attempt_id),
        "recipients": sa.literal(count),
    }
    earlier = sa.select(*(changed.get(column.name, column) for column in names)).where(
        batch_attempt.c.edition_id == edition_id,
        batch_attempt.c.n == n,
        batch_attempt.c.attempt < before,
        unproven,
    )
    return connection.execute(batch_attempt.insert().from_select([column.name for column in names], earlier)).rowcount


def _finish(connection: Connection, claim: Claim, outcome: Outcome, now: datetime) -> None:
    connection.execute(
        batch_attempt.update()
        .where(batch_attempt.c.attempt_id == claim.attempt_id, batch_attempt.c.verdict.is_(None))
        .values(
            finished_at=now,
            verdict=outcome.verdict.value,
            phase=outcome.phase,
            detail=outcome.detail,
            provider_ref=outcome.provider_ref,
        )
    )


def _broken(connection: Connection, row: Any) -> Broken:
    taken_out = sa.select(delivery_exception.c.subscriber_id).where(
        delivery_exception.c.edition_id == row["edition_id"],
        delivery_exception.c.batch_n == row["n"],
        delivery_exception.c.kind.in_(report.PLACES),
    )
    return Broken(
        claim=Claim(
            edition_id=row["edition_id"],
            n=row["n"],
            attempt=row["attempt"],
            attempt_id=row["attempt_id"],
            token=row["token"],
            lease_until=row["lease_until"],
            content_id=row["content_id"],
            recipient_ids=(),
            deferred_since=row["deferred_since"],
        ),
        manifest=row["manifest"],
        taken_out=frozenset(connection.scalars(taken_out)),
        cursor=_cursor(row["begun"], row["accepted"]),
    )


def _bytes(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")
