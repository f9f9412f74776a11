"""Polls 500 sources again and again, as a load for others to be measured under, until its standard input ends.

The hosts that it asks are a process of their own, on whatever core is free.
"""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hosts import address

from syndication.jobs.collect import collect
from syndication.model.publication import Declaration, Declared
from syndication.model.source import Partner, Source
from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from syndication.storage import migrate, publication
from syndication.storage.database import Database
from syndication.storage.library import Library

SOURCES = 500


def main() -> None:
    program = str(Path(__file__).parent / "hosts.py")
    everywhere = ["taskset", "-c", f"0-{(os.cpu_count() or 1) - 1}"]
    command = [*everywhere, sys.executable, program, str(SOURCES), "summaries"]
    hosts = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert hosts.stdin and hosts.stdout
    port = int(hosts.stdout.readline())
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    with TemporaryDirectory() as directory:
        library = Library(furnish(Path(directory), port))
        exchange = Transport(AddressPolicy(("127.0.0.0/8",)), user_agent="bench/1 (+https://bench.example/)")
        now = datetime.now(UTC)
        for turn in range(100_000):
            collect(exchange=exchange, library=library, clock=lambda: now)  # noqa: B023 (asked at once)
            if turn == 0:
                print("polling", flush=True)
            if over.is_set():
                break
            now += timedelta(days=1)
            hosts.stdin.write(f"round {turn % 10}\n")
            hosts.stdin.flush()
            hosts.stdout.readline()
        exchange.close()
    hosts.stdin.close()
    hosts.wait(20)


def furnish(directory: Path, port: int) -> Database:
    database = Database(f"sqlite:///{directory / 'house.db'}")
    migrate.upgrade(database)
    partner = Partner("one", "One", "https://one.example/")
    sources = [Source(0, f"source-{n}", partner, f"http://{address(n)}:{port}/feed") for n in range(SOURCES)]
    declared = Declared(
        partners=(Declaration(partner, "bench:1"),), sources=tuple(Declaration(one, "bench:1") for one in sources)
    )
    with database.write() as connection:
        publication.apply(connection, declared, datetime.now(UTC))
    return database


if __name__ == "__main__":
    main()
