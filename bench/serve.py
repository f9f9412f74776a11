"""How fast a feed is served, beside nginx serving the same file and a bare ASGI callable on the same server.

    python bench/serve.py [--seconds 5] [--rounds 3]

One feed of full stories, 15 to 20 kB compressed. Each server has the first core to itself, wrk the second; rounds go
round the servers, and medians are told. "product" is the front process as `syndication run` starts it; "nginx, our
configuration" is the folder and the configuration that `feed publish` writes; "nginx" is that file under the plainest
configuration there is. CPU-µs is what a request costs the server: on a machine that others use too, its ratios are the
ones to trust. At the end: what the slowest of a hundred requests waits for at half the product's rate, while a
collector polls on the same core.
"""

import argparse
import http.client
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import monotonic, sleep

from documents import body
from fronts import open_house
from machine import heading
from words import Prose

from syndication.articles.sanitize import plain_text
from syndication.cli.folder import files_for
from syndication.feeds.publish import publish_to
from syndication.jobs.publish import publish
from syndication.model.article import Article
from syndication.model.collecting import Arrival
from syndication.storage import migrate, publication, revisions

HERE = Path(__file__).parent
NOW = datetime.now(UTC).replace(microsecond=0)
CONNECTIONS = 64
STORIES = 42
PORTS = {"product": 18080, "bare ASGI": 18082, "nginx": 18083, "nginx, our configuration": 18084}
PATH = "/feeds/all.atom"


