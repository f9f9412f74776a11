"""How readers stand to a newsletter. In: ids, or a stretch of the audience. Out: Standings, by id."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.choice import Cadence
from syndication.model.ledger import Standing
from syndication.model.subscriber import EmailAddress, SubscriptionState
from syndication.storage.schema import subscriber, subscription, suppression


def standings(connection: Connection, newsletter_id: int, ids: Sequence[int]) -> dict[int, Standing]:
    """Of these subscribers, now. Who has no subscription to the newsletter is left out."""
    found = connection.scalar(_STANDINGS[connection.dialect.name], _asked(newsletter_id, ids))
    return {row[1]: _read(row) for row in orjson.loads(found or "[]")}


def unfit(connection: Connection, newsletter_id: int, ids: Sequence[int]) -> list[int]:
    """Those of these subscribers who must not be mailed now: not confirmed, suppressed, or not there. In any order."""
    found = connection.scalar(_UNFIT[connection.dialect.name], _asked(newsletter_id, ids))
    return list(orjson.loads(found or "[]"))


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


# One row with all the readers in it, and one parameter with all the ids: hundreds of either cost more than the
# question, the more so with several threads, since SQLite's driver hands over the interpreter at every row.
_EACH = {"sqlite": "json_each(:ids)", "postgresql": "json_array_elements_text(CAST(:ids AS json))"}
_ID = {"sqlite": "i.value", "postgresql": "CAST(i.value AS bigint)"}
_OF = (
    "FROM {each} i {join} JOIN subscription s ON s.subscriber_id = {id} AND s.newsletter_id = :newsletter_id "
    "{join} JOIN subscriber r ON r.id = s.subscriber_id "
)
_REASONS = "FROM suppression p WHERE p.address_hash = r.address_hash AND p.scope IN (0, :newsletter_id)"


def _text(dialect: str, select: str, join: str, where: str = "") -> sa.TextClause:
    each, id = _EACH[dialect] + " AS" * (dialect == "sqlite"), _ID[dialect]
    of = _OF.format(each=each, id=id, join=join)
    return sa.text(select + of + where)


_STANDINGS = {
    "sqlite": _text(
        "sqlite",
        "SELECT json_group_array(json_array(s.id, s.subscriber_id, s.state, r.address, r.address_norm, "
        f"(SELECT min(p.reason) {_REASONS}))) ",
        "CROSS",
    ),
    "postgresql": _text(
        "postgresql",
        "SELECT CAST(json_agg(json_build_array(s.id, s.subscriber_id, s.state, r.address, r.address_norm, "
        f"(SELECT min(p.reason) {_REASONS}))) AS text) ",
        "",
    ),
}
_NOT = f"WHERE s.id IS NULL OR s.state <> '{SubscriptionState.CONFIRMED.value}' OR EXISTS (SELECT 1 {_REASONS})"
_UNFIT = {
    "sqlite": _text("sqlite", "SELECT json_group_array(i.value) ", "LEFT", _NOT),
    "postgresql": _text("postgresql", "SELECT CAST(json_agg(CAST(i.value AS bigint)) AS text) ", "LEFT", _NOT),
}


def _asked(newsletter_id: int, ids: Sequence[int]) -> dict[str, Any]:
    return {"newsletter_id": newsletter_id, "ids": orjson.dumps(list(ids)).decode()}


_CONFIRMED = SubscriptionState.CONFIRMED.value


def _read(row: Any) -> Standing:
    # In the order in which `_standing` asks: this runs twice for each mail.
    subscription_id, subscriber_id, state, address, norm, suppressed = row
    return Standing(subscriber_id, subscription_id, EmailAddress(address, norm), state == _CONFIRMED, suppressed or "")
