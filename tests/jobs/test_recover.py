"""STO-05: a restored database is an older one, and is treated as that."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.jobs import compose, record
from syndication.jobs.doubt import settle_doubts
from syndication.jobs.recover import hold_if_ahead, recover, replay
from syndication.jobs.send import send_due
from syndication.model.carrying import Cursor, Fared, Fate
from syndication.model.delivery import BatchState, ExceptionKind, Submission
from syndication.model.doubt import OnUncertain
from syndication.model.edition import EditionState
from syndication.model.journal import Carried, Departed, Suppressed, Unsubscribed
from syndication.model.ledger import Bar
from syndication.storage import editions
from syndication.storage.database import Database
from syndication.storage.doubts import Doubts
from syndication.storage.journal import Journal
from syndication.storage.recovery import Recovery
from syndication.storage.schema import alert, edition, subscriber, subscription, suppression
from tests.jobs.test_carry import Courier, Died
from tests.pressroom import PressRoom

Restore = Callable[[], PressRoom]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[PressRoom]:
    """On a SQLite file, because a file is what a backup here is a copy of."""
    from syndication.storage.schema import create

    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    with database.write() as connection:
        create(connection)
    yield PressRoom(database, tmp_path, readers=7)
    database.close()


def backed_up(room: PressRoom, tmp_path: Path) -> Restore:
    """Copy the database now; the answer puts that copy in its place and opens it."""
    with closing(sqlite3.connect(tmp_path / "house.db")) as raw:
        raw.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))

    def restore() -> PressRoom:
        room.database.close()
        for path in tmp_path.glob("house.db*"):
            path.unlink()
        shutil.copy(tmp_path / "backup.db", tmp_path / "house.db")
        restored = object.__new__(PressRoom)
        restored.__dict__ |= room.__dict__
        restored.database = Database(f"sqlite:///{tmp_path / 'house.db'}")
        restored.press = type(room.press)(restored.database)
        restored.ledger = type(room.ledger)(restored.database)
        return restored

    return restore


def test_sto_05_batches_sent_after_the_backup_become_uncertain_and_nothing_is_sent(
    room: PressRoom, tmp_path: Path
) -> None:
    edition_id = room.planned()
    restore = backed_up(room, tmp_path)
    calls = iter([False, False, True])
    send_due(edition_id, room.mailroom, stopping=lambda: next(calls))  # two of three batches
    room = restore()
    why = recover(Recovery(room.database), room.journal, room.clock())
    assert "2 claims" in why

    found = record.report(edition_id, room.ledger)
    assert [row.state for row in found.batches] == [BatchState.UNCERTAIN, BatchState.UNCERTAIN, BatchState.PLANNED]
    assert (found.counts.uncertain, found.counts.unsent, found.counts.adds_up) == (6, 1, True)
    assert send_due(edition_id, room.mailroom).barred == why
    assert room.provider.got == Counter(room.readers[:6])
    assert [row.key for row in room.rows(sa.select(alert.c.key))] == [Bar.HELD.value]

    record.resume_sending(room.ledger, room.clock(), actor="ada")
    assert recover(Recovery(room.database), room.journal, room.clock()) == "", "a person has seen it"
    for n in (1, 2):
        record.resolve(edition_id, n, room.ledger, room.clock(), accepted=True, actor="ada")
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.got == Counter(room.readers)


def test_sto_05_a_cursor_in_an_older_database_says_nothing_of_those_it_has_not_reached(
    room: PressRoom, tmp_path: Path
) -> None:
    room.provider = Courier()  # type: ignore[assignment]
    courier = room.provider
    assert isinstance(courier, Courier)
    restores: list[Restore] = []

    def back_up(address: str) -> None:
        if address == "reader3@readers.example":
            restores.append(backed_up(room, tmp_path))  # with the third message of the first batch under way

    courier.before = back_up
    edition_id = room.planned()
    assert send_due(edition_id, room.mailroom).settled
    assert len(courier.got) == 7
    room = restores[0]()
    assert recover(Recovery(room.database), room.journal, room.clock())
    room.clock.forward(seconds=91)
    assert record.take_up(room.ledger, courier, room.clock()) == [(edition_id, 1)]
    counts = record.report(edition_id, room.ledger).counts
    assert (counts.accepted, counts.uncertain, counts.unsent) == (6, 1, 0), "its end is known; the other claim is not"
    for _ in range(2):
        assert settle_doubts(Doubts(room.database), OnUncertain.RESEND, timedelta(0), room.clock()) == []
        record.resume_sending(room.ledger, room.clock(), actor="ada")
        send_due(edition_id, room.mailroom)
    assert set(courier.got.values()) == {1}


@pytest.mark.parametrize("died", [False, True])
def test_sto_05_a_backup_of_the_last_batch_under_way_is_found_out_by_the_progress_kept_beside_it(
    room: PressRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, died: bool
) -> None:
    """With no claim since, it looks like a crash; the readers after its cursor have been mailed all the same."""
    room.provider = courier = Courier()  # type: ignore[assignment]
    courier.batch_size = 7
    restores: list[Restore] = []

    def act(address: str) -> None:
        if address == "reader3@readers.example":
            restores.append(backed_up(room, tmp_path))
        if died and address == "reader6@readers.example":
            raise Died

    courier.before = act
    edition_id = room.planned()
    if died:  # the machine, with the sixth not offered yet
        monkeypatch.setattr("syndication.jobs.carry.Porter._close", lambda *given: None)
        with pytest.raises(Died):
            send_due(edition_id, room.mailroom)
        monkeypatch.undo()
    else:
        assert send_due(edition_id, room.mailroom).settled
    sent = len(courier.got)
    courier.before = lambda address: None
    room = restores[0]()
    why = recover(Recovery(room.database), room.journal, room.clock())
    assert "1 batches under way" in why and recover(Recovery(room.database), room.journal, room.clock()) in (why, "")
    room.clock.forward(seconds=91)
    assert record.take_up(room.ledger, courier, room.clock()) == [(edition_id, 1)]
    counts = record.report(edition_id, room.ledger).counts
    # When it died the fifth was under way, and that the fourth was taken was being written; the end tells of all seven.
    assert (counts.accepted, counts.uncertain, counts.unsent) == ((3, 2, 2) if died else (7, 0, 0))
    assert send_due(edition_id, room.mailroom).barred == why and len(courier.got) == sent
    for _ in range(2):
        settle_doubts(Doubts(room.database), OnUncertain.RESEND, timedelta(0), room.clock())
        record.resume_sending(room.ledger, room.clock(), actor="ada")
        send_due(edition_id, room.mailroom)
    assert set(courier.got.values()) == {1} and len(courier.got) == 7
    assert recover(Recovery(room.database), room.journal, room.clock()) == "" and room.journal.marks() == {}


def test_del_01_a_plain_crash_is_no_restore(room: PressRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.provider = courier = Courier()  # type: ignore[assignment]
    courier.faring = {"reader4@readers.example": Died, "reader2@readers.example": Fared(Fate.DEFERRED, "450 busy")}
    monkeypatch.setattr("syndication.jobs.carry.Porter._close", lambda *given: None)
    edition_id = room.planned()
    with pytest.raises(Died):
        send_due(edition_id, room.mailroom)
    monkeypatch.undo()
    for _ in range(2):
        assert recover(Recovery(room.database), room.journal, room.clock()) == ""
    assert len(room.journal.marks()) == 1
    room.clock.forward(seconds=91)
    record.take_up(room.ledger, courier, room.clock())
    counts = record.report(edition_id, room.ledger).counts
    assert (counts.accepted, counts.uncertain, counts.unsent) == (2, 1, 4)
    assert recover(Recovery(room.database), room.journal, room.clock()) == ""
    assert room.journal.marks() == {} and sum(isinstance(line, Carried) for line in room.journal.lines()) == 1


def test_del_01_a_database_restored_without_its_journal_keeps_to_its_own_cursor(
    room: PressRoom, tmp_path: Path
) -> None:
    room.provider = courier = Courier()  # type: ignore[assignment]
    edition_id = room.planned()
    assert send_due(edition_id, room.mailroom).settled
    assert recover(Recovery(room.database), Journal(tmp_path / "another"), room.clock()) == ""
    assert len(courier.got) == 7


def test_sto_05_progress_moves_a_cursor_on_either_engine(database: Database, tmp_path: Path) -> None:
    room = PressRoom(database, tmp_path, readers=3)
    edition_id = room.planned()
    room.provider = courier = Courier()  # type: ignore[assignment]

    def look(address: str) -> None:
        if address != "reader2@readers.example":
            return
        with Recovery(database).writing() as page:
            ((attempt, cursor),) = page.under_way().items()
            assert cursor == Cursor(0b1, 0)
            page.move_on(attempt, Cursor(0b110, 0b100), older=True)
            assert page.under_way() == {attempt: Cursor(0b111, 0b100)}
            assert page.doubt_cursors() == 0 and page.doubt_cursors([attempt]) == 0
        raise Died

    courier.before = look
    with pytest.raises(Died):
        send_due(edition_id, room.mailroom)


def test_sto_05_a_slot_that_the_database_lost_is_held_and_not_opened_again(room: PressRoom, tmp_path: Path) -> None:
    room.clock.forward(days=1)
    restore = backed_up(room, tmp_path)
    (edition_id,) = compose.open_due(room.press, room.clock()).opened
    room.story()
    compose.assemble(edition_id, room.desk)
    room.plan(edition_id)
    send_due(edition_id, room.mailroom)
    assert room.provider.got == Counter(room.readers)
    room = restore()
    assert recover(Recovery(room.database), room.journal, room.clock())
    assert compose.open_due(room.press, room.clock()).opened == ()
    (held,) = room.rows(sa.select(edition))
    assert held.state == EditionState.HELD and "7 readers were offered it" in held.reason
    with room.database.read() as connection:
        assert editions.held_state(connection, held.id) is EditionState.OPEN, "a person may still send it"


def test_del_01_the_database_that_the_journal_belongs_to_holds_nothing(room: PressRoom) -> None:
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    for _ in range(2):
        assert hold_if_ahead(Recovery(room.database), room.journal, room.clock()) == ""
    assert not room.rows(sa.select(alert.c.key))


def test_sto_05_unsubscribes_and_suppressions_since_the_backup_are_replayed_first(
    room: PressRoom, tmp_path: Path
) -> None:
    restore = backed_up(room, tmp_path)
    hashes = dict(room.rows(sa.select(subscriber.c.id, subscriber.c.address_hash)))
    room.clock.forward(minutes=5)
    room.journal.append(Unsubscribed(room.clock(), 2, hashes[2]))
    room.journal.append(Suppressed(room.clock(), hashes[3], 0, "complaint"))
    room = restore()
    assert replay(Recovery(room.database), room.journal) == 2
    assert replay(Recovery(room.database), room.journal) == 0
    left = room.rows(sa.select(subscription.c.id).where(subscription.c.state == "unsubscribed"))
    assert [row.id for row in left] == [2]
    assert [row.address_hash for row in room.rows(sa.select(suppression))] == [hashes[3]]
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    assert set(room.readers) - set(room.provider.got) == {2, 3}


@pytest.mark.parametrize("hash", ["another", "theirs", ""])
@pytest.mark.parametrize("back", [True, False])
def test_a_replayed_unsubscribe_touches_nobody_else_and_nobody_who_came_back(
    room: PressRoom, hash: str, back: bool
) -> None:
    theirs = room.rows(sa.select(subscriber.c.address_hash).where(subscriber.c.id == 2))[0].address_hash
    line = Unsubscribed(room.clock() + timedelta(minutes=1), 2, theirs if hash == "theirs" else hash)
    room.journal.append(line)
    if back:
        with room.database.write() as connection:
            again = line.at + timedelta(minutes=1)
            connection.execute(subscription.update().where(subscription.c.id == 2).values(confirmed_at=again))
    assert replay(Recovery(room.database), room.journal) == int(hash != "another" and not back)


def test_sto_05_who_left_by_a_list_that_was_taken_in_stays_away(database: Database, tmp_path: Path) -> None:
    room = PressRoom(database, tmp_path, readers=4)
    hashes = [row.address_hash for row in room.rows(sa.select(subscriber.c.address_hash).order_by(subscriber.c.id))]
    room.clock.forward(minutes=5)
    room.journal.append(Departed(room.clock(), 1, (hashes[0], hashes[2], "of nobody")))
    room.journal.append(Departed(room.clock(), 2, (hashes[1],)))
    with database.write() as connection:  # the third said yes again since
        back = room.clock() + timedelta(minutes=1)
        connection.execute(subscription.update().where(subscription.c.id == 3).values(confirmed_at=back))
    assert replay(Recovery(database), room.journal) == 1
    left = room.rows(sa.select(subscription.c.id).where(subscription.c.state == "unsubscribed"))
    assert [row.id for row in left] == [1]


# -- on both engines: an unsubscribe that only the journal has


def test_del_03_an_unsubscribe_holds_from_its_journal_line_on_though_the_database_was_away(
    database: Database, tmp_path: Path
) -> None:
    room = PressRoom(database, tmp_path, readers=4)
    edition_id = room.planned()

    def leave_in_the_journal_only(_submission: Submission) -> None:
        room.provider.before = lambda _: None
        room.journal.append(Unsubscribed(room.clock(), room.readers[3], ""))  # the database could not be asked

    room.provider.before = leave_in_the_journal_only  # during the first of two calls
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.got == Counter(room.readers[:3])
    (row,) = record.report(edition_id, room.ledger).exceptions
    assert (row.subscriber_id, row.kind) == (room.readers[3], ExceptionKind.UNSUBSCRIBED)


def test_sto_05_a_doubtful_batch_is_marked_on_either_engine(database: Database, tmp_path: Path) -> None:
    room = PressRoom(database, tmp_path, readers=2)
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    (line,) = room.journal.lines()
    with Recovery(database).writing() as page:
        assert page.unknown([line]) == []
        forgotten = type(line)(
            **{name: getattr(line, name) for name in line.__slots__} | {"attempt_id": "x", "attempt": 2}
        )
        assert page.unknown([line, forgotten]) == [forgotten]
        assert page.doubt(forgotten, room.clock())
        assert not page.doubt(forgotten, room.clock()), "once"
        assert not page.hold_slot(forgotten, 2, room.clock()), "the slot is there"
    assert [row.state for row in record.report(edition_id, room.ledger).batches] == [BatchState.UNCERTAIN]
