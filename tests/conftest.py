"""Real parts for the tests: a SQLite file and a private PostgreSQL, each test with a database of its own."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from syndication.storage import migrate
from syndication.storage.database import Database
from syndication.storage.schema import create

# A shell's background jobs begin with SIGINT ignored, and so would every process that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # the same, of a shell that may be left (`nohup`)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def needs(found: object, what: str) -> None:
    """Skip, saying plainly what is missing. Under CI=true nothing may be missing, so there it fails."""
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI may skip nothing", pytrace=False)
    pytest.skip(f"{what} is not installed on this machine")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _postgres_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL, less the database's name, of a private instance on a free port, run by an unprivileged user."""
    binaries = _postgres_binaries()
    needs(binaries, "PostgreSQL (Debian: postgresql)")
    assert binaries is not None
    home = Path(tempfile.mkdtemp(prefix="syndication-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(home, account.pw_uid, account.pw_gid)
        as_user = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    data, port = home / "data", free_port()
    run = [*as_user, "env", "-C", str(home), "LC_ALL=C.UTF-8"]
    subprocess.run(
        [*run, binaries / "initdb", "-D", data, "-U", "house", "--auth=trust", "--no-sync", "-E", "UTF8"],
        check=True,
        capture_output=True,
    )
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home} -c fsync=off"
    log = home / "log"
    subprocess.run(
        [*run, binaries / "pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start"],
        check=True,
        capture_output=True,
    )
    try:
        yield f"postgresql+psycopg://house@127.0.0.1:{port}/"
    finally:
        subprocess.run(
            [*run, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, capture_output=True
        )
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def new_empty_postgres_database(postgres: str) -> Callable[..., str]:
    """Each call makes a database with nothing in it, or a copy of the one named, and answers its URL."""
    admin = (
        sa.make_url(postgres).set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    )
    numbers = count()

    def new(template: str = "template0") -> str:
        name = f"house_{next(numbers)}"
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return postgres + name

    return new


@pytest.fixture(scope="session")
def new_postgres_database(new_empty_postgres_database: Callable[..., str]) -> Callable[[], str]:
    """Each call makes a database with the schema in it, by copying one, and answers its URL."""
    template = new_empty_postgres_database()
    put_schema(template)
    return lambda: new_empty_postgres_database(template=template.rpartition("/")[2])


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema in it, to be copied."""
    path = tmp_path_factory.mktemp("template") / "house.db"
    put_schema(f"sqlite:///{path}")
    return path


def put_schema(url: str) -> None:
    """The schema as it is written now. That migrations lead to the same is tests/storage/test_migrate.py's to prove."""
    database = Database(url)
    with database.write() as connection:
        create(connection)
        MigrationContext.configure(connection).stamp(ScriptDirectory(str(migrate.HERE)), "head")
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database with the schema in it, on each of the two engines."""
    if request.param == "postgresql":
        new: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        return new()
    shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "house.db")
    return f"sqlite:///{tmp_path / 'house.db'}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()
