"""A furnished publication, served on loopback, on each database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndication.storage.database import Database
from tests.web.house import House, furnish, opened


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Iterator[House]:
    furnish(database)
    with opened(database, tmp_path) as found:
        found.publish()
        yield found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def still(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One that the tests of a module share, since none of them changes it."""
    directory = tmp_path_factory.mktemp("still")
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgres_database")()
    else:
        shutil.copy(request.getfixturevalue("sqlite_template"), directory / "house.db")
        url = f"sqlite:///{directory / 'house.db'}"
    database = Database(url)
    furnish(database)
    with opened(database, directory) as found:
        found.publish()
        yield found
    database.close()
