"""What an edition over SMTP costs, ledger on, beside Postfix's own `smtp-source` in the same run. Prints a table.

    python bench/smtp.py [--messages 4000] [--kilobytes 40] [--connections 20]

Two relays: `smtp-sink`, which throws everything away, and a real Postfix that accepts, queues and discards. Each is fed
in turns by both, three times; the median counts. `smtp-source` sends one text again and again and keeps no record; ours
sends each reader their own mail and has a cursor on disk before each. CPU is that of the sending process, all threads.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from machine import heading

sys.path.insert(0, str(Path(__file__).parents[1]))

from syndication.jobs import record
from syndication.jobs.send import send_due
from syndication.outbound.wire import open_wire
from syndication.senders.smtp import Smtp
from syndication.senders.smtp_session import Relay, Tls
from syndication.storage.database import Database
from syndication.storage.schema import create, edition_content
from tests.conftest import free_port
from tests.postfix import Postfix, can_run
from tests.pressroom import PressRoom

TURNS = 3


@contextmanager
def sink() -> Iterator[int]:
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    running = subprocess.Popen(["smtp-sink", *user, f"127.0.0.1:{port}", "1000"], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    try:
        yield port
    finally:
        running.terminate()
        running.wait()


def source(port: int, given: argparse.Namespace) -> tuple[float, float]:
    """Messages a second, CPU-ms a message."""
    command = [
        "smtp-source",
        "-s",
        str(given.connections),
        "-m",
        str(given.messages),
        "-l",
        str(given.kilobytes * 1000),
    ]
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*command, "-f", "a@news.example", "-t", "b@readers.example", f"127.0.0.1:{port}"], check=True)
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return given.messages / seconds, 1000 * cpu / given.messages


def ours(port: int, given: argparse.Namespace) -> tuple[float, float]:
    """The same of an edition to as many readers, planned beforehand."""
    folder = Path(tempfile.mkdtemp(prefix="bench-smtp-"))
    database = Database(f"sqlite:///{folder / 'house.db'}")
    with database.write() as connection:
        create(connection)
    room = PressRoom(database, folder, readers=given.messages)
    at = Relay("127.0.0.1", port, tls=Tls.NONE)
    few = given.connections
    room.provider = Smtp(at, open_wire=open_wire, connections=few, domain_connections=few)  # type: ignore[assignment]
    edition_id = room.planned()
    with database.write() as connection:
        text = "<p>The ferry crosses the sound once more, and its timetable is that of spring.</p>\n"
        html = text * (given.kilobytes * 1000 // len(text))
        connection.execute(edition_content.update().values(html=html, text="The ferry sails."))
    began, before = time.monotonic(), time.process_time()
    sent = send_due(edition_id, room.mailroom)
    seconds, cpu = time.monotonic() - began, time.process_time() - before
    counts = record.report(edition_id, room.ledger).counts
    assert sent.settled and counts.accepted == given.messages and counts.adds_up, counts
    room.provider.close()  # type: ignore[attr-defined]
    database.close()
    shutil.rmtree(folder)
    return given.messages / seconds, 1000 * cpu / given.messages


def turns(port: int, given: argparse.Namespace) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    both: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for _ in range(TURNS):
        both.append((source(port, given), ours(port, given)))
    return [one for one, _ in both], [other for _, other in both]


def row(where: str, who: str, found: list[tuple[float, float]], beside: float) -> str:
    rate, cpu = (statistics.median(one[at] for one in found) for at in (0, 1))
    return f"{where:14} {who:34} {rate:8,.0f}/s {cpu:10.2f} {rate / beside:10.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("--messages", 4000), ("--kilobytes", 40), ("--connections", 20)):
        parser.add_argument(name, type=int, default=usual)
    given = parser.parse_args()
    print(heading("SQLAlchemy"))
    print(f"\n{'into':14} {'sender':34} {'messages':>10} {'CPU-ms':>10} {'ratio':>10}")
    places: list[tuple[str, Callable[[], object]]] = [("smtp-sink", sink)]
    if can_run():
        places.append(("Postfix", Postfix))
    for where, place in places:
        with place() as there:  # type: ignore[attr-defined]
            peer, own = turns(there if isinstance(there, int) else there.port, given)
        beside = statistics.median(rate for rate, _ in peer)
        print(row(where, "smtp-source (one text, no record)", peer, beside))
        print(row(where, "an edition, ledger on", own, beside))
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
