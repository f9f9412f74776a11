"""Brings a database to the schema of this version, or says why it may not be used. In: a Database.

All steps run in one transaction, so a kill leaves the old schema or the new one. A new SQLite file is made beside its
place and appears there whole: an empty file at the place was cut short by something else, and is not written over.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.errors import StoreError
from syndication.storage.database import Database
from syndication.storage.migrations import HEAD, ours
from syndication.storage.schema import metadata

HERE = Path(__file__).parent / "migrations"
LOCK = 5_140_216_893
"""PostgreSQL's advisory lock under which one upgrade waits for another."""


def upgrade(database: Database) -> str | None:
    """Make every step that is missing. Answers the revision found before, None for a new database.

    Raises StoreError, and changes nothing, when the database is newer than this version or is not ours.
    """
    if database.path is not None and not database.path.exists():
        _create(database.path)
        return None
    _refuse_cut_short(database)
    return _upgrade_in_place(database)


def require_current(database: Database) -> None:
    """Raises StoreError unless the database is there and has exactly the schema of this version. Changes nothing."""
    if database.path is not None and not database.path.exists():
        raise StoreError(f"there is no database at {database.path}", fix=_MIGRATE)
    _refuse_cut_short(database)
    with database.read() as connection:
        if _is_current(connection):
            return
        found = _revision(connection, database)
    if found is None:
        raise StoreError(f"the database {database.name} has no tables yet", fix=_MIGRATE)
    raise StoreError(
        f"the database {database.name} is of an older version", why=f"it is at {found}, not {HEAD}", fix=_MIGRATE
    )


def head() -> str:
    """The revision that this version needs."""
    return HEAD


def revision_of(database: Database) -> str | None:
    """The revision the database is at; None when there is none yet. Raises StoreError like `upgrade`."""
    if database.path is not None and not database.path.exists():
        return None
    _refuse_cut_short(database)
    with database.read() as connection:
        return _revision(connection, database)


def differences(connection: Connection) -> list[Any]:
    """What Alembic would still change to make the database the schema; empty when they are one."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"include_name": ours, "target_metadata": metadata})
    return list(compare_metadata(context, metadata))


_MIGRATE = "run `syndication migrate`"


def _refuse_cut_short(database: Database) -> None:
    """SQLite would take an empty file for a new database, and hide that one was lost."""
    if database.path is not None and database.path.stat().st_size == 0:
        raise StoreError(
            f"the database file {database.path} is empty",
            why="something cut it short",
            fix="restore it from a backup, or remove it to begin anew",
        )


def _upgrade_in_place(database: Database) -> str | None:
    from alembic import command
    from alembic.config import Config

    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        found = _revision(connection, database)
        if found != head():
            config = Config()
            config.set_main_option("script_location", str(HERE).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    return found


def _is_current(connection: Connection) -> bool:
    """A quick look without Alembic, whose import takes longer than most commands."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return False
    return list(connection.scalars(sa.text("SELECT version_num FROM alembic_version"))) == [HEAD]


def _revision(connection: Connection, database: Database) -> str | None:
    """The revision the database is at, None when it is empty. Raises StoreError when it is not one of ours."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        strange = [name for name in sa.inspect(connection).get_table_names() if ours(name, "table")]
        if strange and strange != ["alembic_version"]:
            raise StoreError(
                f"the database {database.name} is not one of ours",
                why=f"it has tables, such as {strange[0]!r}, and no mark of a version",
                fix="name another database; this one was not touched",
            )
        return None
    known = [step.revision for step in ScriptDirectory(str(HERE)).walk_revisions()]
    if found not in known:
        raise StoreError(
            f"the database {database.name} is of a newer version",
            why=f"it is at {found}, and this version knows no further than {head()}",
            fix="install the newer version again; nothing was changed",
        )
    return found


def _create(path: Path) -> None:
    """Fill a draft beside `path` and let it take its place. Of two at once, the second finds the work done."""
    draft = path.with_name(path.name + ".new")
    with _held(draft) as file:
        if path.exists():
            draft.unlink()
            return
        os.ftruncate(file, 0)
        for suffix in ("-wal", "-shm", "-journal"):
            Path(f"{draft}{suffix}").unlink(missing_ok=True)
        new = Database(f"sqlite:///{draft}")
        _upgrade_in_place(new)
        new.close()
        os.fsync(file)
        draft.replace(path)
    _sync_directory(path.parent)


@contextmanager
def _held(draft: Path) -> Iterator[int]:
    """The draft, open and locked. The lock must be on the file that has the name now, not on one that had it."""
    draft.parent.mkdir(parents=True, exist_ok=True)
    while True:
        file = os.open(draft, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if draft.exists() and os.path.samestat(os.fstat(file), draft.stat()):
                yield file
                return
        finally:
            os.close(file)


def _sync_directory(directory: Path) -> None:
    held = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
