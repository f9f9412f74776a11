"""Many values in one parameter, on both engines: JSON for SQLite's `json_each`, an array for PostgreSQL's `unnest`.
And many rows under one statement.

A list of parameters is written anew for each length of it, which costs more than the question; this is written once.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Many(sa.TypeDecorator[Collection[Any]]):
    """The type of such a parameter: `Many(sa.BigInteger())`, `Many(sa.Text())`."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, of: sa.types.TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.ARRAY(self.of))
        return dialect.type_descriptor(sa.Text())

    def process_bind_param(self, value: Collection[Any] | None, dialect: sa.Dialect) -> Any:
        values = list(value or ())
        return values if dialect.name == "postgresql" else orjson.dumps(values).decode()


class _Each(FunctionElement[Any]):
    inherit_cache = True


@compiles(_Each, "sqlite")
def _in_sqlite(element: _Each, compiler: Any, **named: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **named)})"


@compiles(_Each, "postgresql")
def _in_postgresql(element: _Each, compiler: Any, **named: Any) -> str:
    return f"unnest({compiler.process(element.clauses, **named)})"


def each(name: str, of: sa.types.TypeEngine[Any]) -> sa.ColumnElement[Any]:
    """The values of the parameter `name`, to select from: a column, its table behind it."""
    # Under one name for table and column, since PostgreSQL calls the column as the table is called.
    return _Each(sa.bindparam(name, type_=Many(of))).table_valued(sa.column("value", of), name="value").c.value


class Pairs(sa.TypeDecorator[Collection[tuple[int, str]]]):
    """The type of a parameter of many pairs: JSON on both engines."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Collection[tuple[int, str]] | None, _dialect: sa.Dialect) -> str:
        return orjson.dumps(list(value or ())).decode()


class _EachPair(FunctionElement[Any]):
    inherit_cache = True


@compiles(_EachPair, "sqlite")
def _pairs_in_sqlite(element: _EachPair, compiler: Any, **named: Any) -> str:
    given = compiler.process(element.clauses, **named)
    columns = "json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS text"
    return f"(SELECT {columns} FROM json_each({given}))"  # noqa: S608 - `given` is a placeholder


@compiles(_EachPair, "postgresql")
def _pairs_in_postgresql(element: _EachPair, compiler: Any, **named: Any) -> str:
    given = compiler.process(element.clauses, **named)
    columns = "CAST(value ->> 0 AS bigint) AS id, value ->> 1 AS text"
    return f"(SELECT {columns} FROM jsonb_array_elements(CAST({given} AS jsonb)))"  # noqa: S608 - a placeholder


def each_pair(name: str) -> sa.TableValuedAlias:
    """The pairs of the parameter `name`, to select from: a table with the columns `id` and `text`."""
    columns = sa.column("id", sa.BigInteger), sa.column("text", sa.Text)
    return _EachPair(sa.bindparam(name, type_=Pairs())).table_valued(*columns, name=name)


def next_ids(connection: Connection, table: sa.Table, count: int) -> Sequence[int]:
    """Ids for so many new rows, never used before, to be given with them in this transaction.

    With RETURNING, SQLite would be asked for each row by itself: it does not promise to answer in their order.
    """
    if connection.dialect.name == "sqlite":  # nobody else writes meanwhile
        last = connection.scalar(_LAST_ID, {"name": table.name}) or 0
        return range(last + 1, last + 1 + count)
    return connection.scalars(_NEXT_IDS, {"name": table.name, "count": count}).all()


_LAST_ID = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
_NEXT_IDS = sa.text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")


def write_rows(connection: Connection, statement: sa.UpdateBase, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute a statement that is built once for each of these rows, all of which name the same values.

    On SQLite SQLAlchemy's own part of a row costs more than the row, so its types are asked once for all of them.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(statement, rows)
        return
    words, values = _compiled(statement, connection.dialect, tuple(rows[0]))
    try:
        spelt = [tuple(row[name] if spell is None else spell(row[name]) for name, spell in values) for row in rows]
    except Exception as error:  # what no database could take is told as SQLAlchemy tells it
        raise sa.exc.StatementError(str(error), words, None, error, hide_parameters=True) from error
    connection.exec_driver_sql(words, spelt)


Spell = Callable[[Any], Any]


@lru_cache(maxsize=64)
def _compiled(
    statement: sa.UpdateBase, dialect: sa.Dialect, names: tuple[str, ...]
) -> tuple[str, tuple[tuple[str, Spell | None], ...]]:
    """The statement's words, and in their order the names of its values, each with how the database wants it spelt."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    spelling = {
        name: given.type.dialect_impl(dialect).bind_processor(dialect) for name, given in compiled.binds.items()
    }
    unknown = set(compiled.positiontup) - set(names)
    if unknown:
        raise ValueError(f"no row has a value for {sorted(unknown)}")
    return str(compiled), tuple((name, spelling[name]) for name in compiled.positiontup)
