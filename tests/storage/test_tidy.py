"""Records of the past, found by age and by number, and dropped, on both engines."""

from datetime import timedelta

import pytest

from syndication.model.retention import Kept
from syndication.storage import schema
from syndication.storage.tidy import TABLES, Attic
from tests.builders import NOW, put_publication

DAY = timedelta(days=1)


def fill(database, kept: Kept, ages: list[int]) -> list[int]:
    """Records written so many days ago, in this order; answers their ids."""
    ids = []
    with database.write() as connection:
        put_publication(connection)
        source = connection.scalar(schema.source.select().with_only_columns(schema.source.c.id).limit(1))
        for n, age in enumerate(ages):
            values = {
                Kept.FETCH_LOG: {"source_id": source, "outcome": "changed"},
                Kept.QUARANTINE: {"source_id": source, "what": "entry", "reason": "", "hash": str(n), "data": b""},
                Kept.EVENT_ASIDE: {"transport": "sendgrid", "reason": "", "hash": str(n), "data": b""},
                Kept.AUDIT_LOG: {"actor": "ann", "action": "approve", "subject": "edition 1"},
            }[kept]
            added = connection.execute(TABLES[kept].insert().values(at=NOW - age * DAY, **values))
            ids.append(added.inserted_primary_key[0])
    return ids


@pytest.mark.parametrize("kept", Kept)
def test_older_finds_by_age_in_order(database, kept):
    ids = fill(database, kept, [40, 31, 30, 29, 35, 0])  # a clock that was set leaves them out of order
    attic = Attic(database)
    assert attic.older(kept, NOW - 30 * DAY, 10) == [ids[0], ids[1], ids[4]]
    assert attic.older(kept, NOW - 30 * DAY, 2) == ids[:2]


@pytest.mark.parametrize("kept", Kept)
@pytest.mark.parametrize(("rows_max", "beyond"), [(1, 4), (3, 2), (4, 1), (5, 0), (9, 0)])
def test_beyond_finds_what_is_too_many(database, kept, rows_max, beyond):
    ids = fill(database, kept, [5, 4, 3, 2, 1])
    assert Attic(database).beyond(kept, rows_max, 10) == ids[:beyond]


@pytest.mark.parametrize("kept", Kept)
def test_drop_drops_those_and_no_others(database, kept):
    ids = fill(database, kept, [3, 2, 1])
    attic = Attic(database)
    assert attic.drop(kept, ids[:2]) == 2
    assert attic.drop(kept, ids[:2]) == 0
    assert attic.drop(kept, []) == 0
    assert attic.older(kept, NOW + DAY, 10) == ids[2:]
