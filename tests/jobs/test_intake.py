"""A list of readers is taken in: proof kept, suppressed and left respected, whole groups after a kill."""

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from syndication.jobs import intake as job
from syndication.model.intake import Applicant, Fate, Judged, Word
from syndication.model.journal import Departed
from syndication.model.subscriber import Consent, keyed_hash
from syndication.storage import schema, subscribers
from syndication.storage.database import Database
from syndication.storage.intake import StoredIntake
from syndication.storage.publication import newsletters
from tests.builders import a_newsletter, put_publication

NOW = datetime(2026, 5, 7, 8, tzinfo=UTC)
KEY = b"k" * 32


@pytest.fixture
def letter(database):
    with database.write() as connection:
        put_publication(connection, newsletters=[a_newsletter(id=0)])
        return newsletters(connection)[0]


def row(n: int, word: Word = Word.SUBSCRIBED, *, line: int | None = None, **given) -> Applicant:
    address = f"Reader{n}@x.example"
    values = {"agreed_at": None, "left_at": None} | given
    return Applicant(line or n + 2, address, address.lower(), word, **values)


def take(database, letter, rows, *, now=NOW, append=lambda lines: None) -> tuple[Counter, list[Judged]]:
    consent = Consent("signed at the fair", "import, list.csv", now)
    counts, others = Counter(), []
    with closing(StoredIntake(database, letter, locale="en")) as stored:
        for taken in job.take_in(rows, intake=stored, consent=consent, key=KEY, actor="desk", append=append):
            counts[Fate.ADDED] += taken.added
            counts.update(one.fate for one in taken.others)
            others += taken.others
            assert taken.rows == taken.added + len(taken.others)
    return counts, others


def states(database) -> dict[str, str]:
    with database.read() as connection:
        query = sa.select(schema.subscriber.c.address, schema.subscription.c.state).join(schema.subscription)
        return dict(iter(connection.execute(query)))


def test_readers_are_subscribed_with_the_proof_that_the_list_has(database, letter):
    agreed = datetime(2024, 3, 1, 10, tzinfo=UTC)
    counts, others = take(database, letter, [row(1, agreed_at=agreed), row(2)])
    assert (counts, others) == (Counter({Fate.ADDED: 2}), [])
    assert states(database) == {"Reader1@x.example": "confirmed", "Reader2@x.example": "confirmed"}
    with database.read() as connection:
        one, two = connection.execute(sa.select(schema.subscription).order_by(schema.subscription.c.id)).all()
        reader = connection.execute(sa.select(schema.subscriber).order_by(schema.subscriber.c.id)).first()
        log = connection.execute(sa.select(schema.audit_log)).one()
    assert one.consent == {
        "text": "signed at the fair",
        "form": "import, list.csv",
        "asked_at": agreed.isoformat(),
        "network_hash": "",
    }
    assert two.consent["asked_at"] == NOW.isoformat()
    assert (one.requested_at, one.confirmed_at, one.cadence) == (NOW, NOW, letter.schedules[0].cadence.value)
    assert (reader.address_norm, reader.address_hash) == ("reader1@x.example", keyed_hash("reader1@x.example", KEY))
    assert (log.actor, log.action, log.detail) == ("desk", "import subscribers", "import, list.csv: 2 added")
    with database.read() as connection:
        (found,) = subscribers.subscriptions_of(connection, [reader.id])
        assert found.choice.topics == ()


def test_con_09_the_same_list_once_more_adds_nothing(database, letter):
    rows = [row(n) for n in range(5)] + [row(9, Word.LEFT)]
    take(database, letter, rows)
    before = states(database)
    counts, _ = take(database, letter, rows, now=NOW + timedelta(hours=1))
    assert counts == {Fate.ADDED: 0, Fate.KNOWN: 5, Fate.LEFT: 1}
    assert states(database) == before


