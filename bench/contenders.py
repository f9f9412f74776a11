"""Who polls: this product as it is wired, and the library `reader`. Each has a database of its own, filled with sources."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hosts import address

from syndication.jobs.collect import collect
from syndication.model.publication import Declaration, Declared
from syndication.model.source import Partner, Source
from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from syndication.storage import migrate, publication
from syndication.storage.database import Database
from syndication.storage.library import Library


class Product:
    """`registered` more sources than are due at all, to see what they cost."""

    def __init__(self, directory: Path, port: int, sources: int, *, registered: int = 0) -> None:
        self.database = Database(f"sqlite:///{directory / 'house.db'}")
        migrate.upgrade(self.database)
        self.now = datetime.now(UTC)
        partners = [Partner(f"partner-{n}", f"Partner {n}", f"https://partner-{n}.example/") for n in range(50)]
        wanted = [
            Source(0, f"source-{n}", partners[n % 50], f"http://{address(n)}:{port}/feed")
            for n in range(max(sources, registered))
        ]
        declared = Declared(
            partners=tuple(Declaration(each, "bench:1") for each in partners),
            sources=tuple(Declaration(each, "bench:1") for each in wanted),
        )
        with self.database.write() as connection:
            publication.apply(connection, declared, self.now)
            if registered > sources:
                later = (self.now + timedelta(days=9)).replace(tzinfo=None).isoformat(" ")
                connection.exec_driver_sql(f"UPDATE source SET next_poll_at = '{later}' WHERE id > {sources}")
        self.library = Library(self.database)
        self.exchange = Transport(AddressPolicy(("127.0.0.0/8",)), user_agent="bench/1 (+https://bench.example/)")

    def poll(self) -> int:
        """One round of everything that is due, as the service does it; answers how many articles came."""
        self.now += timedelta(hours=1)
        return collect(exchange=self.exchange, library=self.library, clock=lambda: self.now).new


class Peer:
    """reader.readthedocs.io: `make_reader` on a file, `update_feeds` with workers."""

    def __init__(self, directory: Path, port: int, sources: int, workers: int = 20) -> None:
        from reader import make_reader

        self.reader = make_reader(str(directory / "reader.sqlite"))
        self.workers = workers
        for number in range(sources):
            self.reader.add_feed(f"http://{address(number)}:{port}/feed")

    def poll(self) -> int:
        before = self.reader.get_entry_counts().total or 0
        self.reader.update_feeds(scheduled=False, workers=self.workers)
        return (self.reader.get_entry_counts().total or 0) - before
