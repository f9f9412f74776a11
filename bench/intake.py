"""A list of readers taken in, beside a bare loop that only inserts it. One run, in turns; rows a second.

The bare loop reads the same file with the csv module and writes both tables with SQLAlchemy Core, 10,000 rows a
transaction. It judges nothing, hashes nothing and keeps no proof. It stands for what one would write in an afternoon.
"""

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.machine import heading
from syndication.jobs.intake import take_in
from syndication.model.choice import Cadence
from syndication.model.subscriber import Consent
from syndication.storage import schema
from syndication.storage.database import Database, insert
from syndication.storage.intake import StoredIntake
from syndication.storage.publication import newsletters
from syndication.subscribers import exchange, sheet

NOW = datetime(2026, 5, 7, 8, tzinfo=UTC)
GROUP = 10_000


def write_list(path: Path, rows: int) -> None:
    """In no order, as lists from elsewhere are; one in a thousand is no address."""
    with path.open("w") as file:
        file.write("Email Address,First Name,OPTIN_TIME,UNSUB_TIME\n")
        for n in range(rows):
            number = n * 7_919 % rows
            address = f"reader.{number}@host{number % 5_000}.example" if n % 1_000 else f"reader {n}"
            file.write(f"{address},Ann,2024-03-01 10:00:{n % 60:02d},\n")


def ours(database: Database, path: Path) -> int:
    with database.read() as connection:
        letter = newsletters(connection)[0]
    consent = Consent("agreed at the fair", "import, list.csv", NOW)
    with path.open("rb") as file, closing(StoredIntake(database, letter, locale="en")) as intake:
        rows = sheet.rows(file)
        _, head = next(rows)
        asked = exchange.applicants(rows, exchange.columns_of(head or (), {}))
        taking = take_in(asked, intake=intake, consent=consent, key=b"k" * 32, actor="bench", append=lambda lines: None)
        return sum(one.rows for one in taking)


def bare(database: Database, path: Path) -> int:
    done = 0
    with path.open(newline="") as file:
        rows = csv.reader(file)
        next(rows)
        while group := list(islice(rows, GROUP)):
            with database.write() as connection:
                people = [_person(row[0]) for row in group]
                connection.execute(insert(connection, schema.subscriber).on_conflict_do_nothing(), people)
                first = done + 1
                links = [_link(id) for id in range(first, first + len(group))]
                connection.execute(insert(connection, schema.subscription).on_conflict_do_nothing(), links)
            done += len(group)
    return done


def _person(address: str) -> dict[str, object]:
    return {
        "address": address,
        "address_norm": address.lower(),
        "address_hash": address,
        "locale": "en",
        "zone": "UTC",
        "created_at": NOW,
    }


def _link(id: int) -> dict[str, object]:
    return {
        "subscriber_id": id,
        "newsletter_id": 1,
        "state": "confirmed",
        "cadence": "daily",
        "choice": {},
        "consent": {},
        "requested_at": NOW,
        "confirmed_at": NOW,
    }


def fresh(url: str, directory: Path, name: str) -> Database:
    """An empty store with one newsletter."""
    if url:
        database = Database(url)
        with database.write() as connection:
            schema.metadata.drop_all(connection)
    else:
        database = Database(f"sqlite:///{directory / name}.db")
    with database.write() as connection:
        schema.create(connection)
        connection.execute(
            schema.newsletter.insert().values(
                slug="morning",
                title="Morning",
                description="",
                template="digest",
                choice={},
                items_min=1,
                items_max=12,
                approval=False,
                late_policy="send",
                late_after_seconds=0,
                reply_to="",
                schedules=[{"cadence": Cadence.DAILY.value, "at": "07:00", "zone": "UTC"}],
                declared="",
            )
        )
    return database


def measure(run: Callable[[Database, Path], int], database: Database, path: Path) -> tuple[float, float]:
    """Rows a second, CPU-µs a row."""
    wall, cpu = time.perf_counter(), time.process_time()
    rows = run(database, path)
    seconds, spent = time.perf_counter() - wall, time.process_time() - cpu
    return rows / seconds, spent / rows * 1e6


def child(kind: str, url: str, rows: int, directory: Path) -> None:
    """In a process of its own, so that its memory is its own."""
    database = fresh(url, directory, kind)
    rate, spent = measure(ours if kind == "ours" else bare, database, directory / "list.csv")
    database.close()
    print(f"{rate} {spent} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--postgresql", default="", help="URL of an empty database, which is emptied again")
    parser.add_argument("--child", nargs=2, metavar=("KIND", "DIRECTORY"))
    given = parser.parse_args()
    if given.child:
        child(given.child[0], given.postgresql, given.rows, Path(given.child[1]))
        return
    print(heading("SQLAlchemy", "psycopg"))
    for engine, url in (("SQLite", ""), ("PostgreSQL", given.postgresql)):
        if engine == "PostgreSQL" and not url:
            print("PostgreSQL: not measured, no --postgresql URL was given")
            continue
        found = {}
        for kind in ("bare", "ours"):
            with tempfile.TemporaryDirectory() as folder:
                write_list(Path(folder) / "list.csv", given.rows)
                command = [sys.executable, __file__, "--rows", str(given.rows), "--postgresql", url]
                done = subprocess.run([*command, "--child", kind, folder], capture_output=True, text=True, check=True)
                found[kind] = [float(value) for value in done.stdout.split()]
        wanted = 60_000 if engine == "SQLite" else 40_000
        for kind, (rate, spent, memory) in found.items():
            print(f"{engine:<11} {kind:<5} {rate:>9,.0f} rows/s  {spent:5.1f} CPU-µs a row  {memory:4.0f} MiB")
        rate = found["ours"][0]
        print(f"{engine:<11} ours / bare {rate / found['bare'][0]:.2f}   (wanted {wanted:,} rows/s and 150 MiB)")


if __name__ == "__main__":
    main()
