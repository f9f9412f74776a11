"""How long a new story takes to be in every feed that it belongs to, and at a listener of the hub.

    python bench/rebuild.py [--articles 100000] [--partners 400] [--seconds 60]

`syndication run` with a stock of articles and a feed for each partner, each topic, each saved search and the whole:
some five hundred, in three formats. Its partners are hosts of a process of their own, and all of them are due again
each three seconds: the collecting that feeds must stand. One has two new stories each time. The clock starts when a
story is committed and stops when the address of every document that holds it has answered with it; the listener's,
when the hub has posted the document of the whole with it.
"""

import argparse
import http.client
import http.server
import os
import queue
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
from documents import body
from fronts import open_house
from hosts import address
from machine import heading
from words import LEXICON, Prose

from syndication.articles.find import words
from syndication.articles.sanitize import plain_text
from syndication.engine.wake import Waker
from syndication.jobs.publish import publish
from syndication.model.article import Article
from syndication.storage import migrate, publication, values
from syndication.storage.schema import feed_snapshot

HERE = Path(__file__).parent
NOW = datetime.now(UTC).replace(microsecond=0)
PUBLIC, PRIVATE = 18090, 18091
OLDER = datetime(2026, 3, 1, tzinfo=UTC)
"""The stock is older than what the hosts publish."""
TOPICS, SEARCHES = 80, 18
FOLLOWED = 3
"""The host whose stories are followed."""
TEXTS = 500
"""Different bodies among the stock; each story has a title of its own."""
GAP = 3.0
"""Seconds between rounds of new stories."""


class Followed(NamedTuple):
    """A story that came: where it must appear, and how long that took, in seconds since it was committed."""

    documents: int
    served: float
    told: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--partners", type=int, default=400)
    parser.add_argument("--seconds", type=int, default=60)
    given = parser.parse_args()
    print(heading("granian", "SQLAlchemy"))
    with TemporaryDirectory() as name, hosts(given.partners) as source, listening() as listener:
        directory = Path(name)
        started = monotonic()
        feeds = furnish(directory, given.partners, source.port, given.articles)
        print(f"\n{given.articles:,} articles in {feeds} feeds, seeded in {monotonic() - started:.0f} s", flush=True)
        with service(directory):
            subscribe(listener)
            found = list(follow(directory, source, listener, given.seconds))
    report(found)


# -- the stock


def furnish(directory: Path, partners: int, port: int, articles: int) -> int:
    (directory / "syndication.toml").write_text(
        f'[service]\nbase_url = "http://127.0.0.1:{PUBLIC}"\nlisten = "127.0.0.1:{PUBLIC}"\n'
        f'private_listen = "127.0.0.1:{PRIVATE}"\n[outbound]\nallow = ["127.0.0.0/8"]\n[log]\nterminal = false\n'
    )
    (directory / "publication.toml").write_text("\n".join(declared(partners, port)))
    house = open_house(directory)
    house.make_data()
    migrate.upgrade(house.bare_database)
    with house.database.write() as connection:
        publication.apply(connection, house.declared, NOW)
    seed(directory / "data" / "syndication.db", partners, articles)
    followed = f"partner-paper-{FOLLOWED}"
    others = f"slug LIKE 'partner-%' AND slug <> '{followed}'"
    with house.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE feed SET stale = 0 WHERE {others}")
    publish(shelf=house.shelf, publication=house.publication, clock=lambda: NOW)
    with house.database.write() as connection:
        # Feeds of partners who say nothing new are only served: a copy of the followed one's documents will do.
        names = ", ".join(column.name for column in feed_snapshot.columns if column.name not in ("id", "feed_id"))
        connection.exec_driver_sql(
            f"INSERT INTO feed_snapshot (feed_id, {names}) SELECT other.id, {names} FROM feed AS other, feed_snapshot"
            f" WHERE other.{others.replace('slug <>', 'other.slug <>')}"
            f" AND feed_id = (SELECT id FROM feed WHERE slug = '{followed}')"
        )
        connection.exec_driver_sql("UPDATE feed SET stale = 0")
        feeds: int = connection.exec_driver_sql("SELECT count(*) FROM feed").scalar_one()
    house.close()
    return feeds


def declared(partners: int, port: int) -> Iterator[str]:
    yield '[publication]\ntitle = "The Bench"\ncontact = "desk@bench.example"\n[feed.all]\ntitle = "All"'
    for number in range(TOPICS):
        yield f'[topic.topic-{number}]\ntitle = "Topic {number}"\nwords = {LEXICON[number * 3 : number * 3 + 3]}'
    for number in range(SEARCHES):
        yield f'[feed.search-{number}]\ntitle = "Search {number}"\nsearch = "{LEXICON[-1 - number]}"'
    for number in range(partners):
        yield f'[partner.paper-{number}]\nname = "Paper {number}"\nhomepage = "https://paper-{number}.example/"'
        yield f'[source.paper-{number}]\npartner = "paper-{number}"\nurl = "http://{address(number)}:{port}/feed"'
        yield f'[source.paper-{number}.rights]\ntext = "full"'


