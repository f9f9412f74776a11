"""How fast an edition leaves by the SendGrid transport, ledger on, beside a bare loop that posts bodies like ours.

    python bench/send.py [--readers 200000] [--delay 0.2] [--engines sqlite,postgresql] [--rounds 3]

Each side runs in a process of its own, in turns: ours claims, writes the journal, looks at consent twice, builds each
body, posts it and records the answer; the bare loop posts bodies that are there already, through the official package
as it comes. The provider (counter.py) counts, and looks into one body of a hundred. Medians of the rounds.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from machine import heading  # noqa: E402

from tests.postgres import postgres  # noqa: E402

KILOBYTES, BATCH_SIZE = 40, 500
KEY = "SG.for-the-bench.only"
BARE_BODIES = 40
TEXT = "<p>The ferry crosses the sound once more, and its timetable is that of spring.</p>\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=200_000)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds that the provider takes for a call")
    parser.add_argument("--calls", type=int, default=16, help="calls at once")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", choices=("furnish", "ours", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--host", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(CHILDREN[given.child](given)))
        return
    print(heading("sendgrid", "pycurl", "SQLAlchemy", "psycopg"))
    print(f"\n{'engine':12}{'who':34}{'readers/s':>11}{'CPU-us':>9}{'peak MiB':>10}{'/ bare':>8}")
    for engine in given.engines.split(","):
        with store_of(engine) as new_url:
            report(engine, given, [a_round(new_url, given) for _ in range(given.rounds)])


def a_round(new_url: Any, given: argparse.Namespace) -> Mapping[str, Mapping[str, float]]:
    """Both sides once, on a store that nobody has used."""
    folder = Path(tempfile.mkdtemp(prefix="bench-send-"))
    options = [f"--readers={given.readers}", f"--calls={given.calls}", f"--url={new_url(folder)}", f"--folder={folder}"]
    try:
        child("furnish", options)
        return {who: offered(who, options, given) for who in ("bare", "ours")}
    finally:
        shutil.rmtree(folder)


def offered(who: str, options: list[str], given: argparse.Namespace) -> Mapping[str, float]:
    command = [sys.executable, str(HERE / "counter.py"), f"--delay={given.delay}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as provider:
        assert provider.stdout and provider.stdin
        host = provider.stdout.readline().strip()
        ran = child(who, [*options, f"--host={host}"])
        provider.stdin.close()
        counted = json.loads(provider.stdout.readline())
    assert counted["readers"] == given.readers and counted["checked"] and not counted["faults"], counted
    return ran


def child(who: str, options: list[str]) -> Mapping[str, float]:
    found = subprocess.run(
        [sys.executable, __file__, f"--child={who}", *options],
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "no_proxy": "127.0.0.1"},
    )
    return json.loads(found.stdout)  # type: ignore[no-any-return]


def report(engine: str, given: argparse.Namespace, rounds: list[Mapping[str, Mapping[str, float]]]) -> None:
    def median(who: str, what: str) -> float:
        return statistics.median(one[who][what] for one in rounds)

    for who, words in (("bare", "bare loop, bodies made before"), ("ours", "an edition, ledger on")):
        rate = given.readers / median(who, "seconds")
        beside = given.readers / median("bare", "seconds")
        cpu, peak = 1e6 * median(who, "cpu") / given.readers, median(who, "peak")
        print(f"{engine:12}{words:34}{rate:>11,.0f}{cpu:>9.1f}{peak:>10.0f}{rate / beside:>8.2f}", flush=True)


@contextmanager
def store_of(engine: str) -> Iterator[Any]:
    """A function: a folder -> the URL of a new database."""
    if engine == "sqlite":
        yield lambda folder: f"sqlite:///{folder / 'house.db'}"
        return
    import psycopg

    numbers = count()
    with postgres() as url:

        def new(_: Path) -> str:
            name = f"bench_{next(numbers)}"
            with psycopg.connect(url.replace("+psycopg", "") + "postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return url + name

        yield new


# -- in processes of their own


def furnish(given: argparse.Namespace) -> Mapping[str, float]:
    """A newsletter, its readers, an edition, planned."""
    from furnished import furnish as fill

    began = time.monotonic()
    fill(given.url, given.folder, given.readers, batch_size=BATCH_SIZE, html=TEXT * (KILOBYTES * 1000 // len(TEXT)))
    return {"seconds": time.monotonic() - began}


def ours(given: argparse.Namespace) -> Mapping[str, float]:
    from furnished import mailroom, planned

    from syndication.jobs import record
    from syndication.jobs.send import send_due

    room, end = mailroom(given.url, given.folder, given.host, KEY, batch_size=BATCH_SIZE, calls=given.calls)
    edition_id = planned(given.url)
    ran = timed(lambda: send_due(edition_id, room))
    counts = record.report(edition_id, room.ledger).counts
    assert counts.adds_up and counts.accepted == given.readers, counts
    end()
    return ran


def bare(given: argparse.Namespace) -> Mapping[str, float]:
    """Bodies of our own making, posted again and again by as many threads."""
    from furnished import bodies
    from sendgrid import SendGridAPIClient

    made = bodies(given.url, given.folder, given.host, KEY, batch_size=BATCH_SIZE, number=BARE_BODIES)
    left = count()
    calls = given.readers // BATCH_SIZE

    def post() -> None:
        client = SendGridAPIClient(KEY, host=given.host)  # one a thread: it shares its headers
        while (number := next(left)) < calls:
            assert client.send(made[number % len(made)]).status_code == 202

    def all_of_them() -> None:
        threads = [threading.Thread(target=post) for _ in range(given.calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return timed(all_of_them)


def timed(run: Any) -> Mapping[str, float]:
    began, before = time.monotonic(), time.process_time()
    run()
    seconds, cpu = time.monotonic() - began, time.process_time() - before
    return {"seconds": seconds, "cpu": cpu, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


CHILDREN = {"furnish": furnish, "ours": ours, "bare": bare}

if __name__ == "__main__":
    main()
