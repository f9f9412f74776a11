"""What a transaction promises on both engines, what is asserted at open, and what is refused in plain words."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.errors import StoreError
from syndication.storage import database as module
from syndication.storage import meta, migrate
from syndication.storage.database import Database
from tests.conftest import free_port


def test_a_write_is_there_whole_or_not_at_all(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        meta.write(connection, "a", "1")
        raise ZeroDivisionError
    with database.write() as connection:
        meta.write(connection, "b", "1")
        meta.write(connection, "b", "2")
    with database.read() as connection:
        assert (meta.read(connection, "a"), meta.read(connection, "b")) == (None, "2")


def test_a_read_is_one_snapshot(database: Database) -> None:
    with database.read() as reader:
        assert meta.read(reader, "a") is None
        with database.write() as writer:
            meta.write(writer, "a", "1")
        assert meta.read(reader, "a") is None
    with database.read() as reader:
        assert meta.read(reader, "a") == "1"


def test_nothing_is_written_in_a_read(database: Database) -> None:
    with pytest.raises((StoreError, sa.exc.DBAPIError)), database.read() as connection:
        meta.write(connection, "a", "1")
    with database.read() as connection:
        assert meta.read(connection, "a") is None


def test_an_instant_comes_back_as_it_went_in_and_a_naive_one_is_refused(database: Database) -> None:
    from syndication.storage.schema import audit_log
    from tests.builders import NOW

    row = {"actor": "a", "action": "b", "subject": "c"}
    with database.write() as connection:
        connection.execute(audit_log.insert().values(at=NOW, **row))
        with pytest.raises(sa.exc.StatementError, match="an instant has a zone"):
            connection.execute(audit_log.insert().values(at=NOW.replace(tzinfo=None), **row))
    with database.read() as connection:
        assert connection.scalar(sa.select(audit_log.c.at)) == NOW


def test_ids_are_never_used_again(database: Database) -> None:
    from syndication.storage.schema import alert
    from tests.builders import NOW

    def add() -> int:
        with database.write() as connection:
            row = alert.insert().values(key="k", at=NOW, text="t").returning(alert.c.id)
            id = int(connection.execute(row).scalar_one())
            connection.execute(alert.delete())
        return id

    assert add() < add()


# -- what is asserted at open ----------------------------------------------------------------------------------


def test_sto_02_every_connection_flushes_before_it_says_yes(database: Database) -> None:
    for way in (database.read, database.write):
        with way() as connection:
            if database.is_sqlite:
                found = {name: connection.scalar(sa.text(f"PRAGMA {name}")) for name in module.PRAGMAS}
                assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
            else:
                assert connection.scalar(sa.text("SHOW synchronous_commit")) == "on"


def test_sto_02_a_server_that_would_not_flush_is_overruled(new_empty_postgres_database: Callable[[], str]) -> None:
    url = new_empty_postgres_database()
    first = Database(url)
    with first.write() as connection:
        name = first.url.database
        connection.execute(sa.text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    first.close()
    second = Database(url)
    with second.write() as connection:
        assert connection.scalar(sa.text("SHOW synchronous_commit")) == "on"
    second.close()


def test_sto_02_a_place_that_cannot_keep_a_journal_is_refused() -> None:
    database = Database("sqlite:///:memory:")
    with pytest.raises(StoreError, match="cannot be opened safely"), database.read():
        pass


def test_a_writer_takes_its_lock_at_the_beginning(tmp_path: Path) -> None:
    """A plain BEGIN would take it at the first write, and fail at once when another came between."""
    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    migrate.upgrade(database)
    other = sqlite3.connect(tmp_path / "house.db", timeout=0, isolation_level=None)
    with database.write(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()
    database.close()


# -- what is refused -------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite database with something in it, closed."""
    path = tmp_path / "data" / "house.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    with database.write() as connection:
        meta.write(connection, "kept", "yes")
    database.close()
    return path


