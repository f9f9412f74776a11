"""Migrations lead to the schema, on both engines; they can be killed, met twice at once, and never touch a stranger."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from syndication.errors import StoreError
from syndication.storage import migrate
from syndication.storage.database import Database
from syndication.storage.schema import create

New = Callable[[], str]


@pytest.fixture(params=["sqlite", "postgresql"])
def new(request: pytest.FixtureRequest, tmp_path: Path) -> New:
    """Answers the URL of a database with nothing in it yet, another one at each call, on each of the two engines."""
    numbers = count()
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path / f'data {next(numbers)}' / 'house.db'}"
    made: New = request.getfixturevalue("new_empty_postgres_database")
    return made


@pytest.fixture
def upgraded(new: New) -> Iterator[Database]:
    database = Database(new())
    assert migrate.upgrade(database) is None
    yield database
    database.close()


def test_the_revision_written_down_for_a_quick_look_is_the_newest_one():
    assert ScriptDirectory(str(migrate.HERE)).get_current_head() == migrate.HEAD == migrate.head()


def test_the_schema_is_made_whole_on_each_engine_in_any_order(new_empty_postgres_database, tmp_path: Path) -> None:
    """SQLAlchemy would leave a key out on the second engine that it had added by ALTER TABLE on the first."""
    drawn = []
    for url in (f"sqlite:///{tmp_path / 'a.db'}", new_empty_postgres_database(), f"sqlite:///{tmp_path / 'b.db'}"):
        database = Database(url)
        with database.write() as connection:
            create(connection)
            drawn.append(_spelled_out(connection))
        database.close()
    assert drawn[0] == drawn[2]


def test_the_first_day_forward_ends_at_the_schema(upgraded: Database) -> None:
    migrate.require_current(upgraded)
    with upgraded.read() as connection:
        assert migrate.differences(connection) == []


def test_the_first_day_forward_and_the_schema_are_equal_to_the_letter(new: New, upgraded: Database) -> None:
    """Also what Alembic does not compare: checks, AUTOINCREMENT, partial indexes, what a foreign key does."""
    drawn = Database(new())
    if drawn.path is not None:
        drawn.path.parent.mkdir()
    with drawn.write() as connection:
        create(connection)
    with drawn.read() as schema, upgraded.read() as migrated:
        assert _spelled_out(migrated) == _spelled_out(schema)
    drawn.close()


def _spelled_out(connection: sa.Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'"
        return sorted(_parts_in_order(row.sql) for row in connection.execute(sa.text(query)))
    queries = (
        "SELECT table_name || column_name || data_type || is_nullable || is_identity || coalesce(column_default, '')"
        " FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'alembic%'",
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%'",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'alembic%'",
    )
    return sorted(text for query in queries for text in connection.scalars(sa.text(query)))


def _parts_in_order(sql: str) -> str:
    """A CREATE statement with its columns and constraints sorted: their order is no difference."""
    head, _, inside = " ".join(sql.split()).rpartition(")")[0].partition("(")
    parts, depth = [""], 0
    for character in inside:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return f"{head.strip()} {sorted(part.strip() for part in parts)} {sql.rpartition(')')[2].strip()}"


def test_an_upgrade_of_what_is_current_changes_nothing(upgraded: Database) -> None:
    assert migrate.upgrade(upgraded) == migrate.head()
    migrate.require_current(upgraded)


def test_two_upgrades_at_once_leave_one_schema(new: New) -> None:
    url = new()
    databases = [Database(url) for _ in range(4)]
    threads = [threading.Thread(target=migrate.upgrade, args=[database]) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        migrate.require_current(database)
        database.close()


UPGRADE = """
import sys
from syndication.storage.database import Database
from syndication.storage.migrate import upgrade
print("ready", flush=True)
upgrade(Database(sys.argv[1]))
"""


@pytest.mark.parametrize("part", [0.0, 0.2, 0.4, 0.6, 0.8, 0.95])
def test_sto_01_a_kill_during_a_migration_leaves_all_of_it_or_nothing(new: New, part: float) -> None:
    url = new()
    child = subprocess.Popen([sys.executable, "-c", UPGRADE, url], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    try:
        child.wait(timeout=part * 0.1)  # some tenth of a second is what the whole of it takes
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        child.wait()
    database = Database(url)
    try:
        migrate.require_current(database)
    except StoreError:
        assert migrate.upgrade(database) is None
    assert _sound(database)
    migrate.require_current(database)
    database.close()


def _sound(database: Database) -> bool:
    with database.read() as connection:
        if database.is_sqlite:
            return connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
        return migrate.differences(connection) == []


def test_sto_03_a_newer_schema_is_refused_and_left_alone(upgraded: Database) -> None:
    with upgraded.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (migrate.upgrade, migrate.require_current):
        with pytest.raises(StoreError, match="newer version: it is at 9999"):
            act(upgraded)
    with upgraded.read() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "9999"


def test_sto_03_an_older_schema_is_refused_with_the_command_that_helps(
    upgraded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "HEAD", "9998")
    with pytest.raises(StoreError, match=r"older version.*Run `syndication migrate`"):
        migrate.require_current(upgraded)


def test_sto_03_a_missing_database_is_not_made_by_looking(new: New) -> None:
    database = Database(new())
    with pytest.raises(StoreError, match="Run `syndication migrate`"):
        migrate.require_current(database)
    assert database.path is None or not database.path.exists()
    database.close()


def test_sto_03_a_database_of_another_program_is_not_touched(new: New) -> None:
    database = Database(new())
    if database.path is not None:
        database.path.parent.mkdir()
    with database.write() as connection:
        connection.execute(sa.text("CREATE TABLE recipes (name text)"))
    for act in (migrate.upgrade, migrate.require_current):
        with pytest.raises(StoreError, match="not one of ours: it has tables, such as 'recipes'"):
            act(database)
    with database.read() as connection:
        assert sa.inspect(connection).get_table_names() == ["recipes"]
    database.close()


@pytest.mark.parametrize("act", [migrate.upgrade, migrate.require_current])
def test_sto_03_a_file_cut_to_nothing_is_not_taken_for_a_new_one(
    tmp_path: Path, act: Callable[[Database], object]
) -> None:
    path = tmp_path / "house.db"
    path.touch()
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="is empty: something cut it short"):
        act(database)
    assert path.read_bytes() == b""
    assert [found.name for found in tmp_path.iterdir()] == ["house.db"]
    database.close()


def test_a_new_file_is_for_its_owner_alone_and_leaves_no_draft(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    migrate.upgrade(database)
    database.close()
    assert [path.name for path in tmp_path.iterdir()] == ["house.db"]
    assert (tmp_path / "house.db").stat().st_mode & 0o077 == 0


def test_the_tables_of_the_queue_engine_are_not_ours_to_judge(upgraded: Database) -> None:
    with upgraded.write() as connection:
        connection.execute(sa.text("CREATE TABLE procrastinate_jobs (id integer)"))
    with upgraded.read() as connection:
        assert migrate.differences(connection) == []


def test_a_database_of_the_first_day_keeps_its_rows_through_every_later_step(new: New) -> None:
    database = Database(new())
    if database.path is not None:
        database.path.parent.mkdir()
    with database.write() as connection:
        _upgrade_to(connection, "0001")
        connection.execute(sa.text("INSERT INTO partner (id, slug, name, homepage) VALUES (1, 'p', 'P', '/')"))
        connection.execute(
            sa.text(
                "INSERT INTO source (id, partner_id, slug, url, rights, topics, article_from, poll_seconds,"
                " next_poll_at) VALUES (7, 1, 's', 'https://s.example/feed', '{}', '[]', 'auto', 900, '2026-05-07')"
            )
        )
        connection.execute(
            sa.text("INSERT INTO fetch_log (source_id, at, outcome) VALUES (7, '2026-05-07', 'unchanged')")
        )
    assert migrate.upgrade(database) == "0001"
    migrate.require_current(database)
    with database.read() as connection:
        assert connection.execute(sa.text("SELECT slug, credentials FROM source")).all() == [("s", None)]
        assert connection.scalar(sa.text("SELECT count(*) FROM fetch_log")) == 1
    database.close()


def _upgrade_to(connection: sa.Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
