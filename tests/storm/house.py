"""Readers for a house, many at once, by rows: a storm has no time to ask each of them twice."""

from datetime import UTC, datetime

import sqlalchemy as sa

from syndication.model.choice import Cadence
from syndication.model.subscriber import EmailAddress, SubscriptionState
from syndication.storage.schema import newsletter, subscriber, subscription
from syndication.wiring import House


def give_readers(house: House, slug: str, number: int) -> list[tuple[str, int]]:
    """So many confirmed readers of the daily stream; answers the address and the subscription of each."""
    now = datetime.now(UTC)
    addresses = [EmailAddress.parse(f"reader-{n}@readers.example") for n in range(number)]
    people = [
        {
            "address": one.text,
            "address_norm": one.norm,
            "address_hash": one.keyed_hash(house.address_key),
            "locale": "en",
            "zone": "UTC",
            "created_at": now,
        }
        for one in addresses
    ]
    with house.database.write() as connection:
        of = connection.scalar(sa.select(newsletter.c.id).where(newsletter.c.slug == slug))
        connection.execute(subscriber.insert(), people)
        ids = dict(connection.execute(sa.select(subscriber.c.address, subscriber.c.id)).all())
        connection.execute(
            subscription.insert(),
            [
                {
                    "subscriber_id": ids[one.text],
                    "newsletter_id": of,
                    "state": SubscriptionState.CONFIRMED.value,
                    "cadence": Cadence.DAILY.value,
                    "choice": {},
                    "consent": {},
                    "requested_at": now,
                    "confirmed_at": now,
                }
                for one in addresses
            ],
        )
        mine = sa.select(subscriber.c.address, subscription.c.id).join(
            subscription, subscription.c.subscriber_id == subscriber.c.id
        )
        return [
            (address, id)
            for address, id in connection.execute(
                mine.where(subscriber.c.address.like("reader-%")).order_by(subscription.c.id)
            )
        ]
