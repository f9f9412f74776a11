"""A rule for topics that changes reaches what is stored, and what a person decided stands."""

from typing import Any

import pytest
import sqlalchemy as sa

from syndication.jobs import resort as job
from syndication.jobs.resort import resort
from syndication.model.article import DecidedBy
from syndication.storage import articles
from syndication.storage.database import Database
from syndication.storage.schema import article_topic, feed, topic
from syndication.storage.sorting import StoredSorting
from tests.builders import a_source, a_topic, put_article, put_publication


def declare(database: Database, **given: Any) -> None:
    with database.write() as connection:
        put_publication(connection, **given)


def topics_of(database: Database) -> dict[int, tuple[str, ...]]:
    with database.read() as connection:
        return {one.id: one.topics for one in articles.newest(connection, limit=10_000)}


def stale(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(sa.select(feed.c.stale)) or 0


@pytest.fixture
def filled(database: Database) -> Database:
    declare(database)
    with database.write() as connection:
        for title in ("The ferry sails", "The council met", "A bridge is closed"):
            put_article(connection, title=title, excerpt=title, topics=("harbour",) if "ferry" in title else ())
    assert resort(StoredSorting(database)) == 0
    return database


def test_a_new_word_finds_what_was_stored_before_it(filled: Database) -> None:
    before = stale(filled)
    declare(filled, topics=[a_topic(words=("ferry", "bridge"))])
    assert resort(StoredSorting(filled)) == 1
    assert topics_of(filled) == {1: ("harbour",), 2: (), 3: ("harbour",)}
    assert stale(filled) > before
    assert resort(StoredSorting(filled)) == 0


def test_a_word_that_is_taken_out_lets_go_of_what_it_found(filled: Database) -> None:
    declare(filled, topics=[a_topic(words=("council",))])
    assert resort(StoredSorting(filled)) == 2
    assert topics_of(filled) == {1: (), 2: ("harbour",), 3: ()}


def test_a_partners_default_reaches_what_is_stored(filled: Database) -> None:
    declare(filled, sources=[a_source(id=0, topics=("harbour",))])
    assert resort(StoredSorting(filled)) == 2
    assert topics_of(filled) == {1: ("harbour",), 2: ("harbour",), 3: ("harbour",)}


def test_what_a_person_gave_stays(filled: Database) -> None:
    with filled.write() as connection:
        id = connection.scalar(sa.select(topic.c.id))
        connection.execute(article_topic.insert().values(article_id=2, topic_id=id, decided_by=DecidedBy.HAND.value))
    declare(filled, topics=[a_topic(words=("nothing",))])
    resort(StoredSorting(filled))
    assert topics_of(filled) == {1: (), 2: ("harbour",), 3: ()}


def test_no_rule_changed_reads_no_article(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StoredSorting, "after", None)
    declare(filled)
    assert resort(StoredSorting(filled)) == 0


def test_a_round_that_was_cut_short_is_made_again(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "SLICE", 1)
    declare(filled, topics=[a_topic(words=("council", "bridge"))])
    answers = iter([False, True])
    assert resort(StoredSorting(filled), stopping=lambda: next(answers)) == 1
    assert resort(StoredSorting(filled)) == 2
    assert topics_of(filled) == {1: (), 2: ("harbour",), 3: ("harbour",)}