@dataclass(frozen=True)
class Ran:
    """What one run of wrk said, and what it cost the server."""

    rate: float
    p50: float
    p99: float
    cpu_us: float = 0.0
    """CPU time of the server for a request, in microseconds: on a machine that others use too, the better measure."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(heading("granian", "starlette"))
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        directory.chmod(0o755)
        furnish(directory)
        etags = look(directory)
        measured = measure(directory, etags, given.rounds, given.seconds)
        report(measured)
        rate = median(run.rate for run in measured["product", "200"]) / 2
        told = under_load(directory, rate, given.seconds * 2)
        print(
            f"\nat {told.rate:,.0f}/s with a collector on the same core: p50 {told.p50:.1f} ms, p99 {told.p99:.1f} ms"
        )


# -- what is served


def furnish(directory: Path) -> None:
    """A publication with one feed, published, and everything that the servers read."""
    (directory / "syndication.toml").write_text(
        f'[service]\nbase_url = "http://127.0.0.1:{PORTS["nginx, our configuration"]}"\n'
        f'listen = "127.0.0.1:{PORTS["product"]}"\nprivate_listen = "127.0.0.1:18081"\n[log]\nterminal = false\n'
    )
    (directory / "publication.toml").write_text(
        '[publication]\ntitle = "The Bench"\ncontact = "desk@bench.example"\n[partner.one]\nname = "One"\n'
        'homepage = "https://one.example/"\n[source.one]\npartner = "one"\nurl = "https://one.example/feed"\n'
        '[source.one.rights]\ntext = "full"\n[feed.all]\ntitle = "All"\n'
    )
    house = open_house(directory)
    house.make_data()
    migrate.upgrade(house.bare_database)
    with house.database.write() as connection:
        publication.apply(connection, house.declared, NOW)
        revisions.add(connection, [Arrival(story(number), leads=True) for number in range(STORIES)])
    publish(shelf=house.shelf, publication=house.publication, clock=lambda: NOW)
    folder = directory / "public"
    _, files = files_for(house, folder, {})
    publish_to(folder, files)
    house.close()
    write_nginx(directory, folder)


def story(number: int) -> Article:
    prose = Prose(number)
    html = body(prose, 300)
    return Article(
        source_id=1,
        guid=f"one.example/{number}",
        url=f"https://one.example/{number}",
        publisher_guid=f"https://one.example/{number}",
        title=prose.title(),
        byline="Ada Quay",
        publisher="One",
        publisher_url="https://one.example/",
        excerpt=prose.paragraph(160),
        body=html,
        text=plain_text(html),
        language="en",
        published_at=NOW - timedelta(hours=number),
        first_seen_at=NOW - timedelta(hours=number),
        fingerprint=str(number),
    )


def write_nginx(directory: Path, folder: Path) -> None:
    plain = (
        f"server {{ listen 127.0.0.1:{PORTS['nginx']}; root {folder}; gzip_static on;"
        " default_type application/atom+xml; }"
    )
    for name, inside in (("nginx", plain), ("nginx, our configuration", f"include {folder}/server/nginx.conf;")):
        spool = "".join(
            f"{kind}_temp_path {directory}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (directory / f"{name}.conf").write_text(
            f"daemon off; worker_processes 1; pid {directory}/{name.split(',')[0]}.pid; error_log stderr crit;"
            "user root; events { worker_connections 1024; } http { access_log off; sendfile on; tcp_nopush on;"
            f"keepalive_requests 1000000; open_file_cache max=100; {spool} {inside} }}"
        )


def look(directory: Path) -> dict[str, str]:
    """Ask each server once, compare what they say, and keep the product's answer for the bare callable."""
    etags, bodies = {}, {}
    for name in PORTS:
        with serving(name, directory):
            connection = http.client.HTTPConnection("127.0.0.1", PORTS[name], timeout=10)
            connection.request("GET", PATH, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            bodies[name] = answer.read()
            assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip"), name
            etags[name] = answer.headers["ETag"]
            if name == "product":
                (directory / "body").write_bytes(bodies[name])
                dropped = {"date", "server", "connection"}
                lines = [f"{key.lower()}: {value}" for key, value in answer.getheaders() if key.lower() not in dropped]
                (directory / "headers").write_text("\n".join(lines))
            connection.close()
    assert len(set(bodies.values())) == 1, "all serve the same bytes"
    print(f"\none feed of {STORIES} stories: {len(bodies['product']):,} bytes compressed (gzip)")
    return etags


# -- who serves, and who asks


@contextmanager
def serving(name: str, directory: Path) -> Iterator[int]:
    """The server, alone on the first core, answering. Its process id."""
    pinned = ["taskset", "-c", "0"]
    if name.startswith("nginx"):
        command = [*pinned, "nginx", "-c", str(directory / f"{name}.conf")]
    else:
        kind = "product" if name == "product" else "asgi"
        command = [*pinned, sys.executable, str(HERE / "fronts.py"), kind, str(directory), str(PORTS[name])]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        wait_for(PORTS[name])
        yield process.pid
    finally:
        if process.stdin:
            process.stdin.close()
        if name.startswith("nginx"):
            process.terminate()
        process.wait(20)


def wait_for(port: int) -> None:
    end = monotonic() + 20
    while monotonic() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", PATH)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        sleep(0.05)
    raise SystemExit(f"nothing answers at port {port}")


def wrk(port: int, seconds: int, *headers: str, script: str = "", connections: int = CONNECTIONS) -> Ran:
    named = [part for header in ("Accept-Encoding: gzip", *headers) for part in ("-H", header)]
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", *named]
    said = subprocess.run(
        [*command, *(["-s", script] if script else []), f"http://127.0.0.1:{port}{PATH}"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "Socket errors" not in said, said
    return Ran(float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0]), latency(said, "50"), latency(said, "99"))


def latency(said: str, part: str) -> float:
    """In milliseconds."""
    number, unit = re.findall(rf"{part}%\s+([\d.]+)(us|ms|s)", said)[0]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


def measure(directory: Path, etags: dict[str, str], rounds: int, seconds: int) -> dict[tuple[str, str], list[Ran]]:
    measured: dict[tuple[str, str], list[Ran]] = {(name, kind): [] for name in PORTS for kind in ("200", "304")}
    for _ in range(rounds):
        for name, port in PORTS.items():
            with serving(name, directory) as pid:
                wrk(port, 1)
                measured[name, "200"].append(costed(pid, port, seconds))
                measured[name, "304"].append(costed(pid, port, seconds, f"If-None-Match: {etags[name]}"))
    return measured


def costed(pid: int, port: int, seconds: int, *headers: str) -> Ran:
    before = cpu_seconds(pid)
    ran = wrk(port, seconds, *headers)
    return replace(ran, cpu_us=1e6 * (cpu_seconds(pid) - before) / (ran.rate * seconds))


def cpu_seconds(pid: int) -> float:
    """Of a process and its children's, such as nginx's worker."""
    total = 0
    for one in [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]:
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def report(measured: dict[tuple[str, str], list[Ran]]) -> None:
    rate = {key: median(run.rate for run in runs) for key, runs in measured.items()}
    cost = {key: median(run.cpu_us for run in runs) for key, runs in measured.items()}
    for kind in ("200", "304"):
        print(f"\n{kind:28}{'rate':>12}{'/ nginx':>9}{'/ bare':>8}{'CPU-µs':>10}{'nginx /':>9}{'bare /':>8}")
        for name in PORTS:
            rates = [rate[name, kind] / rate[other, kind] for other in ("nginx", "bare ASGI")]
            costs = [cost[other, kind] / cost[name, kind] for other in ("nginx", "bare ASGI")]
            print(
                f"{name:28}{rate[name, kind]:>10,.0f}/s{rates[0]:>9.2f}{rates[1]:>8.2f}"
                f"{cost[name, kind]:>10.1f}{costs[0]:>9.2f}{costs[1]:>8.2f}"
            )


def under_load(directory: Path, rate: float, seconds: int) -> Ran:
    """wrk at a given rate, by a pause after each answer, while a collector polls 500 sources again and again."""
    pause = directory / "pause.lua"
    pause.write_text(f"function delay() return {1000 * CONNECTIONS / rate:.2f} end\n")
    with serving("product", directory):
        command = ["taskset", "-c", "0", sys.executable, str(HERE / "collector.py"), str(directory)]
        collector = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            assert collector.stdout and collector.stdout.readline() == "polling\n"
            return wrk(PORTS["product"], seconds, script=str(pause))
        finally:
            if collector.stdin:
                collector.stdin.close()
            collector.wait(60)


if __name__ == "__main__":
    main()
