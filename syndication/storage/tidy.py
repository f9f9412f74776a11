"""Records of the past, found and dropped. In: an age, a number, ids. Out: ids, a count.

Found in a read, dropped in a short write: a search through a million lines keeps no writer waiting.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import sqlalchemy as sa

from syndication.model.retention import Kept
from syndication.storage.database import Database
from syndication.storage.schema import audit_log, event_aside, fetch_log, quarantine

TABLES: Mapping[Kept, sa.Table] = MappingProxyType(
    {
        Kept.FETCH_LOG: fetch_log,
        Kept.QUARANTINE: quarantine,
        Kept.AUDIT_LOG: audit_log,
        Kept.EVENT_ASIDE: event_aside,
    }
)


class Attic:
    """A database, seen by whoever tidies it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def older(self, kept: Kept, before: datetime, limit: int) -> Sequence[int]:
        table = TABLES[kept]
        return self._ids(sa.select(table.c.id).where(table.c.at < before).order_by(table.c.id).limit(limit))

    def beyond(self, kept: Kept, rows_max: int, limit: int) -> Sequence[int]:
        table = TABLES[kept]
        newest_too_many = sa.select(table.c.id).order_by(table.c.id.desc()).offset(rows_max).limit(1).scalar_subquery()
        return self._ids(sa.select(table.c.id).where(table.c.id <= newest_too_many).order_by(table.c.id).limit(limit))

    def drop(self, kept: Kept, ids: Sequence[int]) -> int:
        if not ids:
            return 0
        table = TABLES[kept]
        with self._database.write() as connection:
            return connection.execute(table.delete().where(table.c.id.in_(ids))).rowcount

    def _ids(self, query: sa.Select[int]) -> Sequence[int]:
        with self._database.read() as connection:
            return list(connection.scalars(query))
