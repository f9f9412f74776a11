"""Feeds of one reader each (`jobs.ports.own_feeds`), on a Database. It keeps no address, only its hash."""

from datetime import datetime

import sqlalchemy as sa

from syndication.model.choice import Choice
from syndication.model.newsletter import Newsletter
from syndication.model.subscriber import SubscriptionState
from syndication.storage import publication, values
from syndication.storage.database import Database
from syndication.storage.schema import newsletter, personal_feed, subscription


class StoredOwnFeeds:
    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, subscription_id: int, token_hash: str, now: datetime) -> None:
        with self._database.write() as connection:
            _revoke(connection, subscription_id, now)
            row = {"subscription_id": subscription_id, "token_hash": token_hash, "created_at": now}
            connection.execute(personal_feed.insert().values(**row))

    def revoke(self, subscription_id: int, now: datetime) -> int:
        with self._database.write() as connection:
            return _revoke(connection, subscription_id, now)

    def asked_by(self, token_hash: str) -> tuple[Newsletter, Choice] | None:
        query = (
            sa.select(newsletter.c.slug, subscription.c.choice)
            .join(subscription, subscription.c.id == personal_feed.c.subscription_id)
            .join(newsletter, newsletter.c.id == subscription.c.newsletter_id)
            .where(
                personal_feed.c.token_hash == token_hash,
                personal_feed.c.revoked_at.is_(None),
                subscription.c.state == SubscriptionState.CONFIRMED.value,
            )
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
            found = row and publication.newsletter(connection, row.slug)
            return (found, values.choice_from_json(row.choice)) if row and found else None


def _revoke(connection: sa.Connection, subscription_id: int, now: datetime) -> int:
    good = (personal_feed.c.subscription_id == subscription_id) & personal_feed.c.revoked_at.is_(None)
    return connection.execute(personal_feed.update().where(good).values(revoked_at=now)).rowcount
