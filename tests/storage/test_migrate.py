"""Migrations lead to the schema, on both engines; they can be killed, met twice at once, and never touch a stranger."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.errors import StoreError
from syndication.storage import migrate
from syndication.storage.database import Database
from syndication.storage.schema import metadata


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
        metadata.create_all(connection)
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
    return " ".join(sorted(line.strip().rstrip(",") for line in sql.replace("\t", "").splitlines() if line.strip()))
