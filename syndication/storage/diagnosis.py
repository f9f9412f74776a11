"""How a database is set up and whether it is whole, for a person. In: a connection, a path. Out: Faults."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.storage.database import PRAGMAS

SERVER = {
    "fsync": ("on", "a power cut may lose or damage everything: set fsync = on"),
    "full_page_writes": ("on", "a power cut may damage pages: set full_page_writes = on"),
}
"""What PostgreSQL must be set to, and what else would come of it."""


@dataclass(frozen=True, slots=True)
class Fault:
    said: str
    fix: str


def server_time(connection: Connection) -> datetime:
    """What PostgreSQL takes for the present."""
    found: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return found.astimezone(UTC)


def faults(connection: Connection) -> list[Fault]:
    """Settings under which an acknowledged change could be lost."""
    if connection.dialect.name == "sqlite":
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in PRAGMAS}
        wrong = {name: value for name, value in found.items() if value != PRAGMAS[name]}
        fix = "keep the file on a local file system that has locks and shared memory"
        return [Fault(f"SQLite has {name} = {value!r}, not {PRAGMAS[name]!r}", fix) for name, value in wrong.items()]
    told = []
    for name, (wanted, fix) in SERVER.items():
        value = connection.exec_driver_sql(f"SHOW {name}").scalar_one()
        if value != wanted:
            told.append(Fault(f"the server has {name} = {value}", fix))
    return told


def damage(path: Path) -> list[Fault]:
    """What SQLite finds wrong in a file, in a short look. It may be in use."""
    try:
        with closing(sqlite3.connect(path, timeout=10.0)) as raw:
            found = [str(row[0]) for row in raw.execute("PRAGMA quick_check(3)")]
    except sqlite3.Error as error:
        found = [str(error)]
    fix = "stop the service, keep the file, and restore the last backup"
    return [Fault(f"the database file is damaged: {one}", fix) for one in found if one != "ok"]
