"""Any number of fresh databases, on each of the two engines."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from syndication.storage.database import Database
from syndication.storage.schema import create


@pytest.fixture(params=["sqlite", "postgresql"])
def database_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    if request.param == "postgresql":
        new: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        return new
    numbers = count()

    def new_file() -> str:
        url = f"sqlite:///{tmp_path / f'storm-{next(numbers)}.db'}"
        database = Database(url)
        with database.write() as connection:
            create(connection)
        database.close()
        return url

    return new_file
