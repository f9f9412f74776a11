"""A look is taken when something was written, each second anyway, and again after one that failed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from syndication.wiring.glance import ANYWAY_SECONDS, Glance


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "house.db"
    with closing(sqlite3.connect(path)) as rows:
        rows.execute("PRAGMA journal_mode = wal")
        rows.execute("CREATE TABLE leaf (n)")
        rows.commit()
        yield path


def write(file: Path) -> None:
    with closing(sqlite3.connect(file)) as rows:
        rows.execute("INSERT INTO leaf VALUES (randomblob(9000))")
        rows.commit()


def test_what_was_written_is_looked_at_once_and_each_second_anyway(file: Path) -> None:
    looks, now = [0], [50.0]
    glance = Glance(lambda: looks.__setitem__(0, looks[0] + 1), file, clock=lambda: now[0])
    glance()
    glance()
    assert looks == [1]
    write(file)
    glance()
    glance()
    assert looks == [2]
    now[0] += ANYWAY_SECONDS
    glance()
    glance()
    assert looks == [3]


def test_after_a_look_that_failed_there_is_another(file: Path) -> None:
    results = iter([True, True, False])

    def look() -> None:
        if next(results):
            raise RuntimeError("away")

    glance = Glance(look, file, clock=lambda: 0.0)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            glance()
    glance()
    glance()
    assert next(results, None) is None


def test_without_a_file_each_time_is_a_look() -> None:
    looks = []
    glance = Glance(lambda: looks.append(1), None, clock=lambda: 0.0)
    for _ in range(3):
        glance()
    assert len(looks) == 3
