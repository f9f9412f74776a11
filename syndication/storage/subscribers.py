"""Subscribers, their subscriptions and their consent. In: an address or an id. Out: values; inside one transaction.

Knows which rows may exist, not who may subscribe: that is judged by the caller, between reading and writing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.choice import Cadence, Choice
from syndication.model.delivery import BatchState
from syndication.model.newsletter import Newsletter
from syndication.model.subscriber import Consent, EmailAddress, Subscriber, Subscription, SubscriptionState
from syndication.storage import publication, values
from syndication.storage.database import Database, insert
from syndication.storage.schema import (
    audit_log,
    message,
    newsletter,
    subscriber,
    subscription,
    suppression,
)


class Registry:
    """The registry of a database, as jobs ask for it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def reading(self) -> Iterator["Desk"]:
        with self._database.read() as connection:
            yield Desk(connection)

    @contextmanager
    def writing(self) -> Iterator["Desk"]:
        with self._database.write() as connection:
            yield Desk(connection)


class Desk:
    """One transaction's view of the registry."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newsletters(self) -> Sequence[Newsletter]:
        return publication.newsletters(self._connection)

    def suppressed(self, address_hash: str) -> frozenset[int]:
        query = sa.select(suppression.c.scope).where(suppression.c.address_hash == address_hash)
        return frozenset(self._connection.scalars(query))

    def enter(
        self, address: EmailAddress, *, address_hash: str, locale: str, zone: str, now: datetime
    ) -> tuple[Subscriber, bool]:
        row = {
            "address": address.text,
            "address_norm": address.norm,
            "address_hash": address_hash,
            "locale": locale,
            "zone": zone,
            "created_at": now,
        }
        made = self._connection.execute(
            insert(self._connection, subscriber).values(**row).on_conflict_do_nothing().returning(subscriber.c.id)
        ).first()
        found = self._connection.execute(sa.select(subscriber).where(subscriber.c.address_norm == address.norm)).one()
        return _subscriber(found), made is not None

    def subscriptions(self, subscriber_id: int) -> Sequence[Subscription]:
        query = _whole().where(subscription.c.subscriber_id == subscriber_id).order_by(subscription.c.id)
        return [_subscription(row) for row in self._connection.execute(query)]

    def subscription(self, id: int) -> Subscription | None:
        row = self._connection.execute(_whole().where(subscription.c.id == id)).first()
        return None if row is None else _subscription(row)

    def ask(
        self,
        subscriber_id: int,
        newsletter_id: int,
        *,
        state: SubscriptionState,
        cadence: Cadence,
        consent: Consent,
        now: datetime,
    ) -> Subscription:
        row: dict[str, Any] = {
            "subscriber_id": subscriber_id,
            "newsletter_id": newsletter_id,
            "state": state.value,
            "cadence": cadence.value,
            "choice": asdict(Choice()),
            "consent": _consent_to_json(consent),
            "requested_at": now,
        }
        put = insert(self._connection, subscription).values(**row)
        renewed = {name: put.excluded[name] for name in ("state", "cadence", "consent", "requested_at")}
        self._connection.execute(
            put.on_conflict_do_update(
                index_elements=["subscriber_id", "newsletter_id"],
                set_=renewed,
                where=subscription.c.state != SubscriptionState.CONFIRMED.value,
            )
        )
        query = _whole().where(
            subscription.c.subscriber_id == subscriber_id, subscription.c.newsletter_id == newsletter_id
        )
        return _subscription(self._connection.execute(query).one())

    def confirm(self, id: int, *, network_hash: str, now: datetime) -> None:
        consent = self._connection.execute(sa.select(subscription.c.consent).where(subscription.c.id == id)).scalar()
        proof = dict(consent or {}) | {"confirmed_at": now.isoformat(), "confirmed_network_hash": network_hash}
        self._connection.execute(
            subscription.update()
            .where(subscription.c.id == id)
            .values(state=SubscriptionState.CONFIRMED.value, confirmed_at=now, consent=proof)
        )

    def leave(self, id: int, now: datetime) -> bool:
        # A journal may tell of a leave late: whoever came back since then has said yes again.
        not_since = sa.or_(subscription.c.confirmed_at.is_(None), subscription.c.confirmed_at <= now)
        left = self._connection.execute(
            subscription.update()
            .where(subscription.c.id == id, subscription.c.state != SubscriptionState.UNSUBSCRIBED.value, not_since)
            .values(state=SubscriptionState.UNSUBSCRIBED.value, unsubscribed_at=now)
        )
        return left.rowcount == 1

    def post(self, *, purpose: str, kind: str, subscriber_id: int, now: datetime) -> bool:
        row = {
            "purpose": purpose,
            "kind": kind,
            "subscriber_id": subscriber_id,
            "state": BatchState.PLANNED.value,
            "created_at": now,
            "changed_at": now,
        }
        made = self._connection.execute(
            insert(self._connection, message).values(**row).on_conflict_do_nothing().returning(message.c.id)
        ).first()
        return made is not None

    def note(self, action: str, subject: str, now: datetime) -> None:
        self._connection.execute(audit_log.insert().values(at=now, actor="reader", action=action, subject=subject))


def listing(connection: Connection, *, limit: int = 100, after_id: int = 0) -> list[Subscriber]:
    """Subscribers by id, those after `after_id`."""
    query = sa.select(subscriber).where(subscriber.c.id > after_id).order_by(subscriber.c.id).limit(limit)
    return [_subscriber(row) for row in connection.execute(query)]


def find(connection: Connection, address: EmailAddress) -> Subscriber | None:
    row = connection.execute(sa.select(subscriber).where(subscriber.c.address_norm == address.norm)).first()
    return None if row is None else _subscriber(row)


def subscriptions_of(connection: Connection, subscriber_ids: Sequence[int]) -> list[Subscription]:
    """All subscriptions of these subscribers, by subscriber."""
    query = _whole().where(subscription.c.subscriber_id.in_(subscriber_ids))
    return [
        _subscription(row)
        for row in connection.execute(query.order_by(subscription.c.subscriber_id, subscription.c.id))
    ]


def counts(connection: Connection, newsletter_id: int) -> dict[SubscriptionState, int]:
    """How many subscriptions of a newsletter are in each state."""
    query = (
        sa.select(subscription.c.state, sa.func.count().label("number"))
        .where(subscription.c.newsletter_id == newsletter_id)
        .group_by(subscription.c.state)
    )
    found = {row.state: row.number for row in connection.execute(query)}
    return {state: found.get(state.value, 0) for state in SubscriptionState}


def _whole() -> sa.Select[Any]:
    return (
        sa.select(
            subscription,
            newsletter.c.slug.label("newsletter_slug"),
            subscriber.c.address,
            subscriber.c.address_norm,
            subscriber.c.locale,
            subscriber.c.zone,
            subscriber.c.created_at,
        )
        .join(subscriber, subscriber.c.id == subscription.c.subscriber_id)
        .join(newsletter, newsletter.c.id == subscription.c.newsletter_id)
    )


def _subscriber(row: Any, id: int | None = None) -> Subscriber:
    return Subscriber(
        id=row.id if id is None else id,
        address=EmailAddress(text=row.address, norm=row.address_norm),
        locale=row.locale,
        zone=row.zone,
        created_at=row.created_at,
    )


def _subscription(row: Any) -> Subscription:
    return Subscription(
        id=row.id,
        subscriber=_subscriber(row, row.subscriber_id),
        newsletter_id=row.newsletter_id,
        newsletter_slug=row.newsletter_slug,
        state=SubscriptionState(row.state),
        cadence=Cadence(row.cadence),
        choice=values.choice_from_json(row.choice),
        paused_until=row.paused_until,
        requested_at=row.requested_at,
        confirmed_at=row.confirmed_at,
        unsubscribed_at=row.unsubscribed_at,
    )


def _consent_to_json(consent: Consent) -> dict[str, str]:
    return {
        "text": consent.text,
        "form": consent.form,
        "asked_at": consent.asked_at.isoformat(),
        "network_hash": consent.network_hash,
    }
