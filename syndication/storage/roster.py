"""Everybody who subscribes, row by row, and the end of one of them. In: an address, a page. Out: rows, counts.

A subscriber who is erased leaves a number in frozen manifests, which leads to nobody, and a keyed hash.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.subscriber import EmailAddress, SubscriptionState
from syndication.storage.database import insert
from syndication.storage.schema import (
    audit_log,
    delivery_exception,
    event_aside,
    message,
    newsletter,
    personal_feed,
    setback,
    subscriber,
    subscription,
    suppression,
)

NAMED: Mapping[str, sa.Table] = MappingProxyType(
    {"setbacks": setback, "service mails": message, "subscriptions": subscription}
)
"""Rows that name a subscriber, in the order in which they may go."""
ERASED = "its owner asked to be forgotten"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of an address, before it is erased."""

    id: int
    subscriptions: int


def page(
    connection: Connection, *, slug: str | None, state: SubscriptionState | None, after_id: int, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Subscriptions by id, those after `after_id`; `slug` names a newsletter. Suppressed: a reason, or None."""
    suppressed = (
        sa.select(sa.func.min(suppression.c.reason))
        .where(
            suppression.c.address_hash == subscriber.c.address_hash,
            suppression.c.scope.in_((0, subscription.c.newsletter_id)),
        )
        .scalar_subquery()
    )
    query = (
        sa.select(
            subscription.c.id,
            subscriber.c.address,
            newsletter.c.slug.label("newsletter"),
            subscription.c.state,
            subscription.c.cadence,
            subscriber.c.locale,
            subscriber.c.zone,
            subscription.c.requested_at,
            subscription.c.confirmed_at,
            subscription.c.unsubscribed_at,
            subscription.c.consent,
            suppressed.label("suppressed"),
        )
        .join_from(subscription, subscriber, subscriber.c.id == subscription.c.subscriber_id)
        .join(newsletter, newsletter.c.id == subscription.c.newsletter_id)
        .where(subscription.c.id > after_id)
        .order_by(subscription.c.id)
        .limit(limit)
    )
    if slug is not None:
        query = query.where(newsletter.c.slug == slug)
    if state is not None:
        query = query.where(subscription.c.state == state.value)
    return [_flat(row) for row in connection.execute(query).mappings()]


def _flat(row: sa.RowMapping) -> Mapping[str, Any]:
    """With the proof of consent in columns of its own."""
    proof = row["consent"] or {}
    return {
        **row,
        "consent": proof.get("text", ""),
        "form": proof.get("form", ""),
        "asked_at": proof.get("asked_at", ""),
    }


def about(connection: Connection, address: EmailAddress) -> About | None:
    id = connection.scalar(sa.select(subscriber.c.id).where(subscriber.c.address_norm == address.norm))
    if id is None:
        return None
    query = sa.select(sa.func.count()).where(subscription.c.subscriber_id == id)
    return About(id, connection.scalar(query) or 0)


def erase(
    connection: Connection, address: EmailAddress, address_hash: str, *, now: datetime, actor: str
) -> dict[str, int]:
    """Everything that names the reader, in one transaction. How many rows of what."""
    found = about(connection, address)
    if found is None:
        return {}
    owned = sa.select(subscription.c.id).where(subscription.c.subscriber_id == found.id)
    feeds = personal_feed.delete().where(personal_feed.c.subscription_id.in_(owned))
    gone = {"feeds of their own": connection.execute(feeds).rowcount}
    for what, table in NAMED.items():
        gone[what] = connection.execute(table.delete().where(table.c.subscriber_id == found.id)).rowcount
    gone["addresses"] = connection.execute(subscriber.delete().where(subscriber.c.id == found.id)).rowcount
    gone["events set aside"] = _forget_events(connection, address)
    # What a host said of a delivery often repeats the address.
    said = delivery_exception.update().where(delivery_exception.c.subscriber_id == found.id).values(detail="")
    connection.execute(said)
    row = {"address_hash": address_hash, "scope": 0, "reason": ERASED, "at": now}
    connection.execute(insert(connection, suppression).values(**row).on_conflict_do_nothing())
    connection.execute(
        audit_log.insert().values(at=now, actor=actor, action="erase subscriber", subject=f"subscriber {found.id}")
    )
    return gone


def _forget_events(connection: Connection, address: EmailAddress) -> int:
    """What a provider told and nobody understood may name them by their address."""
    gone = 0
    for spelling in sorted({address.text, address.norm, address.text.lower()}):
        found = sa.text(_WITHIN[connection.dialect.name]).bindparams(sa.bindparam("it", spelling.encode()))
        gone += connection.execute(event_aside.delete().where(found)).rowcount
    return gone


_WITHIN = {"sqlite": "instr(data, :it) > 0", "postgresql": "position(CAST(:it AS bytea) IN data) > 0"}
"""Bytes within bytes, for which SQLAlchemy has no words."""
