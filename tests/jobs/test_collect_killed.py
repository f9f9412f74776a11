"""A collector killed at any statement: afterwards each article is there once, no validator ahead of its articles.

The child kills itself with SIGKILL at a seeded statement or commit, so that a failure can be met again.
"""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.jobs.collect import collect
from syndication.model.source import Source
from syndication.sources.fetch import body_hash
from syndication.storage.database import Database
from syndication.storage.library import Library
from syndication.storage.schema import article, article_revision, source, story
from tests.builders import NOW, a_partner, a_source, put_publication
from tests.world import World, item, rss

SOURCES = 6
ROUNDS = 6


def declared() -> list[Source]:
    return [a_source(id=0, slug=f"s{n}", partner=a_partner(slug=f"p{n}", name=f"Partner {n}")) for n in range(SOURCES)]


def listed(n: int, round: int) -> dict[str, str]:
    """What source `n` lists in a round, guid to item: two more each time, and the first corrected each time."""
    guids = [f"s{n}-{k}" for k in range(2 * round + 2)]
    return {
        guid: item(
            guid,
            guid=guid,
            link=f"https://s{n}.example/{guid}",
            title=f"Item {guid}" + (f", edition {round}" if guid.endswith("-0") else ""),
        )
        for guid in guids
    }


def world_of(round: int) -> World:
    world = World()
    for each in declared():
        world.puts(each.url, rss(*listed(int(each.slug[1:]), round).values()))
    return world


def kill_at(database: Database, statement: int) -> None:
    left = statement

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for engine in {database._reader, database._writer}:
        sa.event.listen(engine, "before_cursor_execute", count)
        sa.event.listen(engine, "after_cursor_execute", count)
        sa.event.listen(engine, "commit", count)


def rounds(database: Database, first: int = 0) -> None:
    for round in range(first, ROUNDS):
        now = NOW + timedelta(hours=round)
        collect(exchange=world_of(round), library=Library(database), clock=lambda now=now: now)


@pytest.mark.parametrize("seed", range(6))
def test_a_kill_at_any_statement_loses_no_article_and_doubles_none(
    database: Database, database_url: str, seed: int
) -> None:
    with database.write() as connection:
        put_publication(connection, sources=declared())
    at = random.Random(seed).randrange(1, 900)
    child = subprocess.run(
        [sys.executable, __file__, database_url, str(at)],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        check=False,
    )
    assert child.returncode == -signal.SIGKILL
    until_its_transaction_is_over(database)
    sound(database)
    no_validator_is_ahead(database)
    for again in range(2):
        now = NOW + timedelta(days=1 + again)
        collect(exchange=world_of(ROUNDS - 1), library=Library(database), clock=lambda now=now: now)
    all_there_once(database)


def until_its_transaction_is_over(database: Database) -> None:
    """PostgreSQL hears of a killed client a little later; until then its rows are locked and a claim passes them by."""
    if database.is_sqlite:
        return
    others = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    under_way = sa.text(f"SELECT count(*) FROM pg_stat_activity WHERE {others} AND state <> 'idle'")
    until = time.monotonic() + 60
    while True:
        with database.read() as connection:
            if not connection.scalar(under_way):
                return
        assert time.monotonic() < until, "the killed client's transaction stays open"
        time.sleep(0.01)


def sound(database: Database) -> None:
    with database.read() as connection:
        if database.is_sqlite:
            assert connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
            assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []


def no_validator_is_ahead(database: Database) -> None:
    """Whoever holds a body's hash has every article of that body."""
    with database.read() as connection:
        for row in connection.execute(sa.select(source.c.id, source.c.slug, source.c.body_hash)):
            n = int(row.slug[1:])
            query = sa.select(article.c.guid).where(article.c.source_id == row.id)
            stored = set(connection.scalars(query))
            bodies = {
                body_hash(rss(*listed(n, round).values()).encode()): set(listed(n, round)) for round in range(ROUNDS)
            }
            assert stored == bodies.get(row.body_hash, set())


def all_there_once(database: Database) -> None:
    with database.read() as connection:
        stored = connection.execute(sa.select(article.c.guid, article.c.rev, article.c.story_id)).all()
        assert sorted(row.guid for row in stored) == sorted(
            guid for n in range(SOURCES) for guid in listed(n, ROUNDS - 1)
        )
        assert len({row.story_id for row in stored}) == len(stored)
        without = sa.select(sa.func.count()).select_from(story).where(story.c.leader_id.is_(None))
        assert connection.scalar(without) == 0
        current = (
            sa.select(sa.func.count())
            .select_from(article)
            .join(
                article_revision,
                (article_revision.c.article_id == article.c.id)
                & (article_revision.c.rev == article.c.rev)
                & (article_revision.c.hash == article.c.hash),
            )
        )
        assert connection.scalar(current) == len(stored)


if __name__ == "__main__":
    opened = Database(sys.argv[1])
    kill_at(opened, int(sys.argv[2]))
    rounds(opened)
