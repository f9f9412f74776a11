"""A store with an edition that is planned and not sent, and what sends it: for send.py and the storm's own look at it.

Readers are written by one statement of the database's own, since a million of them are wanted.
"""

import logging
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from syndication.jobs.letterhead import Letterhead
from syndication.jobs.send import Mailroom
from syndication.model.delivery import Sender
from syndication.model.subscriber import EmailAddress
from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from syndication.senders import sendgrid_body
from syndication.senders.sendgrid import SendGrid
from syndication.storage.batches import Ledger
from syndication.storage.database import Database
from syndication.storage.journal import Journal
from syndication.storage.schema import create, edition, edition_content, subscriber, subscription
from syndication.subscribers.sign import Purpose, Signer
from syndication.wiring.clock import now
from tests.builders import a_publication
from tests.pressroom import PressRoom

SIGNER = Signer((b"a key of the bench alone",))
KEY = b"another key of the bench"


def furnish(url: str, folder: Path, readers: int, *, batch_size: int, html: str) -> None:
    database = Database(url)
    with database.write() as connection:
        create(connection)
    room = PressRoom(database, folder / "room", stories=0)
    room.clock.now = now()
    for _ in range(3):
        room.story(published_at=room.clock() - timedelta(minutes=1))
    room.provider.batch_size = batch_size
    with database.write() as connection:
        fill(connection, readers)
    edition_id = room.planned()
    with database.write() as connection:
        content = sa.select(edition_content.c.html).where(edition_content.c.edition_id == edition_id)
        written = connection.scalar(content)
        connection.execute(edition_content.update().values(html=f"{html}{written}"))
    database.close()


def fill(connection: sa.Connection, readers: int) -> None:
    """So many confirmed readers of the daily stream of newsletter 1."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :readers)"
    hashed = "printf('%064d', i)" if connection.dialect.name == "sqlite" else "lpad(i::text, 64, '0')"
    text = "CAST(i AS TEXT)"
    person = f"'reader' || {text} || '@readers.example'"
    # Instants and JSON are written as the schema's own types write them: a row is made by them and copied.
    sample = PressSample(connection)
    connection.execute(
        sa.text(
            f"INSERT INTO subscriber (address, address_norm, address_hash, locale, zone, created_at) {numbers} "
            f"SELECT {person}, {person}, {hashed}, 'en', 'UTC', s.created_at FROM n, "
            f"(SELECT created_at FROM subscriber WHERE id = {sample.subscriber_id}) s"
            if connection.dialect.name == "sqlite"
            else f"INSERT INTO subscriber (address, address_norm, address_hash, locale, zone, created_at) "
            f"SELECT {person}, {person}, {hashed}, 'en', 'UTC', s.created_at FROM generate_series(1, :readers) i, "
            f"(SELECT created_at FROM subscriber WHERE id = {sample.subscriber_id}) s"
        ),
        {"readers": readers},
    )
    connection.execute(
        sa.text(
            "INSERT INTO subscription (subscriber_id, newsletter_id, state, cadence, choice, consent, requested_at, "
            "confirmed_at) SELECT r.id, s.newsletter_id, s.state, s.cadence, s.choice, s.consent, s.requested_at, "
            f"s.confirmed_at FROM subscriber r, (SELECT * FROM subscription WHERE subscriber_id = "
            f"{sample.subscriber_id}) s WHERE r.id <> {sample.subscriber_id} ORDER BY r.id"
        )
    )
    sample.remove()
    if connection.dialect.name != "sqlite":
        connection.execute(sa.text("ANALYZE subscriber"))
        connection.execute(sa.text("ANALYZE subscription"))


class PressSample:
    """One reader, written by the schema's own types, from whom the others are copied."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        address = EmailAddress.parse("sample@readers.example")
        person = subscriber.insert().values(
            address=address.text,
            address_norm=address.norm,
            address_hash=address.keyed_hash(KEY),
            locale="en",
            zone="UTC",
            created_at=now(),
        )
        self.subscriber_id: int = connection.execute(person.returning(subscriber.c.id)).scalar_one()
        connection.execute(
            subscription.insert().values(
                subscriber_id=self.subscriber_id,
                newsletter_id=1,
                state="confirmed",
                cadence="daily",
                choice={},
                consent={},
                requested_at=now(),
                confirmed_at=now(),
            )
        )

    def remove(self) -> None:
        for table, column in ((subscription, "subscriber_id"), (subscriber, "id")):
            self._connection.execute(table.delete().where(table.c[column] == self.subscriber_id))


def planned(url: str) -> int:
    """The id of the edition that waits."""
    database = Database(url)
    with database.read() as connection:
        found: int = connection.execute(sa.select(edition.c.id)).scalar_one()
    database.close()
    return found


def mailroom(
    url: str, folder: Path, host: str, key: str, *, batch_size: int, calls: int
) -> tuple[Mailroom, Callable[[], None]]:
    """What a service sends with, and how to be done with it."""
    logging.basicConfig(level=logging.WARNING)
    database, journal = Database(url), Journal(folder / "journal")
    exchange = Transport(AddressPolicy(("127.0.0.0/8",)), user_agent="syndication-bench/1")
    outbox = SendGrid(key, exchange=exchange, host=host, batch_size=batch_size, calls_at_once=calls)
    room = Mailroom(Ledger(database), journal, outbox, letterhead(), now)

    def end() -> None:
        exchange.close()
        journal.close()
        database.close()

    return room, end


def letterhead() -> Letterhead:
    return Letterhead(
        sender=Sender("Sound & Shore", EmailAddress.parse("desk@example.org")),
        publication=a_publication(),
        key=KEY,
        unsubscribe_url=lambda id: f"https://news.example.org/unsubscribe/{SIGNER.token(Purpose.UNSUBSCRIBE, id)}",
        message_id_domain="news.example.org",
    )


def bodies(url: str, folder: Path, host: str, key: str, *, batch_size: int, number: int) -> list[dict[str, Any]]:
    """So many bodies as we would make them, of readers drawn by a fixed seed."""
    from syndication.model.delivery import Claim
    from syndication.model.ledger import Standing

    database = Database(url)
    ledger, chance, made = Ledger(database), random.Random(1), []
    with ledger.reading() as page:
        (content_id,) = page._connection.execute(sa.select(edition_content.c.id).limit(1)).one()
        newsletter, content = page.newsletter(1), page.content(content_id)
    for n in range(number):
        first = chance.randrange(10**6)
        readers = [
            Standing(id, id, EmailAddress.parse(f"reader{id}@readers.example"), confirmed=True, suppressed="")
            for id in range(first, first + batch_size)
        ]
        claim = Claim(1, n, 1, f"{n:032x}", 1, now(), content_id, tuple(reader.subscriber_id for reader in readers))
        submission = letterhead().submission(claim, newsletter, content, readers, now())
        made.append(sendgrid_body.build(submission, sandbox=False, ip_pool=""))
    database.close()
    return made
