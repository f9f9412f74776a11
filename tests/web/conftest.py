"""A furnished publication, served on loopback, on each database."""

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
