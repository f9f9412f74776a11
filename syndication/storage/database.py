"""Opens the database: SQLite in a file, or PostgreSQL 15 and later. In: a URL. Out: reader and writer transactions.

SQLite: WAL, `synchronous=FULL` (an acknowledged change survives a power cut), `BEGIN IMMEDIATE` for writers (a plain
BEGIN that turns into a write fails at once when another writes), `busy_timeout` 10 s, foreign keys on.
"""

import os
import pwd
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

from syndication.errors import BusyError, StoreError

if TYPE_CHECKING:
    import psycopg  # SQLAlchemy loads it for PostgreSQL; a house on SQLite has no need of it

BUSY_MS = 10_000
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": BUSY_MS}
"""As set, and as read back at every connect. `synchronous` 2 is FULL."""
ROOM = {"cache_size": -16_000, "wal_autocheckpoint": 4_000}
"""Of who writes: KiB of pages in memory, and pages of the log before they are put in place.

A group of polls touches some thousand pages of the index of shingles. With SQLite's own 2 MiB and 1,000 pages each of
them was read from the file and written there at every commit.
"""
POSTGRESQL_MIN = 150_000
PASSING = (
    "locked",
    "deadlock",
    "serialize",
    "refused",
    "timeout",
    "timed out",
    "too many",
    "starting up",
    "shutting down",
    "terminat",
)
"""Words of SQLite, PostgreSQL and their drivers for a trouble that may go by itself."""


class Database:
    """Two ways in: `read()` for a snapshot, `write()` for a transaction that commits whole or not at all."""

    def __init__(self, url: str, *, rehearsal: bool = False) -> None:
        """`url` as SQLAlchemy writes it: `sqlite:////path/to/file.db` or `postgresql+psycopg://…`.

        A `rehearsal` undoes each write at its end: what would come of it is answered, and nothing of it stays.
        """
        self.url = sa.make_url(url)
        self.rehearsal = rehearsal
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.path = Path(self.url.database) if self.is_sqlite and self.url.database else None
        """The file, for SQLite."""
        self.name = str(self.path) if self.path else f"{self.url.database} on {self.url.host}"
        """For people; without a password."""
        if self.is_sqlite:
            self._reader = _sqlite_engine(self.url, begin="BEGIN", pool_size=8, query_only=1)
            self._writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", pool_size=1, query_only=0)
        else:
            self._reader = self._writer = _postgresql_engine(self.url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent snapshot. Raises StoreError when the database cannot be used."""
        with _in_our_words(), self._reader.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: committed on leaving, rolled back on an exception. Raises StoreError like `read`."""
        with _in_our_words(), self._writer.begin() as connection:
            yield connection
            if self.rehearsal:
                connection.rollback()

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()


def insert(connection: Connection, table: sa.Table) -> Any:
    """An INSERT of the connection's dialect, the kind that has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def _sqlite_engine(url: sa.URL, *, begin: str, pool_size: int, query_only: int) -> Engine:
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
        json_serializer=_to_json,
        json_deserializer=orjson.loads,
        hide_parameters=True,  # an error is logged; an address is not
    )

    @sa.event.listens_for(engine, "do_connect")
    def before_connect(*_: object) -> None:
        _judge_file(Path(url.database or ""))

    @sa.event.listens_for(engine, "connect")
    def on_connect(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None  # the driver's own BEGIN comes too late and is the wrong one
        for name, value in PRAGMAS.items():
            raw.execute(f"PRAGMA {name}={value}")
        for name, value in PRAGMAS.items():
            (found,) = raw.execute(f"PRAGMA {name}").fetchone()
            if found != value:
                raise StoreError(
                    f"the database file {url.database} cannot be opened safely",
                    why=f"SQLite answers {found!r} for {name}, {value!r} is needed",
                    fix="keep it on a local file system that has locks and shared memory",
                )
        _judge_length(Path(url.database or ""), raw.execute("PRAGMA page_size").fetchone()[0])
        raw.execute(f"PRAGMA query_only={query_only}")
        if not query_only:
            for name, value in ROOM.items():
                raw.execute(f"PRAGMA {name}={value}")

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _judge_file(path: Path) -> None:
    """Refuse a file that only a privileged user could write, or that would leave files of another owner beside it."""
    if not path.exists():
        return
    found = path.stat()
    if found.st_uid != os.geteuid():
        raise StoreError(
            f"the database file {path} belongs to {_user(found.st_uid)}",
            why=f"this program runs as {_user(os.geteuid())}, and two owners would lock each other out",
            fix="run it as the owner, or change the owner of the whole data directory",
        )
    if not found.st_mode & stat.S_IWUSR or not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise StoreError(
            f"the database file {path} is read-only",
            why="the file or its directory may not be written",
            fix="make both writable for the user who runs the service",
        )


def _judge_length(path: Path, page_bytes: int) -> None:
    """Refuse a file that ends inside a page: SQLite itself finds only whole ones missing, and reads zeros for the rest.

    With a journal beside it the page may be there, from a checkpoint that found the disk full.
    """
    journal = path.with_name(path.name + "-wal")
    if not path.exists() or not path.stat().st_size % page_bytes or (journal.exists() and journal.stat().st_size):
        return
    raise StoreError(
        f"the database file {path} is damaged",
        why="its end was cut off",
        fix="restore it from a backup; it was not touched",
    )


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _postgresql_engine(url: sa.URL) -> Engine:
    engine = sa.create_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        json_serializer=_to_json,
        json_deserializer=orjson.loads,
        hide_parameters=True,  # an error is logged; an address is not
    )

    @sa.event.listens_for(engine, "connect")
    def on_connect(raw: "psycopg.Connection[Any]", _record: object) -> None:
        if raw.info.server_version < POSTGRESQL_MIN:
            raise StoreError(
                f"the database server on {url.host} is too old",
                why=f"it is PostgreSQL {raw.info.server_version // 10_000}, and {POSTGRESQL_MIN // 10_000} is needed",
                fix="upgrade the server",
            )
        if raw.info.parameter_status("server_encoding") != "UTF8":
            raise StoreError(f"the database {url.database} is not in UTF-8", fix="create it with ENCODING 'UTF8'")
        # "off" would lose acknowledged changes at a power cut; anything stronger than "on" is the server's to choose.
        raw.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
        raw.commit()

    return engine


def _to_json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.DatabaseError, sa.exc.TimeoutError) as error:
        if isinstance(error, sa.exc.IntegrityError | sa.exc.ProgrammingError | sa.exc.DataError):
            raise
        kind = BusyError if any(word in str(error) for word in PASSING) else StoreError
        raise kind("the database cannot be used", why=_reason(error), fix=_fix(str(error))) from error


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    return str(original).strip().splitlines()[0]


def _fix(text: str) -> str:
    if "locked" in text:
        return "another program holds it: stop that program, or try again"
    if "full" in text or "No space" in text:
        return "make room on the disk; nothing was lost"
    if "readonly" in text or "unable to open" in text:
        return "check that the data directory exists and belongs to the user who runs the service"
    if "malformed" in text or "not a database" in text:
        return "the file is damaged: restore it from a backup"
    return "see that the database is running and reachable"
