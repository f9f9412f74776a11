"""What is too old or too much goes, in slices; the ledger stays."""

import logging
from datetime import timedelta

import pytest

import syndication.jobs.tidy as job
from syndication.jobs.tidy import SLICE, tidy
from syndication.model.retention import Keep, Kept, Retention
from syndication.storage import schema
from syndication.storage.tidy import Attic
from tests.builders import NOW

DAY = timedelta(days=1)
SHORT = Retention(fetch_log=Keep(30, 1000), quarantine=Keep(90, 1000), audit_log=Keep(30, 1000))


def fill(database, count: int, age: int) -> None:
    row = {"actor": "ann", "action": "approve", "subject": "edition 1", "at": NOW - age * DAY}
    with database.write() as connection:
        connection.execute(schema.audit_log.insert(), [row] * count)


def left(database) -> int:
    with database.read() as connection:
        return len(connection.execute(schema.audit_log.select()).all())


def test_what_is_too_old_goes_whole_and_a_second_round_drops_nothing(database):
    fill(database, 2 * SLICE + 7, age=31)
    fill(database, 5, age=29)
    assert tidy(Attic(database), SHORT, NOW) == dict.fromkeys(Kept, 0) | {Kept.AUDIT_LOG: 2 * SLICE + 7}
    assert left(database) == 5
    assert not any(tidy(Attic(database), SHORT, NOW).values())


def test_what_is_too_much_goes_though_it_is_young(database):
    fill(database, 1200, age=1)
    assert tidy(Attic(database), SHORT, NOW)[Kept.AUDIT_LOG] == 200
    assert left(database) == 1000


def test_a_round_leaves_off_when_the_service_stops(database):
    fill(database, 3 * SLICE, age=31)
    asked = []

    def stopping() -> bool:
        asked.append(1)
        return left(database) < 3 * SLICE

    tidy(Attic(database), SHORT, NOW, stopping=stopping)
    assert left(database) == 2 * SLICE


def test_it_says_what_went(database, caplog):
    fill(database, 3, age=31)
    with caplog.at_level(logging.INFO, logger="syndication"):
        tidy(Attic(database), SHORT, NOW)
    assert [(record.__dict__["what"], record.__dict__["dropped"]) for record in caplog.records] == [("audit_log", 3)]


def test_the_defaults_are_those_that_the_docstring_tells():
    for kept in Kept:
        keep = Retention().of(kept)
        line = next(line for line in (job.__doc__ or "").splitlines() if line.startswith(f"| {kept.value}"))
        assert f"{keep.days} days" in line
        assert f"{keep.rows_max:,}" in line


@pytest.mark.parametrize(("days", "rows_max"), [(0, 1), (1, 0), (-1, 5)])
def test_nothing_is_kept_for_no_time(days, rows_max):
    with pytest.raises(ValueError, match="a day and a row"):
        Keep(days, rows_max)