def refusal(path: Path) -> StoreError:
    """What opening the file says; the file, and what lies beside it, are as before."""
    before, beside = path.read_bytes(), sorted(path.parent.iterdir())
    for act in (migrate.require_current, migrate.upgrade):
        database = Database(f"sqlite:///{path}")
        with pytest.raises(StoreError) as caught:
            act(database)
        database.close()
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == beside
    return caught.value


def test_sto_03_a_file_of_another_owner_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uid = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: uid + 54_321)
    said = refusal(file)
    assert "belongs to" in str(said)
    assert f"runs as user {uid + 54_321}" in str(said)


def test_sto_03_a_file_that_may_not_be_written_is_refused(file: Path) -> None:
    file.chmod(0o444)
    said = refusal(file)
    assert "is read-only" in str(said)
    assert "make both writable" in said.fix


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.5, 0.99])
def test_sto_03_a_file_cut_short_is_refused(file: Path, share: float) -> None:
    whole = file.stat().st_size
    os.truncate(file, int(whole * share))
    assert "backup" in refusal(file).fix


def test_sto_03_a_file_that_is_no_database_is_refused(file: Path) -> None:
    file.write_bytes(b"Dear diary, today the ferry sailed. " * 1000)
    said = refusal(file)
    assert "not a database" in said.why
    assert "backup" in said.fix


def test_sto_03_a_locked_database_is_said_to_be_locked(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_MS", 50)
    monkeypatch.setattr(module, "PRAGMAS", {**module.PRAGMAS, "busy_timeout": 50})
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    database = Database(f"sqlite:///{file}")
    with pytest.raises(StoreError, match=r"locked.*Another program holds it"), database.write():
        pass
    with database.read() as connection:
        assert meta.read(connection, "kept") == "yes"
    holder.close()
    with database.write() as connection:
        meta.write(connection, "kept", "still")
    database.close()


def test_sto_03_a_full_disk_refuses_the_change_and_keeps_the_rest(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    with database.write() as connection:
        pages = connection.scalar(sa.text("PRAGMA page_count"))
        connection.execute(sa.text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StoreError, match=r"full.*Make room"), database.write() as connection:
        for n in range(100):
            meta.write(connection, f"key {n}", "x" * 4000)
    with database.read() as connection:
        assert meta.read(connection, "kept") == "yes"
        assert meta.read(connection, "key 0") is None
        assert connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    database.close()


def test_a_server_that_is_away_is_said_to_be_away() -> None:
    database = Database(f"postgresql+psycopg://house@127.0.0.1:{free_port()}/house")
    with pytest.raises(StoreError, match="running and reachable"), database.read():
        pass
    database.close()


def test_a_server_that_goes_away_comes_back_to_a_whole_pool(database: Database) -> None:
    if database.is_sqlite:
        return
    with pytest.raises(StoreError), database.write() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with database.write() as connection:
        meta.write(connection, "a", "1")


# -- what survives ---------------------------------------------------------------------------------------------

WRITER = """
import sys
from syndication.storage import meta
from syndication.storage.database import Database
database = Database(sys.argv[1])
n = 0
while True:
    with database.write() as connection:
        for part in range(3):
            meta.write(connection, f"{n} {part}", "x" * 500)
    print(n, flush=True)
    n += 1
"""


@pytest.mark.parametrize("seconds", [0.05, 0.13, 0.31])
def test_sto_01_a_kill_during_a_write_opens_clean_with_all_that_was_acknowledged(
    database: Database, database_url: str, seconds: float
) -> None:
    child = subprocess.Popen([sys.executable, "-c", WRITER, database_url], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    first = child.stdout.readline()
    time.sleep(seconds)  # the instant of the kill is the point: nothing is awaited
    child.send_signal(signal.SIGKILL)
    acknowledged = [int(line) for line in (first + child.stdout.read()).split()]
    child.wait()
    with database.read() as connection:
        if database.is_sqlite:
            assert connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
        keys = {key for (key,) in connection.execute(sa.text("SELECT key FROM meta"))}
    assert {f"{n} {part}" for n in acknowledged for part in range(3)} <= keys
    assert len(keys) % 3 == 0
