"""DEL-10: what is said against an address has its effect once, is in the journal first, and can be undone."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.errors import PolicyError, StoreError
from syndication.jobs import recover, setbacks
from syndication.jobs.setbacks import lift, suppress, take
from syndication.model.journal import Lifted, Suppressed, Unsubscribed
from syndication.model.setback import Ruling, Setback, SetbackKind
from syndication.model.subscriber import EmailAddress, SubscriptionState
from syndication.storage.database import Database
from syndication.storage.recovery import Recovery
from syndication.storage.schema import audit_log, suppression
from syndication.storage.schema import setback as setback_rows
from syndication.storage.setbacks import Setbacks, history
from syndication.storage.subscribers import subscriptions_of
from tests.pressroom import KEY, PressRoom

Said = Callable[..., Ruling]


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Iterator[PressRoom]:
    made = PressRoom(database, tmp_path, readers=2, stories=0)
    yield made
    made.journal.close()


@pytest.fixture
def said(room: PressRoom) -> Said:
    """Something is said against the first reader, so many days from now, about a mailing of its own."""

    def say(kind: SetbackKind, *, days: float = 0, about: str = "", newsletter: int | None = 1) -> Ruling:
        at = room.clock() + timedelta(days=days)
        setback = Setback(kind, at, about or f"edition:{days}", "550 5.1.1 no such user")
        return take(
            Setbacks(room.database),
            room.journal,
            room.readers[0],
            setback,
            newsletter_id=newsletter,
            now=at,
            actor="provider",
        )

    return say


def suppressed(room: PressRoom) -> list[str]:
    return [row.reason for row in room.rows(sa.select(suppression.c.reason))]


def audited(room: PressRoom) -> list[tuple[str, str, str]]:
    query = sa.select(audit_log.c.actor, audit_log.c.action, audit_log.c.subject).order_by(audit_log.c.id)
    return [tuple(row) for row in room.rows(query)]


def hash_of(room: PressRoom) -> str:
    return EmailAddress.parse("reader1@readers.example").keyed_hash(KEY)


@pytest.mark.parametrize("kind", [SetbackKind.HARD, SetbackKind.COMPLAINT, SetbackKind.INVALID])
def test_del_10_one_is_enough_and_is_in_the_journal_and_the_audit_log(
    room: PressRoom, said: Said, kind: SetbackKind
) -> None:
    ruling = said(kind)
    assert suppressed(room) == [ruling.suppress]
    (line,) = room.journal.lines()
    assert line == Suppressed(room.clock(), hash_of(room), 0, ruling.suppress)
    assert audited(room) == [("provider", "suppress", f"subscriber {room.readers[0]}")]


def test_del_10_told_twice_is_told_once(room: PressRoom, said: Said) -> None:
    said(SetbackKind.HARD, about="edition:1")
    assert said(SetbackKind.HARD, about="edition:1") == Ruling()
    said(SetbackKind.HARD, about="edition:2")  # news, that changes nothing
    assert len(suppressed(room)) == len(audited(room)) == 1


def test_del_10_soft_bounces_count_until_something_is_delivered(room: PressRoom, said: Said) -> None:
    for days in (0, 4, 8, 12):
        assert said(SetbackKind.SOFT, days=days) == Ruling()
    with Setbacks(room.database).writing() as page:
        page.delivered(room.readers, room.clock() + timedelta(days=13))
    for days in (16, 20, 24, 28):
        assert said(SetbackKind.SOFT, days=days) == Ruling()
    assert said(SetbackKind.SOFT, days=32).suppress == "bounced: 5 mails in 16 days were not taken"


def test_a_delivery_proves_nothing_about_what_came_after_it(room: PressRoom, said: Said) -> None:
    said(SetbackKind.SOFT, days=2)
    with Setbacks(room.database).writing() as page:
        page.delivered(room.readers, room.clock() + timedelta(days=1))
        assert len(page.counting(room.readers[0])) == 1


def test_who_left_at_the_provider_has_left_here_and_may_come_back(room: PressRoom, said: Said) -> None:
    assert said(SetbackKind.LEFT, newsletter=None) == Ruling(leave=True), "service mail has nothing to leave"
    said(SetbackKind.LEFT, about="edition:2")
    with room.database.read() as connection:
        (subscription,) = subscriptions_of(connection, room.readers[:1])
    assert subscription.state is SubscriptionState.UNSUBSCRIBED
    assert suppressed(room) == []
    assert [type(line) for line in room.journal.lines()] == [Unsubscribed]


def test_what_is_said_of_nobody_changes_nothing(room: PressRoom) -> None:
    setback = Setback(SetbackKind.HARD, room.clock(), "edition:1")
    ruling = take(
        Setbacks(room.database), room.journal, 999, setback, newsletter_id=1, now=room.clock(), actor="provider"
    )
    assert ruling == Ruling()
    assert room.rows(sa.select(setback_rows)) == []


def test_without_the_journal_nothing_is_applied(room: PressRoom, said: Said) -> None:
    room.journal._broken = "the disk is gone"  # as after a failed fsync
    with pytest.raises(StoreError):
        said(SetbackKind.HARD)
    assert (suppressed(room), room.rows(sa.select(setback_rows))) == ([], [])


def test_del_10_a_suppression_is_lifted_with_an_entry_and_what_was_said_is_forgiven(
    room: PressRoom, said: Said
) -> None:
    for days in (0, 4, 8, 12, 16):
        said(SetbackKind.SOFT, days=days)
    room.clock.forward(days=17)
    (lifted,) = lift(Setbacks(room.database), room.journal.append, hash_of(room), now=room.clock(), actor="ada")
    assert lifted.reason == "bounced: 5 mails in 16 days were not taken"
    assert suppressed(room) == []
    assert audited(room)[-1] == ("ada", "lift suppression", f"address {hash_of(room)}")
    assert said(SetbackKind.SOFT, days=0, about="edition:99") == Ruling()
    assert said(SetbackKind.SOFT, days=0, about="edition:16") == Ruling(), "an old one told again"
    with room.database.read() as connection:
        assert sum(forgiven is None for _, forgiven in history(connection, room.readers[0])) == 1


def test_a_complaint_is_lifted_only_when_that_is_said(room: PressRoom, said: Said) -> None:
    said(SetbackKind.COMPLAINT)
    room.clock.forward(days=1)
    with pytest.raises(PolicyError, match="--even-a-complaint"):
        lift(Setbacks(room.database), room.journal.append, hash_of(room), now=room.clock(), actor="ada")
    assert len(suppressed(room)) == 1
    lift(Setbacks(room.database), room.journal.append, hash_of(room), now=room.clock(), actor="ada", complaints=True)
    assert suppressed(room) == []


def test_sto_05_a_replay_of_the_journal_ends_where_it_ended(room: PressRoom, said: Said) -> None:
    """Suppressed, lifted, suppressed again: whatever of it the database has, the end is the same."""
    said(SetbackKind.HARD)
    room.clock.forward(hours=1)
    lift(Setbacks(room.database), room.journal.append, hash_of(room), now=room.clock(), actor="ada")
    recover.replay(Recovery(room.database), room.journal)
    assert suppressed(room) == [], "a start does not bring back what a person has lifted"
    room.clock.forward(hours=1)
    suppress(Setbacks(room.database), room.journal.append, hash_of(room), "asked to", now=room.clock(), actor="ada")
    assert [type(line) for line in room.journal.lines()] == [Suppressed, Lifted, Suppressed]
    with room.database.write() as connection:
        connection.execute(suppression.delete())
    recover.replay(Recovery(room.database), room.journal)
    assert suppressed(room) == ["asked to"]


def test_a_person_suppresses_once(room: PressRoom) -> None:
    def by_hand() -> bool:
        return suppress(
            Setbacks(room.database), room.journal.append, hash_of(room), "asked to", now=room.clock(), actor="ada"
        )

    assert (by_hand(), by_hand()) == (True, False)
    assert audited(room) == [("ada", "suppress", f"address {hash_of(room)}")]


def test_the_complaint_that_a_lifting_looks_for_is_the_one_that_the_rules_give() -> None:
    assert setbacks.COMPLAINT == "complaint: its reader called our mail spam"
