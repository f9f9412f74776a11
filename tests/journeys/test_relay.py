"""An edition through a real Postfix: signed, delivered or bounced, and what bounced is heard (DEL-10, promise 2)."""

from collections import Counter
from pathlib import Path

import sqlalchemy as sa

from syndication.deliveries.returns import Returns
from syndication.jobs import record
from syndication.jobs.returned import Postman
from syndication.jobs.send import send_due
from syndication.outbound.wire import open_wire
from syndication.senders.maildir import Maildir
from syndication.senders.smtp import Smtp
from syndication.senders.smtp_session import Relay as At
from syndication.senders.smtp_session import Tls
from syndication.storage.database import Database
from syndication.storage.schema import setback, subscriber, suppression
from syndication.storage.setbacks import Setbacks
from syndication.storage.subscribers import Registry
from tests.conftest import needs
from tests.postfix import Postfix, can_run
from tests.pressroom import KEY, PressRoom
from tests.relay import Relay, Session

RETURNS = Returns(b"a key for tests", "bounces@news.example", "leave@news.example")
READERS = 12


def host(step: str, line: str, session: Session) -> bytes | None:
    """The receiving host: one reader is gone, the mailbox of another is full."""
    if step == "rcpt" and line.startswith("reader3@"):
        return b"550 5.1.1 no such reader\r\n"
    return b"552 5.2.2 mailbox full\r\n" if step == "rcpt" and line.startswith("reader5@") else None


def test_del_10_genuine_bounces_of_a_real_postfix_are_understood(sqlite_template: Path, tmp_path: Path) -> None:
    needs(can_run(), "Postfix (Debian: postfix, run by root)")
    (tmp_path / "house.db").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    room = PressRoom(database, tmp_path, readers=READERS)
    object.__setattr__(room.letterhead, "returns", RETURNS)
    with Relay(answer=host) as mx, Postfix({"readers.example": mx.port}) as postfix:
        smtp = Smtp(At("127.0.0.1", postfix.port, tls=Tls.NONE), open_wire=open_wire, connections=4)
        room.provider = smtp  # type: ignore[assignment]
        assert smtp.knock() == ""
        edition_id = room.planned()
        assert send_due(edition_id, room.mailroom).settled, "the relay took all of it"
        counts = record.report(edition_id, room.ledger).counts
        assert counts.adds_up and counts.accepted == READERS
        postfix.wait_for_mails(2)
        postfix.wait(lambda: len(mx.taken) == READERS - 2, "the others at their host")
        smtp.close()
        postman = Postman(
            mailbox=Maildir(postfix.box),
            returns=RETURNS,
            setbacks=Setbacks(database),
            registry=Registry(database),
            journal=room.journal,
            address_key=KEY,
            clock=room.clock,
        )
        assert postman.run() == {"bounce": 2}
    told = {row.subscriber_id: row.kind for row in room.rows(sa.select(setback))}
    assert told == {3: "hard", 5: "full"}
    gone = sa.select(subscriber.c.id).join(suppression, suppression.c.address_hash == subscriber.c.address_hash)
    assert [row.id for row in room.rows(gone)] == [3]
    delivered = Counter(one.recipient for one in mx.taken)
    assert set(delivered.values()) == {1} and len(delivered) == READERS - 2
    database.close()