def seed(path: Path, partners: int, articles: int) -> None:
    """Rows as the service would have left them: decided, sorted, indexed. In the database's own words, to be quick."""
    texts = [body(Prose(number), 900) for number in range(TEXTS)]
    plain = [plain_text(text) for text in texts]
    indexed = [" ".join(words(text)) for text in plain]
    with closing(sqlite3.connect(path, isolation_level=None)) as rows:
        rows.execute("PRAGMA synchronous = OFF")  # nobody relies on this file yet
        sources = [id for (id,) in rows.execute("SELECT id FROM source ORDER BY id")]
        by_slug = dict(rows.execute("SELECT slug, id FROM topic"))
        topics = [by_slug[f"topic-{number}"] for number in range(TOPICS)]
        rows.execute("BEGIN IMMEDIATE")
        for first in range(0, articles, 5000):
            numbers = range(first, min(first + 5000, articles))
            at = {number: f"{OLDER - timedelta(minutes=number + 1):%Y-%m-%d %H:%M:%S.000000}" for number in numbers}
            made = {n: story(n, sources[n % partners], texts[n % TEXTS], plain[n % TEXTS]) for n in numbers}
            rows.executemany(STORY, ((n + 1, at[n]) for n in numbers))
            rows.executemany(ARTICLE, ((n + 1, one.source_id, one.guid, one.url, at[n]) for n, one in made.items()))
            rows.executemany(REVISION, ((n + 1, at[n], one.title, _json(one)) for n, one in made.items()))
            rows.executemany(TOPIC, ((n + 1, topics[n % TOPICS]) for n in numbers))
            rows.executemany(WORDS, ((n + 1, indexed[n % TEXTS]) for n in numbers))
        rows.execute("COMMIT")


STORY = "INSERT INTO story (id, leader_id, first_seen_at) VALUES (?1, ?1, ?2)"
ARTICLE = (
    "INSERT INTO article (id, source_id, guid, url, story_id, state, rev, hash, published_at, first_seen_at, backfill,"
    " indexed_rev, rights_rev, rights_state) VALUES (?1, ?2, ?3, ?4, ?1, 'live', 1, ?1, ?5, ?5, 0, 1, 1, 'live')"
)
REVISION = (
    "INSERT INTO article_revision (article_id, rev, hash, seen_at, title, content) VALUES (?1, 1, ?1, ?2, ?3, ?4)"
)
TOPIC = "INSERT INTO article_topic (article_id, topic_id, decided_by) VALUES (?, ?, 'rule')"
WORDS = "INSERT INTO article_search (rowid, words) VALUES (?, ?)"


def _json(article: Article) -> str:
    return orjson.dumps(values.article_to_json(article)).decode()


def story(number: int, source_id: int, html: str, text: str) -> Article:
    at = OLDER - timedelta(minutes=number + 1)
    return Article(
        source_id=source_id,
        guid=f"seed.example/{number}",
        url=f"https://seed.example/{number}",
        publisher_guid=f"https://seed.example/{number}",
        title=f"{LEXICON[number % 3000].capitalize()} {LEXICON[number // 3000]} {number}",
        byline="Ada Quay",
        publisher="One",
        publisher_url="https://one.example/",
        excerpt=text[:240],
        body=html,
        text=text,
        language="en",
        published_at=at,
        first_seen_at=at,
        fingerprint=str(number + 1),
    )


# -- partners, the service, and somebody who listens


class Source(NamedTuple):
    process: subprocess.Popen[str]
    port: int

    def news(self) -> None:
        """The followed host publishes two stories."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"one {FOLLOWED}\n")
        self.process.stdin.flush()
        self.process.stdout.readline()


@contextmanager
def hosts(count: int) -> Iterator[Source]:
    command = [sys.executable, str(HERE / "hosts.py"), str(count), "summaries"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    try:
        yield Source(process, int(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.wait(20)


@contextmanager
def service(directory: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "syndication", "--config", str(directory / "syndication.toml")]
    process = subprocess.Popen([*command, "--data", str(directory / "data"), "run"], stdout=subprocess.DEVNULL)
    try:
        wait_ready()
        yield
    finally:
        process.terminate()
        process.wait(40)


def wait_ready() -> None:
    end = monotonic() + 60
    while monotonic() < end:
        try:
            if ask("/readyz", {})[0] == 200:
                return
        except OSError:
            pass
        sleep(0.1)
    raise SystemExit("the service did not become ready")


class Listener(http.server.BaseHTTPRequestHandler):
    news: "queue.SimpleQueue[tuple[float, bytes]]" = queue.SimpleQueue()

    def do_GET(self) -> None:
        """Yes, we meant it."""
        challenge = parse_qs(urlsplit(self.path).query)["hub.challenge"][0].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(challenge)))
        self.end_headers()
        self.wfile.write(challenge)

    def do_POST(self) -> None:
        document = self.rfile.read(int(self.headers["Content-Length"]))
        self.news.put((monotonic(), document))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: its lines would stand between ours."""


