"""Small facts of the house that are no row of any other table. In: a key. Out: its text, or None."""

from sqlalchemy import select
from sqlalchemy.engine import Connection

from syndication.storage.database import insert
from syndication.storage.schema import meta


def read(connection: Connection, key: str) -> str | None:
    return connection.scalar(select(meta.c.value).where(meta.c.key == key))


def write(connection: Connection, key: str, value: str) -> None:
    """Keep `value`; an earlier one is replaced."""
    statement = insert(connection, meta).values(key=key, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))
