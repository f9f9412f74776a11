"""DSK-01, DSK-02: a disk that fills up ends things in our order, and who leaves is heard to the last."""

import errno
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.errors import StoreError
from syndication.jobs import record
from syndication.jobs.recover import recover
from syndication.jobs.send import send_due
from syndication.jobs.subscribe import unsubscribe
from syndication.model.edition import EditionState
from syndication.model.journal import Unsubscribed
from syndication.storage import reserve as module
from syndication.storage.database import Database
from syndication.storage.journal import Journal
from syndication.storage.recovery import Recovery
from syndication.storage.reserve import Reserve
from syndication.storage.schema import create
from syndication.storage.subscribers import Registry
from tests.jobs.test_carry import Courier
from tests.pressroom import KEY, PressRoom

Free = Callable[[int], None]


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Free:
    """Sets how many bytes of the disk are free."""

    def say(bytes: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(10**12, 10**12 - bytes, bytes))

    return say


def test_dsk_01_sending_stops_first_then_all_that_fills_the_disk(tmp_path: Path, free: Free) -> None:
    kept = Reserve(tmp_path)
    for bytes, stopped in ((10**9, (False, False)), (64 * 2**20, (True, False)), (2**20, (True, True))):
        free(bytes)
        assert (kept.sending_stops, kept.work_stops) == stopped


def test_the_space_is_really_there_given_up_once_and_kept_again(tmp_path: Path, free: Free) -> None:
    kept = Reserve(tmp_path, bytes=2**20)
    assert not kept.whole and kept.keep() and kept.whole
    found = (tmp_path / "reserve").stat()
    assert found.st_blocks * 512 >= 2**20 and found.st_mode & 0o777 == 0o600
    assert kept.give_up() and not kept.give_up() and not kept.whole
    free(module.WORK_BYTES_MIN)
    assert not kept.keep(), "not of the last that there is"
    free(10**9)
    assert kept.keep()


def full_until(gone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal's disk has no byte left while that file is there."""
    write = os.write

    def refuse(file: int, data: bytes) -> int:
        if gone.exists() and b'"kind"' in data:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, data)

    monkeypatch.setattr(os, "write", refuse)


def test_dsk_01_who_leaves_is_written_from_the_reserve_and_a_claim_is_not(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = PressRoom(database, tmp_path, readers=3)
    kept = Reserve(tmp_path, bytes=2**16)
    assert kept.keep()
    room.journal = Journal(tmp_path / "journal", make_room=kept.give_up)
    edition_id = room.planned()
    full_until(tmp_path / "reserve", monkeypatch)
    with pytest.raises(StoreError, match="journal"):
        send_due(edition_id, room.mailroom)
    assert kept.whole and not room.provider.accepted, "sending does not take from it, and nothing leaves unwritten"
    assert record.report(edition_id, room.ledger).counts.unsent == 3
    left = unsubscribe(2, registry=Registry(database), journal=room.journal, key=KEY, now=room.clock())
    assert left.stored and not kept.whole
    assert [line.subscription_id for line in room.journal.lines() if isinstance(line, Unsubscribed)] == [2]
    assert send_due(edition_id, room.mailroom).settled
    assert set(room.provider.got) == {room.readers[0], room.readers[2]}


# -- the Nth write, for every N


@pytest.fixture
def room(tmp_path: Path) -> Iterator[PressRoom]:
    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    with database.write() as connection:
        create(connection)
    yield PressRoom(database, tmp_path, readers=9)
    database.close()


@contextmanager
def files_no_longer_than(bytes: int) -> Iterator[None]:
    """The kernel refuses every write beyond: real faults, of whatever file grows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def whole(room: PressRoom) -> None:
    with room.database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()


@pytest.mark.parametrize("by_message", [False, True])
def test_dsk_01_a_write_that_fails_at_any_point_of_sending_doubles_nobody_and_loses_nobody(
    room: PressRoom, tmp_path: Path, by_message: bool
) -> None:
    if by_message:
        room.provider = Courier()  # type: ignore[assignment]
    edition_id, log = room.planned(), tmp_path / "house.db-wal"
    with room.database.write() as connection:
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 0")  # so that the journal of SQLite is what grows
    failures = 0
    for _ in range(200):
        with files_no_longer_than(log.stat().st_size + 4200 * (1 + failures)):
            try:
                send_due(edition_id, room.mailroom)
            except StoreError:
                failures += 1
        whole(room)
        counts = record.report(edition_id, room.ledger).counts
        assert counts.adds_up and max(room.provider.got.values(), default=1) == 1
        if room.state(edition_id) is EditionState.SETTLED:
            break
        room.clock.forward(minutes=10)
        record.take_up(room.ledger, room.provider, room.clock())
        settle(room, edition_id)
        assert recover(Recovery(room.database), room.journal, room.clock()) == "", "a full disk is no restore"
    assert failures >= 3 and room.state(edition_id) is EditionState.SETTLED
    assert len(room.provider.got) == 9 and set(room.provider.got.values()) == {1}


def settle(room: PressRoom, edition_id: int) -> None:
    """As a person would who looks at what the provider took."""
    got = {str(one) for one in room.provider.got}
    for found in record.report(edition_id, room.ledger).batches:
        if found.state.value == "uncertain":
            with room.ledger.reading() as page:
                ids = _ids(page.manifest(edition_id, found.n)[0])
            names = {str(id) for id in ids} | {f"reader{id}@readers.example" for id in ids}
            taken = bool(names & got)
            record.resolve(edition_id, found.n, room.ledger, room.clock(), accepted=taken, actor="ada")


def _ids(written: bytes) -> Any:
    from syndication.deliveries import manifest

    return manifest.decode(written)


def test_dsk_01_a_write_that_fails_at_any_point_of_leaving_loses_no_leave(room: PressRoom, tmp_path: Path) -> None:
    log, refused = tmp_path / "house.db-wal", 0
    with room.database.write() as connection:
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 0")
    for id in room.readers:
        with files_no_longer_than(log.stat().st_size + 512 * id):
            left = unsubscribe(id, registry=Registry(room.database), journal=room.journal, key=KEY, now=room.clock())
        refused += not left.stored
        whole(room)
    assert refused >= 3
    recover(Recovery(room.database), room.journal, room.clock())
    states = room.rows(sa.text("SELECT state FROM subscription"))  # type: ignore[arg-type]
    assert {row.state for row in states} == {"unsubscribed"}
