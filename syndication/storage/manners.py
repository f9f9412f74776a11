"""What hosts ask of robots, remembered from one round to the next. In: origins, Manners. Out: the same."""

from collections.abc import Collection, Iterable, Mapping

from syndication.model.manners import Manners
from syndication.storage import values
from syndication.storage.database import Database, insert
from syndication.storage.schema import host_manners


class StoredManners:
    """A database, as the memory of `jobs.manners`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, origins: Collection[str]) -> Mapping[str, Manners]:
        with self._database.read() as connection:
            rows = connection.execute(host_manners.select().where(host_manners.c.origin.in_(list(origins))))
            return {row.origin: values.manners_from_json(row.content) for row in rows}

    def keep(self, learned: Iterable[Manners]) -> None:
        with self._database.write() as connection:
            for one in learned:
                row = {"origin": one.origin, "until": one.until, "content": values.manners_to_json(one)}
                upsert = insert(connection, host_manners).values(**row)
                connection.execute(upsert.on_conflict_do_update(index_elements=["origin"], set_=row))
