"""What it costs to find the story of an article among many. Prints milliseconds of CPU a question.

    python bench/stories.py [--articles N] [--questions N]

A library of invented articles on a SQLite file, indexed as collecting indexes them. Asked are new articles that share
nothing, copies cut to a third, and other versions that share half. "index" is the look-up of candidates with their
texts, "placed" is the whole: taken apart, looked up, compared. PostgreSQL is not asked: it works in another process.
"""

import argparse
import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time

from machine import heading
from words import Prose

from syndication.articles.relate import WINDOW, sample, shingles, text_of, weigh
from syndication.model.article import Article
from syndication.model.collecting import Arrival
from syndication.model.feed import Feed
from syndication.model.publication import Declaration, Declared
from syndication.model.source import Partner, Source
from syndication.storage import publication, revisions, stories
from syndication.storage.database import Database
from syndication.storage.schema import create

NOW = datetime(2026, 5, 7, 6, 0, tzinfo=UTC)
A_STEP = 500
WORDS = 400


def article(n: int, text: str) -> Article:
    return Article(
        source_id=1,
        guid=f"g{n}",
        url=f"https://harbour.example/{n}",
        publisher_guid="",
        title=f"Story {n}",
        byline="",
        publisher="Harbour Daily",
        publisher_url="",
        excerpt=text[:200],
        body=f"<p>{text}</p>",
        text=text,
        language="en",
        published_at=NOW - timedelta(minutes=n),
        first_seen_at=NOW - timedelta(minutes=n % 100_000),
        fingerprint=str(n),
    )


def text_of_number(n: int) -> str:
    return " ".join(Prose(n).words(WORDS))


def fill(database: Database, count: int) -> None:
    partner = Partner("harbour", "Harbour Daily", "https://harbour.example/")
    source = Source(0, "harbour", partner, "https://harbour.example/feed")
    declared = Declared(
        (Declaration(partner, ""),), (Declaration(source, ""),), (), (Declaration(Feed(0, "all", "All", ""), ""),), ()
    )
    with database.write() as connection:
        create(connection)
        publication.apply(connection, declared, NOW)
    for start in range(0, count, A_STEP):
        made = [article(n, text_of_number(n)) for n in range(start, min(count, start + A_STEP))]
        with database.write() as connection:
            revisions.add(connection, [Arrival(one, shingles=sample(shingles(one.text))) for one in made])


def asked(kind: str, n: int, count: int, chance: random.Random) -> Article:
    known = text_of_number(chance.randrange(count)).split()
    own = text_of_number(10_000_000 + n).split()
    words = {"new": own, "copy": known[: WORDS // 3], "version": known[: WORDS // 2] + own[: WORDS // 2]}[kind]
    return replace(article(10_000_000 + n, " ".join(words)), first_seen_at=NOW)


def measured(database: Database, one: Article) -> tuple[float, float, bool]:
    started = process_time()
    marks = sample(shingles(text_of(one)))
    with database.read() as connection:
        before = process_time()
        near = stories.candidates(connection, marks, url=one.url, since=NOW - WINDOW, limit=20)
        index = process_time() - before
    found = weigh(one, near)
    return index, process_time() - started, bool(found.twin or found.versions)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=200)
    given = parser.parse_args()
    chance = random.Random(3)
    print(heading("sqlalchemy"))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        started = process_time()
        fill(database, given.articles)
        print(f"\n{given.articles} articles of {WORDS} words, written in {process_time() - started:.0f} s of CPU")
        print(f"{'':10} {'index, median':>14} {'p95':>8} {'placed, median':>16} {'p95':>8}   found")
        for kind in ("new", "copy", "version"):
            rows = [measured(database, asked(kind, n, given.articles, chance)) for n in range(given.questions)]
            show(kind, rows)
        database.close()


def show(kind: str, rows: list[tuple[float, float, bool]]) -> None:
    def at(pick: Callable[[tuple[float, float, bool]], float]) -> tuple[float, float]:
        found = sorted(pick(row) * 1000 for row in rows)
        return median(found), found[int(len(found) * 0.95)]

    index, placed = at(lambda row: row[0]), at(lambda row: row[1])
    hits = sum(row[2] for row in rows) / len(rows)
    print(f"{kind:10} {index[0]:11.2f} ms {index[1]:5.2f} ms {placed[0]:13.2f} ms {placed[1]:5.2f} ms   {hits:.0%}")


if __name__ == "__main__":
    main()
