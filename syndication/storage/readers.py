"""How readers stand to a newsletter. In: ids, or a stretch of the audience. Out: Standings, by id."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.choice import Cadence
from syndication.model.ledger import Standing
from syndication.model.subscriber import EmailAddress, SubscriptionState
from syndication.storage.schema import subscriber, subscription, suppression


def standings(connection: Connection, newsletter_id: int, ids: Sequence[int]) -> dict[int, Standing]:
    """Of these subscribers, now. Who has no subscription to the newsletter is left out."""
    rows = connection.execute(_STANDINGS, {"newsletter_id": newsletter_id, "ids": list(ids)})
    return {row[1]: _read(row) for row in rows}


def audience(
    connection: Connection,
    newsletter_id: int,
    cadence: Cadence,
    *,
    after_id: int,
    max_id: int,
    limit: int,
    now: datetime,
    newest_story_at: datetime | None,
    only: Sequence[int] | None = None,
) -> list[Standing]:
    """The next stretch of those who are to get an edition, suppressed ones among them, in order of their ids.

    Not those who pause, nor those whose own watermark says that nothing in the edition is new to them. `only` these.
    """
    query = (
        _standing(newsletter_id)
        .where(
            subscription.c.state == SubscriptionState.CONFIRMED.value,
            subscription.c.cadence == cadence.value,
            subscription.c.subscriber_id > after_id,
            subscription.c.subscriber_id <= max_id,
            sa.or_(subscription.c.paused_until.is_(None), subscription.c.paused_until <= now),
        )
        .order_by(subscription.c.subscriber_id)
        .limit(limit)
    )
    if newest_story_at is not None:
        query = query.where(sa.or_(subscription.c.seen_until.is_(None), subscription.c.seen_until < newest_story_at))
    if only is not None:
        query = query.where(subscription.c.subscriber_id.in_(only))
    return [_read(row) for row in connection.execute(query)]


def max_id(connection: Connection) -> int:
    return connection.scalar(sa.select(sa.func.max(subscriber.c.id))) or 0


def refusing(connection: Connection, newsletter_id: int, address_hashes: Sequence[str]) -> set[str]:
    """Those of these keyed hashes that must not be mailed for this newsletter: suppressed, or unsubscribed."""
    suppressed = sa.select(suppression.c.address_hash).where(
        suppression.c.address_hash.in_(address_hashes), suppression.c.scope.in_((0, newsletter_id))
    )
    left = (
        sa.select(subscriber.c.address_hash)
        .join(subscription, subscription.c.subscriber_id == subscriber.c.id)
        .where(
            subscriber.c.address_hash.in_(address_hashes),
            subscription.c.newsletter_id == newsletter_id,
            subscription.c.state == SubscriptionState.UNSUBSCRIBED.value,
        )
    )
    return set(connection.scalars(suppressed)) | set(connection.scalars(left))


def _standing(newsletter_id: int | sa.BindParameter[int]) -> sa.Select[Any]:
    reason = (
        sa.select(sa.func.min(suppression.c.reason))
        .where(
            suppression.c.address_hash == subscriber.c.address_hash,
            sa.or_(suppression.c.scope == 0, suppression.c.scope == newsletter_id),
        )
        .scalar_subquery()
    )
    return (
        sa.select(
            subscription.c.id,
            subscription.c.subscriber_id,
            subscription.c.state,
            subscriber.c.address,
            subscriber.c.address_norm,
            reason.label("suppressed"),
        )
        .join(subscriber, subscriber.c.id == subscription.c.subscriber_id)
        .where(subscription.c.newsletter_id == newsletter_id)
    )


# Built once: it is asked before every few messages, and to build it costs more than to ask it.
_STANDINGS = _standing(sa.bindparam("newsletter_id", type_=sa.BigInteger)).where(
    subscription.c.subscriber_id.in_(sa.bindparam("ids", expanding=True))
)


_CONFIRMED = SubscriptionState.CONFIRMED.value


def _read(row: Any) -> Standing:
    # In the order in which `_standing` asks: this runs twice for each mail.
    subscription_id, subscriber_id, state, address, norm, suppressed = row
    return Standing(subscriber_id, subscription_id, EmailAddress(address, norm), state == _CONFIRMED, suppressed or "")
