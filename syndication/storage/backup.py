"""A whole copy of a database while it is in use, and a copy put back. In: a Database, a path. Out: a verified file.

SQLite copies itself in one read (VACUUM INTO), without what was deleted. PostgreSQL is asked through its own pg_dump
and pg_restore, which have to be on this machine.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from syndication.errors import StoreError
from syndication.storage.database import Database

Tell = Callable[..., None]
"""`tell(done, total)` in bytes."""
STEPS = 1_000_000
"""Of SQLite's machine between two looks at how far it is."""
TOOL_SECONDS = 6 * 3600.0
SUFFIXES = ("", "-wal", "-shm", "-journal")


def size_of(database: Database) -> int:
    """About as many bytes as a copy takes."""
    if database.path is not None:
        return database.path.stat().st_size
    with database.read() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def copy(database: Database, to: Path, tell: Tell) -> None:
    """Write a copy to `to`, which is not there yet, and open it to see that it is whole. Raises StoreError."""
    if database.path is not None:
        _vacuum(database.path, to, tell)
        verify(to)
    else:
        _run("pg_dump", [*_CUSTOM, "--no-owner", "--no-privileges", "--file", str(to), _address(database)], database)
        _run("pg_restore", ["--list", str(to)], database)


def verify(copied: Path) -> None:
    """Raises StoreError for a file that SQLite does not find whole."""
    try:
        with closing(sqlite3.connect(copied)) as raw:
            found = [row[0] for row in raw.execute("PRAGMA integrity_check(1)")]
            raw.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        found = [str(error)]
    if found != ["ok"]:
        raise StoreError("the copy of the database is not whole", why=str(found[0]), fix="see to the disk; try again")


def put_back(copied: Path, path: Path, aside: Path) -> None:
    """The copy takes the place of the SQLite file, which is kept at `aside` with whatever lies beside it.

    Its journal goes first: beside another file SQLite would take it for that file's own.
    """
    for suffix in SUFFIXES:
        old = Path(f"{path}{suffix}")
        if suffix and old.exists():
            old.rename(f"{aside}{suffix}")
        elif old.exists():
            os.link(old, aside)
    copied.replace(path)
    _sync(path.parent)


def load(dump: Path, database: Database) -> None:
    """Put a dump into a PostgreSQL database in the place of what is there, whole or not at all. Raises StoreError."""
    whole = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]
    _run("pg_restore", [*whole, "--dbname", _address(database), str(dump)], database)


def _vacuum(path: Path, to: Path, tell: Tell) -> None:
    total = path.stat().st_size

    def look() -> None:
        with suppress(OSError):
            tell(min(to.stat().st_size, total), total)

    try:
        with closing(sqlite3.connect(path, timeout=60.0)) as raw:
            raw.set_progress_handler(look, STEPS)
            raw.execute("VACUUM INTO ?", (str(to),))
    except sqlite3.Error as error:
        raise StoreError(f"the database {path} cannot be copied", why=str(error), fix="see to the disk") from error
    to.chmod(0o600)


_CUSTOM = ("--format=custom", "--compress=1")


def _address(database: Database) -> str:
    """As libpq reads it, without the password: arguments can be read by everybody on the machine."""
    plain = database.url.set(drivername="postgresql", password=None)
    return plain.render_as_string(hide_password=False)


def _run(tool: str, arguments: Sequence[str], database: Database) -> None:
    if shutil.which(tool) is None:
        raise StoreError(
            f"{tool} is not on this machine",
            why="a database on PostgreSQL is copied by PostgreSQL's own tools",
            fix="install the client programs of the server's version (Debian: postgresql-client)",
        )
    password = {"PGPASSWORD": str(database.url.password)} if database.url.password else {}
    try:
        done = subprocess.run(  # noqa: S603  one of PostgreSQL's two programs, by name
            [tool, *arguments],
            env={**os.environ, **password},
            capture_output=True,
            timeout=TOOL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise StoreError(f"{tool} did not end within {TOOL_SECONDS / 3600:.0f} hours") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it does not say why"]
        raise StoreError(f"{tool} failed", why=said[-1], fix="its version must not be older than the server's")


def _sync(directory: Path) -> None:
    held = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