@contextmanager
def listening() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


def subscribe(port: int) -> None:
    fields = {
        "hub.mode": "subscribe",
        "hub.topic": f"http://127.0.0.1:{PUBLIC}/feeds/all.atom",
        "hub.callback": f"http://127.0.0.1:{port}/news",
    }
    status, _, said = ask("/websub/hub", {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(fields))
    assert status == 202, said


def ask(path: str, headers: dict[str, str], form: str | None = None) -> tuple[int, str, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", PUBLIC, timeout=30)) as connection:
        connection.request("GET" if form is None else "POST", path, form, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("ETag", ""), answer.read()


# -- what is measured


def follow(directory: Path, source: Source, listener: int, seconds: int) -> Iterator[Followed]:
    with closing(sqlite3.connect(directory / "data" / "syndication.db", isolation_level=None, timeout=10)) as rows:
        began = monotonic()
        (source_id,) = rows.execute("SELECT id FROM source WHERE slug = ?", (f"paper-{FOLLOWED}",)).fetchone()
        first_polls_are_settled(rows)
        print(f"first polls settled after {monotonic() - began:.0f} s", flush=True)
        end = monotonic() + seconds
        while monotonic() < end:
            turn = monotonic()
            source.news()
            held = newest(rows, source_id)
            poll_all(rows, directory)
            while (found := newest(rows, source_id)) == held:
                sleep(0.005)
            yield time_it(rows, found)
            sleep(max(0.0, GAP - (monotonic() - turn)))


def first_polls_are_settled(rows: sqlite3.Connection) -> None:
    """The first poll of each source is a backfill, and no news: it is stored, indexed and published before we start."""
    end = monotonic() + 300
    while any(rows.execute(f"SELECT EXISTS (SELECT 1 FROM {waiting})").fetchone()[0] for waiting in WAITING):
        if monotonic() > end:
            raise SystemExit("the first polls were not settled")
        sleep(0.5)


WAITING = (
    "source WHERE last_ok_at IS NULL",
    "article WHERE indexed_rev <> rev",
    "article WHERE rights_rev <> rev OR rights_state <> state",
    "article_change",
    "feed WHERE stale > 0",
)


def poll_all(rows: sqlite3.Connection, directory: Path) -> None:
    rows.execute("UPDATE source SET next_poll_at = '2026-01-01 00:00:00.000000'")
    waker = Waker(directory / "data")
    waker.wake("collect")
    waker.close()


def newest(rows: sqlite3.Connection, source_id: int) -> int:
    return int(rows.execute("SELECT max(id) FROM article WHERE source_id = ?", (source_id,)).fetchone()[0] or 0)


def time_it(rows: sqlite3.Connection, article_id: int) -> Followed:
    committed = monotonic()
    (content,) = rows.execute("SELECT content FROM article_revision WHERE article_id = ?", (article_id,)).fetchone()
    named = re.findall(r'"publisher_guid":\s*"([^"]+)"', content)[0].encode()
    missing = affected(rows, article_id)
    count, tags = len(missing), dict.fromkeys(missing, "")
    while missing and monotonic() < committed + 60:
        for path in sorted(missing):
            status, tags[path], document = ask(path, {"If-None-Match": tags[path] or '"-"'})
            if status == 200 and named in document:
                missing.discard(path)
        sleep(0.01)
    served = monotonic()
    assert not missing, missing
    while named not in (news := Listener.news.get(timeout=30))[1]:
        pass
    return Followed(count, served - committed, max(0.0, news[0] - committed))


def affected(rows: sqlite3.Connection, article_id: int) -> set[str]:
    topics = [
        slug
        for (slug,) in rows.execute(
            "SELECT slug FROM article_topic JOIN topic ON topic.id = topic_id WHERE article_id = ?", (article_id,)
        )
    ]
    slugs = ["all", f"partner-paper-{FOLLOWED}", *(f"topic-{slug}" for slug in topics)]
    return {f"/feeds/{slug}.{ending}" for slug in slugs for ending in ("rss", "atom", "json")}


def report(found: list[Followed]) -> None:
    print(f"\n{len(found)} stories followed; documents that hold one: {max(one.documents for one in found)} at most")
    for name, times in (("served", [one.served for one in found]), ("told by the hub", [one.told for one in found])):
        ordered = sorted(times)
        p50, p95 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        print(f"{name:16} p50 {p50:.2f} s  p95 {p95:.2f} s  most {ordered[-1]:.2f} s")


if __name__ == "__main__":
    os.chdir(HERE.parent)
    main()
