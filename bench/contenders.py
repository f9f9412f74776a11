"""Who polls: this product as it is wired, and the library `reader`. Each has a database of its own, full of sources."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import sqlalchemy as sa
from hosts import address

from syndication.engine.assistant import Assistant
from syndication.jobs.collect import collect
from syndication.model.publication import Declaration, Declared
from syndication.model.source import Partner, Source
from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from syndication.storage import migrate, publication
from syndication.storage.database import Database
from syndication.storage.library import Library
from syndication.storage.schema import source
from syndication.wiring.collector import let_the_collector_rest


class Product:
    """On a house that is furnished already."""

    def __init__(self, directory: Path) -> None:
        self.now = datetime.now(UTC)
        self.library = Library(Database(_house(directory)))
        let_the_collector_rest()  # as the back process does
        self.assistant = Assistant()
        self.exchange = Transport(AddressPolicy(("127.0.0.0/8",)), user_agent="bench/1 (+https://bench.example/)")

    def poll(self) -> int:
        """One round of everything that is due, as the service does it; answers how many articles came."""
        self.now += timedelta(hours=1)
        done = collect(exchange=self.exchange, library=self.library, clock=lambda: self.now, assistant=self.assistant)
        return done.new

    def cpu_seconds(self) -> float:
        """Of this process and its assistant, which lives from the first large claim on."""
        pid = self.assistant.pid
        told = Path(f"/proc/{pid}/schedstat").read_text() if pid else "0"
        return process_time() + int(told.split()[0]) / 1e9


def furnish(directory: Path, port: int, sources: int, registered: int) -> None:
    """A database with so many sources that are due; `registered`: and with more that are not, up to so many."""
    database, now = Database(_house(directory)), datetime.now(UTC)
    migrate.upgrade(database)
    partners = [Partner(f"partner-{n}", f"Partner {n}", f"https://partner-{n}.example/") for n in range(50)]
    wanted = [Source(0, f"source-{n}", partners[n % 50], f"http://{address(n)}:{port}/feed") for n in range(sources)]
    declared = Declared(
        partners=tuple(Declaration(each, "bench:1") for each in partners),
        sources=tuple(Declaration(each, "bench:1") for each in wanted),
    )
    with database.write() as connection:
        publication.apply(connection, declared, now)
        if registered > sources:
            _register(connection, registered - sources, due=now + timedelta(days=1, hours=12))
    database.close()


def _house(directory: Path) -> str:
    return f"sqlite:///{directory / 'house.db'}"


def _register(connection: sa.Connection, count: int, *, due: datetime) -> None:
    """So many more sources, each with a host of its own, not due in any round."""
    first = dict(connection.execute(sa.select(source).order_by(source.c.id).limit(1)).mappings().one())
    del first["id"]
    rows = [
        {**first, "slug": f"other-{n}", "url": f"https://other-{n}.example/feed", "next_poll_at": due}
        for n in range(count)
    ]
    connection.execute(source.insert(), rows)


class Peer:
    """reader.readthedocs.io: `make_reader` on a file, `update_feeds` with workers."""

    def __init__(self, directory: Path, port: int, sources: int, workers: int = 20) -> None:
        from reader import make_reader

        self.reader = make_reader(str(directory / "reader.sqlite"))
        self.workers = workers
        for number in range(sources):
            self.reader.add_feed(f"http://{address(number)}:{port}/feed")

    def cpu_seconds(self) -> float:
        return process_time()

    def poll(self) -> int:
        before = self.reader.get_entry_counts().total or 0
        self.reader.update_feeds(scheduled=False, workers=self.workers)
        return (self.reader.get_entry_counts().total or 0) - before
