"""A database that may have been restored, brought up to what the journal knows. In: journal lines. Out: rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.carrying import Cursor
from syndication.model.delivery import BatchState
from syndication.model.edition import EditionState
from syndication.model.journal import Claimed, Departed, Lifted, Owed, Suppressed, Unsubscribed
from syndication.model.ledger import Bar
from syndication.model.newsletter import Slot
from syndication.model.subscriber import SubscriptionState
from syndication.storage import alerts, carrying, editions, meta
from syndication.storage.database import Database, insert
from syndication.storage.schema import batch, batch_attempt, edition, newsletter, subscriber, subscription, suppression
from syndication.storage.schema import meta as meta_rows

REPLAYED = "journal_replayed_until"
INSTALLATION = "installation"
INSTALLATION_ASKING = "installation_asking"
_GOING = (EditionState.OPEN, EditionState.FROZEN, EditionState.DISPATCHING, EditionState.SENDING)
PUT_UP_WITH = "journal_claims_put_up_with"
"""Claims up to this instant are unknown, a person has seen that, and sending was resumed."""


class Recovery:
    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def writing(self) -> Iterator["Page"]:
        with self._database.write() as connection:
            yield Page(connection)


class Page:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replayed_until(self) -> datetime | None:
        return _instant(self._connection, REPLAYED)

    def mark_replayed(self, until: datetime) -> None:
        meta.write(self._connection, REPLAYED, until.isoformat())

    def owe(self, line: Owed) -> bool:
        return owe(self._connection, line)

    def unknown(self, lines: Sequence[Claimed]) -> Sequence[Claimed]:
        after = _instant(self._connection, PUT_UP_WITH)
        asked = [line for line in lines if after is None or line.at > after]
        query = sa.select(batch_attempt.c.attempt_id).where(
            batch_attempt.c.attempt_id.in_([line.attempt_id for line in asked])
        )
        known = set(self._connection.scalars(query))
        return [line for line in asked if line.attempt_id not in known]

    def doubt(self, line: Claimed, now: datetime) -> bool:
        row = self._connection.execute(
            sa.select(batch.c.edition_id)
            .join(edition, edition.c.id == batch.c.edition_id)
            .join(newsletter, newsletter.c.id == edition.c.newsletter_id)
            .where(
                batch.c.edition_id == line.edition_id,
                batch.c.n == line.n,
                batch.c.attempt < line.attempt,
                newsletter.c.slug == line.newsletter,
                edition.c.cadence == line.cadence.value,
                edition.c.slot_local == editions.name_of(line.slot_local),
            )
        ).first()
        if row is None:
            return False
        self._connection.execute(
            batch.update()
            .where(batch.c.edition_id == line.edition_id, batch.c.n == line.n)
            .values(
                state=BatchState.UNCERTAIN.value,
                attempt=line.attempt,
                token=batch.c.token + 1,
                lease_until=None,
                detail="the journal has a claim on it that this database does not know",
                changed_at=now,
            )
        )
        self._connection.execute(
            batch_attempt.insert().values(
                attempt_id=line.attempt_id,
                edition_id=line.edition_id,
                n=line.n,
                attempt=line.attempt,
                transport="journal",
                recipients=line.recipients,
                claimed_at=line.at,
            )
        )
        return True

    def hold_slot(self, line: Claimed, readers: int, now: datetime) -> bool:
        newsletter_id = self._connection.scalar(sa.select(newsletter.c.id).where(newsletter.c.slug == line.newsletter))
        if newsletter_id is None:
            return False
        made = editions.add(
            self._connection,
            newsletter_id,
            line.cadence,
            Slot(line.slot_local, line.due_at),
            state=EditionState.HELD,
            reason=f"the journal says that {readers} readers were offered it; this database knows nothing of that",
            cutoff_at=now,
            held_state=EditionState.OPEN,
            now=now,
        )
        return made is not None

    def under_way(self) -> Mapping[str, Cursor]:
        return carrying.under_way(self._connection)

    def move_on(self, attempt_id: str, known: Cursor, *, older: bool) -> None:
        carrying.move_on(self._connection, attempt_id, known, older=older)

    def doubt_cursors(self, but: Collection[str] = ()) -> int:
        return carrying.doubt_the_rest(self._connection, but)

    def doubt_calls(self, now: datetime) -> int:
        return carrying.doubt_calls(self._connection, now)

    def hold_editions(self, reason: str, now: datetime) -> int:
        going = (*_GOING, EditionState.ASSEMBLING)
        back = sa.case(
            (edition.c.state == EditionState.ASSEMBLING.value, EditionState.OPEN.value), else_=edition.c.state
        )
        held = self._connection.execute(
            edition.update()
            .where(edition.c.state.in_([state.value for state in going]))
            .values(
                state=EditionState.HELD.value,
                held_state=back,
                reason=reason,
                lease_until=None,
                token=edition.c.token + 1,
            )
        )
        return held.rowcount

    def is_known(self, installation: str) -> bool:
        known = meta.read(self._connection, INSTALLATION)
        if known is None:
            meta.write(self._connection, INSTALLATION, installation)
        elif known != installation:
            meta.write(self._connection, INSTALLATION_ASKING, installation)
        return known in (None, installation)

    def hold_sending(self, reason: str, now: datetime) -> None:
        row = insert(self._connection, meta_rows).values(key=Bar.HELD.value, value=reason)
        self._connection.execute(row.on_conflict_do_nothing())
        alerts.raise_alert(self._connection, Bar.HELD.value, f"Sending is held: {reason}", now)


def owe(connection: Connection, line: Owed) -> bool:
    """Apply what the journal has and the database may lack. False when nothing was to be done."""
    match line:
        case Unsubscribed():
            return _leave(connection, line)
        case Departed():
            return _part(connection, line)
        case Suppressed():
            return _suppress(connection, line)
        case Lifted():
            return _lift(connection, line)


def _leave(connection: Connection, line: Unsubscribed) -> bool:
    """Unless they asked or said yes again since."""
    this = [subscription.c.id == line.subscription_id]
    if line.address_hash:  # a restored database may give an id to somebody else
        theirs = sa.select(subscriber.c.id).where(subscriber.c.address_hash == line.address_hash)
        this.append(subscription.c.subscriber_id.in_(theirs))
    return _unsubscribe(connection, this, line.wished_at or line.at) == 1


def _part(connection: Connection, line: Departed) -> bool:
    """Whoever of them is known here; the others get nothing anyhow."""
    theirs = sa.select(subscriber.c.id).where(subscriber.c.address_hash.in_(line.address_hashes))
    these = [subscription.c.newsletter_id == line.newsletter_id, subscription.c.subscriber_id.in_(theirs)]
    return _unsubscribe(connection, these, line.at) > 0


def _unsubscribe(connection: Connection, these: Sequence[sa.ColumnElement[bool]], at: datetime) -> int:
    left = connection.execute(
        subscription.update()
        .where(
            *these,
            subscription.c.state != SubscriptionState.UNSUBSCRIBED.value,
            subscription.c.requested_at <= at,
            sa.or_(subscription.c.confirmed_at.is_(None), subscription.c.confirmed_at <= at),
        )
        .values(state=SubscriptionState.UNSUBSCRIBED.value, unsubscribed_at=at)
    )
    return left.rowcount


def _suppress(connection: Connection, line: Suppressed) -> bool:
    row = insert(connection, suppression).values(
        address_hash=line.address_hash, scope=line.scope, reason=line.reason, at=line.at
    )
    return connection.execute(row.on_conflict_do_nothing().returning(suppression.c.id)).first() is not None


def _lift(connection: Connection, line: Lifted) -> bool:
    """Unless the address was suppressed again since."""
    ended = connection.execute(
        suppression.delete().where(
            suppression.c.address_hash == line.address_hash,
            suppression.c.scope == line.scope,
            suppression.c.at <= line.at,
        )
    )
    return ended.rowcount == 1


def put_up_with(connection: Connection, now: datetime) -> None:
    """A person goes on in spite of the claims that are unknown until now."""
    meta.write(connection, PUT_UP_WITH, now.isoformat())
    if (asking := meta.read(connection, INSTALLATION_ASKING)) is not None:
        meta.write(connection, INSTALLATION, asking)
        connection.execute(meta_rows.delete().where(meta_rows.c.key == INSTALLATION_ASKING))


def _instant(connection: Connection, key: str) -> datetime | None:
    found = meta.read(connection, key)
    return datetime.fromisoformat(found) if found else None