def test_suppressed_stays_suppressed_and_who_left_stays_away(database, letter):
    take(database, letter, [row(1), row(2)])
    with database.write() as connection:
        gone = schema.subscription.c.subscriber_id == 2
        connection.execute(schema.subscription.update().where(gone).values(state="unsubscribed", unsubscribed_at=NOW))
        for n, scope in ((3, 0), (4, letter.id), (5, letter.id + 1)):
            values = {"address_hash": row_hash(n), "scope": scope, "reason": "bounced", "at": NOW}
            connection.execute(schema.suppression.insert().values(**values))
    counts, others = take(database, letter, [row(n) for n in range(1, 6)], now=NOW + timedelta(days=1))
    assert counts == {Fate.KNOWN: 1, Fate.LEFT: 1, Fate.SUPPRESSED: 2, Fate.ADDED: 1}
    assert [one.line for one in others] == [3, 4, 5, 6]
    assert states(database) == {
        "Reader1@x.example": "confirmed",
        "Reader2@x.example": "unsubscribed",
        "Reader5@x.example": "confirmed",
    }


def row_hash(n: int) -> str:
    return keyed_hash(f"reader{n}@x.example", KEY)


def test_what_the_list_says_of_leaving_bouncing_and_complaining_holds_here(database, letter):
    rows = [row(1, Word.LEFT), row(2, Word.BOUNCED), row(3, Word.COMPLAINED)]
    journal = []
    counts, _ = take(database, letter, rows, append=journal.extend)
    assert counts == {Fate.CLOSED: 3, Fate.ADDED: 0}
    assert [(line.address_hash, line.scope) for line in journal[:2]] == [(row_hash(2), 0), (row_hash(3), 0)]
    assert journal[2:] == [Departed(NOW, letter.id, (row_hash(1),))], "nobody comes back with an older database"
    assert states(database) == {"Reader1@x.example": "unsubscribed"}
    with database.read() as connection:
        found = {one.address_hash: one.reason for one in connection.execute(sa.select(schema.suppression))}
    assert found == {row_hash(2): "it bounced, says the list", row_hash(3): "it must not be mailed, says the list"}
    counts, _ = take(database, letter, [row(n) for n in (1, 2, 3)], now=NOW + timedelta(days=1))
    assert counts == {Fate.LEFT: 1, Fate.SUPPRESSED: 2, Fate.ADDED: 0}


def test_a_pending_sign_up_is_confirmed_by_the_list(database, letter):
    take(database, letter, [row(1)])
    with database.write() as connection:
        connection.execute(schema.subscription.update().values(state="pending", confirmed_at=None))
    counts, _ = take(database, letter, [row(1)], now=NOW + timedelta(days=1))
    assert counts == {Fate.ADDED: 1}
    assert states(database) == {"Reader1@x.example": "confirmed"}


@pytest.mark.parametrize("rehearsal", [False, True])
def test_con_09_a_row_that_comes_again_in_a_later_group_is_told(database_url, database, letter, monkeypatch, rehearsal):
    monkeypatch.setattr(job, "GROUP_MAX", 2)
    rows = [row(1, line=1), row(2, line=2), row(1, line=3), row(3, line=4), row(3, line=5), row(2, Word.LEFT, line=6)]
    used = Database(database_url, rehearsal=True) if rehearsal else database
    counts, others = take(used, letter, rows)
    assert counts == {Fate.ADDED: 3, Fate.TWICE: 2, Fate.CLOSED: 1}
    assert [(one.line, one.fate) for one in others] == [(3, Fate.TWICE), (5, Fate.TWICE), (6, Fate.CLOSED)]
    if rehearsal:
        used.close()
        assert states(database) == {}
    else:
        assert states(database)["Reader2@x.example"] == "unsubscribed"


def test_con_09_a_list_that_breaks_off_has_whole_groups_and_goes_on(database, letter, monkeypatch):
    monkeypatch.setattr(job, "GROUP_MAX", 3)

    def torn():
        yield from (row(n) for n in range(7))
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        take(database, letter, torn())
    assert len(states(database)) == 6
    counts, _ = take(database, letter, [row(n) for n in range(10)], now=NOW + timedelta(minutes=5))
    assert counts == {Fate.KNOWN: 6, Fate.ADDED: 4}
    assert set(states(database).values()) == {"confirmed"} and len(states(database)) == 10
