"""The ledger of an edition, told. In: an edition's id, or a story. Out: counts that add up, rows, manifests."""

from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model import delivery
from syndication.model.delivery import BatchRow, BatchState, ExceptionKind, Verdict
from syndication.model.edition import Counts
from syndication.model.ledger import AttemptRow, ExceptionRow, Manifested
from syndication.storage import told
from syndication.storage.schema import batch, batch_attempt, delivery_exception, edition_item

PLACES = tuple(kind.value for kind in delivery.PLACES)

PROOF = tuple(verdict.value for verdict in Verdict if verdict not in (Verdict.ACCEPTED, Verdict.UNCERTAIN))
"""Verdicts that prove that nobody got it."""


def counts(connection: Connection, edition_id: int) -> Counts:
    """Each reader once: by their exception, else by their batch."""
    taken = _exceptions_by_kind(connection, edition_id)
    refused = taken[ExceptionKind.REFUSED.value]
    suppressed = taken[ExceptionKind.SUPPRESSED.value] + taken[ExceptionKind.UNSUBSCRIBED.value]
    left = _readers_by_word(connection, edition_id)
    return Counts(
        audience=_audience(connection, edition_id),
        accepted=left["accepted"],
        refused=refused + left["refused"],
        suppressed=suppressed,
        uncertain=left["uncertain"],
        unsent=left["unsent"],
    )


def accepted_by_content(connection: Connection, edition_id: int) -> dict[int, int]:
    """How many readers' mails of each content were accepted."""
    taken = _taken(edition_id)
    query = (
        sa.select(batch.c.content_id, sa.func.sum(batch.c.count - sa.func.coalesce(taken.c.readers, 0)))
        .outerjoin(taken, taken.c.batch_n == batch.c.n)
        .where(batch.c.edition_id == edition_id, batch.c.state == BatchState.ACCEPTED.value)
        .group_by(batch.c.content_id)
    )
    return {content_id: int(readers) for content_id, readers in connection.execute(query)}


def batches(connection: Connection, edition_id: int) -> list[BatchRow]:
    rows = connection.execute(sa.select(batch).where(batch.c.edition_id == edition_id).order_by(batch.c.n))
    return [
        BatchRow(
            edition_id=edition_id,
            n=row["n"],
            state=BatchState(row["state"]),
            count=row["count"],
            attempt=row["attempt"],
            provider_ref=row["provider_ref"],
            detail=row["detail"],
            changed_at=row["changed_at"],
        )
        for row in rows.mappings()
    ]


def attempts(connection: Connection, edition_id: int) -> list[AttemptRow]:
    """Every attempt at every batch, in order."""
    rows = connection.execute(
        sa.select(batch_attempt)
        .where(batch_attempt.c.edition_id == edition_id)
        .order_by(batch_attempt.c.n, batch_attempt.c.attempt)
    )
    return [
        AttemptRow(
            attempt_id=row.attempt_id,
            n=row.n,
            attempt=row.attempt,
            transport=row.transport,
            recipients=row.recipients,
            claimed_at=row.claimed_at,
            finished_at=row.finished_at,
            verdict=row.verdict and Verdict(row.verdict),
            phase=row.phase or "",
            status=row.status,
            detail=row.detail or "",
            provider_ref=row.provider_ref or "",
        )
        for row in rows
    ]


def exceptions(connection: Connection, edition_id: int, limit: int) -> list[ExceptionRow]:
    """In order of the readers' ids."""
    rows = connection.execute(
        sa.select(delivery_exception)
        .where(delivery_exception.c.edition_id == edition_id)
        .order_by(delivery_exception.c.subscriber_id, delivery_exception.c.kind)
        .limit(limit)
    )
    return [ExceptionRow(row.subscriber_id, ExceptionKind(row.kind), row.batch_n, row.detail, row.at) for row in rows]


def carrying(connection: Connection, story_id: int, rev: int) -> list[Manifested]:
    """Batches whose content had this revision of the story, that were accepted or may have been."""
    items = sa.select(edition_item.c.id).where(edition_item.c.story_id == story_id, edition_item.c.rev == rev)
    carriers = told.carriers(connection, connection.scalars(items).all())
    found = [batch for several in carriers.values() for batch in several]
    return sorted(found, key=lambda one: (one.edition_id, one.n))


def _exceptions_by_kind(connection: Connection, edition_id: int) -> defaultdict[str, int]:
    query = (
        sa.select(delivery_exception.c.kind, sa.func.count())
        .where(delivery_exception.c.edition_id == edition_id)
        .group_by(delivery_exception.c.kind)
    )
    return defaultdict(int, connection.execute(query).all())


def _audience(connection: Connection, edition_id: int) -> int:
    in_batches = connection.scalar(sa.select(sa.func.sum(batch.c.count)).where(batch.c.edition_id == edition_id))
    at_plan = connection.scalar(
        sa.select(sa.func.count())
        .select_from(delivery_exception)
        .where(
            delivery_exception.c.edition_id == edition_id,
            delivery_exception.c.batch_n.is_(None),
            delivery_exception.c.kind.in_(PLACES),
        )
    )
    return int(in_batches or 0) + (at_plan or 0)


def _readers_by_word(connection: Connection, edition_id: int) -> defaultdict[str, int]:
    """Those without an exception, by ledger word."""
    taken = _taken(edition_id)
    word = ledger_word().label("word")
    query = (
        sa.select(word, sa.func.sum(batch.c.count - sa.func.coalesce(taken.c.readers, 0)))
        .outerjoin(taken, taken.c.batch_n == batch.c.n)
        .outerjoin(
            batch_attempt,
            (batch_attempt.c.edition_id == batch.c.edition_id)
            & (batch_attempt.c.n == batch.c.n)
            & (batch_attempt.c.attempt == batch.c.attempt),
        )
        .where(batch.c.edition_id == edition_id)
        .group_by(word)
    )
    return defaultdict(int, {name: int(readers) for name, readers in connection.execute(query)})


def _taken(edition_id: int) -> sa.Subquery:
    """By batch: its readers who have a place of their own in the ledger."""
    return (
        sa.select(delivery_exception.c.batch_n, sa.func.count().label("readers"))
        .where(delivery_exception.c.edition_id == edition_id, delivery_exception.c.kind.in_(PLACES))
        .group_by(delivery_exception.c.batch_n)
        .subquery()
    )


def ledger_word() -> sa.ColumnElement[str]:
    """Of a batch with its newest attempt. One that is being sent is uncertain: the provider may have it already."""
    unproven = sa.or_(batch_attempt.c.verdict.is_(None), batch_attempt.c.verdict.not_in(PROOF))
    return sa.case(
        (batch.c.state == BatchState.ACCEPTED.value, "accepted"),
        (batch.c.state == BatchState.FAILED.value, "refused"),
        (batch.c.state.in_((BatchState.SENDING.value, BatchState.UNCERTAIN.value)), "uncertain"),
        (sa.and_(batch.c.state == BatchState.HELD.value, batch.c.attempt > 0, unproven), "uncertain"),
        else_="unsent",
    )
