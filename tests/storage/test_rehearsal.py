"""A database in rehearsal: what would come of a write is answered, and nothing of it stays. And a quick look."""

import sqlalchemy as sa

from syndication.storage import migrate
from syndication.storage.database import Database
from syndication.storage.schema import topic
from tests.builders import put_publication


def count(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(topic)) or 0


def test_a_rehearsal_answers_and_keeps_nothing(database, database_url):
    rehearsed = Database(database_url, rehearsal=True)
    with rehearsed.write() as connection:
        applied = put_publication(connection)
        assert connection.scalar(sa.select(sa.func.count()).select_from(topic)) == count(database) + 1
    rehearsed.close()
    assert "topic harbour" in applied.added
    assert count(database) == 0
    with database.write() as connection:
        assert put_publication(connection) == applied
    assert count(database) == 1


def test_the_revision_is_told_without_a_change(database):
    assert migrate.revision_of(database) == migrate.head()


def test_there_is_no_revision_where_there_is_no_file(tmp_path):
    missing = Database(f"sqlite:///{tmp_path / 'none.db'}")
    assert migrate.revision_of(missing) is None
    missing.close()
    assert list(tmp_path.iterdir()) == []
