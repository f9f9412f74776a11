"""Many rows under one statement are written as SQLAlchemy would write them, on both engines."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from syndication.storage.database import Database
from syndication.storage.many import write_rows
from syndication.storage.schema import Instant, fetch_log, partner, source

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SOURCE = {
    "partner_id": 1,
    "slug": "one",
    "url": "https://one.example/",
    "rights": {"text": "full", "lists": ["a", "é"]},
    "topics": [],
    "article_from": "feed",
    "poll_seconds": 60,
    "next_poll_at": NOW,
}


@pytest.fixture
def furnished(database: Database) -> Database:
    with database.write() as connection:
        connection.execute(partner.insert().values(id=1, slug="one", name="One", homepage="https://one.example/"))
    return database


def test_rows_read_back_as_they_were_given(furnished: Database) -> None:
    with furnished.write() as connection:
        write_rows(connection, source.insert(), [SOURCE, {**SOURCE, "slug": "two", "rights": None, "topics": ["x"]}])
        told = connection.execute(sa.select(source).order_by(source.c.slug)).all()
    assert [(row.slug, row.rights, row.topics, row.next_poll_at) for row in told] == [
        ("one", SOURCE["rights"], [], NOW),
        ("two", None, ["x"], NOW),
    ]


def test_an_update_writes_each_row_its_own(furnished: Database) -> None:
    moved = source.update().where(source.c.slug == sa.bindparam("key")).values(next_poll_at=sa.bindparam("due"))
    later = NOW + timedelta(hours=1)
    with furnished.write() as connection:
        write_rows(connection, source.insert(), [SOURCE, {**SOURCE, "slug": "two"}])
        write_rows(connection, moved, [{"key": "two", "due": later}, {"key": "one", "due": NOW}])
        told = dict(connection.execute(sa.select(source.c.slug, source.c.next_poll_at)).all())
    assert told == {"one": NOW, "two": later}


def test_a_row_that_breaks_a_rule_raises_and_undoes_all(furnished: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), furnished.write() as connection:
        write_rows(connection, source.insert(), [SOURCE, SOURCE])
    with furnished.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(source)) == 0


def test_a_value_that_sqlite_cannot_take_is_told_as_a_fault_of_its_row(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.write() as connection, pytest.raises(sa.exc.StatementError):
        write_rows(connection, source.insert(), [{**SOURCE, "rights": {"text": "a lone \ud800"}}])
    database.close()


def test_a_statement_with_a_value_that_no_row_has_is_a_fault_of_ours(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.write() as connection, pytest.raises(ValueError, match="no row has a value"):
        write_rows(connection, fetch_log.update().values(outcome="x", ms=sa.bindparam("took")), [{"took": 1}])
    database.close()


_zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(max_examples=200)
@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 30), timezones=_zones | st.just(UTC)))
def test_an_instant_is_spelt_for_sqlite_as_sqlalchemy_spells_it(moment: datetime) -> None:
    dialect = sqlite.dialect()
    plain = sqlite.DATETIME().bind_processor(dialect)
    spelt = Instant().bind_processor(dialect)(moment)
    assert plain is not None
    assert spelt == plain(moment.astimezone(UTC).replace(tzinfo=None))
    assert Instant().result_processor(dialect, None)(spelt) == moment


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has a zone"):
        Instant().bind_processor(sqlite.dialect())(datetime(2026, 1, 1))
